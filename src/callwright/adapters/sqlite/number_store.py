"""The telephone numbers that accounts own, in SQLite."""

import apsw

from callwright.adapters.sqlite.database import Database, run
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


class SqliteNumberStore:
    """A `NumberStore`."""

    def __init__(self, database: Database) -> None:
        """Keep numbers in this database."""
        self._database = database

    async def add(self, account_id: AccountId, number: str, *, at: UnixTime) -> bool:
        """Make a number an account's own, which it may be already; False if it is another's."""
        bindings = {"account_id": account_id, "number": number, "at": at}

        def add(connection: apsw.Connection) -> bool:
            run(connection, "number_add", bindings)
            [(owner,)] = run(connection, "number_owner", {"number": number})
            return bool(owner == account_id)

        return await self._database.write(add)

    async def remove(self, account_id: AccountId, number: str) -> bool:
        """Take a number from an account; False if the account did not own it."""
        bindings = {"account_id": account_id, "number": number}
        return bool(await self._database.write(lambda c: run(c, "number_remove", bindings)))

    async def of_account(self, account_id: AccountId) -> list[str]:
        """Return an account's numbers in order."""
        rows = self._database.read("number_of_account", {"account_id": account_id})
        return [number for (number,) in rows]

    async def number_owner(self, number: str) -> AccountId | None:
        """Return whose number this is; None if it is nobody's."""
        asked = {"number": number}
        rows = self._database.read("number_owner", asked) if number.isascii() else []
        return AccountId(rows[0][0]) if rows else None
