"""Answers to outbound calls, rendered from a fixed seed, and what becomes of them."""
