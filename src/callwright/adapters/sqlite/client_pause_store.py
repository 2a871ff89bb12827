"""Clients that are paused, in SQLite."""

import apsw

from callwright.adapters.callback_rows import pause_columns, pause_of_row
from callwright.adapters.sqlite.database import Database, run
from callwright.domain.ids import AccountId
from callwright.scheduler.client_pause import ClientPause, Pauser


class SqliteClientPauseStore:
    """A `ClientPauseStore`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def pause(self, pause: ClientPause) -> ClientPause:
        """Pause a client; returns the pause that holds."""
        columns = pause_columns(pause)

        def write(connection: apsw.Connection) -> ClientPause:
            run(connection, "client_pause_insert", columns)
            (row,) = run(connection, "client_pause_read", {"account_id": pause.account_id})
            return pause_of_row(row)

        return await self._database.write(write)

    async def resume(self, account_id: AccountId, *, by: Pauser) -> ClientPause | None:
        """Resume a client; returns the pause that still holds."""
        of_account = {"account_id": account_id}

        def write(connection: apsw.Connection) -> ClientPause | None:
            run(connection, "client_pause_delete", {**of_account, "paused_by": str(by)})
            rows = run(connection, "client_pause_read", of_account)
            return pause_of_row(rows[0]) if rows else None

        return await self._database.write(write)

    async def pause_of(self, account_id: AccountId) -> ClientPause | None:
        """Return the pause of a client, or None."""
        rows = self._database.read("client_pause_read", {"account_id": account_id})
        return pause_of_row(rows[0]) if rows else None
