"""What application pages and the platform say to each other: REST application API 2.0."""
