"""Hints in free speech."""

import pytest

from callwright.adapters.speech.decoder import Models, StreamDecoder
from callwright.adapters.speech.hints import Hints, with_hints
from callwright.adapters.speech.telephone_features import bands
from callwright.adapters.speech.word_search import Piece
from tests.sim.spoken_line import phrases, said

STRONG = 1250


@pytest.fixture(scope="module")
def models() -> Models:
    return Models()


def found(models: Models, text: str, *hints: tuple[str, int], voice: str = "en-us") -> list[str]:
    pieces = Hints(models.phrases(), hints).found_in(bands(said(text, voice)))
    return [piece.text for piece in pieces]


@pytest.mark.parametrize("voice", ["en-us", "en-gb"])
def test_hinted_words_are_found_in_a_sentence(voice: str, models: Models) -> None:
    hints = [("Callwright", STRONG), ("refund", STRONG), ("opening hours", STRONG)]
    assert found(models, "callwright is not working", *hints, voice=voice) == ["callwright"]
    assert found(models, "what are your opening hours", *hints, voice=voice) == ["opening hours"]


def test_sentences_without_a_hinted_word_have_none(models: Models) -> None:
    hints = [("Callwright", 0), ("refund", 0), ("opening hours", 0)]
    for text in ("I need an appointment tomorrow", "where is my delivery"):
        assert found(models, text, *hints) == []


def test_a_boost_finds_more(models: Models) -> None:
    texts = ["the voices are friendly", "that is fun", "it was a nice living room"]
    counts = [
        sum(len(found(models, text, ("invoice", boost), ("fund", boost))) for text in texts)
        for boost in (-10_000, 0, STRONG)
    ]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[2] > 0


@pytest.mark.parametrize("hint", ["$MONTH", "", "...", "'"])
def test_class_tokens_and_what_is_no_word_are_left(hint: str, models: Models) -> None:
    assert found(models, "good morning", (hint, STRONG)) == []


def test_a_hint_takes_the_place_of_what_was_understood(models: Models) -> None:
    sound = said("callwright is not working")
    (plain,) = phrases(StreamDecoder(models), sound)
    (hinted,) = phrases(StreamDecoder(models, [("Callwright", STRONG)]), sound)
    assert "callwright" not in plain[0].text
    assert hinted[0].text.startswith("callwright")
    assert hinted[0].text.split()[-1] == plain[0].text.split()[-1]


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        (Piece("x", 0, 10), "x b c"),
        (Piece("x", 0, 4), "a x b c"),
        (Piece("x", 5, 21), "a x c"),
        (Piece("x", 12, 18), "a x c"),
        (Piece("x", 30, 40), "a b c x"),
    ],
)
def test_a_hint_replaces_words_that_it_covers_more_than_half_of(hint: Piece, text: str) -> None:
    words = [Piece("a", 0, 10), Piece("b", 10, 20), Piece("c", 20, 30)]
    assert with_hints(words, [hint]) == text
