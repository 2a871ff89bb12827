"""A-law and µ-law as tables: ITU-T G.711.

Decoding looks up 256 values, encoding 65,536, so either costs one indexed read a sample.
"""

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from callwright.media.frames import Coded, Samples


class Law(StrEnum):
    """How G.711 compands, by its name in RTP (RFC 3551 6)."""

    MU = "PCMU"
    A = "PCMA"


def decode(codes: Coded, law: Law) -> Samples:
    """Codes to linear samples, whatever the shape."""
    return np.take(_DECODED[law], codes)


def encode(samples: Samples, law: Law) -> Coded:
    """Linear samples to codes, whatever the shape."""
    return np.take(_ENCODED[law], samples.view(np.uint16))


def decode_into(codes: Coded, law: Law, samples: Samples) -> None:
    """The same as `decode`, into a matrix that is there already."""
    # Every code is a valid index: "wrap" spares numpy the check and a buffer (np.take's notes).
    np.take(_DECODED[law], codes, out=samples, mode="wrap")


def encode_into(samples: Samples, law: Law, codes: Coded) -> None:
    """The same as `encode`, into a matrix that is there already."""
    np.take(_ENCODED[law], samples.view(np.uint16), out=codes, mode="wrap")


def _mu_decoded() -> Samples:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    segment, step = code >> 4 & 7, code & 15
    magnitude = ((step << 3) + _MU_BIAS << segment) - _MU_BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _mu_encoded() -> Coded:
    linear = _every_sample()
    magnitude = np.minimum(np.abs(linear), _MU_CLIP) + _MU_BIAS
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    code = segment << 4 | magnitude >> segment + 3 & 15
    coded: Coded = (~np.where(linear < 0, code | 0x80, code) & 0xFF).astype(np.uint8)
    return coded


def _a_decoded() -> Samples:
    # G.711 inverts every even bit on the line, so that silence is not a run of zeros.
    code = np.arange(256, dtype=np.int32) ^ 0x55
    segment, step = code >> 4 & 7, code & 15
    magnitude = (step << 4) + 8
    magnitude = np.where(segment > 0, magnitude + 0x100 << np.maximum(segment - 1, 0), magnitude)
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _a_encoded() -> Coded:
    linear = _every_sample()
    # One's complement below zero: -1 is in the smallest negative step.
    magnitude = np.where(linear < 0, ~linear, linear) >> 4
    segment = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 3, 0)
    step = magnitude >> np.maximum(segment - 1, 0) & 15
    code = segment << 4 | step
    coded: Coded = (np.where(linear < 0, code, code | 0x80) ^ 0x55).astype(np.uint8)
    return coded


def _every_sample() -> NDArray[np.int32]:
    """Every 16-bit value, at the place that its bits name."""
    return np.arange(1 << 16, dtype=np.uint16).view(np.int16).astype(np.int32)


_MU_BIAS: Final = 0x84
"""33 steps of the finest size: makes each segment start at a power of two (G.711 table 2a)."""

_MU_CLIP: Final = 0x7FFF - _MU_BIAS
_DECODED: Final = {Law.MU: _mu_decoded(), Law.A: _a_decoded()}
_ENCODED: Final = {Law.MU: _mu_encoded(), Law.A: _a_encoded()}

SILENCE: Final = {law: int(_ENCODED[law][0]) for law in Law}
"""The code of silence: 0xFF in µ-law, 0xD5 in A-law."""
