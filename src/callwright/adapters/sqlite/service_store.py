"""Services in SQLite."""

import apsw

from callwright.adapters.sqlite.database import Database, Row, run
from callwright.domain.ids import AccountId, ServiceId
from callwright.services.ports import (
    Judge,
    NameTaken,
    ServiceKind,
    StoredService,
    accept,
)


class SqliteServiceStore:
    """A `ServiceStore`."""

    def __init__(self, database: Database) -> None:
        """Keep services in this database."""
        self._database = database

    async def write(
        self,
        account_id: AccountId,
        name: str,
        configuration: bytes,
        *,
        kind: ServiceKind = ServiceKind.OUTBOUND,
        judge: Judge = accept,
    ) -> bool:
        """Create or replace a service; True if it was created. It keeps its id when replaced."""
        bindings = {
            "account_id": account_id,
            "kind": kind,
            "name": name,
            "configuration": configuration,
        }

        def write(connection: apsw.Connection) -> bool:
            _ask(connection, account_id, kind, judge)
            if run(connection, "service_insert", bindings):
                return True
            if not run(connection, "service_replace", bindings):
                raise NameTaken(name)
            return False

        return await self._database.write(write)

    async def change(
        self, service: StoredService, configuration: bytes, *, judge: Judge = accept
    ) -> bool:
        """Replace a configuration that is still as it was read; False if it is not any more."""
        bindings = {
            "service_id": service.service_id,
            "was": service.configuration,
            "configuration": configuration,
        }

        def change(connection: apsw.Connection) -> bool:
            _ask(connection, service.account_id, service.kind, judge)
            return bool(run(connection, "service_change", bindings))

        return await self._database.write(change)

    async def delete(self, service_id: ServiceId) -> None:
        """Forget a service; its name is free again, its starts and records stay."""
        bindings = {"service_id": service_id}
        await self._database.write(lambda c: run(c, "service_delete", bindings))

    async def find(
        self,
        account_id: AccountId,
        name: str,
        *,
        kind: ServiceKind = ServiceKind.OUTBOUND,
    ) -> StoredService | None:
        """Return the service of that name."""
        asked = {"account_id": account_id, "kind": kind, "name": name}
        rows = self._database.read("service_find", asked)
        return _service(rows[0]) if rows else None

    async def called(self, name: str) -> StoredService | None:
        """Return the inbound service of that name, whosever it is; none of a number."""
        if not name.isascii():
            return None
        rows = self._database.read("service_called", {"name": name})
        return _service(rows[0]) if rows else None

    async def read(self, service_id: ServiceId) -> StoredService | None:
        """Return the service of that id; None once it is deleted."""
        rows = self._database.read("service_read", {"service_id": service_id})
        return _service(rows[0]) if rows else None

    async def of_account(
        self, account_id: AccountId, *, kind: ServiceKind = ServiceKind.OUTBOUND
    ) -> list[StoredService]:
        """Return an account's services of a kind by name."""
        asked = {"account_id": account_id, "kind": kind}
        return [_service(row) for row in self._database.read("service_of_account", asked)]


def _ask(
    connection: apsw.Connection, account_id: AccountId, kind: ServiceKind, judge: Judge
) -> None:
    """Judge a change inside its unit of work: nobody else writes before that is committed."""
    if judge is not accept:
        asked = {"account_id": account_id, "kind": kind}
        judge([_service(row) for row in run(connection, "service_of_account", asked)])


def _service(row: Row) -> StoredService:
    service_id, account_id, kind, name, configuration = row
    return StoredService(
        ServiceId(service_id), AccountId(account_id), name, configuration, ServiceKind(kind)
    )
