"""Callwright: a self-hosted outbound-calling cloud."""

__version__ = "0.1.0"
