"""One channel out of two that are interleaved, as wav files and sockets have them."""

from typing import Final

import numpy as np

from callwright.media.frames import Samples, clipped

MIXED: Final = 0
"""The channel's number for both at once."""


def channel_of(interleaved: Samples, channels: int, channel: int) -> Samples:
    """One of two channels, 1 or 2, or `MIXED`; mono sound is what it is.

    Both at once are added, and clipped where that is too loud: in most such sounds each speaker
    has a channel, and nobody's voice should become fainter.
    """
    if channels == 1:
        return interleaved
    pair = interleaved.reshape(-1, channels)
    if channel == MIXED:
        return clipped(pair.sum(axis=1, dtype=np.int32)).astype(np.int16)
    return pair[:, channel - 1]
