"""Which of the expected phrases was said: case and punctuation do not count (A-41)."""

import re
from collections.abc import Iterable
from typing import Final

_WORDS: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
"""Letters and digits of any language; an apostrophe inside belongs to the word."""


def said_phrase(texts: Iterable[str], phrases: Iterable[str]) -> str | None:
    """Return the phrase that one of the readings is or contains as whole words.

    Readings come best first, and the first with a match decides; of several matches in it the
    longest wins, of equally long ones the first.
    """
    expected = [(phrase, _words(phrase)) for phrase in phrases]
    for text in texts:
        said = _words(text)
        found = [(len(words), phrase) for phrase, words in expected if _contains(said, words)]
        if found:
            return max(found, key=lambda match: match[0])[1]
    return None


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(text.casefold()))


def _contains(said: tuple[str, ...], words: tuple[str, ...]) -> bool:
    last = len(said) - len(words)
    return bool(words) and any(
        said[begin : begin + len(words)] == words for begin in range(last + 1)
    )
