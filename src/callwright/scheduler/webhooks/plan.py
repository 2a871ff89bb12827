"""What becomes of an event that a receiver was sent (section 10.3)."""

from enum import StrEnum
from typing import Final

PAUSES: Final = (10.0, 60.0, 300.0, 1800.0, 7200.0, 21600.0)
"""Seconds from a try that failed to the next; after the last of them comes the last try."""

_TAKEN: Final = range(200, 300)
_GONE: Final = 410  # RFC 9110 15.5.11


class Verdict(StrEnum):
    """What a try was."""

    TAKEN = "taken"
    FAILED = "failed"
    """Also a redirect: it is not followed."""
    GONE = "gone"
    """Nobody is there any more, and the receiver says so."""


def verdict(http_status: int | None) -> Verdict:
    """Judge an answer; None: there was none."""
    if http_status in _TAKEN:
        return Verdict.TAKEN
    return Verdict.GONE if http_status == _GONE else Verdict.FAILED


def pause_after(judged: Verdict, *, tries_before: int) -> float | None:
    """Return the seconds until the next try; None when there is none."""
    if judged is not Verdict.FAILED or tries_before >= len(PAUSES):
        return None
    return PAUSES[tries_before]
