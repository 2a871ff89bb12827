"""Coded samples made 16-bit linear: A-law and mu-law (ITU-T G.711), and unsigned 8-bit sound."""

import sys
from array import array
from typing import Final

from .sound import Encoding


def linear(sound: bytes, encoding: Encoding) -> "array[int]":
    """Decode sound to 16-bit samples of this machine's byte order."""
    if encoding is Encoding.PCM_16:
        samples = array("h", sound)
        if sys.byteorder == "big":
            samples.byteswap()
        return samples
    table = _TABLES[encoding]
    return array("h", (table[code] for code in sound))


def _mu_law(code: int) -> int:
    # G.711 table 2: all bits inverted; sign, 3 bits of chord, 4 bits of step; a bias of 33 steps.
    code = ~code & 0xFF
    chord, step = code >> 4 & 7, code & 15
    size = (((step << 1) + 33) << chord) - 33
    return (-size if code & 0x80 else size) * 4


def _a_law(code: int) -> int:
    # G.711 table 1: even bits inverted; the sign bit is set for positive values.
    code ^= 0x55
    chord, step = code >> 4 & 7, code & 15
    size = (step << 1) + 1 if chord == 0 else ((step << 1) + 33) << (chord - 1)
    return (size if code & 0x80 else -size) * 8


_TABLES: Final = {
    Encoding.A_LAW: tuple(map(_a_law, range(256))),
    Encoding.MU_LAW: tuple(map(_mu_law, range(256))),
    Encoding.PCM_8: tuple((code - 128) << 8 for code in range(256)),
}
