"""Outbound services in SQLite."""

import apsw

from callwright.adapters.sqlite.database import Database, Row, run
from callwright.domain.ids import AccountId, ServiceId
from callwright.services.ports import StoredService


class SqliteServiceStore:
    """A `ServiceStore`."""

    def __init__(self, database: Database) -> None:
        """Keep services in this database."""
        self._database = database

    async def write(self, account_id: AccountId, name: str, configuration: bytes) -> bool:
        """Create or replace a service; True if it was created. It keeps its id when replaced."""
        bindings = {"account_id": account_id, "name": name, "configuration": configuration}

        def write(connection: apsw.Connection) -> bool:
            if run(connection, "service_insert", bindings):
                return True
            run(connection, "service_replace", bindings)
            return False

        return await self._database.write(write)

    async def find(self, account_id: AccountId, name: str) -> StoredService | None:
        """Return the service of that name."""
        rows = self._database.read("service_find", {"account_id": account_id, "name": name})
        return _service(rows[0]) if rows else None

    async def read(self, service_id: ServiceId) -> StoredService | None:
        """Return the service of that id."""
        rows = self._database.read("service_read", {"service_id": service_id})
        return _service(rows[0]) if rows else None

    async def of_account(self, account_id: AccountId) -> list[StoredService]:
        """Return an account's services by name."""
        rows = self._database.read("service_of_account", {"account_id": account_id})
        return [_service(row) for row in rows]


def _service(row: Row) -> StoredService:
    service_id, account_id, name, configuration = row
    return StoredService(ServiceId(service_id), AccountId(account_id), name, configuration)
