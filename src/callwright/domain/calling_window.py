"""When a callback queue may call: an interval, open while any of its conditions matches."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from callwright.domain.callback import IntervalId
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


@dataclass(frozen=True, slots=True)
class WindowCondition:
    """What must all match; a pair that is None does not restrict.

    Ranges include their start. Days include their end as well, times do not.
    """

    days_of_week: tuple[int, int] | None = None
    """1 is Sunday, 7 Saturday; 3 to 1 is every day but Monday."""
    days_of_month: tuple[int, int] | None = None
    month: int | None = None
    times: tuple[time, time] | None = None
    datetimes: tuple[datetime, datetime] | None = None
    """Local to the zone; nothing else of the condition counts beside it."""
    rota: "Rota | None" = None


@dataclass(frozen=True, slots=True)
class Rota:
    """Working days and then days off, over and over."""

    first_day: date
    active_days: int
    skip_days: int


@dataclass(frozen=True, slots=True)
class CallingWindow:
    """An interval of a client."""

    interval_id: IntervalId
    account_id: AccountId
    name: str
    timezone: str
    """An IANA name, checked when it was written."""
    conditions: tuple[WindowCondition, ...]


def is_open(window: CallingWindow, at: UnixTime) -> bool:
    """Whether the window is open at a moment; one without conditions never is."""
    local = datetime.fromtimestamp(at, tz=ZoneInfo(window.timezone)).replace(tzinfo=None)
    return any(_matches(condition, local) for condition in window.conditions)


def _matches(condition: WindowCondition, local: datetime) -> bool:
    if condition.datetimes is not None:
        start, end = condition.datetimes
        return start <= local < end
    return (
        _is_within(condition.days_of_week, local.isoweekday() % 7 + 1)
        and _is_within(condition.days_of_month, local.day)
        and condition.month in {None, local.month}
        and (condition.times is None or condition.times[0] <= local.time() < condition.times[1])
        and (condition.rota is None or _is_at_work(condition.rota, local.date()))
    )


def _is_within(days: tuple[int, int] | None, day: int) -> bool:
    """Whether a day is in a range that may go round."""
    if days is None:
        return True
    first, last = days
    return first <= day <= last if first <= last else day >= first or day <= last


def _is_at_work(rota: Rota, day: date) -> bool:
    since = (day - rota.first_day).days
    return since >= 0 and since % (rota.active_days + rota.skip_days) < rota.active_days
