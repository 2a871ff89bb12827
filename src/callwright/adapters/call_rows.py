"""Calls of callbacks as rows; the same in every store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from callwright.adapters.callback_rows import attempts_of, task_of
from callwright.domain.callback import CallUuid, Task, TaskId
from callwright.domain.ids import AccountId
from callwright.scheduler.history.calls import (
    Call,
    CallFilter,
    Recording,
    RecordingFilter,
    UnwrittenCall,
)
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
        # The recording may be deleted before the call is: it has a row of its own.
        "content": _encode(replace(call, recording=None)),
    }


def call_of(row: Values, recordings: Mapping[CallUuid, Recording]) -> Call:
    """Read a call."""
    (content,) = row
    return _call(content, recordings)


def recording_columns(recording: Recording) -> Columns:
    """Return what is written of a recording."""
    return {
        "record_uuid": recording.record_uuid,
        "account_id": recording.account_id,
        "call_uuid": recording.call_uuid,
        "extension_id": recording.extension_id,
        "began_at": recording.began_at,
        "filename": recording.filename,
        "size_bytes": recording.size_bytes,
        "duration": recording.duration,
    }


def recording_of(row: Values) -> Recording:
    """Read a recording."""
    return Recording(*row)


def recordings_by_call(rows: Iterable[Values]) -> Mapping[CallUuid, Recording]:
    """Read recordings of some calls."""
    return {one.call_uuid: one for one in map(recording_of, rows)}


def call_filter_columns(account_id: AccountId, wanted: CallFilter) -> Columns:
    """Return what a list of calls is filtered by."""
    return {
        "account_id": account_id,
        "start": wanted.start,
        "end": wanted.end,
        "extension_id": wanted.extension_id,
        "b_number": wanted.b_number,
    }


def recording_filter_columns(account_id: AccountId, wanted: RecordingFilter) -> Columns:
    """Return what a list of recordings is filtered by."""
    return {
        "account_id": account_id,
        "start": wanted.start,
        "end": wanted.end,
        "extension_id": wanted.extension_id,
    }


def order_of_recordings(page: Page) -> str:
    """Return the end of the statement that lists recordings."""
    way = "DESC" if page.descending else "ASC"
    return f"ORDER BY began_at {way}, record_uuid {way} LIMIT {page.limit:d} OFFSET {page.offset:d}"


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


def written_calls(rows: Iterable[Values]) -> list[CallUuid]:
    """Return which calls of a page have a record, and perhaps a recording."""
    return [row[1] for row in rows if row[2] is not None]


def calls_of(
    rows: Iterable[Values],
    tasks: Mapping[TaskId, Task],
    recordings: Mapping[CallUuid, Recording],
) -> list[Call | UnwrittenCall]:
    """Read a page of calls: from their records, or from the tasks that have none yet."""
    calls: list[Call | UnwrittenCall] = []
    for _, _, content, task_id, number in rows:
        if content is not None:
            calls.append(_call(content, recordings))
        elif (task := tasks.get(task_id)) is not None:
            calls.append(UnwrittenCall(task, task.attempts[number - 1]))
    return calls


def _call(content: bytes, recordings: Mapping[CallUuid, Recording]) -> Call:
    call = _read_call(content)
    recording = recordings.get(call.call_uuid)
    return call if recording is None else replace(call, recording=recording)
