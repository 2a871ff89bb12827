"""What a caller may say, as a grammar for the decoder: a menu's phrases, or digits."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from callwright.runner.ports import RecognitionOrder

DIGITS: Final[dict[str, str]] = {
    "0": "zero", "1": "one", "2": "two", "3": "three", "4": "four",
    "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine",
}  # fmt: skip

DIGIT_WORDS: Final = (*DIGITS.values(), "oh")

DIGIT_CLASSES: Final = frozenset({
    "$OOV_CLASS_DIGIT_SEQUENCE", "$OPERAND", "$FULLPHONENUM", "$POSTALCODE", "$DIGITS",
})  # fmt: skip
"""Class tokens of word hints that stand for digits (5.4.2 leaves the names open)."""

MAX_PHRASES: Final = 500
"""Of one grammar: more than a menu has; a longer list would take a core to itself."""

MAX_PHRASE_LENGTH: Final = 200
"""Characters of a phrase or hint that are looked at: some thirty words, longer than anybody says
in answer to a menu."""

_WORD: Final = re.compile(r"\d|[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the decoder looks for."""

    originals: Mapping[str, str]
    """What may be said, words in lower case with blanks between them, and what it was in the
    order."""
    is_any_number: bool = False
    """Whether any number of these may follow each other; otherwise one is said."""


def words_of(text: str) -> list[str]:
    """Split a phrase into words to be said, in lower case; digits are said one by one."""
    return [DIGITS.get(word, word) for word in _WORD.findall(text.lower())]


def grammar_of(phrases: Sequence[str], hints: Iterable[str]) -> Grammar | None:
    """Say what is looked for; None: any speech."""
    if phrases:
        return _of_phrases(phrases)
    return _of_digits() if _are_digits(list(hints)) else None


def hinted(order: RecognitionOrder) -> tuple[tuple[str, int], ...]:
    """Return as many of an order's hints as a recogniser is told, the strongest first."""
    strongest = sorted(order.hints, key=lambda hint: -hint[1])[:MAX_PHRASES]
    return tuple((text[:MAX_PHRASE_LENGTH], priority) for text, priority in strongest)


def bounded(phrases: Sequence[str]) -> tuple[str, ...]:
    """Cut what a page wrote to what a recogniser is told."""
    return tuple(phrase[:MAX_PHRASE_LENGTH] for phrase in phrases[:MAX_PHRASES])


def _of_phrases(phrases: Sequence[str]) -> Grammar | None:
    said = {" ".join(words_of(phrase)): phrase for phrase in reversed(phrases[:MAX_PHRASES])}
    said.pop("", None)
    if not said:
        return None
    return Grammar(said)


def _of_digits() -> Grammar:
    return Grammar({word: word for word in DIGIT_WORDS}, is_any_number=True)


def _are_digits(hints: Sequence[str]) -> bool:
    return bool(hints) and all(
        hint in DIGIT_CLASSES or ((words := words_of(hint)) and set(words) <= set(DIGIT_WORDS))
        for hint in hints
    )
