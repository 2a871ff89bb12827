"""The called person's hours: over midnight, over clock changes, and when they begin next."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.domain.callback import CalleeHours
from callwright.domain.callee_hours import has_opening, is_within, next_opening
from callwright.domain.clock import UnixTime

RIGA = "Europe/Riga"
"""Clocks go forward on 28 March 2027 at 01:00 UTC, back on 31 October at 01:00 UTC."""


def utc(text: str) -> UnixTime:
    return UnixTime(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def hours(start: str, end: str, zone: str = RIGA) -> CalleeHours:
    return CalleeHours(zone, time.fromisoformat(start), time.fromisoformat(end))


@pytest.mark.parametrize(
    ("of", "at", "expected"),
    [
        (hours("09:00", "17:00"), "2027-01-16 12:00:00", "2027-01-16 12:00:00"),
        (hours("09:00", "17:00"), "2027-01-16 06:59:59", "2027-01-16 07:00:00"),
        (hours("09:00", "17:00"), "2027-01-16 15:00:00", "2027-01-17 07:00:00"),
        # Past midnight.
        (hours("22:00", "02:00"), "2027-01-16 23:59:59", "2027-01-16 23:59:59"),
        (hours("22:00", "02:00"), "2027-01-17 00:00:00", "2027-01-17 20:00:00"),
        # On both sides of a clock change, nine o'clock is nine o'clock.
        (hours("09:00", "17:00"), "2027-03-27 16:00:00", "2027-03-28 06:00:00"),
        (hours("09:00", "17:00"), "2027-10-30 16:00:00", "2027-10-31 07:00:00"),
        # They begin in the hour that is left out, and go on after it.
        (hours("03:30", "04:30"), "2027-03-28 00:00:00", "2027-03-28 01:00:00"),
        # All of them is left out: the day after.
        (hours("03:10", "03:50"), "2027-03-28 00:00:00", "2027-03-29 00:10:00"),
        # The hour that comes twice opens twice.
        (hours("03:10", "03:50"), "2027-10-31 00:55:00", "2027-10-31 01:10:00"),
        (hours("02:10", "03:50"), "2027-10-31 00:55:00", "2027-10-31 01:00:00"),
        # Samoa had no 30 December 2011.
        (hours("09:00", "17:00", "Pacific/Apia"), "2011-12-30 04:00:00", "2011-12-30 19:00:00"),
    ],
)
def test_the_next_opening(of: CalleeHours, at: str, expected: str) -> None:
    assert datetime.fromtimestamp(next_opening(of, utc(at)), tz=UTC) == datetime.fromtimestamp(
        utc(expected), tz=UTC
    )


ZONES = [RIGA, "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"]


@given(
    zone=st.sampled_from(ZONES),
    start=st.integers(0, 95),
    length=st.integers(1, 95),
    quarter=st.integers(0, 4 * 24 * 366),
)
def test_no_opening_is_missed(zone: str, start: int, length: int, quarter: int) -> None:
    def clock(number: int) -> time:
        return time(number % 96 // 4, number % 4 * 15)

    of = CalleeHours(zone, clock(start), clock(start + length))
    # Clock changes come on the quarter of an hour: nothing begins between two of them.
    at = UnixTime(utc("2027-01-01 00:00:00") + quarter * 900)
    found = next_opening(of, at)
    assert is_within(of, found)
    step = float(at)
    while step < found:
        assert not is_within(of, UnixTime(step)), datetime.fromtimestamp(step, tz=ZoneInfo(zone))
        step += 900
    assert step == found


@given(
    zones=st.lists(st.sampled_from(ZONES), min_size=2, unique=True),
    start=st.integers(0, 95),
    length=st.integers(1, 95),
    quarter=st.integers(0, 4 * 24 * 366),
)
def test_no_opening_that_many_zones_have_in_common_is_missed(
    zones: list[str], start: int, length: int, quarter: int
) -> None:
    def clock(number: int) -> time:
        return time(number % 96 // 4, number % 4 * 15)

    of = CalleeHours("", clock(start), clock(start + length), tuple(zones))
    at = UnixTime(utc("2027-01-01 00:00:00") + quarter * 900)
    found = next_opening(of, at)
    if has_opening(of, at):
        before = range(int(at), int(found), 900)
        assert is_within(of, found)
    else:
        before = range(int(at), int(at) + 4 * 86_400, 900)
        assert found == at + 86_400
    assert not any(is_within(of, UnixTime(moment)) for moment in before)
    alone = [is_within(CalleeHours(zone, of.call_from, of.call_to), found) for zone in zones]
    assert is_within(of, found) == all(alone)
