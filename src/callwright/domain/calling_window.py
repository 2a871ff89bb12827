"""When a callback queue may call: an interval, open while any of its conditions matches."""

from dataclasses import dataclass
from datetime import date, datetime, time

from callwright.domain.callback import IntervalId
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
