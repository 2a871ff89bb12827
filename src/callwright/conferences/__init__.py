"""Conferences: which rooms are reserved, and who is in them."""
