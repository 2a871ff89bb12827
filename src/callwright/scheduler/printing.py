"""Queues, tasks and intervals as the web services show them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackQueue,
    Gate,
    Task,
    TaskExtras,
    TaskState,
)
from callwright.domain.calling_window import CallingWindow, WindowCondition
from callwright.domain.clock import UnixTime

WAITING: Final = frozenset({TaskState.SCHEDULED, TaskState.DELAYED})
"""States of a task that may become due."""


def print_moment(at: UnixTime | None) -> str | None:
    """Print a time as `YYYY-MM-DD HH:MM:SS`, UTC; None for none."""
    if at is None:
        return None
    # Not strftime: it prints the year 1 without its zeros.
    whole = datetime.fromtimestamp(at, tz=UTC).replace(tzinfo=None)
    return whole.isoformat(sep=" ", timespec="seconds")


def print_queue(queue: CallbackQueue) -> dict[str, object]:
    """Return a queue's fields (section 3.1)."""
    return {
        "id": queue.queue_id,
        "name": queue.name,
        "comment": queue.comment,
        "status": "on" if queue.is_on else "off",
        "concurrent_task_limit": queue.concurrent_task_limit,
        "interval_id": queue.interval_id,
        "create_date_utc": print_moment(queue.created_at),
    }


def print_task(
    task: Task, *, gate: Gate | None, at: UnixTime, legacy_types: bool = False
) -> dict[str, object]:
    """Return a task's fields (sections 4.1 and 4.3).

    `gate` is what holds the task back at this moment if it is ready, None for nothing or for a
    queue that is off. `legacy_types` has `try_again_pause` printed as a string, as the seed does.
    """
    wish, retry = task.wish, task.wish.retry
    pause = retry.try_again_pause
    newest = task.attempts[-1] if task.attempts else None
    return {
        "id": task.task_id,
        "scheduler_id": task.queue_id,
        "name": wish.name,
        "status": str(_shown_state(task, gate, at)),
        "a_number": wish.a_number,
        "b_number": wish.b_number,
        "extension_id": wish.extension_id,
        "try_count": retry.try_count,
        "try_again_pause": str(pause) if legacy_types else pause,
        "try_count_caller": retry.try_count_caller,
        "try_again_pause_caller": retry.try_again_pause_caller,
        "start_time_utc": print_moment(wish.starts_at),
        "next_try_utc": print_moment(task.next_try_at),
        "url_before": wish.urls.before,
        "url_before_again": wish.urls.before_again,
        "url_success": wish.urls.success,
        "url_after": wish.urls.after,
        "callback_params": dict(wish.callback_params),
        "variables": dict(wish.variables),
        "attempts_src_ani_numbers": list(wish.src_ani_numbers),
        "attempts_dst_ani_numbers": list(wish.dst_ani_numbers),
        "try_made": task.tries_made,
        "try_made_caller": task.caller_tries_made,
        "finish_result": None if task.finish_result is None else str(task.finish_result),
        "finish_comment": task.finish_comment,
        "cdr": None if newest is None else newest.call_uuid,
        "create_date_utc": print_moment(task.created_at),
        "finish_date_utc": print_moment(task.finished_at),
        "attempts": [_print_attempt(attempt) for attempt in task.attempts],
        **_print_extras(wish.extras),
        **_print_series(task),
    }


def print_window(window: CallingWindow) -> dict[str, object]:
    """Return an interval's fields (section 5)."""
    return {
        "id": window.interval_id,
        "name": window.name,
        "timezone": window.timezone,
        "conditions": [_print_condition(condition) for condition in window.conditions],
    }


def is_due(task: Task, at: UnixTime) -> bool:
    """Whether a task waits and its time has come."""
    return task.state in WAITING and task.next_try_at is not None and task.next_try_at <= at


def is_put_off(task: Task, at: UnixTime) -> bool:
    """Whether the called person's hours alone make a task wait that was ready by now."""
    return task.ready_at is not None and task.ready_at <= at and not is_due(task, at)


def is_ready(task: Task, at: UnixTime) -> bool:
    """Whether a task waits at some gate, or at none."""
    return is_due(task, at) or is_put_off(task, at)


def _shown_state(task: Task, gate: Gate | None, at: UnixTime) -> TaskState | Gate:
    return gate if gate is not None and is_ready(task, at) else task.state


def _print_extras(extras: TaskExtras) -> Mapping[str, object]:
    """Print what was given: a client that knows the original API alone sees none of them."""
    hours, causes = extras.hours, extras.retry_causes
    printed = {
        "deadline_utc": print_moment(extras.deadline_at),
        "priority": extras.priority,
        "dedup_key": extras.dedup_key,
        "timezone": _timezone(extras),
        "timezones": None if hours is None or not hours.zones else list(hours.zones),
        "call_from": None if hours is None else _plain(hours.call_from),
        "call_to": None if hours is None else _plain(hours.call_to),
        "retry_causes": None if causes is None else [str(cause) for cause in causes],
        "backoff": extras.backoff,
        "record": extras.record,
    }
    return {name: value for name, value in printed.items() if value is not None}


def _timezone(extras: TaskExtras) -> str | None:
    """Return the zone that was given: the hours and the series are read in the same one."""
    if extras.hours is not None:
        return extras.hours.timezone or None
    return None if extras.recurrence is None else extras.recurrence.timezone


def _print_series(task: Task) -> Mapping[str, object]:
    series = task.wish.extras.recurrence
    if series is None:
        return {}
    return {
        "recurrence": series.rule,
        "recurrence_except": [day.isoformat() for day in series.exceptions],
        "recurrence_id": series.first_id or task.task_id,
        "occurrence": series.occurrence,
        "recurrence_missed": series.missed,
    }


def _print_attempt(attempt: Attempt) -> dict[str, object]:
    outcome = attempt.outcome
    is_joined = outcome is AttemptOutcome.JOINED
    return {
        "n": attempt.number,
        "call_uuid": attempt.call_uuid,
        "start_time_utc": print_moment(attempt.started_at),
        "end_time_utc": print_moment(attempt.ended_at),
        "src_ani": attempt.src_ani,
        "dst_ani": attempt.dst_ani,
        "a_answered": attempt.a_answered,
        "result": None if outcome is None else "success" if is_joined else "failed",
        "comment": "" if outcome is None or is_joined else str(outcome),
    }


def _print_condition(condition: WindowCondition) -> Mapping[str, object]:
    """Print what restricts; the rest is left out, as it may be in a request."""
    printed: dict[str, object] = {}
    _print_pair(printed, ("start_dow", "end_dow"), condition.days_of_week)
    _print_pair(printed, ("start_mday", "end_mday"), condition.days_of_month)
    if condition.month is not None:
        printed["month"] = condition.month
    _print_pair(printed, ("start_time", "end_time"), condition.times)
    _print_pair(printed, ("start_datetime", "end_datetime"), condition.datetimes)
    if condition.rota is not None:
        printed["sched_start_date"] = condition.rota.first_day.isoformat()
        printed["sched_active_days"] = condition.rota.active_days
        printed["sched_skip_days"] = condition.rota.skip_days
    return printed


def _print_pair(
    printed: dict[str, object], names: tuple[str, str], pair: tuple[object, object] | None
) -> None:
    for name, value in zip(names, pair or (), strict=False):
        printed[name] = _plain(value)


def _plain(value: object) -> object:
    """Print a time or a date; numbers stay as they are."""
    match value:
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case _:
            return value
