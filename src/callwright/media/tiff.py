"""Tiff files (TIFF 6.0, RFC 3949 for faxes): which pages they have, and whether they can be faxed.

Headers alone are looked at, never a page's dots. Errors:

    UnsendableTiff      a tiff file that no fax machine takes, or
    └── NoTiff          no tiff file at all
"""

import struct
from enum import IntEnum
from typing import Final, NamedTuple, Protocol

WIDTHS: Final = {1728: "A4", 2048: "B4", 2432: "A3"}
"""Dots a line, and the paper they are for (ITU-T T.4 2.2)."""

MAX_PAGES: Final = 1000
"""Pages of one file: hours on the line. More is a file made to keep us busy."""

MAX_FIELDS: Final = 256
"""Fields of one page; programs write some twenty."""


class UnsendableTiff(Exception):
    """The file's owner must change it; the message says to what."""


class NoTiff(UnsendableTiff):
    """The file doesn't even begin like one."""


class Compression(IntEnum):
    """How a page's dots are stored, by the numbers of TIFF 6.0 sections 10 and 11."""

    MH_WITHOUT_ENDS = 2
    """Modified Huffman, lines without an end-of-line code."""
    T4 = 3
    """Modified Huffman or modified READ (Group 3)."""
    T6 = 4
    """Modified modified READ (Group 4)."""


class FaxPage(NamedTuple):
    """One page as it could be faxed."""

    compression: Compression
    width: int
    height: int


class Seekable(Protocol):
    """Where a tiff file is read from."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes; fewer at the end, then none."""
        ...

    def seek(self, offset: int, /) -> int:
        """Go to this byte, counted from the beginning."""
        ...


def fax_pages(stream: Seekable) -> list[FaxPage]:
    """Read the header of each page.

    Raises:
        UnsendableTiff: it is no tiff file, or a page cannot be faxed.

    """
    order, offset = _read_start(stream)
    pages: list[FaxPage] = []
    seen: set[int] = set()
    while offset:
        number = len(pages) + 1
        if offset in seen:
            raise UnsendableTiff(f"leads from page {number - 1} back to an earlier one")
        if number > MAX_PAGES:
            raise UnsendableTiff(f"has more than {MAX_PAGES} pages")
        seen.add(offset)
        fields, offset = _read_directory(stream, order, offset, number)
        pages.append(_checked(fields, number))
    if not pages:
        raise UnsendableTiff("has no page")
    return pages


_START_BYTES: Final = 8
_VERSION: Final = 42
_BIG_TIFF: Final = 43
_ORDERS: Final = {b"II": "<", b"MM": ">"}
_FIELD_BYTES: Final = 12
_VALUE_AT: Final = 8
_SHORT, _LONG = 3, 4
_FORMATS: Final = {_SHORT: "H", _LONG: "I"}

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_STRIP_OFFSETS, _SAMPLES = 273, 277

_SENDABLE: Final = frozenset(Compression)
_NAMES: Final = {
    1: "uncompressed",
    5: "LZW",
    6: "old JPEG",
    7: "JPEG",
    8: "Deflate",
    32_773: "PackBits",
    32_946: "Deflate",
}

_Fields = dict[int, int]
"""The first value of each field that holds whole numbers, by its tag."""


def _read_start(stream: Seekable) -> tuple[str, int]:
    """Return the order of bytes, as `struct` writes it, and where the first page's header is."""
    start = stream.read(_START_BYTES)
    order = _ORDERS.get(start[:2])
    if order is None or len(start) < _START_BYTES:
        raise NoTiff(f"starts with {start[:4]!r}; expected a TIFF file")
    version, offset = struct.unpack(f"{order}2xHI", start)
    if version == _BIG_TIFF:
        raise UnsendableTiff("is a BigTIFF file; expected TIFF 6.0")
    if version != _VERSION:
        raise NoTiff(f"starts with {start[:4]!r}; expected a TIFF file")
    return order, offset


def _read_directory(stream: Seekable, order: str, offset: int, number: int) -> tuple[_Fields, int]:
    """Return the fields of a page, and where the next page's header is; 0: there is none."""
    stream.seek(offset)
    head = stream.read(2)
    count = int.from_bytes(head, "little" if order == "<" else "big")
    body = stream.read(count * _FIELD_BYTES + 4) if count <= MAX_FIELDS else b""
    if len(head) < 2 or len(body) < count * _FIELD_BYTES + 4:  # noqa: PLR2004  the count's bytes
        raise UnsendableTiff(f"is cut off, or damaged, in the header of page {number}")
    fields: _Fields = {}
    for at in range(0, count * _FIELD_BYTES, _FIELD_BYTES):
        tag, kind = struct.unpack_from(f"{order}HH", body, at)
        if kind in _FORMATS:
            (fields[tag],) = struct.unpack_from(f"{order}{_FORMATS[kind]}", body, at + _VALUE_AT)
    return fields, int(struct.unpack_from(f"{order}I", body, count * _FIELD_BYTES)[0])


def _checked(fields: _Fields, number: int) -> FaxPage:
    compression = fields.get(_COMPRESSION, 1)
    if compression not in _SENDABLE:
        name = _NAMES.get(compression, f"compression {compression}")
        raise UnsendableTiff(f"has page {number} stored as {name}; expected MH, T.4 or T.6")
    if fields.get(_BITS, 1) != 1 or fields.get(_SAMPLES, 1) != 1:
        raise UnsendableTiff(f"has page {number} in grey or in colours; expected black and white")
    if fields.get(_PHOTOMETRIC, 0) not in {0, 1}:
        raise UnsendableTiff(f"has page {number} in colours; expected black and white")
    width, height = fields.get(_WIDTH, 0), fields.get(_HEIGHT, 0)
    if width not in WIDTHS:
        expected = ", ".join(f"{dots} ({paper})" for dots, paper in WIDTHS.items())
        raise UnsendableTiff(f"has page {number} {width} dots wide; expected {expected}")
    if not height or _STRIP_OFFSETS not in fields:
        raise UnsendableTiff(f"has nothing on page {number}")
    return FaxPage(Compression(compression), width, height)
