"""What a task of a request may be given beyond the original API."""

from datetime import time
from typing import Final

from callwright.domain.callback import AttemptOutcome, CalleeHours, TaskExtras
from callwright.domain.clock import UnixTime
from callwright.scheduler.fields import Fields, quoted
from callwright.scheduler.retries import FAILURES, Failure
from callwright.scheduler.window_shape import read_timezone

MAX_PRIORITY: Final = 100
MAX_KEY: Final = 255
"""Characters, as of a name."""
MAX_BACKOFF: Final = 10

RETRIED: Final = tuple(
    outcome for outcome, failure in FAILURES.items() if failure in {Failure.A_SIDE, Failure.B_SIDE}
)
"""Outcomes that trying again could cure."""

_HOURS: Final = ("timezone", "call_from", "call_to")


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
        hours=_hours(fields, [name for name in _HOURS if name in given]),
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


def _hours(fields: Fields, given: list[str]) -> CalleeHours | None:
    if not given or (given == ["timezone"] and fields.values.get("recurrence")):
        if given:
            read_timezone(fields)
        return None
    if len(given) < len(_HOURS):
        fields.wrong(given[0], f"stands with {', '.join(_HOURS)} or not at all")
        return None
    start, end = _time(fields, "call_from"), _time(fields, "call_to")
    if start is not None and start == end:
        fields.wrong("call_to", f"{start}: must differ from call_from")
    return CalleeHours(read_timezone(fields), start or time(), end or time())


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
    expected = f"a list of {', '.join(RETRIED)} was expected"
    if not isinstance(value, list):
        fields.wrong("retry_causes", f"{quoted(value)}: {expected}")
        return None
    for number, cause in enumerate(value):
        if cause not in RETRIED:
            fields.wrong(f"retry_causes[{number}]", f"{quoted(cause)}: {expected}")
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
