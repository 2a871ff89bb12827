"""Calls of attempts, kept for longer than their tasks."""
