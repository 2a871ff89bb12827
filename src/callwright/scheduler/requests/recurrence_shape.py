"""A series of tasks as a request asks for it: a rule, and the days that are left out."""

from datetime import date
from typing import Final

from callwright.domain.callback import Recurrence
from callwright.domain.clock import UnixTime
from callwright.domain.recurrence_rule import MAX_LENGTH, BadRule
from callwright.scheduler.requests.fields import Fields, quoted
from callwright.scheduler.requests.window_shape import is_timezone
from callwright.scheduler.series import begun

MAX_EXCEPTIONS: Final = 1000
"""Of one series: as many as a rule may count."""

LONGEST_PAST: Final = 366 * 86_400
"""Seconds that a series may have begun before now: what it missed is counted one by one."""

SERIES: Final = ("recurrence", "recurrence_except")


def read_recurrence(
    fields: Fields, *, starts_at: UnixTime, now: UnixTime
) -> tuple[Recurrence | None, UnixTime]:
    """Read a series, and return when its first task starts; what is wrong is noted.

    None for a task that comes once, which starts as it is.
    """
    rule = fields.text("recurrence", most=MAX_LENGTH)
    exceptions = _exceptions(fields)
    if not rule:
        if exceptions:
            fields.wrong("recurrence_except", "stands with recurrence")
        return None, starts_at
    timezone = fields.values.get("timezone")
    if not (timezone is None or is_timezone(timezone)):
        return None, starts_at  # which is told where it is read
    if starts_at < now - LONGEST_PAST:
        days = LONGEST_PAST // 86_400
        fields.wrong("start_time_utc", f"more than {days} days ago, where a series begins")
        return None, starts_at
    name = timezone if isinstance(timezone, str) else None
    try:
        first = begun(rule, exceptions, name, at=starts_at)
    except BadRule as bad:
        fields.wrong("recurrence", str(bad))
        return None, starts_at
    if first is None:
        fields.wrong("recurrence", f"{quoted(rule)}: has no occurrence within ten years")
        return None, starts_at
    return first


def _exceptions(fields: Fields) -> tuple[date, ...]:
    value = fields.values.get("recurrence_except")
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_EXCEPTIONS:
        expected = f"a list of at most {MAX_EXCEPTIONS} days, YYYY-MM-DD, was expected"
        fields.wrong("recurrence_except", f"{quoted(value)}: {expected}")
        return ()
    days = [_day(fields, number, one) for number, one in enumerate(value)]
    return tuple(sorted({day for day in days if day is not None}))


def _day(fields: Fields, number: int, value: object) -> date | None:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        fields.wrong(f"recurrence_except[{number}]", f"{quoted(value)}: YYYY-MM-DD was expected")
        return None
