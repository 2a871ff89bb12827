"""One reading of what was said, as the recogniser hands it on."""

from typing import NamedTuple


class Heard(NamedTuple):
    """One reading of a phrase, or of its beginning."""

    text: str
    confidence: float


def confidence_of(match: float, *, least: float, full: float) -> float:
    """Bring a match to 0 to 1: the least that counts is a half, a full one is 1."""
    share = (match - least) / (full - least)
    return round(min(1.0, max(0.1, 0.5 + share / 2)), 2)
