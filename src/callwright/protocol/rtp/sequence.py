"""Arithmetic on numbers that wrap: 16 bits of sequence, 32 bits of timestamp (RFC 3550 5.1)."""

from typing import Final

SEQUENCE_MODULUS: Final = 1 << 16
TIMESTAMP_MODULUS: Final = 1 << 32
_HALF_SEQUENCE: Final = 1 << 15
_HALF_TIMESTAMP: Final = 1 << 31


def sequence_distance(newer: int, older: int) -> int:
    """How far `newer` is ahead of `older`, -32768 to 32767, across any wrap."""
    return ((newer - older + _HALF_SEQUENCE) & 0xFFFF) - _HALF_SEQUENCE


def timestamp_distance(newer: int, older: int) -> int:
    """How far `newer` is ahead of `older` in timestamp units, -2^31 to 2^31 - 1."""
    return ((newer - older + _HALF_TIMESTAMP) & 0xFFFFFFFF) - _HALF_TIMESTAMP
