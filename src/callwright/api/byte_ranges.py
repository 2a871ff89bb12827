"""Parts of a representation that a client asks for (RFC 9110 14): one range, or the whole."""

import re
from typing import Final, NamedTuple

_RANGE: Final = re.compile(r"bytes=[ \t]*(\d{0,19})-(\d{0,19})[ \t]*", re.ASCII | re.IGNORECASE)
"""One range of bytes (14.1.2), with as many digits as a disk needs."""


class Unsatisfiable(Exception):
    """The range begins behind the end (14.1.2)."""


class ByteRange(NamedTuple):
    """From one byte up to before another."""

    start: int
    end: int


def byte_range(header: str | None, size_bytes: int) -> ByteRange | None:
    """Read a `Range` header; None stands for the whole.

    Several ranges, other units and what cannot be read are ignored, as 14.2 allows.

    Raises:
        Unsatisfiable: nothing of the representation is in it.

    """
    found = _RANGE.fullmatch(header or "")
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        suffix = int(found[2])
        if not suffix:
            raise Unsatisfiable
        return ByteRange(max(0, size_bytes - suffix), size_bytes) if size_bytes else None
    start = int(found[1])
    last = int(found[2]) if found[2] else size_bytes - 1
    if found[2] and last < start:
        return None
    if start >= size_bytes:
        raise Unsatisfiable
    return ByteRange(start, min(last + 1, size_bytes))
