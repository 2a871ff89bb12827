"""A change of a task that waits: what is left out stays, what is named is read as of a new task."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from callwright.domain.callback import Task, TaskState, TaskWish
from callwright.domain.callee_hours import first_try_at, next_opening, ready_if_put_off
from callwright.domain.clock import UnixTime
from callwright.scheduler.printing import print_task
from callwright.scheduler.requests.fields import BadRequest, Fields
from callwright.scheduler.requests.recurrence_shape import SERIES
from callwright.scheduler.requests.task_shape import FindExtension, read_task

_OF_SERIES: Final = frozenset({*SERIES, "timezone"})
"""Fields that begin a series anew, from the start that the task has then."""


def merged(task: Task, body: Mapping[str, object], *, now: UnixTime) -> Mapping[str, object]:
    """Return the fields of a task as a request would give them, with those of the body instead."""
    whole = print_task(task, gate=None, at=now) | {
        "start_time_utc": _exact(task.wish.starts_at),
        "deadline_utc": _exact(task.wish.extras.deadline_at),
    }
    return {**whole, **body}


def read_change(
    task: Task, body: Mapping[str, object], *, find: FindExtension, now: UnixTime
) -> Task:
    """Return a task that waits as it is with what the body names; null gives a default back.

    Raises:
        BadRequest: it is wrong; every fault is named.

    """
    given = merged(task, body, now=now)
    series = task.wish.extras.recurrence
    if series is not None and body.keys().isdisjoint(_OF_SERIES):
        # Another start is this one's alone: the series goes on as it was.
        unread = SERIES if task.wish.extras.hours else (*SERIES, "timezone")
        given = {**given, **dict.fromkeys(unread)}
    fields = Fields(given, "")
    wish = _kept(read_task(fields, find=find, now=now), task.wish, body)
    retry = wish.retry
    if retry.try_count <= task.tries_made:
        _too_few(fields, "try_count", retry.try_count, task.tries_made)
    if 0 < retry.try_count_caller <= task.caller_tries_made:
        _too_few(fields, "try_count_caller", retry.try_count_caller, task.caller_tries_made)
    if fields.faults:
        raise BadRequest("the task is not valid", tuple(fields.faults))
    ready_at, next_try_at = _next_try_at(task, wish, body)
    return replace(task, wish=wish, next_try_at=next_try_at, ready_at=ready_at)


def _exact(at: UnixTime | None) -> str | None:
    """Print a time with its fraction of a second."""
    return None if at is None else datetime.fromtimestamp(at, tz=UTC).isoformat()


def _kept(wish: TaskWish, old: TaskWish, body: Mapping[str, object]) -> TaskWish:
    """Return a wish with what a body cannot name, and the old times where it names none."""
    wish = replace(wish, call_uuid=old.call_uuid, call_api_id=old.call_api_id)
    extras, series = wish.extras, old.extras.recurrence
    if "deadline_utc" not in body:
        extras = replace(extras, deadline_at=old.extras.deadline_at)
    if body.keys().isdisjoint(_OF_SERIES):
        extras = replace(extras, recurrence=series)
    elif extras.recurrence is not None:
        if series is not None:
            # It goes on under another rule: the number and the count of what was missed stay.
            new = replace(
                extras.recurrence,
                first_id=series.first_id,
                occurrence=series.occurrence,
                missed=series.missed,
            )
            extras = replace(extras, recurrence=new)
        return replace(wish, extras=extras)
    if "start_time_utc" not in body:
        wish = replace(wish, starts_at=old.starts_at)
    return replace(wish, extras=extras)


def _too_few(fields: Fields, name: str, given: int, made: int) -> None:
    fields.wrong(name, f"{given}: {made} are made already, and more were expected")


def _next_try_at(
    task: Task, wish: TaskWish, body: Mapping[str, object]
) -> tuple[UnixTime | None, UnixTime | None]:
    """Return from when it is ready, if that is sooner, and when it is tried next.

    A new start is the next try, whatever was tried before.
    """
    hours, old, is_new = wish.extras.hours, task.wish, task.state is TaskState.SCHEDULED
    has_new_start = "start_time_utc" in body or (is_new and wish.starts_at != old.starts_at)
    if not has_new_start and hours == old.extras.hours:
        return task.ready_at, task.next_try_at
    waits = None if has_new_start or is_new else task.ready_at or task.next_try_at
    if waits is None:
        first_at = first_try_at(wish)
        return ready_if_put_off(wish.starts_at, first_at), first_at
    next_try_at = waits if hours is None else next_opening(hours, waits)
    return ready_if_put_off(waits, next_try_at), next_try_at
