"""Instances on calls that came in, in PostgreSQL."""

from collections.abc import Sequence

from callwright.adapters.inbound_rows import intent_bindings, interrupted_of
from callwright.adapters.postgres.database import Connection, Database, Row, run
from callwright.adapters.postgres.record_rows import write_records
from callwright.dispatch.ports import InboundIntent, InterruptedInbound
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, InstanceId
from callwright.domain.records import InstanceRecord
from callwright.queue.ports import LeaseLost


class PostgresInboundStore:
    """An `InboundStore`."""

    def __init__(self, database: Database, *, node_epoch: int) -> None:
        """Keep them in this database, as those of the boot `node_epoch`."""
        self._database = database
        self._epoch = node_epoch
        self._known: set[InstanceId] = set()
        """What this boot has, and knows that it has."""

    async def begin(self, intent: InboundIntent) -> None:
        """Write down that an instance is there; it is this node's."""
        bindings = intent_bindings(intent, node_epoch=self._epoch)
        await self._database.write(lambda c: run(c, "inbound_begin", bindings))
        self._known.add(intent.instance_id)

    async def answered(self, instance_id: InstanceId, *, at: UnixTime) -> None:
        """Note when the call was answered, for the record if we die now."""
        bindings = {"instance_id": instance_id, "held_by": self._epoch, "at": at}
        await self._database.write(lambda c: run(c, "inbound_answered", bindings))

    async def finish(self, record: InstanceRecord) -> None:
        """Write the record of an instance of ours, and forget that it runs, both or neither."""
        instance_id = record.adr.instance_id
        bindings = {"instance_id": instance_id, "held_by": self._epoch}

        async def finish(connection: Connection) -> None:
            rows = await run(connection, "inbound_finish", bindings)
            if rows:
                await write_records(connection, [(AccountId(rows[0][0]), record)])
            elif not await run(connection, "inbound_is_written", {"instance_id": instance_id}):
                raise LeaseLost(f"{instance_id}: not an instance of boot {self._epoch}")

        await self._database.write(finish)
        self._known.discard(instance_id)

    async def settle_dead(self) -> Sequence[InterruptedInbound]:
        """Take over what dead nodes had: those whose lease ran out by the database's clock."""

        async def settle(connection: Connection) -> list[Row]:
            alive = {self._epoch, *(one for (one,) in await run(connection, "node_alive", {}))}
            asked = {
                "held_by": self._epoch,
                "alive": sorted(alive),
                "known": sorted(self._known),
            }
            return await run(connection, "inbound_settle", asked)

        interrupted = interrupted_of(await self._database.write(settle))
        self._known.update(one.intent.instance_id for one in interrupted)
        return interrupted
