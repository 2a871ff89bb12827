"""What is heard of a caller: tones in time, and level and spectrum of an utterance."""

import numpy as np
import pytest

from callwright.carrier.ear import Ear
from callwright.media.frames import FRAME_SAMPLES, Samples, amplitude
from callwright.media.tones import Burst, key_burst, render

PIECE_BYTES = 1600
"""100 ms, as a leg hands its sound up."""


def _hear(ear: Ear, sound: Samples) -> list[tuple[int, float, bool]]:
    data = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].tobytes()
    heard = [
        tone
        for at in range(0, len(data), PIECE_BYTES)
        for tone in ear.take(data[at : at + PIECE_BYTES])
    ]
    heard += ear.catch_up()
    return [(round(tone.frequency_hz), round(tone.duration, 2), tone.is_over) for tone in heard]


@pytest.mark.parametrize("hz", [440.0, 1000.0, 1100.0, 2100.0])
def test_a_tone_is_told_when_it_is_certain_and_when_it_is_over(hz: float) -> None:
    sound = render([Burst(200), Burst(500, (hz,), -12.0), Burst(400)])
    assert _hear(Ear(), sound) == [(hz, 0.18, False), (hz, 0.5, True)]


@pytest.mark.parametrize(
    "sound",
    [
        [Burst(1000)],
        [Burst(100, (1000.0,)), Burst(400)],
        [key_burst("5", 400), Burst(200)],
        [Burst(500, (480.0, 620.0)), Burst(200)],
    ],
    ids=["silence", "a click", "a key", "two tones"],
)
def test_nothing_else_is_a_tone(sound: list[Burst]) -> None:
    assert _hear(Ear(), render(sound)) == []


@pytest.mark.parametrize("level", [-12.0, -30.0])
def test_an_utterance_has_a_level_and_a_loudest_frequency(level: float) -> None:
    ear = Ear()
    _hear(ear, render([Burst(300), Burst(800, (620.0,), level), Burst(500)]))
    heard = ear.utterance()
    assert heard is not None
    assert heard.seconds == pytest.approx(0.8)
    assert heard.level_dbm0 == pytest.approx(level, abs=0.5)
    assert heard.loudest_hz == 620
    assert heard.tone_share > 0.95


def test_noise_is_told_from_a_tone() -> None:
    ear = Ear()
    noise = np.random.default_rng(1).normal(0.0, amplitude(-20.0), 8000).astype(np.int16)
    _hear(ear, noise)
    heard = ear.utterance()
    assert heard is not None
    assert heard.tone_share < 0.1


def test_each_utterance_is_told_once() -> None:
    ear = Ear()
    _hear(ear, render([Burst(800, (620.0,))]))
    assert ear.utterance() is not None
    assert ear.utterance() is None
    _hear(ear, render([Burst(800)]))
    assert ear.utterance() is None


def test_a_tone_across_two_looks_is_one() -> None:
    sound = render([Burst(400), Burst(300, (1000.0,)), Burst(600)])
    assert [is_over for *_, is_over in _hear(Ear(), sound)] == [False, True]
