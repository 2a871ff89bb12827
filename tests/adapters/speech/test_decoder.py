"""Words of menus and digits that espeak-ng speaks, through G.711, recognised by the real model."""

import subprocess
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from callwright.adapters.speech.decoder import Heard, Models, StreamDecoder, confidence_of
from callwright.adapters.speech.grammar import grammar_of
from callwright.adapters.speech.phrase_ends import Mark, PhraseEnds
from callwright.media import g711
from callwright.media.frames import FRAME_SAMPLES
from callwright.media.resample import resample

MENU = ("Sales", "Support", "Billing", "Operator")
VOICES = ("en-us", "en-gb", "en-us+f3")
LINE_NOISE = 8.0
"""Of the line, in steps of 16 bits: some -72 dBm0."""


@pytest.fixture(scope="module")
def models() -> Models:
    return Models()


@lru_cache(maxsize=64)
def said(text: str, voice: str = "en-us", law: g711.Law = g711.Law.MU) -> NDArray[np.int16]:
    """A text as it comes out of a call: half a second of line, the speech, a second of line."""
    spoken = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", "150", "--stdout", "--stdin"],
        input=text.encode(),
        capture_output=True,
        check=True,
    ).stdout
    rate_hz = int.from_bytes(spoken[24:28], "little")
    body = np.frombuffer(spoken[44 : len(spoken) // 2 * 2], dtype="<i2").astype(np.int16)
    line = np.concatenate(
        [np.zeros(4000, np.int16), resample(body, rate_hz, 8000) // 2, np.zeros(8000, np.int16)]
    )
    noisy = (line + np.random.default_rng(1).normal(0, LINE_NOISE, line.size)).astype(np.int16)
    return g711.decode(g711.encode(noisy, law), law)


def phrases(decoder: StreamDecoder, sound: NDArray[np.int16], count: int = 1) -> list[list[Heard]]:
    ends, found = PhraseEnds(0.7), []
    for start in range(0, sound.size - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        step = ends.take(sound[start : start + FRAME_SAMPLES])
        if step.mark is Mark.BEGIN:
            decoder.begin()
        if step.mark is not Mark.NOTHING:
            decoder.take(step.sound)
        if step.mark is Mark.END:
            found.append(decoder.end(alternatives=count, sound_frames=ends.sound_frames))
    return found


def best(found: list[list[Heard]]) -> list[str]:
    return [readings[0].text for readings in found if readings]


def menu(models: Models, words: Sequence[str] = MENU) -> StreamDecoder:
    return StreamDecoder(models, grammar_of(words, ()))


@pytest.mark.parametrize("law", list(g711.Law))
@pytest.mark.parametrize("voice", VOICES)
def test_the_words_of_a_menu_are_recognised(voice: str, law: g711.Law, models: Models) -> None:
    decoder = menu(models)
    for word in MENU:
        found = phrases(decoder, said(word, voice, law))
        assert best(found) == [word], word
        assert found[0][0].confidence >= 0.5


def test_words_that_no_dictionary_has_are_recognised(models: Models) -> None:
    decoder = menu(models, ("Callwright", "Invoice", "speak to an operator"))
    for word in ("Callwright", "speak to an operator"):
        assert best(phrases(decoder, said(word))) == [word]


@pytest.mark.parametrize("words", ["banana", "umbrella", "wait a moment please"])
def test_other_words_are_no_choice(words: str, models: Models) -> None:
    assert best(phrases(menu(models), said(words))) == []


def test_noise_and_music_are_no_choice(models: Models) -> None:
    random = np.random.default_rng(2)
    burst = np.concatenate([
        random.normal(0, 8, 8000), random.normal(0, 3000, 8000), random.normal(0, 8, 8000)
    ]).astype(np.int16)  # fmt: skip
    at = np.arange(16_000) / 8000
    chord = sum(np.sin(2 * np.pi * pitch * at) for pitch in (262, 330, 392)) * 3000
    music = np.concatenate([np.zeros(8000), chord, np.zeros(8000)]).astype(np.int16)
    for sound in (burst, music):
        assert best(phrases(menu(models), sound)) == []


@pytest.mark.parametrize("digits", ["four two", "3 9 8 2", "five, five", "four four two three"])
def test_digits_are_recognised(digits: str, models: Models) -> None:
    decoder = StreamDecoder(models, grammar_of((), ["$OOV_CLASS_DIGIT_SEQUENCE"]))
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    wanted = " ".join(
        names[int(word)] if word.isdecimal() else word for word in digits.replace(",", "").split()
    )
    assert best(phrases(decoder, said(digits))) == [wanted]


def test_a_stream_goes_on_after_a_phrase(models: Models) -> None:
    sound = np.concatenate([said("support"), said("banana"), said("billing")])
    assert best(phrases(menu(models), sound)) == ["Support", "Billing"]


def test_free_speech_has_alternatives(models: Models) -> None:
    decoder = StreamDecoder(models, None)
    found = phrases(decoder, said("I would like to speak to somebody please", "en-gb"), count=3)

    assert [len(readings) for readings in found] == [3]
    texts = [reading.text for reading in found[0]]
    assert len(set(texts)) == 3
    assert all(text.startswith("i would like") for text in texts)
    assert found[0][0].confidence > found[0][1].confidence


def test_what_is_being_said_is_told(models: Models) -> None:
    decoder = menu(models)
    decoder.begin()
    assert decoder.so_far() == ""
    decoder.take(said("operator"))
    assert decoder.so_far() == "Operator"
    decoder.end(alternatives=1, sound_frames=1)


@pytest.mark.parametrize(
    ("match", "confidence"), [(-2.0, 1.0), (0.0, 1.0), (-6.0, 0.5), (-4.0, 0.75), (-50.0, 0.1)]
)
def test_confidence_follows_the_match(match: float, confidence: float) -> None:
    assert confidence_of(match) == confidence
