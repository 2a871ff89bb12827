"""An interval of a request: its name, zone and conditions (section 5)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from callwright.domain.calling_window import Rota, WindowCondition
from callwright.scheduler.requests.fields import BadRequest, Fault, Fields, found, quoted

MAX_NAME: Final = 255
MAX_CONDITIONS: Final = 100
"""Of one interval (assumed)."""
MAX_ROTA_DAYS: Final = 366

_OF_THE_MACHINE: Final = re.compile(r"(?:localtime|posixrules|Factory)\Z|posix/|right/", re.ASCII)
"""What folders of time zones have beside those of IANA; each machine understands it differently."""

Bound = TypeVar("Bound", int, time, datetime)


@dataclass(frozen=True, slots=True)
class WindowWish:
    """An interval as a client asked for it."""

    name: str
    timezone: str
    conditions: tuple[WindowCondition, ...]


def read_window(body: Mapping[str, object]) -> WindowWish:
    """Read an interval.

    Raises:
        BadRequest: it is wrong; every fault is named.

    """
    fields = Fields(body, "")
    name = fields.text("name", most=MAX_NAME)
    if not name:
        fields.wrong("name", "is missing: a label was expected")
    wish = WindowWish(name, read_timezone(fields), _conditions(fields))
    if fields.faults:
        raise BadRequest("the interval is not valid", tuple(fields.faults))
    return wish


def read_timezone(fields: Fields) -> str:
    """Read the name of a time zone."""
    value = fields.values.get("timezone")
    if not is_timezone(value):
        expected = "the IANA name of a time zone was expected, such as Europe/Riga"
        fields.wrong("timezone", f"{found(value)}: {expected}")
    return value if isinstance(value, str) else ""


def is_timezone(name: object) -> bool:
    """Whether there is a time zone of this name, on this machine and on all others."""
    if isinstance(name, str) and _OF_THE_MACHINE.match(name):
        return False
    try:
        ZoneInfo(name if isinstance(name, str) else "")
    except (ValueError, OSError, KeyError):
        # A name that leads out of the zones' folder is a ValueError, a folder an OSError.
        return False
    return True


def _conditions(fields: Fields) -> tuple[WindowCondition, ...]:
    value = fields.values.get("conditions")
    if not isinstance(value, list) or len(value) > MAX_CONDITIONS:
        expected = f"a list of at most {MAX_CONDITIONS} conditions was expected"
        fields.wrong("conditions", f"{found(value)}: {expected}")
        return ()
    conditions = []
    for number, one in enumerate(value):
        path = f"conditions[{number}]"
        if isinstance(one, dict):
            conditions.append(_condition(Fields(one, path, fields.faults)))
        else:
            fields.faults.append(Fault(path, f"{quoted(one)}: an object was expected"))
    return tuple(conditions)


def _condition(fields: Fields) -> WindowCondition:
    datetimes = _pair(fields, ("start_datetime", "end_datetime"), _datetime, "YYYY-MM-DD hh:mm:ss")
    if datetimes is not None:
        # Nothing else of the condition is looked at then, right or wrong.
        return WindowCondition(datetimes=datetimes)
    month = fields.integer("month", least=0, most=12, default=0)
    return WindowCondition(
        days_of_week=_days(fields, "dow", most=7, may_go_round=True),
        days_of_month=_days(fields, "mday", most=31, may_go_round=False),
        month=month or None,
        times=_pair(fields, ("start_time", "end_time"), _time, "hh:mm:ss"),
        rota=_rota(fields),
    )


def _days(fields: Fields, kind: str, *, most: int, may_go_round: bool) -> tuple[int, int] | None:
    names = (f"start_{kind}", f"end_{kind}")
    first, last = (fields.integer(name, least=0, most=most, default=0) for name in names)
    if not (first or last):
        return None
    if not (first and last):
        _not_alone(fields, names)
        return None
    if first > last and not may_go_round:
        fields.wrong(names[0], f"{first}: must not be after {names[1]}, {last}")
    return first, last


def _pair(
    fields: Fields,
    names: tuple[str, str],
    read: Callable[[str], Bound],
    form: str,
) -> tuple[Bound, Bound] | None:
    bounds = [_bound(fields, name, read, form) for name in names]
    given = [name for name in names if fields.values.get(name) not in (None, "", 0)]
    if len(given) == 1:
        _not_alone(fields, names)
    start, end = bounds
    if start is None or end is None:
        return None
    if not start < end:
        fields.wrong(names[0], f"{start}: must be before {names[1]}, {end}")
    return start, end


def _bound(fields: Fields, name: str, read: Callable[[str], Bound], form: str) -> Bound | None:
    value = fields.values.get(name)
    if value in (None, "", 0):
        return None
    try:
        return read(value if isinstance(value, str) else "")
    except ValueError:
        fields.wrong(name, f"{quoted(value)}: {form} was expected")
        return None


def _time(text: str) -> time:
    return datetime.strptime(text, "%H:%M:%S").time()  # noqa: DTZ007 - a zone's wall clock


def _datetime(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - a zone's wall clock


def _rota(fields: Fields) -> Rota | None:
    names = ("sched_start_date", "sched_active_days", "sched_skip_days")
    given = [name for name in names if fields.values.get(name) not in (None, "", 0)]
    if not given:
        return None
    if len(given) < len(names):
        fields.wrong(given[0], f"stands with {', '.join(names)} or not at all")
        return None
    first_day = fields.values["sched_start_date"]
    active, skip = (
        fields.integer(name, least=1, most=MAX_ROTA_DAYS, default=1) for name in names[1:]
    )
    try:
        return Rota(date.fromisoformat(str(first_day)), active, skip)
    except ValueError:
        fields.wrong("sched_start_date", f"{quoted(first_day)}: YYYY-MM-DD was expected")
        return None


def _not_alone(fields: Fields, names: tuple[str, str]) -> None:
    fields.wrong(names[0], f"{names[0]} and {names[1]} come in pairs")
