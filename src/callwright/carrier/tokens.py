"""Chance for SIP and session descriptions."""

import secrets


def token() -> str:
    """Return 80 bits that nobody can guess, for tags, branches and Call-IDs (RFC 3261 19.3)."""
    return secrets.token_hex(10)


def session_id() -> int:
    """Return a number for a session description: 32 bits, which every peer can read."""
    return secrets.randbelow(1 << 32)
