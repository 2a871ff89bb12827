"""What counts as speech above a line's own sound."""

import math

import numpy as np
import pytest

from callwright.media.far_end_sound import (
    EARLY_RISE_DB,
    MIN_LEVEL_DBM0,
    STEADY_AFTER,
    Heard,
    Loudness,
)
from callwright.media.frames import TICK


def steady(level: float, seconds: float, spread: float = 0.0, seed: int = 1) -> list[float]:
    chance = np.random.default_rng(seed)
    return [level + float(chance.normal(0, spread)) for _ in range(round(seconds / TICK))]


def words(seconds: float, level: float) -> list[float]:
    return [
        level + 12 * abs(math.sin(math.pi * tick / 10)) - 12
        for tick in range(round(seconds / TICK))
    ]


def heard(levels: list[float]) -> list[Heard]:
    loudness = Loudness()
    return [loudness.take(level) for level in levels]


def share(found: list[Heard], kind: Heard) -> float:
    return sum(one is kind for one in found) / len(found)


@pytest.mark.parametrize("level", [-10.0, -20.0, -30.0])
@pytest.mark.parametrize("floor", [-90.0, -65.0, -55.0])
def test_words_are_sound_above_a_quiet_line(level: float, floor: float) -> None:
    found = heard(steady(floor, 0.5, 1.0) + words(1.0, level))
    assert set(found[:25]) <= {Heard.QUIET, Heard.STEADY}
    spoken = [one in {Heard.SOUND, Heard.RISING} for one in found[25:]]
    assert sum(spoken) / len(spoken) > 0.7


def test_silence_after_words_is_quiet_at_once() -> None:
    found = heard(steady(-65.0, 0.5) + words(1.0, -18.0) + steady(-65.0, 0.4))
    assert share(found[-20:], Heard.QUIET) == 1.0


@pytest.mark.parametrize("level", [MIN_LEVEL_DBM0 - 1, -60.0, -75.0])
def test_what_is_too_faint_is_never_sound(level: float) -> None:
    assert Heard.SOUND not in heard(steady(-90.0, 0.5) + words(1.0, level))


@pytest.mark.parametrize("level", [-25.0, -35.0, -45.0])
def test_sound_that_stays_the_same_is_the_lines_own(level: float) -> None:
    found = heard(steady(level, 3.0, 1.0))
    assert share(found[round(STEADY_AFTER / TICK) :], Heard.STEADY) == 1.0


def test_digital_silence_is_quiet_and_not_steady() -> None:
    assert set(heard(steady(-90.0, 2.0))) == {Heard.QUIET}


def test_words_are_heard_above_noise_that_has_stayed() -> None:
    found = heard(steady(-42.0, 1.5, 1.0) + words(1.0, -16.0))
    assert share(found[75:], Heard.SOUND) > 0.5


def test_a_voice_rises_out_of_a_radio_that_was_there_first() -> None:
    found = heard(words(0.8, -30.0) + words(1.0, -30.0 + 2 * EARLY_RISE_DB))
    assert Heard.RISING not in found[:40]
    assert Heard.RISING in found[40:]


def test_a_voice_alone_does_not_rise_out_of_itself() -> None:
    assert Heard.RISING not in heard(steady(-65.0, 0.5) + words(2.0, -18.0))


def test_the_loudest_is_followed_up_at_once_and_down_slowly() -> None:
    loudness = Loudness()
    for level in [*words(1.0, -12.0), *steady(-65.0, 1.0)]:
        loudness.take(level)
    assert -18.0 < loudness.loudest_dbm0 < -12.0


def test_what_was_heard_before_somebody_spoke_becomes_his_background() -> None:
    radio, voice = words(0.6, -34.0), words(0.4, -16.0)
    loudness = Loudness()
    for level in [*steady(-65.0, 0.4), *radio, *voice]:
        loudness.take(level)
    loudness.speech_began()
    after = [loudness.take(level) for level in words(0.6, -36.0)]
    assert share(after, Heard.SOUND) < 0.3
