"""When the called person may be called, and when that is next: a window of every day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from callwright.domain.callback import CalleeHours, IntervalId, TaskWish
from callwright.domain.calling_window import CallingWindow, WindowCondition, is_open
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId

DAY: Final = 86_400
"""Seconds."""

DAYS_AHEAD: Final = 4
"""How far the next opening can be: a zone may leave a whole day out (Samoa, 30 December 2011), and
the hour of a clock change may swallow the next one."""


def is_within(hours: CalleeHours, at: UnixTime) -> bool:
    """Whether the called person may be called at a moment, wherever he is of where he may be."""
    return all(_is_within(hours, zone, at) for zone in _zones(hours))


def has_opening(hours: CalleeHours, at: UnixTime) -> bool:
    """Whether he may be called in the next days: zones may have no hour in common."""
    return is_within(hours, next_opening(hours, at))


def next_opening(hours: CalleeHours, at: UnixTime) -> UnixTime:
    """Return the first moment, not before this one, at which the called person may be called.

    If there is none in the next days, for zones that have no hour in common at this time of the
    year, it is a day later, to be asked again then.
    """
    if is_within(hours, at):
        return at
    zones = _distinct(hours, at)
    # What all zones have in common begins when one of them opens.
    moments = {moment for zone in zones for moment in zone.candidates(at) if moment > at}
    return next(
        (moment for moment in sorted(moments) if all(zone.is_open(moment) for zone in zones)),
        UnixTime(at + DAY),
    )


def first_try_at(wish: TaskWish) -> UnixTime:
    """Return when a new task becomes due: at its start, or when the called person may be called."""
    hours = wish.extras.hours
    return wish.starts_at if hours is None else next_opening(hours, wish.starts_at)


def ready_if_put_off(ready_at: UnixTime, next_try_at: UnixTime | None) -> UnixTime | None:
    """Return from when a task is ready, if that is before its next try."""
    return ready_at if next_try_at is not None and ready_at < next_try_at else None


def _zones(hours: CalleeHours) -> tuple[str, ...]:
    return hours.zones or (hours.timezone,)


@dataclass(frozen=True, slots=True)
class _Steady:
    """A zone whose clock is not changed for the next days: arithmetic tells it, of many at once."""

    hours: CalleeHours
    offset: float
    """Seconds that its clock is ahead of UTC."""

    def is_open(self, at: UnixTime) -> bool:
        start, end = _second(self.hours.call_from), _second(self.hours.call_to)
        now = (at + self.offset) % DAY
        return start <= now < end if start < end else now >= start or now < end

    def candidates(self, at: UnixTime) -> Iterator[UnixTime]:
        today = (at + self.offset) // DAY * DAY - self.offset
        start = _second(self.hours.call_from)
        return (UnixTime(today + day * DAY + start) for day in range(DAYS_AHEAD + 1))


@dataclass(frozen=True, slots=True)
class _Changing:
    """A zone whose clock is put forward or back within the next days."""

    hours: CalleeHours
    name: str

    def is_open(self, at: UnixTime) -> bool:
        return _is_within(self.hours, self.name, at)

    def candidates(self, at: UnixTime) -> Iterator[UnixTime]:
        return _candidates(self.hours, self.name, at)


def _distinct(hours: CalleeHours, at: UnixTime) -> set[_Steady | _Changing]:
    """Return the zones of some hours; those whose clocks show the same are one."""
    found: set[_Steady | _Changing] = set()
    for name in _zones(hours):
        zone = ZoneInfo(name)
        moments = [at + day * DAY for day in range(-1, DAYS_AHEAD + 3)]
        offsets = {_offset(zone, moment) for moment in moments}
        is_steady = len(offsets) == 1
        found.add(_Steady(hours, offsets.pop()) if is_steady else _Changing(hours, name))
    return found


def _offset(zone: ZoneInfo, at: float) -> float:
    offset = datetime.fromtimestamp(at, tz=zone).utcoffset()
    assert offset is not None, "it has a zone"
    return offset.total_seconds()


def _second(moment: time) -> int:
    """Return how many seconds after midnight it is."""
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _is_within(hours: CalleeHours, zone: str, at: UnixTime) -> bool:
    start, end = hours.call_from, hours.call_to
    if start < end:
        return is_open(_window(zone, start, end), at)
    # Past midnight: all but the hours between.
    return not is_open(_window(zone, end, start), at)


def _window(zone: str, start: time, end: time) -> CallingWindow:
    condition = WindowCondition(times=(start, end))
    return CallingWindow(IntervalId(0), AccountId(0), "", zone, (condition,))


def _candidates(hours: CalleeHours, name: str, at: UnixTime) -> Iterator[UnixTime]:
    """Yield when the hours of a zone may begin: by its wall clock, or when that is changed."""
    zone = ZoneInfo(name)
    today = datetime.fromtimestamp(at, tz=zone).date()
    for day in range(DAYS_AHEAD + 1):
        date = today + timedelta(days=day)
        for fold in (0, 1):
            begin = datetime.combine(date, hours.call_from, tzinfo=zone).replace(fold=fold)
            yield UnixTime(begin.timestamp())
    changed_at = _clock_change(zone, at, UnixTime(at + DAYS_AHEAD * DAY))
    if changed_at is not None:
        yield changed_at


def _clock_change(zone: ZoneInfo, start: UnixTime, end: UnixTime) -> UnixTime | None:
    """Return the full second at which the zone's clock is changed, if its offset differs."""
    before, after = int(start), int(end)
    old = _offset(zone, before)
    if _offset(zone, after) == old:
        return None
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return UnixTime(float(after))
