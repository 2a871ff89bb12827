"""What is looked for in speech."""

import pytest

from callwright.adapters.speech.grammar import (
    MAX_PHRASE_LENGTH,
    MAX_PHRASES,
    bounded,
    grammar_of,
    hinted,
    words_of,
)
from callwright.runner.ports import RecognitionOrder


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sales", ["sales"]),
        ("New York, please!", ["new", "york", "please"]),
        ("don't", ["don't"]),
        ("press 42", ["press", "four", "two"]),
        ("café", ["café"]),
        ("", []),
        ("; public <x> = *", ["public", "x"]),
        ("a_b", ["a", "b"]),
    ],
)
def test_a_phrase_is_split_into_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_the_phrases_of_a_menu_are_all_that_is_looked_for() -> None:
    grammar = grammar_of(["Sales", "New York!"], ())

    assert grammar is not None
    assert grammar.originals == {"sales": "Sales", "new york": "New York!"}
    assert not grammar.is_any_number


def test_of_phrases_that_sound_alike_the_first_counts() -> None:
    grammar = grammar_of(["Yes", "yes!", "YES"], ())
    assert grammar is not None
    assert grammar.originals == {"yes": "Yes"}


def test_a_grammar_is_bounded() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    many = [f"{one}{other}" for one in letters for other in letters]
    grammar = grammar_of(many, ())
    assert grammar is not None
    assert len(grammar.originals) == MAX_PHRASES < len(many)


@pytest.mark.parametrize(
    "hints",
    [["one", "two"], ["$OOV_CLASS_DIGIT_SEQUENCE"], ["0", "1", "2"], ["oh", "$FULLPHONENUM"]],
)
def test_hints_of_digits_alone_ask_for_digits(hints: list[str]) -> None:
    grammar = grammar_of((), hints)
    assert grammar is not None
    assert {"zero", "oh", "seven", "nine"} < set(grammar.originals)
    assert grammar.is_any_number


@pytest.mark.parametrize("hints", [[], ["invoice"], ["one", "invoice"], [""], ["$MONTH"]])
def test_other_hints_leave_speech_free(hints: list[str]) -> None:
    assert grammar_of((), hints) is None


def test_phrases_without_a_word_leave_speech_free() -> None:
    assert grammar_of(["...", "!"], ()) is None


def test_the_strongest_hint_is_first() -> None:
    order = RecognitionOrder("en-US", "", hints=(("weak", 100), ("strong", 1250)))
    assert hinted(order) == (("strong", 1250), ("weak", 100))


def test_what_pages_write_is_cut() -> None:
    cut = bounded(["x" * 1_000_000] * 10_000)
    assert len(cut) == MAX_PHRASES
    assert {len(phrase) for phrase in cut} == {MAX_PHRASE_LENGTH}
