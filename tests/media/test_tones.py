"""Tones: their frequencies, lengths and levels."""

import numpy as np
import pytest

from callwright.media.frames import level_dbm0
from callwright.media.tones import (
    BUSY_UK,
    BUSY_US,
    KEYPAD,
    MILLIWATT,
    RECORD_BEEP,
    RINGBACK_UK,
    RINGBACK_US,
    Burst,
    key_burst,
    render,
    sines,
)

PATTERNS = {
    "ringback UK": (RINGBACK_UK, 3.0, 400.0),
    "ringback US": (RINGBACK_US, 6.0, 440.0),
    "busy UK": (BUSY_UK, 0.75, 400.0),
    "busy US": (BUSY_US, 1.0, 480.0),
    "milliwatt": (MILLIWATT, 1.0, 1000.0),
    "beep": (RECORD_BEEP, 0.2, 1000.0),
}


@pytest.mark.parametrize(("bursts", "duration", "frequency"), PATTERNS.values(), ids=list(PATTERNS))
def test_a_pattern_lasts_and_sounds_as_its_standard_says(
    bursts: tuple[Burst, ...], duration: float, frequency: float
) -> None:
    sound = render(bursts)
    assert len(sound) == duration * 8000
    first = sound[: bursts[0].duration_ms * 8]
    spectrum = abs(np.fft.rfft(first.astype(float)))
    places = np.fft.rfftfreq(len(first), 1 / 8000)
    found = places[spectrum > spectrum.max() / 2]
    assert any(abs(found - frequency) < 5)
    expected = bursts[0].level_dbm0 + 10 * np.log10(len(bursts[0].frequencies_hz))
    assert level_dbm0(first) == pytest.approx(expected, abs=0.2)


def test_nothing_is_no_sound() -> None:
    assert len(render(())) == 0


def test_a_tone_made_in_pieces_is_the_tone_made_at_once() -> None:
    whole = sines((440.5, 613.2), -10.0, 0, 1000)
    pieces = [sines((440.5, 613.2), -10.0, at, 100) for at in range(0, 1000, 100)]
    assert (np.concatenate(pieces) == whole).all()


def test_what_is_too_loud_is_clipped_and_does_not_wrap() -> None:
    sound = sines((1000.0, 1010.0, 1020.0), 3.0, 0, 8000)
    assert (sound.max(), sound.min()) == (0x7FFF, -0x8000)


def test_sixteen_keys_have_sixteen_pairs() -> None:
    pairs = {key_burst(key, 100).frequencies_hz for key in "".join(KEYPAD)}
    assert len(pairs) == 16
    assert key_burst("5", 100).frequencies_hz == (770.0, 1336.0)
