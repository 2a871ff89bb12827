"""Values that clients' requests refer to by name, in PostgreSQL."""

from collections.abc import Sequence

from callwright.adapters.postgres.database import Connection, Database, run
from callwright.domain.ids import AccountId
from callwright.scheduler.values import Addition, ClientVariable, Page


class PostgresClientVariableStore:
    """A `ClientVariableStore`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def add_variable(self, variable: ClientVariable, *, most: int) -> Addition:
        """Add a variable, unless the account has one of that name or `most` already."""
        of_account = {"account_id": variable.account_id}

        async def add(connection: Connection) -> Addition:
            await run(connection, "service_lock_account", {"account_id": variable.account_id})
            if await run(
                connection, "client_variable_read", _named(variable.account_id, variable.name)
            ):
                return Addition.NAME_TAKEN
            ((count,),) = await run(connection, "client_variable_count", of_account)
            if count >= most:
                return Addition.TOO_MANY
            await run(connection, "client_variable_insert", _columns(variable))
            return Addition.ADDED

        return await self._database.write(add)

    async def variables(
        self, account_id: AccountId, page: Page
    ) -> tuple[Sequence[ClientVariable], int]:
        """Return a page of an account's variables by name, and how many there are in all."""
        asked = {"account_id": account_id}
        ((count,),) = await self._database.read("client_variable_count", asked)
        way = "DESC" if page.descending else "ASC"
        part = f"ORDER BY name {way} LIMIT {page.limit:d} OFFSET {page.offset:d}"
        rows = await self._database.read("client_variable_list", asked, then=part)
        return [ClientVariable(*row) for row in rows], count

    async def variable(self, account_id: AccountId, name: str) -> ClientVariable | None:
        """Return a variable, or None."""
        rows = await self._database.read("client_variable_read", _named(account_id, name))
        return ClientVariable(*rows[0]) if rows else None

    async def change_variable(self, variable: ClientVariable) -> bool:
        """Give a variable another value; False: there is none of that name."""
        columns = _columns(variable)
        return bool(await self._database.write(lambda c: run(c, "client_variable_change", columns)))

    async def delete_variable(self, account_id: AccountId, name: str) -> bool:
        """Delete a variable; False: there is none of that name."""
        asked = _named(account_id, name)
        return bool(await self._database.write(lambda c: run(c, "client_variable_delete", asked)))


def _named(account_id: AccountId, name: str) -> dict[str, object]:
    return {"account_id": account_id, "name": name}


def _columns(variable: ClientVariable) -> dict[str, object]:
    return {**_named(variable.account_id, variable.name), "value": variable.value}
