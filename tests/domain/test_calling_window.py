"""Windows: every field of a condition, and both changes of the clock."""

from datetime import UTC, date, datetime, time

import pytest

from callwright.domain.callback import IntervalId
from callwright.domain.calling_window import CallingWindow, Rota, WindowCondition, is_open
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


def window(*conditions: WindowCondition, timezone: str = "Europe/Riga") -> CallingWindow:
    return CallingWindow(IntervalId(1), AccountId(1), "hours", timezone, conditions)


def utc(text: str) -> UnixTime:
    return UnixTime(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


NINE_TO_FIVE = WindowCondition(times=(time(9), time(17)))
WEEKDAYS = WindowCondition(days_of_week=(2, 6))
ALL_BUT_MONDAY = WindowCondition(days_of_week=(3, 1))
FIRST_TEN = WindowCondition(days_of_month=(1, 10))
MARCH = WindowCondition(month=3)
ONE_AFTERNOON = WindowCondition(
    month=1,
    datetimes=(
        datetime.fromisoformat("2026-03-02 12:00"),
        datetime.fromisoformat("2026-03-02 18:00"),
    ),
)
TWO_ON_ONE_OFF = WindowCondition(rota=Rota(date(2026, 3, 1), 2, 1))


@pytest.mark.parametrize(
    ("condition", "local", "expected"),
    [
        (WindowCondition(), "2026-03-02 00:00", True),
        (NINE_TO_FIVE, "2026-03-02 08:59:59", False),
        (NINE_TO_FIVE, "2026-03-02 09:00:00", True),
        (NINE_TO_FIVE, "2026-03-02 16:59:59", True),
        (NINE_TO_FIVE, "2026-03-02 17:00:00", False),
        (WEEKDAYS, "2026-03-01 12:00", False),  # a Sunday, day 1
        (WEEKDAYS, "2026-03-02 12:00", True),
        (WEEKDAYS, "2026-03-06 12:00", True),
        (WEEKDAYS, "2026-03-07 12:00", False),
        (ALL_BUT_MONDAY, "2026-03-01 12:00", True),
        (ALL_BUT_MONDAY, "2026-03-02 12:00", False),
        (ALL_BUT_MONDAY, "2026-03-03 12:00", True),
        (FIRST_TEN, "2026-03-10 23:59:59", True),
        (FIRST_TEN, "2026-03-11 00:00", False),
        (MARCH, "2026-03-31 23:59", True),
        (MARCH, "2026-04-01 00:00", False),
        (ONE_AFTERNOON, "2026-03-02 12:00", True),  # its month does not count
        (ONE_AFTERNOON, "2026-03-02 18:00", False),
        (TWO_ON_ONE_OFF, "2026-02-28 12:00", False),
        (TWO_ON_ONE_OFF, "2026-03-02 12:00", True),
        (TWO_ON_ONE_OFF, "2026-03-03 12:00", False),
        (TWO_ON_ONE_OFF, "2026-03-04 12:00", True),
    ],
)
def test_a_condition_matches_what_it_says(
    condition: WindowCondition, local: str, *, expected: bool
) -> None:
    assert is_open(window(condition, timezone="UTC"), utc(local)) is expected


@pytest.mark.parametrize(
    "opens_at",
    [
        "2026-03-28 07:00:00",  # the day before the clock goes forward: UTC+2
        "2026-03-29 06:00:00",
        "2026-10-24 06:00:00",
        "2026-10-25 07:00:00",  # it has gone back
    ],
)
def test_nine_is_nine_on_both_sides_of_a_change_of_the_clock(opens_at: str) -> None:
    at = utc(opens_at)
    assert not is_open(window(NINE_TO_FIVE), UnixTime(at - 1))
    assert is_open(window(NINE_TO_FIVE), at)


def test_any_condition_opens_and_none_never_does() -> None:
    night = window(
        WindowCondition(times=(time(22), time(23, 59, 59))),
        WindowCondition(times=(time(0), time(6))),
        timezone="UTC",
    )
    assert is_open(night, utc("2026-03-02 23:00"))
    assert is_open(night, utc("2026-03-03 05:59:59"))
    assert not is_open(night, utc("2026-03-03 06:00"))
    assert not is_open(window(), utc("2026-03-03 06:00"))
