"""Records of ended instances in PostgreSQL."""

from functools import partial
from typing import Final

from callwright.adapters.postgres.database import Connection, Database, run
from callwright.adapters.record_rows import adr_of, cdr_of, error_of, fdr_of
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, InstanceId
from callwright.domain.records import InstanceRecord

FORGOTTEN_AT_ONCE: Final = 1000
"""Records deleted in one unit of work: some 10 ms, which whoever starts a call hardly notices."""

_FORGETTING: Final = (
    "record_forget_cdr",
    "record_forget_err",
    "record_forget_fdr",
    "record_forget_adr",
)


class PostgresRecordStore:
    """A `RecordStore`."""

    def __init__(self, database: Database) -> None:
        """Find records in this database."""
        self._database = database

    async def read(self, account_id: AccountId, instance_id: InstanceId) -> InstanceRecord | None:
        """Return an account's record of an instance that has ended."""
        asked = {"instance_id": instance_id}
        owned = asked | {"account_id": account_id}

        async def read(connection: Connection) -> InstanceRecord | None:
            rows = await run(connection, "record_read_adr", owned)
            if not rows:
                return None
            return InstanceRecord(
                adr=adr_of(rows[0]),
                cdrs=tuple(cdr_of(row) for row in await run(connection, "record_read_cdrs", asked)),
                errors=tuple(
                    error_of(row) for row in await run(connection, "record_read_errs", asked)
                ),
                fdrs=tuple(fdr_of(row) for row in await run(connection, "record_read_fdrs", asked)),
            )

        return await self._database.snapshot(read)

    async def is_running(self, account_id: AccountId, instance_id: InstanceId) -> bool:
        """Say whether this is an account's instance that has not ended yet."""
        asked = {"instance_id": instance_id, "account_id": account_id}
        return bool(await self._database.read("record_is_running", asked))

    async def forget(self, *, stopped_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` records of instances that stopped before; returns how many went."""
        forgotten = 0
        while (portion := min(FORGOTTEN_AT_ONCE, limit - forgotten)) > 0:
            count = await self._database.write(
                partial(_forget, stopped_before=stopped_before, limit=portion)
            )
            forgotten += count
            if count < portion:
                break
        return forgotten


async def _forget(connection: Connection, *, stopped_before: UnixTime, limit: int) -> int:
    asked = {"stopped_before": stopped_before, "count": limit}
    rows = await run(connection, "record_forget_oldest", asked)
    oldest = [instance_id for (instance_id,) in rows]
    bindings = {"instance_ids": oldest}
    for statement in _FORGETTING:
        await run(connection, statement, bindings)
    return len(oldest)
