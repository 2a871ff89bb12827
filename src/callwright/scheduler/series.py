"""Series of tasks: when the first and each next one start, by a recurrence rule (RFC 5545).

A rule is read on the wall clock of its time zone, so that nine o'clock stays nine o'clock when that
is changed. A time that the clock leaves out is as many minutes later, one that it shows twice is
the first (RFC 5545 3.3.5).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from callwright.domain.callback import Recurrence, Task, TaskWish
from callwright.domain.clock import UnixTime
from callwright.domain.recurrence import occurrences
from callwright.domain.recurrence_rule import RecurrenceRule, read_rule

UTC: Final = "UTC"


def begun(
    text: str, exceptions: tuple[date, ...], timezone: str | None, *, at: UnixTime
) -> tuple[Recurrence, UnixTime] | None:
    """Return a series at its first occurrence, not before a moment; None: it has none.

    Raises:
        BadRule: there is no such rule.

    """
    rule, zone = read_rule(text), ZoneInfo(timezone or UTC)
    local = datetime.fromtimestamp(at, tz=zone).replace(tzinfo=None, microsecond=0)
    series = Recurrence(text, local, exceptions=exceptions, timezone=timezone)
    for position, moment in enumerate(_kept(series, rule, occurrences(rule, local)), 1):
        if moment is not None:
            # Of a time that the clock shows twice it may be the second one that was asked for.
            is_asked_for = moment == local
            starts_at = at if is_asked_for else _instant(moment, zone)
            return replace(series, falls_on=moment, position=position), starts_at
    return None


def next_wish(task: Task, *, at: UnixTime) -> TaskWish | None:
    """Return the task that follows a finished one in its series; None: it is the last, or alone.

    Occurrences that were missed by now are counted, not made up for. A deadline stays as far from
    the start as it was.
    """
    series, extras = task.wish.extras.recurrence, task.wish.extras
    found = None if series is None else _next(series, at)
    if found is None:
        return None
    following, starts_at = found
    following = replace(following, first_id=following.first_id or task.task_id)
    deadline = extras.deadline_at
    if deadline is not None:
        deadline = UnixTime(starts_at + deadline - task.wish.starts_at)
    extras = replace(extras, deadline_at=deadline, recurrence=following)
    return replace(task.wish, starts_at=starts_at, extras=extras)


def upcoming(wish: TaskWish, most: int) -> list[UnixTime]:
    """Return when a new task and those that follow it start, if none is missed."""
    series, starts = wish.extras.recurrence, [wish.starts_at]
    while series is not None and len(starts) < most:
        found = _next(series, starts[-1])
        if found is None:
            break
        series, starts_at = found
        starts.append(starts_at)
    return starts


def _next(series: Recurrence, after: UnixTime) -> tuple[Recurrence, UnixTime] | None:
    """Return a series at its first occurrence after a moment."""
    rule, zone = read_rule(series.rule), _zone(series)
    missed, before = series.missed, _instant(series.falls_on, zone)
    later = islice(occurrences(rule, series.falls_on), 1, None)
    for position, moment in enumerate(_kept(series, rule, later), series.position + 1):
        starts_at = before if moment is None else _instant(moment, zone)
        if moment is None or starts_at <= before:
            continue  # excepted, or the clock was put forward and two times are one moment
        if starts_at > after:
            following = replace(
                series,
                falls_on=moment,
                position=position,
                occurrence=series.occurrence + 1,
                missed=missed,
            )
            return following, starts_at
        missed, before = missed + 1, starts_at
    return None


def _kept(
    series: Recurrence, rule: RecurrenceRule, moments: Iterator[datetime]
) -> Iterator[datetime | None]:
    """Yield what follows up to the rule's end; None for what is excepted, which counts too."""
    zone = _zone(series)
    left = None if rule.count is None else max(0, rule.count - series.position)
    for moment in islice(moments, left):
        if rule.until is not None and _is_past(moment, rule.until, zone):
            return
        yield None if moment.date() in series.exceptions else moment


def _is_past(moment: datetime, until: datetime, zone: ZoneInfo) -> bool:
    if until.tzinfo is None:
        return moment > until
    return _instant(moment, zone) > until.timestamp()


def _instant(moment: datetime, zone: ZoneInfo) -> UnixTime:
    return UnixTime(moment.replace(tzinfo=zone).timestamp())


def _zone(series: Recurrence) -> ZoneInfo:
    return ZoneInfo(series.timezone or UTC)
