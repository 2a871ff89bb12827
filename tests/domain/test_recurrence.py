"""Recurrence rules on a wall clock: the examples of RFC 5545 3.8.5.3, and what never happens."""

from datetime import datetime, timedelta
from itertools import islice, pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.domain.recurrence import HORIZON, occurrences
from callwright.domain.recurrence_rule import (
    MAX_LENGTH,
    WEEKDAYS,
    BadRule,
    Frequency,
    read_rule,
)

RFC_START: Final = "1997-09-02 09:00"
"""A Tuesday, of most of the examples."""


def happens(text: str, start: str, most: int) -> list[str]:
    found = islice(occurrences(read_rule(text), datetime.fromisoformat(start)), most)
    return [f"{one:%Y-%m-%d %H:%M}" for one in found]


def days(texts: str, clock: str = "09:00") -> list[str]:
    return [f"{one} {clock}" for one in texts.split()]


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=DAILY", RFC_START, days("1997-09-02 1997-09-03 1997-09-04")),
        ("FREQ=DAILY;INTERVAL=10", RFC_START, days("1997-09-02 1997-09-12 1997-09-22")),
        (
            "FREQ=YEARLY;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
            "1998-01-30 09:00",
            days("1998-01-30 1998-01-31 1999-01-01 1999-01-02"),
        ),
        ("FREQ=WEEKLY", RFC_START, days("1997-09-02 1997-09-09 1997-09-16")),
        (
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR",
            "1997-09-01 09:00",
            days("1997-09-01 1997-09-03 1997-09-05 1997-09-15 1997-09-17 1997-09-19 1997-09-29"),
        ),
        # The same rule with weeks that begin on other days.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
            "1997-08-05 09:00",
            days("1997-08-05 1997-08-10 1997-08-19 1997-08-24"),
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
            "1997-08-05 09:00",
            days("1997-08-05 1997-08-17 1997-08-19 1997-08-31"),
        ),
        ("FREQ=MONTHLY;BYDAY=1FR", "1997-09-05 09:00", days("1997-09-05 1997-10-03 1997-11-07")),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU",
            "1997-09-07 09:00",
            days("1997-09-07 1997-09-28 1997-11-02 1997-11-30 1998-01-04 1998-01-25"),
        ),
        ("FREQ=MONTHLY;BYDAY=-2MO", "1997-09-22 09:00", days("1997-09-22 1997-10-20 1997-11-17")),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28 09:00", days("1997-09-28 1997-10-29")),
        ("FREQ=MONTHLY;BYMONTHDAY=2,15", RFC_START, days("1997-09-02 1997-09-15 1997-10-02")),
        (
            "FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11",
            "1997-09-10 09:00",
            days("1997-09-10 1997-09-11 1999-03-10 1999-03-11 2000-09-10"),
        ),
        ("FREQ=YEARLY;BYMONTH=6,7", "1997-06-10 09:00", days("1997-06-10 1997-07-10 1998-06-10")),
        (
            "FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200",
            "1997-01-01 09:00",
            days("1997-01-01 1997-04-10 1997-07-19 2000-01-01 2000-04-09 2000-07-18 2003-01-01"),
        ),
        ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19 09:00", days("1997-05-19 1998-05-18 1999-05-17")),
        (
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
            "1997-05-12 09:00",
            days("1997-05-12 1998-05-11 1999-05-17"),
        ),
        (
            "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
            "1997-03-13 09:00",
            days("1997-03-13 1997-03-20 1997-03-27 1998-03-05"),
        ),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", RFC_START, days("1998-02-13 1998-03-13")),
        (
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
            "1996-11-05 09:00",
            days("1996-11-05 2000-11-07 2004-11-02"),
        ),
        (
            "FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3",
            "1997-09-04 09:00",
            days("1997-09-04 1997-10-07 1997-11-06"),
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
            "1997-09-29 09:00",
            days("1997-09-29 1997-10-30 1997-11-27 1997-12-30"),
        ),
        (
            "FREQ=HOURLY;INTERVAL=3",
            RFC_START,
            ["1997-09-02 09:00", "1997-09-02 12:00", "1997-09-02 15:00"],
        ),
        (
            "FREQ=MINUTELY;INTERVAL=90",
            RFC_START,
            ["1997-09-02 09:00", "1997-09-02 10:30", "1997-09-02 12:00"],
        ),
        # Days and months that are not there are passed over.
        ("FREQ=MONTHLY", "2007-01-31 09:00", days("2007-01-31 2007-03-31 2007-05-31")),
        ("FREQ=YEARLY", "2024-02-29 09:00", days("2024-02-29 2028-02-29 2032-02-29")),
        ("FREQ=YEARLY", "2096-02-29 09:00", days("2096-02-29 2104-02-29")),
        # Weeks of a year's begin that are the year's before, and the other way round.
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU", "2020-01-01 09:00", days("2021-01-03 2027-01-03")),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "2024-06-01 09:00", days("2024-12-30 2025-12-29")),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=TH", "2026-01-01 09:00", days("2026-12-31 2027-12-30")),
        # What begins off the rule begins with the first that is on it.
        ("rrule:freq=daily;byhour=8", RFC_START, days("1997-09-03 1997-09-04", "08:00")),
        ("FREQ=HOURLY;BYDAY=SA;BYHOUR=9", RFC_START, days("1997-09-06 1997-09-13")),
        ("FREQ=MINUTELY;INTERVAL=60;BYMINUTE=0", RFC_START, ["1997-09-02 09:00"]),
    ],
)
def test_when_it_happens(rule: str, start: str, expected: list[str]) -> None:
    assert happens(rule, start, len(expected)) == expected


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=8",
        "FREQ=HOURLY;BYSETPOS=2;BYMINUTE=0",
        "FREQ=MINUTELY;INTERVAL=60;BYMINUTE=1",
        "FREQ=MINUTELY;INTERVAL=120;BYHOUR=0,2,4",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=6",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=2MO",
        "FREQ=DAILY;BYSETPOS=2;BYHOUR=9",
        "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=12",
    ],
)
def test_what_never_happens_is_known_soon(rule: str) -> None:
    assert happens(rule, RFC_START, 1) == []


def test_the_last_year_is_an_end() -> None:
    assert happens("FREQ=YEARLY;BYMONTH=1", "9990-01-02 09:00", 99)[-1] <= "9999"
    assert len(happens("FREQ=HOURLY;INTERVAL=1000", "9999-12-01 09:00", 99)) == 1
    assert happens("FREQ=DAILY;INTERVAL=1000", "9999-12-01 09:00", 9) == ["9999-12-01 09:00"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ",
        "FREQ=",
        "FREQ=SECONDLY",
        "FREQ=SOMETIMES",
        "BYDAY=MO",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=DAILY;X=1",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=1001",
        "FREQ=DAILY;INTERVAL=x",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=1001",
        "FREQ=DAILY;COUNT=2;UNTIL=20301231",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;UNTIL=20301331",
        "FREQ=DAILY;WKST=XX",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;BYHOUR=-1",
        "FREQ=DAILY;BYHOUR=",
        "FREQ=DAILY;BYHOUR=٣",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=MONDAY",
        "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO",
        "FREQ=MONTHLY;BYWEEKNO=1",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=DAILY;BYYEARDAY=1",
        "FREQ=YEARLY;BYYEARDAY=0",
        "FREQ=DAILY;BYSETPOS=1",
        # More often than once an hour.
        "FREQ=MINUTELY",
        "FREQ=MINUTELY;INTERVAL=59",
        "FREQ=HOURLY;BYMINUTE=0,30",
        "FREQ=DAILY;BYSECOND=0,30",
        "FREQ=DAILY;" + "BYHOUR=" + "1," * MAX_LENGTH,
    ],
)
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(BadRule, match=r"expected|once|at most|go with|stands with"):
        read_rule(text)


def listed(least: int, most: int) -> st.SearchStrategy[str]:
    some = st.lists(st.integers(least, most).filter(bool), min_size=1, max_size=3)
    return some.map(lambda numbers: ",".join(map(str, numbers)))


FREQUENCIES: Final = st.sampled_from([one.name for one in Frequency])
PARTS: Final = {
    "INTERVAL": st.integers(0, 200).map(str),
    "COUNT": st.integers(0, 1001).map(str),
    "UNTIL": st.datetimes().map(lambda one: one.strftime("%Y%m%dT%H%M%SZ")),
    "WKST": st.sampled_from(WEEKDAYS),
    "BYMONTH": listed(1, 12),
    "BYMONTHDAY": listed(-31, 31),
    "BYYEARDAY": listed(-366, 366),
    "BYWEEKNO": listed(-53, 53),
    "BYDAY": st.lists(st.sampled_from([*WEEKDAYS, "1MO", "-1FR"]), min_size=1).map(",".join),
    "BYHOUR": listed(0, 23),
    "BYMINUTE": listed(0, 59),
    "BYSETPOS": listed(-3, 3),
}
rules = st.fixed_dictionaries({"FREQ": FREQUENCIES}, optional=PARTS).map(
    lambda parts: ";".join(f"{name}={value}" for name, value in parts.items())
)


STARTS: Final = st.datetimes(
    datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01")
)


@given(rules | st.text(), STARTS, st.integers(1, 9))
def test_whoever_goes_on_after_an_occurrence_misses_none(
    text: str, start: datetime, done: int
) -> None:
    try:
        rule = read_rule(text)
    except BadRule:
        return
    found = list(islice(occurrences(rule, start), 12))
    start = start.replace(microsecond=0)
    assert found == sorted(set(found))
    assert all(start <= one for one in found)
    hour = timedelta(hours=1)
    assert all(one + hour <= two for one, two in pairwise(found))
    longest = HORIZON + timedelta(days=366)
    assert all(two - one <= longest for one, two in pairwise(found))
    if done < len(found):
        assert list(islice(occurrences(rule, found[done]), 12 - done)) == found[done:]
