"""When the called person may be called, and when that is next: a window of every day."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from callwright.domain.callback import CalleeHours, IntervalId, TaskWish
from callwright.domain.calling_window import CallingWindow, WindowCondition, is_open
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId

DAYS_AHEAD: Final = 4
"""How far the next opening can be: a zone may leave a whole day out (Samoa, 30 December 2011), and
the hour of a clock change may swallow the next one."""


def is_within(hours: CalleeHours, at: UnixTime) -> bool:
    """Whether the called person may be called at a moment."""
    start, end = hours.call_from, hours.call_to
    if start < end:
        return is_open(_window(hours, start, end), at)
    # Past midnight: all but the hours between.
    return not is_open(_window(hours, end, start), at)


def next_opening(hours: CalleeHours, at: UnixTime) -> UnixTime:
    """Return the first moment, not before this one, at which the called person may be called."""
    if is_within(hours, at):
        return at
    later = (moment for moment in _candidates(hours, at) if moment > at)
    return min(moment for moment in later if is_within(hours, moment))


def first_try_at(wish: TaskWish) -> UnixTime:
    """Return when a new task becomes due: at its start, or when the called person may be called."""
    hours = wish.extras.hours
    return wish.starts_at if hours is None else next_opening(hours, wish.starts_at)


def _window(hours: CalleeHours, start: time, end: time) -> CallingWindow:
    condition = WindowCondition(times=(start, end))
    return CallingWindow(IntervalId(0), AccountId(0), "", hours.timezone, (condition,))


def _candidates(hours: CalleeHours, at: UnixTime) -> Iterator[UnixTime]:
    """Yield when the hours may begin: by the wall clock, or when that is changed."""
    zone = ZoneInfo(hours.timezone)
    today = datetime.fromtimestamp(at, tz=zone).date()
    for day in range(DAYS_AHEAD + 1):
        date = today + timedelta(days=day)
        for fold in (0, 1):
            begin = datetime.combine(date, hours.call_from, tzinfo=zone).replace(fold=fold)
            yield UnixTime(begin.timestamp())
    changed_at = _clock_change(zone, at, UnixTime(at + DAYS_AHEAD * 86_400))
    if changed_at is not None:
        yield changed_at


def _clock_change(zone: ZoneInfo, start: UnixTime, end: UnixTime) -> UnixTime | None:
    """Return the full second at which the zone's clock is changed, if its offset differs."""

    def offset(at: float) -> timedelta | None:
        return datetime.fromtimestamp(at, tz=zone).utcoffset()

    before, after = int(start), int(end)
    old = offset(before)
    if offset(after) == old:
        return None
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if offset(middle) == old else (before, middle)
    return UnixTime(float(after))
