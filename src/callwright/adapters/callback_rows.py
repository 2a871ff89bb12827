"""Callback queues, tasks and what belongs to them, as rows; the same in every store."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackEvent,
    CallbackQueue,
    FinishResult,
    Task,
    TaskId,
    TaskState,
    TaskWish,
)
from callwright.domain.callee_hours import first_try_at, ready_if_put_off
from callwright.domain.calling_window import CallingWindow, WindowCondition
from callwright.domain.clock import UnixTime
from callwright.domain.extension_event import ExtensionEvent
from callwright.domain.ids import AccountId
from callwright.scheduler.client_pause import ClientPause, Pauser
from callwright.scheduler.live.values import QueueProgress
from callwright.scheduler.requests.queue_shape import LIMITS
from callwright.scheduler.values import (
    AttemptBegin,
    AttemptEnd,
    EventToTell,
    Extension,
    QueueChange,
    Telling,
    WaitingEvent,
)

Columns = Mapping[str, Any]  # what a driver takes; its tables check it
Values = Iterable[Any]  # what a row holds is its statement's affair; it is typed here

_encode: Final = msgspec.json.Encoder().encode
_read_wish: Final = msgspec.json.Decoder(TaskWish).decode
_read_conditions: Final = msgspec.json.Decoder(tuple[WindowCondition, ...]).decode

_CALLBACK_EVENTS: Final = frozenset(map(str, CallbackEvent))

DELETED_AT_ONCE: Final = 500
"""Tasks of a deleted queue removed in one unit of work: calls wait for the writer."""

DELETED_PORTIONS: Final = 20
"""Of a queue, as it is deleted; housekeeping removes what else there is."""

TASK_COLUMNS: Final = 13
"""How many columns of a row are a task's."""
QUEUE_COLUMNS: Final = 8


def queue_of(row: Values) -> CallbackQueue:
    """Read a queue."""
    queue_id, account_id, name, comment, is_on, limit, interval_id, created_at = row
    return CallbackQueue(
        queue_id, account_id, name, comment, bool(is_on), limit, interval_id, created_at
    )


def queue_columns(queue: CallbackQueue) -> Columns:
    """Return what is written of a new queue."""
    return {
        "account_id": queue.account_id,
        "name": queue.name,
        "comment": queue.comment,
        "is_on": queue.is_on,
        "concurrent_task_limit": queue.concurrent_task_limit,
        "interval_id": queue.interval_id,
        "created_at": queue.created_at,
        "is_hidden": False,
    }


def hidden_queue_columns(account_id: AccountId, *, at: UnixTime) -> Columns:
    """Return what is written of the queue of an account's callbacks at once."""
    return {
        "account_id": account_id,
        "name": "",
        "comment": "",
        "is_on": True,
        "concurrent_task_limit": LIMITS[1],
        "interval_id": None,
        "created_at": at,
        "is_hidden": True,
    }


def change_columns(change: QueueChange) -> Columns:
    """Return what is written of a queue that changes; None leaves what there is."""
    return {
        "name": change.name,
        "comment": change.comment,
        "is_on": change.is_on,
        "concurrent_task_limit": change.concurrent_task_limit,
        "changes_interval": change.interval is not None,
        "interval_id": None if change.interval is None else change.interval[0],
    }


def window_of(row: Values) -> CallingWindow:
    """Read a calling window."""
    interval_id, account_id, name, timezone, conditions = row
    return CallingWindow(interval_id, account_id, name, timezone, _read_conditions(conditions))


def window_columns(window: CallingWindow) -> Columns:
    """Return what is written of a calling window."""
    return {
        "interval_id": window.interval_id,
        "account_id": window.account_id,
        "name": window.name,
        "timezone": window.timezone,
        "conditions": _encode(window.conditions),
    }


def extension_of(row: Values) -> Extension:
    """Read an extension."""
    (
        extension_id,
        account_id,
        number,
        label,
        caller_id_name,
        caller_id_number,
        destination,
        is_blocked,
        created_at,
        records_calls,
    ) = row
    return Extension(
        extension_id,
        account_id,
        number,
        label,
        caller_id_name,
        caller_id_number,
        bool(is_blocked),
        created_at,
        destination,
        bool(records_calls),
    )


def extension_columns(extension: Extension) -> Columns:
    """Return what is written of an extension."""
    return {
        "extension_id": extension.extension_id,
        "account_id": extension.account_id,
        "number": extension.number,
        "label": extension.label,
        "caller_id_name": extension.caller_id_name,
        "caller_id_number": extension.caller_id_number,
        "destination": extension.destination,
        "is_blocked": extension.is_blocked,
        "created_at": extension.created_at,
        "records_calls": extension.records_calls,
    }


def task_of(row: Values, attempts: tuple[Attempt, ...]) -> Task:
    """Read a task."""
    (
        task_id,
        account_id,
        queue_id,
        wish,
        created_at,
        state,
        next_try_at,
        tries_made,
        caller_tries_made,
        result,
        comment,
        finished_at,
        ready_at,
    ) = row
    return Task(
        task_id,
        account_id,
        queue_id,
        _read_wish(wish),
        created_at,
        TaskState(state),
        next_try_at,
        tries_made,
        caller_tries_made,
        None if result is None else FinishResult(result),
        comment,
        finished_at,
        attempts,
        ready_at,
    )


def wish_of(encoded: bytes | str) -> TaskWish:
    """Read what a client asked for."""
    return _read_wish(encoded)


def wish_columns(wish: TaskWish) -> Columns:
    """Return what is written of a new task: all of it, and what tasks are looked up by."""
    extras, next_try_at = wish.extras, first_try_at(wish)
    return {
        "wish": _encode(wish),
        "name": wish.name,
        "a_number": wish.a_number,
        "b_number": wish.b_number,
        "extension_id": wish.extension_id,
        "starts_at": wish.starts_at,
        "next_try_at": next_try_at,
        "ready_at": ready_if_put_off(wish.starts_at, next_try_at),
        "priority": extras.priority or 0,
        "deadline_at": extras.deadline_at,
        "dedup_key": extras.dedup_key,
        "call_uuid": wish.call_uuid,
        "recurrence_id": None if extras.recurrence is None else extras.recurrence.first_id,
        "occurrence": None if extras.recurrence is None else extras.recurrence.occurrence,
    }


def progress_columns(task: Task) -> Columns:
    """Return what is written of a task that goes on."""
    result = task.finish_result
    return {
        "task_id": task.task_id,
        "state": str(task.state),
        "next_try_at": task.next_try_at,
        "ready_at": task.ready_at,
        "tries_made": task.tries_made,
        "caller_tries_made": task.caller_tries_made,
        "finish_result": None if result is None else str(result),
        "finish_comment": task.finish_comment,
        "finished_at": task.finished_at,
    }


def attempts_of(rows: Iterable[Values]) -> Mapping[TaskId, tuple[Attempt, ...]]:
    """Read attempts, ordered by task and number, for each of their tasks."""
    by_task: defaultdict[TaskId, list[Attempt]] = defaultdict(list)
    for task_id, *values in rows:
        by_task[task_id].append(_attempt(values))
    return {task_id: tuple(attempts) for task_id, attempts in by_task.items()}


def _attempt(values: Values) -> Attempt:
    (
        number,
        call_uuid,
        started_at,
        src_ani,
        dst_ani,
        ref,
        ended_at,
        a_answered,
        joined_at,
        outcome,
    ) = values
    return Attempt(
        number,
        call_uuid,
        started_at,
        src_ani,
        dst_ani,
        ref,
        ended_at,
        a_answered,
        joined_at,
        None if outcome is None else AttemptOutcome(outcome),
    )


def begin_columns(begin: AttemptBegin) -> Columns:
    """Return what is written of an attempt that begins."""
    attempt = begin.attempt
    return {
        "task_id": begin.task_id,
        "number": attempt.number,
        "call_uuid": attempt.call_uuid,
        "started_at": attempt.started_at,
        "src_ani": attempt.src_ani,
        "dst_ani": attempt.dst_ani,
    }


def end_columns(end: AttemptEnd) -> Columns:
    """Return what is written of an attempt that ended."""
    return {
        "task_id": end.task_id,
        "number": end.number,
        "ended_at": end.ended_at,
        "a_answered": end.a_answered,
        "outcome": str(end.outcome),
    }


def event_columns(event: EventToTell) -> Columns:
    """Return what is written of an event."""
    return {
        "event_id": event.event_id,
        "task_id": event.task_id,
        "account_id": event.account_id,
        "url": event.url,
        "receiver": event.receiver,
        "event": str(event.event),
        "body": event.body,
        "at": event.at,
        "telling": str(event.telling),
        "of_call": event.of_call,
        "stream": event.stream,
    }


def event_of(row: Values) -> WaitingEvent:
    """Read an event that waits."""
    event_id, task_id, account_id, url, event, body, at, telling, of_call, tries = row
    told = EventToTell(
        event_id,
        task_id,
        account_id,
        url,
        CallbackEvent(event) if event in _CALLBACK_EVENTS else ExtensionEvent(event),
        body,
        at,
        Telling(telling),
        of_call,
    )
    return WaitingEvent(told, tries)


def progress_of(row: Values) -> QueueProgress:
    """Read how far a queue is."""
    queue_id, later, due, executed, succeeded, failed = row
    return QueueProgress(queue_id, later + due, due, executed, succeeded, failed)


def pause_of_row(row: Values) -> ClientPause:
    """Read the pause of a client."""
    account_id, paused_by, reason, paused_at = row
    return ClientPause(account_id, Pauser(paused_by), reason, paused_at)


def pause_columns(pause: ClientPause) -> Columns:
    """Return what is written of a pause."""
    return {
        "account_id": pause.account_id,
        "paused_by": str(pause.by),
        "reason": pause.reason,
        "paused_at": pause.at,
    }
