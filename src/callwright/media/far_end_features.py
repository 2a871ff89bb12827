"""What far-end classification needs to know of a frame: its level and its tone, all legs at once.

One short spectrum a frame. Levels are of the telephone band without what hums below it; a tone is
a single frequency that carries nearly all of it.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ, Samples, mean_square

SILENCE_DBM0: Final = -90.0
"""The level of nothing at all; fainter than any line."""

LOWEST_HZ: Final = 200.0
"""Mains hum and its overtones, wind and traffic are strongest below; voices lose little."""

HIGHEST_HZ: Final = 3500.0
"""The upper end of a telephone channel (ITU-T G.712)."""

MIN_TONE_SHARE: Final = 0.85
"""Of the frame's power that is within two bins of its strongest frequency. A sine has all of it
there, one that is 10 dB above white noise still 0.9, vowels mostly less than 0.7."""


class FrameFeatures(NamedTuple):
    """What one frame of one leg shows."""

    level_dbm0: float
    """Of the band from `LOWEST_HZ` to `HIGHEST_HZ`."""
    tone_hz: float
    """The frequency that carries nearly all of it, or 0."""


def measure(frames: Samples) -> Sequence[FrameFeatures]:
    """Measure one tick of some legs: rows of the frame matrix, in their order.

    Keeps nothing from one tick to the next; so rows may be any, and change at any time.
    """
    spectrum = np.fft.rfft(frames * _WINDOW)[:, : _LAST + _NEAR + 1]
    powers: NDArray[np.float32] = np.square(spectrum.real) + np.square(spectrum.imag)
    band = powers[:, _FIRST : _LAST + 1]
    totals = band.sum(axis=1) + _LEAST_POWER
    levels = 10 * np.log10(totals)
    peaks = band.argmax(axis=1)
    rows = np.arange(len(frames))
    near = powers[rows[:, None], peaks[:, None] + _AROUND]
    has_tone = near.sum(axis=1) >= MIN_TONE_SHARE * totals
    tones = np.where(has_tone, _frequencies(near, peaks), 0.0)
    return list(map(FrameFeatures, levels.tolist(), tones.tolist()))


def _frequencies(near: NDArray[np.float32], peaks: NDArray[np.intp]) -> NDArray[np.float64]:
    """Where between the bins each sine is: under a Hann window, two neighbours tell exactly."""
    middle = np.sqrt(near[:, _NEAR])
    before, after = np.sqrt(near[:, _NEAR - 1]), np.sqrt(near[:, _NEAR + 1])
    ratio = np.maximum(before, after) / np.maximum(middle, 1e-12)
    offset = np.copysign((2 * ratio - 1) / (ratio + 1), after - before)
    frequencies: NDArray[np.float64] = (peaks + _FIRST + offset) * _BIN_HZ
    return frequencies


def _window() -> NDArray[np.float32]:
    """A Hann window whose spectrum's sum is the mean square, 1 at 0 dBm0."""
    shape = np.hanning(FRAME_SAMPLES + 1)[:FRAME_SAMPLES]
    scale = 2 / FRAME_SAMPLES / np.sum(shape**2) / mean_square(0.0)
    window: NDArray[np.float32] = (shape * np.sqrt(scale)).astype(np.float32)
    return window


_WINDOW: Final = _window()
_BIN_HZ: Final = SAMPLE_RATE_HZ / FRAME_SAMPLES
_FIRST: Final = round(LOWEST_HZ / _BIN_HZ)
_LAST: Final = round(HIGHEST_HZ / _BIN_HZ)
_NEAR: Final = 2
"""A Hann window spreads a sine over its bin and two neighbours on either side."""

_AROUND: Final = np.arange(-_NEAR, _NEAR + 1) + _FIRST
_LEAST_POWER: Final = np.float32(10 ** (SILENCE_DBM0 / 10))
