"""Calls of callbacks as rows; the same in every store."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from callwright.adapters.callback_rows import attempts_of, task_of
from callwright.domain.callback import Task, TaskId
from callwright.domain.ids import AccountId
from callwright.scheduler.calls import Call, CallFilter, UnwrittenCall
from callwright.scheduler.values import Page

Columns = Mapping[str, Any]  # what a driver takes; its tables check it
Values = Sequence[Any]  # what a row holds is its statement's affair; it is typed here

_encode: Final = msgspec.json.Encoder().encode
_read_call: Final = msgspec.json.Decoder(Call).decode


def call_columns(call: Call) -> Columns:
    """Return what is written of a call that has ended: all of it, and what lists filter by."""
    return {
        "call_uuid": call.call_uuid,
        "account_id": call.account_id,
        "extension_id": call.extension_id,
        "b_number": call.b_side.number,
        "started_at": call.began_at,
        "ended_at": call.ended_at,
        "content": _encode(call),
    }


def call_of(row: Values) -> Call:
    """Read a call."""
    (content,) = row
    return _read_call(content)


def call_filter_columns(account_id: AccountId, wanted: CallFilter) -> Columns:
    """Return what a list of calls is filtered by."""
    return {
        "account_id": account_id,
        "start": wanted.start,
        "end": wanted.end,
        "extension_id": wanted.extension_id,
        "b_number": wanted.b_number,
    }


def order_of_calls(page: Page) -> str:
    """Return the end of the statement that lists calls."""
    way = "DESC" if page.descending else "ASC"
    return f"ORDER BY started_at {way}, call_uuid {way} LIMIT {page.limit:d} OFFSET {page.offset:d}"


def unwritten_tasks(rows: Iterable[Values]) -> list[TaskId]:
    """Return whose attempts are read in place of a record."""
    return [row[3] for row in rows if row[2] is None]


def tasks_by_id(rows: Iterable[Values], attempts: Iterable[Values]) -> Mapping[TaskId, Task]:
    """Read tasks with their attempts, which are ordered by task and number."""
    of_task = attempts_of(attempts)
    return {row[0]: task_of(row, of_task.get(row[0], ())) for row in rows}


def calls_of(rows: Iterable[Values], tasks: Mapping[TaskId, Task]) -> list[Call | UnwrittenCall]:
    """Read a page of calls: from their records, or from the tasks that have none yet."""
    calls: list[Call | UnwrittenCall] = []
    for _, _, content, task_id, number in rows:
        if content is not None:
            calls.append(_read_call(content))
        elif (task := tasks.get(task_id)) is not None:
            calls.append(UnwrittenCall(task, task.attempts[number - 1]))
    return calls
