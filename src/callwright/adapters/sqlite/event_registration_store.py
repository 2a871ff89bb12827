"""Who wants to be told of extensions' calls, in SQLite."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace

import apsw

from callwright.adapters.registration_rows import registration_columns, registration_of
from callwright.adapters.sqlite.database import Database, run
from callwright.domain.callback import ExtensionId
from callwright.domain.extension_event import EventRegistration, RegistrationId
from callwright.domain.ids import AccountId


class SqliteEventRegistrationStore:
    """An `EventRegistrationStore`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def add(self, registration: EventRegistration, *, most: int) -> EventRegistration | None:
        """Add a registration; None: its extension has `most` already, or is gone."""
        columns = registration_columns(registration)

        def add(connection: apsw.Connection) -> EventRegistration | None:
            if not run(connection, "extension_read", columns):
                return None
            ((count,),) = run(connection, "extension_event_count", columns)
            if count >= most:
                return None
            ((registration_id,),) = run(connection, "extension_event_insert", columns)
            return replace(registration, registration_id=RegistrationId(registration_id))

        return await self._database.write(add)

    async def of_extensions(
        self, account_id: AccountId, extension_ids: Collection[ExtensionId]
    ) -> Sequence[EventRegistration]:
        """Return the registrations of some of an account's extensions, by id."""
        asked = {"account_id": account_id, "extension_ids": json.dumps(sorted(extension_ids))}
        return [registration_of(row) for row in self._database.read("extension_event_list", asked)]

    async def registration(
        self, account_id: AccountId, extension_id: ExtensionId, registration_id: RegistrationId
    ) -> EventRegistration | None:
        """Return a registration, or None."""
        asked = {
            "account_id": account_id,
            "extension_id": extension_id,
            "registration_id": registration_id,
        }
        rows = self._database.read("extension_event_read", asked)
        return registration_of(rows[0]) if rows else None

    async def change(self, registration: EventRegistration) -> bool:
        """Replace a registration; False: there is none."""
        columns = registration_columns(registration)
        return bool(await self._database.write(lambda c: run(c, "extension_event_change", columns)))

    async def delete(
        self, account_id: AccountId, extension_id: ExtensionId, registration_id: RegistrationId
    ) -> bool:
        """Delete a registration; False: there is none."""
        asked = {
            "account_id": account_id,
            "extension_id": extension_id,
            "registration_id": registration_id,
        }
        return bool(await self._database.write(lambda c: run(c, "extension_event_delete", asked)))
