"""Calls of callbacks in PostgreSQL."""

from collections.abc import Sequence

from callwright.adapters.call_rows import (
    call_filter_columns,
    call_of,
    calls_of,
    order_of_calls,
    order_of_recordings,
    recording_filter_columns,
    recording_of,
    recordings_by_call,
    tasks_by_id,
    unwritten_tasks,
    written_calls,
)
from callwright.adapters.postgres.database import Connection, Database, run
from callwright.domain.callback import CallUuid
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.history.calls import (
    Call,
    CallFilter,
    Recording,
    RecordingFilter,
    UnwrittenCall,
)
from callwright.scheduler.values import Page


class PostgresCallStore:
    """A `CallStore`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def call(self, account_id: AccountId, call_uuid: CallUuid) -> Call | None:
        """Return the record of a call that has ended, or None."""
        asked = {"account_id": account_id, "call_uuid": call_uuid}

        async def read(connection: Connection) -> Call | None:
            rows = await run(connection, "callback_call_read", asked)
            if not rows:
                return None
            named = {"call_uuids": [call_uuid]}
            sounds = await run(connection, "callback_recordings_of_calls", named)
            return call_of(tuple(rows[0]), recordings_by_call(map(tuple, sounds)))

        return await self._database.snapshot(read)

    async def calls(
        self, account_id: AccountId, wanted: CallFilter, page: Page
    ) -> Sequence[Call | UnwrittenCall]:
        """Return a page of an account's calls by the time they began, with or without record."""
        asked = call_filter_columns(account_id, wanted)

        async def read(connection: Connection) -> Sequence[Call | UnwrittenCall]:
            found = await run(connection, "callback_calls", asked, then=order_of_calls(page))
            rows = [tuple(row) for row in found]
            named = {"task_ids": unwritten_tasks(rows)}
            tasks = await run(connection, "callback_call_tasks", named)
            attempts = await run(connection, "callback_attempts", named)
            written = {"call_uuids": written_calls(rows)}
            sounds = await run(connection, "callback_recordings_of_calls", written)
            known = tasks_by_id(map(tuple, tasks), map(tuple, attempts))
            return calls_of(rows, known, recordings_by_call(map(tuple, sounds)))

        return await self._database.snapshot(read)

    async def forget_calls(self, *, ended_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` records of calls that ended before; returns how many went."""
        asked = {"ended_before": ended_before, "limit": limit}
        return len(await self._database.write(lambda c: run(c, "callback_call_forget", asked)))

    async def recordings(
        self, account_id: AccountId, wanted: RecordingFilter, page: Page
    ) -> tuple[Sequence[Recording], int]:
        """Return a page of an account's recordings by the time they began, and how many match."""
        asked = recording_filter_columns(account_id, wanted)
        ((count,),) = await self._database.read("callback_recording_count", asked)
        order = order_of_recordings(page)
        rows = await self._database.read("callback_recording_list", asked, then=order)
        return [recording_of(tuple(row)) for row in rows], count

    async def recording(self, account_id: AccountId, record_uuid: CallUuid) -> Recording | None:
        """Return a recording, or None."""
        asked = {"account_id": account_id, "record_uuid": record_uuid}
        rows = await self._database.read("callback_recording_read", asked)
        return recording_of(tuple(rows[0])) if rows else None

    async def delete_recording(self, account_id: AccountId, record_uuid: CallUuid) -> bool:
        """Forget a recording; False: there is none."""
        asked = {"account_id": account_id, "record_uuid": record_uuid}
        gone = await self._database.write(lambda c: run(c, "callback_recording_delete", asked))
        return bool(gone)
