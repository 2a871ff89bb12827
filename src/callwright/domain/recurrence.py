"""When a recurrence rule says that something happens again, on a wall clock (RFC 5545 3.3.10).

Whatever the rule, a search ends: what does not happen within ten years never happens.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product
from math import gcd
from typing import Final

from callwright.domain.recurrence_rule import Frequency, RecurrenceRule

HORIZON: Final = timedelta(days=3653)
"""How long an occurrence is looked for after the one before: two 29ths of February at least, also
around 2100, which has none."""

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_HOURS: Final = 24
_MINUTES: Final = 1440


def occurrences(rule: RecurrenceRule, begins_on: datetime) -> Iterator[datetime]:
    """Yield when it happens, in order, not before `begins_on`; all of them naive.

    What is left out of the rule is taken from `begins_on`. Neither `count` nor `until` is looked
    at: to go on after an occurrence, that one is handed in, and whoever asks counts.
    """
    begins_on = begins_on.replace(microsecond=0)
    whole = _with_defaults(rule, begins_on)
    if not _has_a_time(whole, begins_on):
        return
    found_at = begins_on
    for period_at, found in _periods(whole, begins_on):
        if period_at - found_at > HORIZON:
            return
        for moment in found:
            if moment >= begins_on:
                found_at = moment
                yield moment


def _with_defaults(rule: RecurrenceRule, begins_on: datetime) -> RecurrenceRule:
    """Return a rule with what its first moment says where it says nothing itself."""
    frequency = rule.frequency
    if not (rule.week_numbers or rule.year_days or rule.month_days or rule.week_days):
        match frequency:
            case Frequency.YEARLY:
                months = rule.months or frozenset({begins_on.month})
                rule = replace(rule, months=months, month_days=frozenset({begins_on.day}))
            case Frequency.MONTHLY:
                rule = replace(rule, month_days=frozenset({begins_on.day}))
            case Frequency.WEEKLY:
                rule = replace(rule, week_days=frozenset({(0, begins_on.weekday())}))
            case _:
                pass
    if not rule.hours and frequency < Frequency.HOURLY:
        rule = replace(rule, hours=frozenset({begins_on.hour}))
    if not rule.minutes and frequency < Frequency.MINUTELY:
        rule = replace(rule, minutes=frozenset({begins_on.minute}))
    return rule if rule.seconds else replace(rule, seconds=frozenset({begins_on.second}))


def _has_a_time(rule: RecurrenceRule, begins_on: datetime) -> bool:
    """Whether the clock ever shows a time of the rule: every second hour never meets an odd one."""
    if rule.frequency >= Frequency.HOURLY and rule.positions and not rule.positions & {1, -1}:
        return False  # it happens once in a period at most
    match rule.frequency:
        case Frequency.HOURLY:
            step, now, times = gcd(rule.interval, _HOURS), begins_on.hour, rule.hours
        case Frequency.MINUTELY:
            step, now = gcd(rule.interval, _MINUTES), begins_on.hour * 60 + begins_on.minute
            hours, minutes = rule.hours or range(24), rule.minutes or range(60)
            times = frozenset(hour * 60 + minute for hour, minute in product(hours, minutes))
        case _:
            return True
    return not times or any((one - now) % step == 0 for one in times)


def _periods(
    rule: RecurrenceRule, begins_on: datetime
) -> Iterator[tuple[datetime, list[datetime]]]:
    """Yield when each period begins that counts, and what happens in it."""
    try:
        if rule.frequency >= Frequency.HOURLY:
            yield from _short_periods(rule, begins_on)
        else:
            yield from _periods_of_days(rule, begins_on)
    except (OverflowError, ValueError):
        # The year 10000: dates end there.
        return


def _periods_of_days(
    rule: RecurrenceRule, begins_on: datetime
) -> Iterator[tuple[datetime, list[datetime]]]:
    times = sorted(time(*one) for one in product(rule.hours, rule.minutes, rule.seconds))
    first, end = _period_of(rule, begins_on.date())
    while True:
        days = [first + _DAY * n for n in range((end - first).days)]
        found = [
            datetime.combine(day, moment) for day in days if _fits(rule, day) for moment in times
        ]
        yield datetime.combine(first, time()), _at_positions(rule, found)
        first, end = _next_period(rule, first)


def _period_of(rule: RecurrenceRule, day: date) -> tuple[date, date]:
    """Return the first day of the period that a day is in, and the first one after it."""
    match rule.frequency:
        case Frequency.YEARLY:
            first = day.replace(month=1, day=1)
            return first, _months_later(first, 12)
        case Frequency.MONTHLY:
            first = day.replace(day=1)
            return first, _months_later(first, 1)
        case Frequency.WEEKLY:
            first = day - _DAY * ((day.weekday() - rule.week_start) % 7)
            return first, first + _WEEK
        case _:
            return day, day + _DAY


def _next_period(rule: RecurrenceRule, first: date) -> tuple[date, date]:
    match rule.frequency:
        case Frequency.YEARLY:
            later = _months_later(first, 12 * rule.interval)
        case Frequency.MONTHLY:
            later = _months_later(first, rule.interval)
        case Frequency.WEEKLY:
            later = first + _WEEK * rule.interval
        case _:
            later = first + _DAY * rule.interval
    return _period_of(rule, later)


def _months_later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)


def _short_periods(
    rule: RecurrenceRule, begins_on: datetime
) -> Iterator[tuple[datetime, list[datetime]]]:
    """Yield the hours or minutes that count."""
    is_hourly = rule.frequency is Frequency.HOURLY
    step = timedelta(hours=rule.interval) if is_hourly else timedelta(minutes=rule.interval)
    at = begins_on.replace(second=0, minute=0 if is_hourly else begins_on.minute)
    while True:
        if not _fits(rule, at.date()):
            tomorrow = datetime.combine(at.date() + _DAY, time())
            yield at, []
            at += step * -(-(tomorrow - at) // step)
            continue
        if not rule.hours or at.hour in rule.hours:
            minutes = rule.minutes if is_hourly else rule.minutes & {at.minute}
            if not is_hourly and not rule.minutes:
                minutes = frozenset({at.minute})
            found = sorted(
                at.replace(minute=minute, second=second)
                for minute, second in product(minutes, rule.seconds)
            )
            yield at, _at_positions(rule, found)
        else:
            yield at, []
        at += step


def _at_positions(rule: RecurrenceRule, found: list[datetime]) -> list[datetime]:
    """Return those of a period's moments that its positions name; all if there are none."""
    if not rule.positions:
        return found
    count = len(found)
    named = {one - 1 if one > 0 else count + one for one in rule.positions}
    return [found[index] for index in sorted(named) if 0 <= index < count]


def _fits(rule: RecurrenceRule, day: date) -> bool:
    """Whether it may happen on a day; what is quickly told comes first."""
    return (
        (not rule.months or day.month in rule.months)
        and (not rule.month_days or _is_in(rule.month_days, day.day, _days_of_month(day)))
        and (not rule.week_days or any(_is_weekday(rule, day, *one) for one in rule.week_days))
        and (not rule.year_days or _is_in(rule.year_days, *_day_of_year(day)))
        and (not rule.week_numbers or _is_in(rule.week_numbers, *_week_of_year(rule, day)))
    )


def _is_in(numbers: frozenset[int], number: int, most: int) -> bool:
    return number in numbers or number - most - 1 in numbers


def _is_weekday(rule: RecurrenceRule, day: date, which: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if which == 0:
        return True
    of_year = rule.frequency is Frequency.YEARLY and not rule.months
    number, most = _day_of_year(day) if of_year else (day.day, _days_of_month(day))
    return which == (number - 1) // 7 + 1 or which == -((most - number) // 7 + 1)


def _days_of_month(day: date) -> int:
    return (_months_later(day.replace(day=1), 1) - day.replace(day=1)).days


def _day_of_year(day: date) -> tuple[int, int]:
    first = day.replace(month=1, day=1)
    return (day - first).days + 1, (_months_later(first, 12) - first).days


def _week_of_year(rule: RecurrenceRule, day: date) -> tuple[int, int]:
    """Return a day's week and how many its year has; the first has four days of it at least."""
    middle = _middle_of_week(rule, day)
    last = _middle_of_week(rule, middle.replace(month=12, day=31))
    if last.year > middle.year:
        last -= _WEEK
    return _week(middle), _week(last)


def _middle_of_week(rule: RecurrenceRule, day: date) -> date:
    return day + _DAY * (3 - (day.weekday() - rule.week_start) % 7)


def _week(middle: date) -> int:
    return (middle - middle.replace(month=1, day=1)).days // 7 + 1
