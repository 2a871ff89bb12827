"""What a frame shows: its level in the telephone band, and the one frequency that carries it."""

import numpy as np
import pytest

from callwright.media.far_end_features import SILENCE_DBM0, measure
from callwright.media.frames import FRAME_SAMPLES, Samples
from callwright.media.tones import sines


def sine(hertz: tuple[float, ...], level: float, start: int = 0) -> Samples:
    return np.rint(sines(hertz, level, start, FRAME_SAMPLES)).astype(np.int16)


def hiss(level: float, seed: int = 1) -> Samples:
    # 0 dBm0 is a sine whose mean square is half of its peak's square.
    deviation = np.sqrt(np.mean(np.square(sine((1000.0,), 0.0), dtype=float)))
    wave = np.random.default_rng(seed).normal(0, deviation * 10 ** (level / 20), FRAME_SAMPLES)
    return wave.astype(np.int16)


@pytest.mark.parametrize("level", [-3.0, -20.0, -45.0])
@pytest.mark.parametrize("hertz", [440.0, 1000.0, 1100.0, 1234.5, 2100.0])
def test_a_sine_is_told_with_its_level_and_frequency(hertz: float, level: float) -> None:
    [found] = measure(sine((hertz,), level).reshape(1, -1))
    assert found.level_dbm0 == pytest.approx(level, abs=0.3)
    assert found.tone_hz == pytest.approx(hertz, abs=8.0)


def test_silence_has_the_level_of_nothing_and_no_tone() -> None:
    [found] = measure(np.zeros((1, FRAME_SAMPLES), np.int16))
    assert list(found) == pytest.approx([SILENCE_DBM0, 0.0], abs=0.01)


NO_TONES = [
    ("two tones", sine((440.0, 480.0 + 400.0), -10.0)),
    ("noise", hiss(-20.0)),
    ("a tone in noise as loud", sine((1000.0,), -20.0) + hiss(-20.0)),
]


@pytest.mark.parametrize("frame", [one[1] for one in NO_TONES], ids=[one[0] for one in NO_TONES])
def test_what_is_more_than_one_frequency_is_no_tone(frame: Samples) -> None:
    [found] = measure(frame.reshape(1, -1))
    assert found.tone_hz == 0.0


def test_a_tone_ten_decibels_above_noise_is_one() -> None:
    found = measure(np.stack([sine((1000.0,), -20.0) + hiss(-32.0, seed) for seed in range(20)]))
    assert sum(one.tone_hz > 0 for one in found) >= 19


def test_hum_does_not_count() -> None:
    [found] = measure(sine((50.0,), -10.0).reshape(1, -1))
    assert found.level_dbm0 < -30.0


def test_rows_are_measured_each_by_itself() -> None:
    rows = [sine((700.0,), -15.0), np.zeros(FRAME_SAMPLES, np.int16), sine((1900.0,), -30.0)]
    together = measure(np.stack(rows))
    assert [one.tone_hz for one in together] == pytest.approx([700.0, 0.0, 1900.0], abs=8.0)
    for row, one in zip(rows, together, strict=True):
        assert list(measure(row.reshape(1, -1))[0]) == pytest.approx(list(one), abs=1e-3)
