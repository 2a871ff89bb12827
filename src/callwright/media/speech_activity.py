"""Who is making sound: level against a floor that follows the line's own noise, all legs at once.

Speech, music and tones all count; what doesn't is what a line carries while nobody does anything.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callwright.media.frames import TICK, TICK_MS, Samples, grown, mean_square

MIN_LEVEL_DBM0: Final = -48.0
"""Fainter sound is never speech: 30 dB under what a quiet talker gives (ITU-T P.56 puts active
speech near -18 to -26 dBm0)."""

MAX_FLOOR_DBM0: Final = -36.0
"""The floor rises no further, so that steady loud sound (music, a tone) never becomes noise."""

MARGIN_DB: Final = 9.0
"""Sound stands this far above the floor."""

FLOOR_RISES_DB: Final = 2.0
"""A second: slow against words, so that a talker doesn't raise it, quick against a line that
has become noisier."""

ONSET_MS: Final = 60
"""Sound that lasts this long has started: three frames, longer than a click."""

HANGOVER_MS: Final = 500
"""Silence that lasts this long has ended it: longer than the pauses between words."""


class Activity(NamedTuple):
    """What one tick showed; arrays by row."""

    is_sound: NDArray[np.bool_]
    """Whether this frame stands out of the noise, by itself."""
    started: NDArray[np.intp]
    """Rows in which sound has started, `ONSET_MS` ago."""
    ended: NDArray[np.intp]
    """Rows in which it has ended, `HANGOVER_MS` ago."""


class SpeechActivity:
    """Listens to the rows of the frame matrix."""

    def __init__(self) -> None:
        self._floor = np.zeros(0, np.float32)
        self._streak = np.zeros(0, np.int32)  # frames of sound in a row, or of silence when active
        self._is_active = np.zeros(0, np.bool_)

    def reset(self, row: int) -> None:
        """Forget a row: another leg is in it now."""
        self._grow(row + 1)
        self._floor[row] = _LEAST_FLOOR
        self._streak[row] = 0
        self._is_active[row] = False

    def listen(self, frames: Samples) -> Activity:
        """Judge one tick of all rows."""
        count = len(frames)
        self._grow(count)
        floor, streak = self._floor[:count], self._streak[:count]
        active = self._is_active[:count]
        sound = frames.astype(np.float32)
        power = np.einsum("ij,ij->i", sound, sound) / np.float32(frames.shape[1])
        is_sound: NDArray[np.bool_] = power > np.maximum(floor * _MARGIN, _MIN_POWER)
        np.clip(np.minimum(power, floor * _RISE), _LEAST_FLOOR, _MAX_FLOOR, out=floor)
        streak += 1
        streak[is_sound == active] = 0
        changed = streak >= np.where(active, _HANGOVER_FRAMES, _ONSET_FRAMES)
        started = np.flatnonzero(changed & ~active)
        ended = np.flatnonzero(changed & active)
        active ^= changed
        streak[changed] = 0
        return Activity(is_sound, started, ended)

    def _grow(self, rows: int) -> None:
        before = len(self._floor)
        self._floor = grown(self._floor, rows)
        self._floor[before:] = _LEAST_FLOOR
        self._streak = grown(self._streak, rows)
        self._is_active = grown(self._is_active, rows)


_LEAST_FLOOR: Final = np.float32(mean_square(-70.0))
"""Near G.711's own silence; a floor of zero could never rise."""

_MAX_FLOOR: Final = np.float32(mean_square(MAX_FLOOR_DBM0))
_MIN_POWER: Final = np.float32(mean_square(MIN_LEVEL_DBM0))
_MARGIN: Final = np.float32(10 ** (MARGIN_DB / 10))
_RISE: Final = np.float32(10 ** (FLOOR_RISES_DB * TICK / 10))
_ONSET_FRAMES: Final = ONSET_MS // TICK_MS
_HANGOVER_FRAMES: Final = HANGOVER_MS // TICK_MS
