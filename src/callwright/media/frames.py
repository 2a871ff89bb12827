"""The frame matrix: `int16[legs, samples]`, one row a leg, one tick deep.

Every kind of sound arithmetic takes rows of it, so that its cost is shared by all legs.
"""

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ: Final = 8000
TICK_MS: Final = 20
"""One frame's length: what a packet of G.711 usually holds (RFC 3551 4.5)."""

TICK: Final = TICK_MS / 1000
FRAME_SAMPLES: Final = SAMPLE_RATE_HZ * TICK_MS // 1000

Samples = NDArray[np.int16]
"""Sound: 16-bit linear, 8 kHz, one channel; the last axis is time."""

Coded = NDArray[np.uint8]
"""Sound as G.711 codes, one byte a sample."""

FULL_SCALE: Final = 32124
"""The largest value that G.711 µ-law can say in 16-bit terms (ITU-T G.711 table 2a)."""

FULL_SCALE_DBM0: Final = 3.17
"""The level of a sine that just reaches `FULL_SCALE` (ITU-T G.711 5: +3.17 dBm0, µ-law)."""


def amplitude(level_dbm0: float) -> float:
    """The peak of a sine of this level, in 16-bit units."""
    return FULL_SCALE * 10 ** ((level_dbm0 - FULL_SCALE_DBM0) / 20)


def mean_square(level_dbm0: float) -> float:
    """The mean of the squared samples of sound with this level."""
    return amplitude(level_dbm0) ** 2 / 2


def level_dbm0(samples: Samples) -> float:
    """The level of a piece of sound; silence is minus infinity."""
    square = float(np.mean(np.square(samples, dtype=np.float64))) if samples.size else 0.0
    return 10 * math.log10(square / mean_square(0.0)) if square else -math.inf


def grown(matrix: NDArray[Any], rows: int) -> NDArray[Any]:  # Any: a matrix keeps its type
    """The matrix with at least this many rows, doubled so that growing is rare; new ones are 0."""
    capacity = len(matrix)
    if rows <= capacity:
        return matrix
    while capacity < rows:
        capacity = max(1, capacity * 2)
    larger = np.zeros((capacity, *matrix.shape[1:]), matrix.dtype)
    larger[: len(matrix)] = matrix
    return larger


def mix_into(frame: Samples, sound: Samples) -> None:
    """Add a sound, as long as the frame or shorter, to its beginning; too loud is clipped."""
    part = frame[: len(sound)]
    part[:] = clipped(part.astype(np.int32) + sound)


def clipped(sums: NDArray[np.int32]) -> NDArray[np.int32]:
    """Sums of samples, where they don't fit clipped to what a sample can say; in place."""
    return np.clip(sums, -0x8000, 0x7FFF, out=sums)
