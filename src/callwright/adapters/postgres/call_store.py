"""Calls of callbacks in PostgreSQL."""

from collections.abc import Sequence

from callwright.adapters.call_rows import (
    call_filter_columns,
    call_of,
    calls_of,
    order_of_calls,
    tasks_by_id,
    unwritten_tasks,
)
from callwright.adapters.postgres.database import Connection, Database, run
from callwright.domain.callback import CallUuid
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.calls import Call, CallFilter, UnwrittenCall
from callwright.scheduler.values import Page


class PostgresCallStore:
    """A `CallStore`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def call(self, account_id: AccountId, call_uuid: CallUuid) -> Call | None:
        """Return the record of a call that has ended, or None."""
        asked = {"account_id": account_id, "call_uuid": call_uuid}
        rows = await self._database.read("callback_call_read", asked)
        return call_of(tuple(rows[0])) if rows else None

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
            return calls_of(rows, tasks_by_id(map(tuple, tasks), map(tuple, attempts)))

        return await self._database.snapshot(read)

    async def forget_calls(self, *, ended_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` records of calls that ended before; returns how many went."""
        asked = {"ended_before": ended_before, "limit": limit}
        return len(await self._database.write(lambda c: run(c, "callback_call_forget", asked)))
