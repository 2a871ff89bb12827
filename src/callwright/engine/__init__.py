"""Places calls and keeps them: plan, leg, media, handle."""
