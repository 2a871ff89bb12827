"""The telephone numbers that accounts own, in PostgreSQL."""

from callwright.adapters.postgres.database import Connection, Database, can_be_kept, run
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


class PostgresNumberStore:
    """A `NumberStore`."""

    def __init__(self, database: Database) -> None:
        """Keep numbers in this database."""
        self._database = database

    async def add(self, account_id: AccountId, number: str, *, at: UnixTime) -> bool:
        """Make a number an account's own, which it may be already; False if it is another's."""
        bindings = {"account_id": account_id, "number": number, "at": at}

        async def add(connection: Connection) -> bool:
            # Until it is somebody's: its owner may lose it between the two.
            while not (owners := await run(connection, "number_owner", {"number": number})):
                await run(connection, "number_add", bindings)
            return bool(owners[0]["account_id"] == account_id)

        return await self._database.write(add)

    async def remove(self, account_id: AccountId, number: str) -> bool:
        """Take a number from an account; False if the account did not own it."""
        bindings = {"account_id": account_id, "number": number}
        return bool(await self._database.write(lambda c: run(c, "number_remove", bindings)))

    async def of_account(self, account_id: AccountId) -> list[str]:
        """Return an account's numbers in order."""
        rows = await self._database.read("number_of_account", {"account_id": account_id})
        return [number for (number,) in rows]

    async def number_owner(self, number: str) -> AccountId | None:
        """Return whose number this is; None if it is nobody's."""
        asked = {"number": number}
        rows = await self._database.read("number_owner", asked) if can_be_kept(number) else []
        return AccountId(rows[0]["account_id"]) if rows else None
