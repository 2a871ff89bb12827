"""Callback tasks: what waits, when it is due, how often it is tried, and who is told."""
