"""Ranges: what is sent of ten bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.api.byte_ranges import ByteRange, Unsatisfiable, byte_range

SIZE = 10

READ = [
    ("bytes=0-3", ByteRange(0, 4)),
    ("bytes=3-", ByteRange(3, 10)),
    ("bytes=9-9", ByteRange(9, 10)),
    ("bytes=9-99999999999", ByteRange(9, 10)),
    ("bytes=-4", ByteRange(6, 10)),
    ("bytes=-99", ByteRange(0, 10)),
    ("BYTES= 0-0 ", ByteRange(0, 1)),
    (None, None),
    ("", None),
    ("bytes=", None),
    ("bytes=-", None),
    ("bytes=3-2", None),
    ("bytes=0-1,3-4", None),
    ("bytes=a-b", None),
    ("bytes=٣-", None),
    ("lines=1-2", None),
    ("bytes=" + "9" * 30 + "-", None),
]


@pytest.mark.parametrize(("header", "expected"), READ)
def test_a_range_is_read_or_ignored(header: str | None, expected: ByteRange | None) -> None:
    assert byte_range(header, SIZE) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=99-99", "bytes=-0"])
def test_a_range_behind_the_end_is_none(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        byte_range(header, SIZE)


def test_nothing_has_no_range_but_itself() -> None:
    assert byte_range("bytes=-5", 0) is None
    with pytest.raises(Unsatisfiable):
        byte_range("bytes=0-", 0)


@given(st.text(alphabet="bytes=-0123456789, ", max_size=20), st.integers(0, 30))
def test_no_range_leads_out(header: str, size: int) -> None:
    try:
        found = byte_range("bytes=" + header, size)
    except Unsatisfiable:
        return
    assert found is None or 0 <= found.start < found.end <= size
