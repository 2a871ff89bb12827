"""Text to speech and speech recognition: plug-ins, and the embedded ones."""
