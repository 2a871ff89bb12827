"""Levels and growing matrices."""

import math

import numpy as np
import pytest

from callwright.media.frames import FULL_SCALE, amplitude, grown, level_dbm0, mean_square
from callwright.media.tones import sines


def test_a_full_sine_has_the_level_of_the_standard() -> None:
    assert amplitude(3.17) == pytest.approx(FULL_SCALE)
    assert mean_square(3.17) == pytest.approx(FULL_SCALE**2 / 2)


@pytest.mark.parametrize("level", [0.0, -10.0, -30.0, -50.0])
def test_a_tone_measures_what_it_was_made_with(level: float) -> None:
    assert level_dbm0(sines((1000.0,), level, 0, 8000)) == pytest.approx(level, abs=0.1)


def test_silence_has_no_level() -> None:
    assert level_dbm0(np.zeros(160, np.int16)) == -math.inf
    assert level_dbm0(np.zeros(0, np.int16)) == -math.inf


@pytest.mark.parametrize(
    ("capacity", "rows", "expected"), [(0, 1, 1), (4, 3, 4), (4, 4, 4), (4, 5, 8), (4, 17, 32)]
)
def test_a_matrix_doubles_and_keeps_its_rows(capacity: int, rows: int, expected: int) -> None:
    matrix = np.full((capacity, 3), 7, np.int16)
    larger = grown(matrix, rows)
    assert larger.shape == (expected, 3)
    assert (larger[:capacity] == 7).all()
    assert not larger[capacity:].any()
