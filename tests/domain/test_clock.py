"""How records print a moment."""

import re

import pytest

from callwright.domain.clock import BadDatetime, UnixTime, parse_datetime, print_datetime


def test_prints_the_published_sample() -> None:
    assert print_datetime(UnixTime(1552572916.21)) == "2019-03-14_14:15:16"


@pytest.mark.parametrize(
    "text", ["1970-01-01_00:00:00", "2024-02-29_23:59:59", "9999-12-31_23:59:59"]
)
def test_a_moment_is_read_as_it_is_printed(text: str) -> None:
    assert print_datetime(parse_datetime(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-29_10:00:00",
        "2026-02-03 10:00:00",
        "2026-2-3_1:0:0",
        "0000-01-01_00:00:00",
        "2026-02-03_24:00:00",
        "2026-02-03_10:00:00Z",
        "٢٠٢٦-02-03_10:00:00",
    ],
)
def test_what_is_no_moment_is_quoted(text: str) -> None:
    with pytest.raises(BadDatetime, match=re.escape(repr(text))):
        parse_datetime(text)
