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


def resample(samples: NDArray[np.int16], from_hz: int, to_hz: int) -> NDArray[np.int16]:
    """Return the sound at the other rate, as long in time and without delay, clipped to 16 bits."""
    if from_hz == to_hz or not samples.size:
        return samples
    divisor = math.gcd(from_hz, to_hz)
    up, down = to_hz // divisor, from_hz // divisor
    taps = _filter(up, down)
    width = taps.shape[1]
    padded = np.pad(samples.astype(np.float32), (width // 2, width))
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)
    length = -(-samples.size * up // down)
    blocks = [
        _block(windows, taps, np.arange(start, min(start + _BLOCK, length)) * down)
        for start in range(0, length, _BLOCK)
    ]
    limits = np.iinfo(np.int16)
    return np.clip(np.rint(np.concatenate(blocks)), limits.min, limits.max).astype(np.int16)


def _block(
    windows: NDArray[np.float32], taps: NDArray[np.float32], positions: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Output samples at these positions, counted in input samples times the rows of the filter."""
    at, phase = np.divmod(positions, taps.shape[0])
    found: NDArray[np.float32] = np.einsum("nk,nk->n", windows[at], taps[phase])
    return found


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
