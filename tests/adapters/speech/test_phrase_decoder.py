"""Words of menus and digits that espeak-ng speaks, through G.711, recognised by the real model."""

from collections.abc import Sequence

import numpy as np
import pytest

from callwright.adapters.speech.decoder import Models
from callwright.adapters.speech.grammar import DIGITS, Grammar, grammar_of
from callwright.adapters.speech.heard import Heard
from callwright.adapters.speech.phrase_decoder import PhraseDecoder, PhraseModels
from callwright.media import g711
from tests.sim.spoken_line import phrases, said

MENU = ("Sales", "Support", "Billing", "Operator")
VOICES = ("en-us", "en-gb", "en-us+f3")


@pytest.fixture(scope="module")
def models() -> PhraseModels:
    return Models().phrases()


def present(grammar: Grammar | None) -> Grammar:
    assert grammar is not None
    return grammar


def digits_decoder(models: PhraseModels) -> PhraseDecoder:
    return PhraseDecoder(models, present(grammar_of((), ["$OOV_CLASS_DIGIT_SEQUENCE"])))


def best(found: list[list[Heard]]) -> list[str]:
    return [readings[0].text for readings in found if readings]


def menu(models: PhraseModels, words: Sequence[str] = MENU) -> PhraseDecoder:
    return PhraseDecoder(models, present(grammar_of(words, ())))


@pytest.mark.parametrize("law", list(g711.Law))
@pytest.mark.parametrize("voice", VOICES)
def test_the_words_of_a_menu_are_recognised(
    voice: str, law: g711.Law, models: PhraseModels
) -> None:
    decoder = menu(models)
    for word in MENU:
        found = phrases(decoder, said(word, voice, law))
        assert best(found) == [word], word
        assert found[0][0].confidence >= 0.5


def test_words_that_no_dictionary_has_are_recognised(models: PhraseModels) -> None:
    decoder = menu(models, ("Callwright", "Invoice", "speak to an operator"))
    for word in ("Callwright", "speak to an operator"):
        assert best(phrases(decoder, said(word))) == [word]


@pytest.mark.parametrize("words", ["banana", "umbrella", "wait a moment please"])
def test_other_words_are_no_choice(words: str, models: PhraseModels) -> None:
    assert best(phrases(menu(models), said(words))) == []


def test_noise_and_music_are_no_choice(models: PhraseModels) -> None:
    random = np.random.default_rng(2)
    burst = np.concatenate([
        random.normal(0, 8, 8000), random.normal(0, 3000, 8000), random.normal(0, 8, 8000)
    ]).astype(np.int16)  # fmt: skip
    at = np.arange(16_000) / 8000
    chord = sum(np.sin(2 * np.pi * pitch * at) for pitch in (262, 330, 392)) * 3000
    music = np.concatenate([np.zeros(8000), chord, np.zeros(8000)]).astype(np.int16)
    tone = np.concatenate([np.zeros(8000), np.sin(2 * np.pi * 1000 * at) * 9000, np.zeros(8000)])
    for sound in (burst, music, tone.astype(np.int16)):
        assert best(phrases(menu(models), sound)) == []
        assert best(phrases(digits_decoder(models), sound)) == []


def test_perfect_silence_around_a_word_changes_nothing(models: PhraseModels) -> None:
    for word in ("support", "operator"):
        silence = np.zeros(8000, np.int16)
        sound = np.concatenate([silence, said(word), silence])
        assert [text.lower() for text in best(phrases(menu(models), sound))] == [word]


@pytest.mark.parametrize("digits", ["four two", "3 9 8 2", "five, five", "four four two three"])
def test_digits_are_recognised(digits: str, models: PhraseModels) -> None:
    decoder = digits_decoder(models)
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    wanted = " ".join(
        names[int(word)] if word.isdecimal() else word for word in digits.replace(",", "").split()
    )
    assert best(phrases(decoder, said(digits))) == [wanted]


def test_a_stream_goes_on_after_a_phrase(models: PhraseModels) -> None:
    sound = np.concatenate([said("support"), said("banana"), said("billing")])
    assert best(phrases(menu(models), sound)) == ["Support", "Billing"]


def test_what_is_being_said_is_told(models: PhraseModels) -> None:
    decoder = menu(models)
    decoder.begin()
    assert decoder.so_far() == ""
    decoder.take(said("operator"))
    assert decoder.so_far() == "Operator"
    decoder.end(alternatives=1, sound_frames=1)


def test_most_single_digits_are_recognised(models: PhraseModels) -> None:
    """As the table in docs/speech.md: at least 28 of 30."""
    right = [
        best(phrases(digits_decoder(models), said(digit, voice, law))) == [digit]
        for voice, law in zip(VOICES, (g711.Law.MU, g711.Law.A, g711.Law.MU), strict=True)
        for digit in DIGITS.values()
    ]
    assert sum(right) >= 28


def test_other_readings_of_digits_exchange_one(models: PhraseModels) -> None:
    (readings,) = phrases(digits_decoder(models), said("four two seven"), count=3)
    texts = [reading.text.split() for reading in readings]
    assert texts[0] == ["four", "two", "seven"]
    assert len(texts) == 3
    for text in texts[1:]:
        assert sum(one != other for one, other in zip(text, texts[0], strict=True)) == 1


def test_other_options_are_further_readings(models: PhraseModels) -> None:
    (readings,) = phrases(menu(models), said("support"), count=3)
    assert readings[0].text == "Support"
    assert len({reading.text for reading in readings}) == 3
    assert readings[0].confidence > readings[1].confidence


def test_a_word_of_one_sound_is_an_option(models: PhraseModels) -> None:
    decoder = menu(models, ("a", "operator"))
    assert best(phrases(decoder, said("operator"))) == ["operator"]


def test_a_phrase_without_sound_has_no_reading(models: PhraseModels) -> None:
    decoder = menu(models)
    decoder.begin()
    assert decoder.so_far() == ""
    assert decoder.end(alternatives=1, sound_frames=0) == []
    decoder.begin()
    decoder.take(np.zeros(8000, np.int16))
    assert decoder.end(alternatives=1, sound_frames=0) == []
