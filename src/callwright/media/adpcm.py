"""ADPCM with four bits a sample, decoded: IMA's and OKI's (Dialogic's).

Either code says by how many steps the next sample differs from the last one, and how the size of
a step changes. Both, the sample and the place in the table of steps, are running sums that stop
at their limits. A sum with limits is a chain of functions x -> min(max(x + a, low), high), which
combine like sums do: so a whole stretch is done in a few passes of numpy instead of a loop over
its samples, which would hold Python's lock for milliseconds.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callwright.media.frames import Samples

Numbers = NDArray[np.int32]

IMA_HEADER_BYTES: Final = 4
"""In front of each block: a sample, a place in the table of steps, and nothing."""


class Coder(NamedTuple):
    """What tells one kind of ADPCM from another."""

    steps: Numbers
    """The table of steps."""
    low: int
    high: int
    """The limits of a sample."""
    shift: int
    """By how many bits a sample is shorter than 16."""
    truncates_once: bool
    """Whether a change is computed as a whole, or bit by bit of its code."""


class State(NamedTuple):
    """Where a decoder is, one of each for every stream that is decoded at once."""

    sample: Numbers
    place: Numbers
    """In the table of steps."""


def decode(codes: NDArray[np.uint8], coder: Coder, state: State) -> tuple[Samples, State]:
    """Codes of 0 to 15, one row a stream, to samples; and the state behind the last ones."""
    if not codes.size:
        return np.zeros(codes.shape, np.int16), state
    last = len(coder.steps) - 1
    first = np.clip(state.place, 0, last)
    places = _follow(_Chain.of(_PLACE_CHANGES[codes], 0, last), first)
    # Each sample is made with the step as it was before its own code changed it.
    step = coder.steps[np.concatenate([first[:, None], places[:, :-1]], axis=1)]
    change = _change(codes, step, truncates_once=coder.truncates_once)
    samples = _follow(_Chain.of(change, coder.low, coder.high), state.sample)
    return (samples << coder.shift).astype(np.int16), State(samples[:, -1], places[:, -1])


def _change(codes: NDArray[np.uint8], step: Numbers, *, truncates_once: bool) -> Numbers:
    """By how much each sample differs from the last: eighths of a step, an odd number of them."""
    if truncates_once:
        change = ((codes & _SIZE).astype(np.int32) * 2 + 1) * step >> 3
    else:
        change = step >> 3
        for bit, shift in ((4, 0), (2, 1), (1, 2)):
            change += np.where(codes & bit, step >> shift, 0)
    signed: Numbers = np.where(codes & _SIGN, -change, change)
    return signed


class _Chain(NamedTuple):
    """Functions x -> min(max(x + total, low), high), along each row."""

    total: Numbers
    low: Numbers
    high: Numbers

    @staticmethod
    def of(changes: Numbers, low: int, high: int) -> "_Chain":
        """Each adds its change, and stops at the limits."""
        total = changes.astype(np.int32)
        return _Chain(total, np.full_like(total, low), np.full_like(total, high))

    def at(self, values: Numbers) -> Numbers:
        """What the functions make of these."""
        found: Numbers = np.minimum(np.maximum(values + self.total, self.low), self.high)
        return found

    def combine(self) -> None:
        """Make each function that of itself behind all before it in its row; in place.

        Each takes in as many before it as it holds already, so their number doubles every time.
        """
        reach = 1
        while reach < self.total.shape[1]:
            own = _Chain(*(it[:, reach:] for it in self))
            before = _Chain(*(it[:, :-reach].copy() for it in self))
            low, high = own.at(before.low), own.at(before.high)
            # So far out it only says "at the limit", and must not grow until it wraps.
            own.total[:] = np.clip(own.total + before.total, -_FAR, _FAR)
            own.low[:], own.high[:] = low, high
            reach *= 2


def _follow(chain: _Chain, first: Numbers) -> Numbers:
    """The value behind each function of each row, which begins with `first`."""
    rows, count = chain.total.shape
    if count <= _BLOCK:
        chain.combine()
        return chain.at(first[:, None])
    # In blocks: first within each, then from block to block by each one's last function.
    widths = ((0, 0), (0, -count % _BLOCK))
    blocks = _Chain(*(np.pad(it, widths, mode="edge").reshape(-1, _BLOCK) for it in chain))
    blocks.combine()
    ends = _follow(_Chain(*(it[:, -1].reshape(rows, -1).copy() for it in blocks)), first)
    starts = np.concatenate([first[:, None], ends[:, :-1]], axis=1)
    return blocks.at(starts.reshape(-1, 1)).reshape(rows, -1)[:, :count]


class OkiDecoder:
    """OKI ADPCM as a stream: two samples a byte, its upper half first."""

    unit_bytes = 1
    unit_samples = 2

    def __init__(self) -> None:
        self._state = State(np.zeros(1, np.int32), np.zeros(1, np.int32))

    def decode(self, stored: bytes) -> Samples:
        """Go on where the last piece ended."""
        data = np.frombuffer(stored, np.uint8)
        codes = np.stack([data >> 4, data & _NIBBLE], axis=1).reshape(1, -1)
        samples, self._state = decode(codes, OKI, self._state)
        return samples.reshape(-1)


class ImaDecoder:
    """IMA ADPCM in blocks, each with its first sample and its place in the table in front.

    A byte's lower half is the earlier sample (Microsoft, New Multimedia Data Types, "DVI ADPCM").
    """

    def __init__(self, block_bytes: int) -> None:
        """Decode blocks of that size; at least the header and a byte."""
        self.unit_bytes = block_bytes
        self.unit_samples = 1 + 2 * (block_bytes - IMA_HEADER_BYTES)

    def decode(self, stored: bytes) -> Samples:
        """Decode whole blocks, all at once; the last may be cut off."""
        whole = len(stored) // self.unit_bytes * self.unit_bytes
        rest = stored[whole:]
        blocks = np.frombuffer(stored[:whole], np.uint8).reshape(-1, self.unit_bytes)
        pieces = [_ima_blocks(blocks)]
        if len(rest) > IMA_HEADER_BYTES:
            pieces.append(_ima_blocks(np.frombuffer(rest, np.uint8).reshape(1, -1)))
        return np.concatenate(pieces)


def _ima_blocks(blocks: NDArray[np.uint8]) -> Samples:
    first = np.ascontiguousarray(blocks[:, :2]).view("<i2").astype(np.int16)
    state = State(first[:, 0].astype(np.int32), blocks[:, 2].astype(np.int32))
    data = blocks[:, IMA_HEADER_BYTES:]
    codes = np.stack([data & _NIBBLE, data >> 4], axis=2).reshape(len(data), 2 * data.shape[1])
    samples, _ = decode(codes, IMA, state)
    return np.concatenate([first, samples], axis=1).reshape(-1)


_SIGN: Final = 8
_SIZE: Final = 7
_BLOCK: Final = 32
_FAR: Final = 1 << 18
"""Four times the widest limits."""
_NIBBLE: Final = 15

_PLACE_CHANGES: Final = np.array([-1, -1, -1, -1, 2, 4, 6, 8] * 2, np.int32)
"""By code: small changes let the step shrink, large ones grow (the same for both kinds)."""

_IMA_STEPS: Final = np.array(
    [
        *(7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55),
        *(60, 66, 73, 80, 88, 97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307),
        *(337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411),
        *(1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358),
        *(5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500),
        *(20350, 22385, 24623, 27086, 29794, 32767),
    ],
    np.int32,
)
"""IMA Digital Audio Focus and Technical Working Groups, recommended practices 3.00, 6.2."""

_OKI_STEPS: Final = np.array(
    [
        *(16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107),
        *(118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544),
        *(598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552),
    ],
    np.int32,
)
"""Dialogic ADPCM algorithm, table 2: each 1.1 times the one before."""

IMA: Final = Coder(_IMA_STEPS, -0x8000, 0x7FFF, 0, truncates_once=False)
OKI: Final = Coder(_OKI_STEPS, -0x800, 0x7FF, 4, truncates_once=True)
"""Truncates as SoX and FFmpeg do; by the bit, errors would add up in their files."""
