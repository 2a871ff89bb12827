"""Sound at one sample rate into sound at another: what turns synthesised speech into telephony.

A polyphase filter: for each of the few positions an output sample can have between two input
samples there is one row of filter taps, and an output sample is one dot product. The filter is a
sinc under a Kaiser window, cut off below half of the lower rate, so that nothing folds back.
"""

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

HALF_WIDTH: Final = 32
"""Zero crossings of the sinc on either side. With the window below, sound loses less than 0.1 dB
up to 3.4 kHz at 8 kHz, the upper edge of a telephone channel (ITU-T G.712)."""

KAISER_BETA: Final = 8.0
"""About 80 dB of stop band: what folds back is below the noise of G.711 (38 dB, ITU-T G.712)."""

CUTOFF: Final = 0.94
"""Share of the lower rate's half that passes: the rest is the filter's slope."""

_BLOCK: Final = 8192
"""Output samples computed at once: keeps the gathered windows at about 6 MB."""


class Resampler:
    """Sound at one rate in, in pieces of any size; sound at the other out, without delay."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        """Prepare for these rates; they differ."""
        divisor = math.gcd(from_hz, to_hz)
        self._up, self._down = to_hz // divisor, from_hz // divisor
        self._taps = _filter(self._up, self._down)
        self._width = self._taps.shape[1]
        # Silence before the sound, so that its first sample is the middle of a window.
        self._held = np.zeros(self._width // 2, np.float32)
        self._dropped = 0
        self._taken = 0
        self._made = 0

    def feed(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        """Take the next sound; return what can be told by now."""
        self._taken += samples.size
        self._held = np.concatenate([self._held, samples.astype(np.float32)])
        windows = self._dropped + self._held.size - self._width + 1
        return self._up_to(-(-windows * self._up // self._down))

    def finish(self) -> NDArray[np.int16]:
        """Return the rest: what is made is as long in time as what was fed."""
        self._held = np.pad(self._held, (0, self._width))
        return self._up_to(-(-self._taken * self._up // self._down))

    def _up_to(self, length: int) -> NDArray[np.int16]:
        """Make the output samples that are still missing up to this number of them."""
        if length <= self._made:
            return np.zeros(0, np.int16)
        windows = np.lib.stride_tricks.sliding_window_view(self._held, self._width)
        blocks = [
            self._block(windows, start, min(start + _BLOCK, length))
            for start in range(self._made, length, _BLOCK)
        ]
        self._made = length
        passed = length * self._down // self._up - self._dropped
        self._held = self._held[passed:].copy()
        self._dropped += passed
        return np.concatenate(blocks)

    def _block(self, windows: NDArray[np.float32], start: int, end: int) -> NDArray[np.int16]:
        """Make these output samples, counted from the beginning."""
        # Positions are input samples times the rows of the filter.
        at, phase = np.divmod(np.arange(start, end) * self._down, self._taps.shape[0])
        found = np.einsum("nk,nk->n", windows[at - self._dropped], self._taps[phase])
        limits = np.iinfo(np.int16)
        block: NDArray[np.int16] = np.clip(np.rint(found), limits.min, limits.max).astype(np.int16)
        return block


def resample(samples: NDArray[np.int16], from_hz: int, to_hz: int) -> NDArray[np.int16]:
    """Return the sound at the other rate, as long in time and without delay, clipped to 16 bits."""
    if from_hz == to_hz or not samples.size:
        return samples
    resampler = Resampler(from_hz, to_hz)
    return np.concatenate([resampler.feed(samples), resampler.finish()])


@lru_cache(maxsize=8)
def _filter(up: int, down: int) -> NDArray[np.float32]:
    """One row of taps for each position between two input samples; each row sums to one."""
    stretch = max(1.0, down / up) / CUTOFF
    half = math.ceil(HALF_WIDTH * stretch)
    offsets = np.arange(2 * half + 1)[None, :] - half - np.arange(up)[:, None] / up
    inside = np.clip(1 - (offsets / (half + 1)) ** 2, 0, None)
    taps = np.sinc(offsets / stretch) * np.i0(KAISER_BETA * np.sqrt(inside))
    normalised: NDArray[np.float32] = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
    return normalised
