"""Profanities in what was recognised, replaced by asterisks (the API's 5.4.1)."""

import re
from typing import Final

WORDS: Final = (
    "arse", "arsehole", "ass", "asshole", "bastard", "bitch", "bollocks", "bullshit", "cock",
    "crap", "cunt", "damn", "dick", "fuck", "motherfucker", "piss", "prick", "shit", "slut",
    "twat", "wanker", "whore",
)  # fmt: skip
"""English ones that a recogniser is likely to print; the endings below are theirs too."""

_WORD: Final = re.compile(
    rf"\b(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})(?:s|es|ed|er|ers|ing|y)?\b",
    re.IGNORECASE,
)


def without_profanities(text: str) -> str:
    """Return the text with each profanity as so many asterisks."""
    return _WORD.sub(lambda found: "*" * len(found[0]), text)
