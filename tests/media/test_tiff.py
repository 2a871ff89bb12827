"""Tiff files: which pages can be faxed, and what is wrong with the others."""

import io
import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.media.tiff import Compression, FaxPage, NoTiff, UnsendableTiff, fax_pages

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, STRIPS, SAMPLES = 256, 257, 258, 259, 262, 273, 277
SHORT, LONG = 3, 4
PAGE = {WIDTH: 1728, HEIGHT: 1143, BITS: 1, COMPRESSION: 4, PHOTOMETRIC: 0, STRIPS: 8, SAMPLES: 1}


def tiff(*pages: dict[int, int], order: str = "<", kind: int = LONG, back_to: int = 0) -> bytes:
    """Write headers alone, one after the other; the last leads back to `back_to`."""
    code = {SHORT: "H2x", LONG: "I"}[kind]
    data = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8 if pages else 0)
    for number, page in enumerate(pages, 1):
        end = len(data) + 2 + 12 * len(page) + 4
        data += struct.pack(f"{order}H", len(page))
        for tag, value in sorted(page.items()):
            data += struct.pack(f"{order}HHI{code}", tag, kind, 1, value)
        data += struct.pack(f"{order}I", end if number < len(pages) else back_to)
    return data


def read(data: bytes) -> list[FaxPage]:
    return fax_pages(io.BytesIO(data))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [SHORT, LONG])
@pytest.mark.parametrize("compression", Compression)
@pytest.mark.parametrize("width", [1728, 2048, 2432])
def test_a_fax_is_read(order: str, kind: int, compression: Compression, width: int) -> None:
    page = PAGE | {COMPRESSION: compression, WIDTH: width}
    assert read(tiff(page, PAGE, order=order, kind=kind)) == [
        FaxPage(compression, width, 1143),
        FaxPage(Compression.T6, 1728, 1143),
    ]


def test_fields_that_have_a_default_may_be_missing() -> None:
    page = {tag: value for tag, value in PAGE.items() if tag not in {BITS, SAMPLES, PHOTOMETRIC}}
    assert len(read(tiff(page))) == 1


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (tiff(), "has no page"),
        (tiff(PAGE | {COMPRESSION: 5}), "page 1 stored as LZW; expected MH, T.4 or T.6"),
        (tiff(PAGE | {COMPRESSION: 99}), "stored as compression 99"),
        (tiff(PAGE, {WIDTH: 1728, HEIGHT: 9}), "page 2 stored as uncompressed"),
        (tiff(PAGE | {BITS: 8}), "in grey or in colours"),
        (tiff(PAGE | {SAMPLES: 3}), "in grey or in colours"),
        (tiff(PAGE | {PHOTOMETRIC: 3}), "in colours"),
        (tiff(PAGE | {WIDTH: 1700}), "1700 dots wide; expected 1728"),
        (tiff(PAGE | {HEIGHT: 0}), "nothing on page 1"),
        (tiff({tag: value for tag, value in PAGE.items() if tag != STRIPS}), "nothing on page 1"),
        (tiff(PAGE)[:-1], "cut off"),
        (tiff(PAGE)[:8], "cut off"),
        (tiff(PAGE, back_to=8), "back to an earlier one"),
        (tiff(*[PAGE] * 1001), "more than 1000 pages"),
        (tiff(dict.fromkeys(range(300), 1)), "damaged"),
        (b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0", "BigTIFF"),
    ],
)
def test_what_cannot_be_faxed_is_named(data: bytes, problem: str) -> None:
    with pytest.raises(UnsendableTiff) as caught:
        read(data)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "data", [b"", b"II", b"RIFF\0\0\0\0", b"II\0*\0\0\0\x08", b"MM*\0\0\0\0\x08"]
)
def test_what_is_no_tiff_file_is_named_so(data: bytes) -> None:
    with pytest.raises(NoTiff, match="expected a TIFF file"):
        read(data)


@given(st.binary(max_size=64), st.integers(0, 100), st.integers(0, 255))
def test_damage_is_told_and_never_crashes(tail: bytes, at: int, byte: int) -> None:
    whole = bytearray(tiff(PAGE, PAGE) + tail)
    whole[at] = byte
    with suppress(UnsendableTiff):
        assert read(bytes(whole))
