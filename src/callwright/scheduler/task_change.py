"""A change of a task that waits: what is left out stays, what is named is read as of a new task."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from callwright.domain.callback import Task, TaskState, TaskWish
from callwright.domain.callee_hours import first_try_at, next_opening
from callwright.domain.clock import UnixTime
from callwright.scheduler.fields import BadRequest, Fields
from callwright.scheduler.printing import print_task
from callwright.scheduler.task_shape import FindExtension, read_task


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
    fields = Fields(merged(task, body, now=now), "")
    wish = _with_times(read_task(fields, find=find, now=now), task.wish, body)
    retry = wish.retry
    if retry.try_count <= task.tries_made:
        _too_few(fields, "try_count", retry.try_count, task.tries_made)
    if 0 < retry.try_count_caller <= task.caller_tries_made:
        _too_few(fields, "try_count_caller", retry.try_count_caller, task.caller_tries_made)
    if fields.faults:
        raise BadRequest("the task is not valid", tuple(fields.faults))
    return replace(task, wish=wish, next_try_at=_next_try_at(task, wish, body))


def _exact(at: UnixTime | None) -> str | None:
    """Print a time with its fraction of a second."""
    return None if at is None else datetime.fromtimestamp(at, tz=UTC).isoformat()


def _with_times(wish: TaskWish, old: TaskWish, body: Mapping[str, object]) -> TaskWish:
    """Return a wish with the old times, to the last bit, where the body names none."""
    if "start_time_utc" not in body:
        wish = replace(wish, starts_at=old.starts_at)
    if "deadline_utc" not in body:
        extras = replace(wish.extras, deadline_at=old.extras.deadline_at)
        wish = replace(wish, extras=extras)
    return wish


def _too_few(fields: Fields, name: str, given: int, made: int) -> None:
    fields.wrong(name, f"{given}: {made} are made already, and more were expected")


def _next_try_at(task: Task, wish: TaskWish, body: Mapping[str, object]) -> UnixTime | None:
    """Return when it is tried next: a new start is the next try, whatever was tried before."""
    hours = wish.extras.hours
    if "start_time_utc" in body:
        return first_try_at(wish)
    if hours == task.wish.extras.hours:
        return task.next_try_at
    if task.state is TaskState.SCHEDULED or task.next_try_at is None:
        return first_try_at(wish)
    return task.next_try_at if hours is None else next_opening(hours, task.next_try_at)
