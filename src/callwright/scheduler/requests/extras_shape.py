"""What a task of a request may be given beyond the original API."""

from dataclasses import replace
from datetime import time
from typing import Final

from callwright.domain.callback import AttemptOutcome, CalleeHours, TaskExtras
from callwright.domain.callee_hours import has_opening
from callwright.domain.clock import UnixTime
from callwright.scheduler.callee_zones import zones_of
from callwright.scheduler.requests.fields import Fields, quoted
from callwright.scheduler.requests.window_shape import read_timezone
from callwright.scheduler.retries import FAILURES, Failure

MAX_PRIORITY: Final = 100
MAX_KEY: Final = 255
"""Characters, as of a name."""
MAX_BACKOFF: Final = 10
MAX_ZONES: Final = 24
"""That a number may be in: a country has fewer, and what is for a continent says nothing."""

RETRIED: Final = tuple(
    outcome for outcome, failure in FAILURES.items() if failure in {Failure.A_SIDE, Failure.B_SIDE}
)
"""Outcomes that trying again could cure."""

_HOURS: Final = ("call_from", "call_to")


def read_extras(fields: Fields, *, starts_at: UnixTime, now: UnixTime) -> TaskExtras:
    """Read what is there of them; what is wrong is noted."""
    given = {name for name, value in fields.values.items() if value is not None}
    most = MAX_PRIORITY
    return TaskExtras(
        deadline_at=_deadline(fields, starts_at, now) if "deadline_utc" in given else None,
        priority=(
            fields.integer("priority", least=-most, most=most, default=0)
            if "priority" in given
            else None
        ),
        dedup_key=fields.text("dedup_key", most=MAX_KEY) or None,
        hours=_hours(fields, starts_at),
        retry_causes=_causes(fields),
        backoff=_backoff(fields),
        record=fields.truth("record"),
    )


def _deadline(fields: Fields, starts_at: UnixTime, now: UnixTime) -> UnixTime:
    faults_before = len(fields.faults)
    deadline = fields.moment("deadline_utc", now=now)
    if deadline <= starts_at and len(fields.faults) == faults_before:
        value = quoted(fields.values["deadline_utc"])
        fields.wrong("deadline_utc", f"{value}: must be after start_time_utc")
    return deadline


def _hours(fields: Fields, starts_at: UnixTime) -> CalleeHours | None:
    given = [name for name in _HOURS if fields.values.get(name) is not None]
    zone = read_timezone(fields) if fields.values.get("timezone") is not None else ""
    if not given:
        if zone and not fields.values.get("recurrence"):
            fields.wrong("timezone", f"stands with {', '.join(_HOURS)} or recurrence")
        return None
    if len(given) < len(_HOURS):
        fields.wrong(given[0], f"stands with {', '.join(_HOURS)} or not at all")
        return None
    start, end = _time(fields, "call_from"), _time(fields, "call_to")
    if start is None or end is None:
        return None
    if start == end:
        fields.wrong("call_to", f"{start}: must differ from call_from")
        return None
    hours = CalleeHours(zone, start, end)
    if fields.values.get("timezone") is not None:
        return hours
    return _hours_by_number(fields, hours, starts_at)


def _hours_by_number(fields: Fields, hours: CalleeHours, starts_at: UnixTime) -> CalleeHours | None:
    """Return the hours in the zones of the number that is called: B's, or A's if B is internal."""
    numbers = (fields.values.get(name) for name in ("b_number", "a_number"))
    number = next((one for one in numbers if isinstance(one, str) and one.startswith("+")), "")
    zones = zones_of(number)
    if not zones:
        fields.wrong("timezone", "is missing: no number says where the called person is")
        return None
    hours = replace(hours, zones=zones)
    if len(zones) > MAX_ZONES or not has_opening(hours, starts_at):
        where = f"{len(zones)} time zones, which have too little of these hours in common"
        fields.wrong("timezone", f"is missing: {quoted(number)} may be in {where}")
        return None
    return hours


def _time(fields: Fields, name: str) -> time | None:
    value = fields.values[name]
    try:
        moment = time.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None or moment.microsecond:
        fields.wrong(name, f"{quoted(value)}: hh:mm or hh:mm:ss was expected")
        return None
    return moment


def _causes(fields: Fields) -> tuple[AttemptOutcome, ...] | None:
    value = fields.values.get("retry_causes")
    if value is None:
        return None
    expected = f"of {', '.join(RETRIED)} was expected"
    if not isinstance(value, list):
        fields.wrong("retry_causes", f"{quoted(value)}: a list {expected}")
        return None
    for number, cause in enumerate(value):
        if cause not in RETRIED:
            fields.wrong(f"retry_causes[{number}]", f"{quoted(cause)}: one {expected}")
    return tuple(outcome for outcome in RETRIED if outcome in value)


def _backoff(fields: Fields) -> float | None:
    value = fields.values.get("backoff")
    if value is None:
        return None
    try:
        factor = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        factor = 0.0
    if isinstance(value, bool) or not 1 <= factor <= MAX_BACKOFF:
        fields.wrong("backoff", f"{quoted(value)}: a number from 1 to {MAX_BACKOFF} was expected")
        return None
    return factor
