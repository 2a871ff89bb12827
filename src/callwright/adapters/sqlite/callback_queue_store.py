"""Callback queues, calling windows and extensions in SQLite."""

from collections.abc import Sequence
from dataclasses import replace

import apsw

from callwright.adapters.callback_rows import (
    DELETED_AT_ONCE,
    DELETED_PORTIONS,
    change_columns,
    extension_columns,
    extension_of,
    queue_columns,
    queue_of,
    window_columns,
    window_of,
)
from callwright.adapters.sqlite.database import Database, run
from callwright.domain.callback import CallbackQueue, CallbackQueueId, ExtensionId, IntervalId
from callwright.domain.calling_window import CallingWindow
from callwright.domain.ids import AccountId
from callwright.scheduler.values import Extension, Page, QueueChange, Removal


class SqliteCallbackQueueStore:
    """A `CallbackQueueStore`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def add_queue(self, queue: CallbackQueue, *, most: int) -> CallbackQueue | None:
        """Add a queue and the hidden service behind it; None: the account has `most` already."""

        def add(connection: apsw.Connection) -> CallbackQueue | None:
            asked = {"account_id": queue.account_id, "is_on": None, "name": None}
            ((count,),) = run(connection, "callback_queue_count", asked)
            if count >= most:
                return None
            ((service_id,),) = run(
                connection, "callback_service_insert", {"account_id": queue.account_id}
            )
            columns = {**queue_columns(queue), "service_id": service_id}
            ((queue_id,),) = run(connection, "callback_queue_insert", columns)
            return replace(queue, queue_id=CallbackQueueId(queue_id))

        return await self._database.write(add)

    async def queues(
        self, account_id: AccountId, page: Page, *, is_on: bool | None, name: str | None
    ) -> tuple[Sequence[CallbackQueue], int]:
        """Return a page of an account's queues by id, and how many there are in all."""
        asked = {"account_id": account_id, "is_on": is_on, "name": name}
        ((count,),) = self._database.read("callback_queue_count", asked)
        rows = self._database.read("callback_queue_list", asked, then=_page("queue_id", page))
        return [queue_of(row) for row in rows], count

    async def queue(self, account_id: AccountId, queue_id: CallbackQueueId) -> CallbackQueue | None:
        """Return a queue, or None."""
        asked = {"account_id": account_id, "queue_id": queue_id}
        rows = self._database.read("callback_queue_read", asked)
        return queue_of(rows[0]) if rows else None

    async def change_queue(
        self, account_id: AccountId, queue_id: CallbackQueueId, change: QueueChange
    ) -> CallbackQueue | None:
        """Change a queue and return it, or None."""
        columns = {**change_columns(change), "account_id": account_id, "queue_id": queue_id}
        rows = await self._database.write(lambda c: run(c, "callback_queue_change", columns))
        return queue_of(rows[0]) if rows else None

    async def delete_queue(self, account_id: AccountId, queue_id: CallbackQueueId) -> bool:
        """Delete a queue, and its tasks in portions; those of long queues later, as what is old."""
        asked = {"account_id": account_id, "queue_id": queue_id}

        def delete(connection: apsw.Connection) -> bool:
            rows = run(connection, "callback_queue_delete", asked)
            if not rows:
                return False
            run(connection, "callback_queue_delete_executed", {"queue_id": queue_id})
            return True

        if not await self._database.write(delete):
            return False
        portion = {"queue_id": queue_id, "limit": DELETED_AT_ONCE}
        for _ in range(DELETED_PORTIONS):
            gone = await self._database.write(
                lambda c: run(c, "callback_queue_delete_tasks", portion)
            )
            if len(gone) < DELETED_AT_ONCE:
                break
        return True

    async def add_window(self, window: CallingWindow) -> CallingWindow:
        """Add an interval; its id is chosen here."""
        columns = window_columns(window)
        rows = await self._database.write(lambda c: run(c, "callback_interval_insert", columns))
        return replace(window, interval_id=IntervalId(rows[0][0]))

    async def windows(self, account_id: AccountId) -> Sequence[CallingWindow]:
        """Return an account's intervals by id."""
        rows = self._database.read("callback_interval_list", {"account_id": account_id})
        return [window_of(row) for row in rows]

    async def window(self, account_id: AccountId, interval_id: IntervalId) -> CallingWindow | None:
        """Return an interval, or None."""
        asked = {"account_id": account_id, "interval_id": interval_id}
        rows = self._database.read("callback_interval_read", asked)
        return window_of(rows[0]) if rows else None

    async def change_window(self, window: CallingWindow) -> bool:
        """Replace an interval; False: there is none."""
        columns = window_columns(window)
        return bool(
            await self._database.write(lambda c: run(c, "callback_interval_change", columns))
        )

    async def delete_window(self, account_id: AccountId, interval_id: IntervalId) -> Removal:
        """Delete an interval that no queue uses."""
        asked = {"account_id": account_id, "interval_id": interval_id}

        def delete(connection: apsw.Connection) -> Removal:
            if not run(connection, "callback_interval_read", asked):
                return Removal.NOT_FOUND
            if run(connection, "callback_interval_is_used", {"interval_id": interval_id}):
                return Removal.IN_USE
            run(connection, "callback_interval_delete", asked)
            return Removal.REMOVED

        return await self._database.write(delete)

    async def add_extension(self, extension: Extension) -> Extension | None:
        """Add an extension; None: the account has one of that number."""
        columns = extension_columns(extension)
        rows = await self._database.write(lambda c: run(c, "extension_insert", columns))
        return replace(extension, extension_id=ExtensionId(rows[0][0])) if rows else None

    async def extensions(
        self, account_id: AccountId, page: Page
    ) -> tuple[Sequence[Extension], int]:
        """Return a page of an account's extensions by id, and how many there are in all."""
        asked = {"account_id": account_id}
        ((count,),) = self._database.read("extension_count", asked)
        rows = self._database.read("extension_list", asked, then=_page("extension_id", page))
        return [extension_of(row) for row in rows], count

    async def extension(self, account_id: AccountId, extension_id: ExtensionId) -> Extension | None:
        """Return an extension, or None."""
        asked = {"account_id": account_id, "extension_id": extension_id}
        rows = self._database.read("extension_read", asked)
        return extension_of(rows[0]) if rows else None

    async def extension_by_number(self, account_id: AccountId, number: str) -> Extension | None:
        """Return the extension of this number, or None."""
        asked = {"account_id": account_id, "number": number}
        rows = self._database.read("extension_of_number", asked)
        return extension_of(rows[0]) if rows else None

    async def change_extension(self, extension: Extension) -> bool:
        """Replace an extension; False: there is none, or another one has its number."""
        columns = extension_columns(extension)
        return bool(await self._database.write(lambda c: run(c, "extension_change", columns)))

    async def delete_extension(self, account_id: AccountId, extension_id: ExtensionId) -> bool:
        """Delete an extension; its tasks fail when their time comes."""
        asked = {"account_id": account_id, "extension_id": extension_id}
        return bool(await self._database.write(lambda c: run(c, "extension_delete", asked)))


def _page(by: str, page: Page) -> str:
    way = "DESC" if page.descending else "ASC"
    return f"ORDER BY {by} {way} LIMIT {page.limit:d} OFFSET {page.offset:d}"
