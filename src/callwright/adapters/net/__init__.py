"""Sockets behind the engine's ports."""
