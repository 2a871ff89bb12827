"""A recurrence rule of iCalendar (RFC 5545 3.3.10): `FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10`, and so on.

What would call more often than once an hour is refused: nothing that calls people needs it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import IntEnum
from typing import Final

from callwright.domain.errors import RemoteFault

MAX_COUNT: Final = 1000
MAX_INTERVAL: Final = 1000
MAX_LENGTH: Final = 500
"""Characters: every day of a month, hour by hour, has room."""
MINUTES_OF_AN_HOUR: Final = 60

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class BadRule(RemoteFault):
    """A text that is no recurrence rule, or one that is not carried out here."""


class Frequency(IntEnum):
    """What a rule counts, from the longest; seconds are never counted."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4
    MINUTELY = 5


@dataclass(frozen=True, slots=True)
class RecurrenceRule:
    """A rule as it was read; what is empty does not restrict."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    """How many occurrences there are, with those that are excepted."""
    until: datetime | None = None
    """The last moment, included: in UTC if it is aware, else on the rule's wall clock."""
    week_start: int = 0
    """0 is Monday, as `date.weekday` counts."""
    months: frozenset[int] = frozenset()
    week_numbers: frozenset[int] = frozenset()
    """Negative ones, here and below, count from the end."""
    year_days: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    week_days: frozenset[tuple[int, int]] = frozenset()
    """Which of them in the month or year, 0 for every one; and the weekday."""
    hours: frozenset[int] = frozenset()
    minutes: frozenset[int] = frozenset()
    seconds: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()
    """Which of a period's occurrences count."""


_NUMBERS: Final[Mapping[str, tuple[int, int, bool]]] = {
    "BYMONTH": (1, 12, False),
    "BYWEEKNO": (1, 53, True),
    "BYYEARDAY": (1, 366, True),
    "BYMONTHDAY": (1, 31, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 59, False),
    "BYSETPOS": (1, 366, True),
}
"""The least and the most of what each part lists, and whether it may count from the end."""

_FORBIDDEN: Final[Mapping[str, frozenset[Frequency]]] = {
    "BYWEEKNO": frozenset(Frequency) - {Frequency.YEARLY},
    "BYYEARDAY": frozenset({Frequency.MONTHLY, Frequency.WEEKLY, Frequency.DAILY}),
    "BYMONTHDAY": frozenset({Frequency.WEEKLY}),
}
"""What a part must not stand with."""

_KNOWN: Final = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_NUMBERS}
_WEEKDAY: Final = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,6}", re.ASCII)
_END_OF_DAY: Final = time(23, 59, 59)


def read_rule(text: str) -> RecurrenceRule:
    """Read a rule.

    Raises:
        BadRule: it is none, or would call too often.

    """
    parts = _parts(text)
    frequency = _frequency(parts)
    numbers = {name: _numbers(parts, name) for name in _NUMBERS}
    for name, forbidden in _FORBIDDEN.items():
        if name in parts and frequency in forbidden:
            raise BadRule(f"{name} does not go with FREQ={frequency.name}")
    if "BYSETPOS" in parts and not any(one.startswith("BY") for one in set(parts) - {"BYSETPOS"}):
        raise BadRule("BYSETPOS stands with another part that begins with BY")
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule("COUNT and UNTIL do not go with each other")
    rule = RecurrenceRule(
        frequency,
        interval=_whole(parts, "INTERVAL", MAX_INTERVAL) or 1,
        count=_whole(parts, "COUNT", MAX_COUNT),
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        week_start=_week_start(parts.get("WKST", "MO")),
        months=numbers["BYMONTH"],
        week_numbers=numbers["BYWEEKNO"],
        year_days=numbers["BYYEARDAY"],
        month_days=numbers["BYMONTHDAY"],
        week_days=_week_days(parts, frequency),
        hours=numbers["BYHOUR"],
        minutes=numbers["BYMINUTE"],
        seconds=numbers["BYSECOND"],
        positions=numbers["BYSETPOS"],
    )
    _check_pace(rule)
    return rule


def _parts(text: str) -> dict[str, str]:
    if len(text) > MAX_LENGTH:
        raise BadRule(f"{len(text)} characters: must have at most {MAX_LENGTH}")
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, sign, value = part.partition("=")
        if not sign or name not in _KNOWN:
            raise BadRule(f"{part!r}: a part of an RRULE (RFC 5545) was expected, as FREQ=DAILY")
        if name in parts:
            raise BadRule(f"{name} must be there once only")
        parts[name] = value
    return parts


def _frequency(parts: Mapping[str, str]) -> Frequency:
    word = parts.get("FREQ", "")
    if word not in Frequency.__members__:
        expected = ", ".join(Frequency.__members__)
        raise BadRule(f"FREQ={word}: one of {expected} was expected")
    return Frequency[word]


def _numbers(parts: Mapping[str, str], name: str) -> frozenset[int]:
    if name not in parts:
        return frozenset()
    least, most, may_count_back = _NUMBERS[name]
    found = set()
    for text in parts[name].split(","):
        number = int(text) if _NUMBER.fullmatch(text) else None
        if number is None or not least <= (abs(number) if may_count_back else number) <= most:
            back = f", or -{most} to -{least}" if may_count_back else ""
            raise BadRule(f"{name}={text}: {least} to {most}{back} was expected")
        found.add(number)
    return frozenset(found)


def _whole(parts: Mapping[str, str], name: str, most: int) -> int | None:
    text = parts.get(name)
    if text is None:
        return None
    number = int(text) if _NUMBER.fullmatch(text) else 0
    if not 1 <= number <= most:
        raise BadRule(f"{name}={text}: 1 to {most} was expected")
    return number


def _until(text: str) -> datetime:
    """Read the last moment: a whole day, a time on the wall clock, or one in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        expected = "20301231 or 20301231T090000Z was expected"
        raise BadRule(f"UNTIL={text}: {expected}") from None
    return moment if "T" in text else datetime.combine(moment.date(), _END_OF_DAY)


def _week_start(text: str) -> int:
    if text not in WEEKDAYS:
        raise BadRule(f"WKST={text}: one of {', '.join(WEEKDAYS)} was expected")
    return WEEKDAYS.index(text)


def _week_days(parts: Mapping[str, str], frequency: Frequency) -> frozenset[tuple[int, int]]:
    if "BYDAY" not in parts:
        return frozenset()
    found = set()
    for text in parts["BYDAY"].split(","):
        match = _WEEKDAY.fullmatch(text)
        if match is None or match[1] in {"0", "00", "+0", "-0"}:
            raise BadRule(f"BYDAY={text}: a weekday such as MO or -1FR was expected")
        which = int(match[1] or 0)
        if which and (frequency > Frequency.MONTHLY or "BYWEEKNO" in parts):
            raise BadRule(f"BYDAY={text}: {match[2]} was expected, there is no such count here")
        found.add((which, WEEKDAYS.index(match[2])))
    return frozenset(found)


def _check_pace(rule: RecurrenceRule) -> None:
    """Refuse what happens more often than once an hour."""
    if rule.frequency is Frequency.MINUTELY and rule.interval < MINUTES_OF_AN_HOUR:
        raise BadRule(f"FREQ=MINUTELY with INTERVAL={rule.interval}: 60 or more was expected")
    if len(rule.minutes) > 1 or len(rule.seconds) > 1:
        raise BadRule("BYMINUTE and BYSECOND: one number was expected, once an hour is the most")
