"""How long files are fresh: each header, their order of rank, nonsense, and what a 304 changes."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.adapters.web.freshness import (
    MAX_GUESS,
    MAX_LIFETIME,
    SAID,
    Terms,
    what_was_said,
)
from callwright.domain.clock import UnixTime

NOW = UnixTime(1_800_000_000.0)
DAY = 86_400


def date(offset: float) -> str:
    return formatdate(NOW + offset, usegmt=True)


def terms(said: dict[str, str], *, delay: float = 0.0) -> Terms:
    return Terms(said, UnixTime(NOW - delay), NOW)


LIFETIMES: list[tuple[dict[str, str], float]] = [
    ({}, 0),
    ({"Cache-Control": "max-age=60"}, 60),
    ({"Cache-Control": 'Max-Age="60"'}, 60),
    ({"Cache-Control": "public, max-age=60, must-revalidate"}, 60),
    ({"Cache-Control": 'private="a, max-age=1", max-age=60'}, 60),
    ({"Cache-Control": "s-maxage=5, max-age=60"}, 60),
    ({"Cache-Control": "max-age=60, max-age=5"}, 60),
    ({"Cache-Control": "private"}, 0),
    ({"Cache-Control": "max-age"}, 0),
    ({"Cache-Control": "max-age=-1"}, 0),
    ({"Cache-Control": "max-age=1.5"}, 0),
    ({"Cache-Control": "max-age=soon", "Expires": date(60)}, 0),
    ({"Cache-Control": "max-age=" + 40 * "9"}, MAX_LIFETIME),
    ({"Cache-Control": f"max-age={400 * DAY}"}, MAX_LIFETIME),
    ({"Cache-Control": "no-cache, max-age=60"}, 0),
    ({"Cache-Control": 'no-cache="Set-Cookie", max-age=60'}, 0),
    ({"Cache-Control": "max-age=60", "Vary": "*"}, 0),
    ({"Cache-Control": "max-age=60", "Vary": "Accept, Cookie"}, 60),
    ({"Cache-Control": "max-age=60", "Expires": date(600)}, 60),
    ({"Cache-Control": "max-age=60", "Age": "20"}, 40),
    ({"Cache-Control": "max-age=60", "Age": "100"}, -40),
    ({"Cache-Control": "max-age=60", "Age": "old"}, 60),
    ({"Cache-Control": "max-age=60", "Age": "20, 30"}, 40),
    ({"Cache-Control": "max-age=60", "Date": date(-10)}, 50),
    ({"Cache-Control": "max-age=60", "Date": date(-10), "Age": "20"}, 40),
    ({"Cache-Control": "max-age=60", "Date": date(1000)}, 60),
    ({"Cache-Control": "max-age=60", "Date": "yesterday"}, 60),
    ({"Expires": date(60)}, 60),
    ({"Expires": date(60), "Date": date(0)}, 60),
    ({"Expires": date(3600), "Date": date(3000)}, 600),
    ({"Expires": date(-60)}, -60),
    ({"Expires": "0"}, 0),
    ({"Expires": "never", "Last-Modified": date(-DAY)}, 0),
    ({"Expires": "Fri, 15 Jan 2027 08:01:00 -0000"}, 60),
    ({"Expires": "Fri Jan 15 08:01:00 2027"}, 60),
    ({"Last-Modified": date(-1000)}, 100),
    ({"Last-Modified": date(-100 * DAY)}, MAX_GUESS),
    ({"Last-Modified": date(1000)}, 0),
    ({"Last-Modified": "long ago"}, 0),
]


@pytest.mark.parametrize(("said", "seconds"), LIFETIMES)
def test_how_long_a_file_is_fresh(said: dict[str, str], seconds: float) -> None:
    assert terms(said).fresh_until - NOW == pytest.approx(seconds)


def test_the_time_that_the_answer_took_counts() -> None:
    assert terms({"Cache-Control": "max-age=60"}, delay=8).fresh_until - NOW == 52


@pytest.mark.parametrize(
    ("control", "may_be_kept"),
    [
        ("", True),
        ("no-store", False),
        ("max-age=60, No-Store", False),
        ("private, no-store=1", False),
        ("no-cache", True),
        ('x="no-store"', True),
        ("no-store-ever", True),
    ],
)
def test_what_may_be_kept(control: str, *, may_be_kept: bool) -> None:
    assert terms({"Cache-Control": control}).may_be_kept == may_be_kept


def test_a_file_is_asked_for_by_what_its_server_called_it() -> None:
    said = {"ETag": 'W/"1"', "Last-Modified": date(-5)}
    assert terms(said).conditions() == {"If-None-Match": 'W/"1"', "If-Modified-Since": date(-5)}
    assert terms({}).conditions() == {}


def test_a_304_renews_what_it_says_and_leaves_the_rest() -> None:
    kept = Terms(
        {"ETag": '"1"', "Cache-Control": "max-age=60", "Age": "30", "Date": date(-900)},
        UnixTime(NOW - 900),
        UnixTime(NOW - 900),
    )
    same = kept.renewed({}, NOW, NOW)
    assert (same.fresh_until - NOW, same.conditions()) == (60, {"If-None-Match": '"1"'})
    longer = kept.renewed({"Cache-Control": "max-age=90", "ETag": '"2"'}, NOW, NOW)
    assert (longer.fresh_until - NOW, longer.conditions()) == (90, {"If-None-Match": '"2"'})
    assert not kept.renewed({"Cache-Control": "no-store"}, NOW, NOW).may_be_kept


def test_headers_are_found_in_any_case_and_joined() -> None:
    headers = [("cache-control", "private"), ("X-Other", "1"), ("CACHE-CONTROL", "max-age=5")]
    assert what_was_said(headers) == {"Cache-Control": "private, max-age=5"}


@given(st.dictionaries(st.sampled_from(SAID), st.text(max_size=40)))
def test_no_header_makes_a_file_fresh_for_longer_than_a_week(said: dict[str, str]) -> None:
    assert terms(said).fresh_until <= NOW + MAX_LIFETIME
