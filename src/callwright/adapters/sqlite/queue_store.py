"""The queue in SQLite: dense numbers, a narrow `ready` table, a head that claims read from.

Whoever changes a start holds it, and its state allows the change: `held_start`. What touches many
rows is in `queue_units`, and what is queued in `acceptance`.
"""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from typing import Final

import apsw
import msgspec

from callwright.adapters.sqlite import queue_units
from callwright.adapters.sqlite.acceptance import ACCEPTANCE, Request
from callwright.adapters.sqlite.database import Database, Row, run
from callwright.adapters.sqlite.held_start import (
    claimed,
    end_progress,
    give_back,
    held,
    running,
)
from callwright.adapters.sqlite.record_store import write_record
from callwright.adapters.sqlite.unique_requests import check_consecutive, job
from callwright.dispatch.ports import SHARDS
from callwright.domain.clock import UnixTime
from callwright.domain.errors import IllegalTransition
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationEvent, InvocationState, InvocationStatus
from callwright.domain.records import InstanceRecord
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import (
    CancelResult,
    Claim,
    Intent,
    Interrupted,
    Job,
    Once,
    WaitingService,
)

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(ServiceStart).decode


class SqliteQueueStore:
    """A `QueueStore`."""

    def __init__(self, database: Database, *, node_epoch: int | None = None) -> None:
        """Keep the queue in this database.

        `node_epoch` is the boot epoch of the server that dispatches from it. Without one, starts
        are queued, cancelled and asked about, and none is claimed.
        """
        self._database = database
        self._node_epoch = node_epoch

    async def enqueue(
        self,
        *,
        account_id: AccountId,
        service_id: ServiceId,
        starts: Sequence[tuple[ServiceRef, ServiceStart]],
        at: UnixTime,
        once: Once | None = None,
    ) -> Sequence[ServiceRef]:
        """Add starts to a service's queue, in this order, all or none."""
        if not starts:
            return []
        refs = [ref for ref, _ in starts]
        if once is not None:
            check_consecutive(refs)
        # Printed here, not in the writer's thread, which everybody waits for.
        payloads = [_encode(start) for _, start in starts]
        request = Request(account_id, service_id, refs, payloads, at, once)
        return await self._database.write_in_group(ACCEPTANCE, request)

    async def job(self, account_id: AccountId, unique_id: str) -> Job | None:
        """Return what became of a request with a `unique_id`, or None if there was none."""
        if not unique_id.isascii():
            return None
        asked = {"account_id": account_id, "unique_id": unique_id}
        rows = self._database.read("queue_job", asked)
        return job(rows[0]) if rows else None

    async def waiting(self, shards: frozenset[int] | None = None) -> Sequence[WaitingService]:
        """Return the services that have starts queued, and how many. Counted, not scanned."""
        asked = {"shards": None if shards is None else json.dumps(sorted(shards)), "of": SHARDS}
        return [
            WaitingService(AccountId(account_id), ServiceId(service_id), length)
            for account_id, service_id, length in self._database.read("queue_waiting", asked)
        ]

    async def next_starts(
        self, service_ids: Sequence[ServiceId]
    ) -> Mapping[ServiceId, ServiceStart]:
        """Return what would be claimed next of each of these services."""
        asked = {"service_ids": json.dumps(service_ids)}
        return {
            ServiceId(service_id): _decode(payload)
            for service_id, payload in self._database.read("queue_next", asked)
        }

    async def lengths(self, account_id: AccountId) -> Mapping[ServiceId, int]:
        """Return the length of each queue of an account that is not empty. Counted as well."""
        return {
            ServiceId(service_id): length
            for service_id, length in self._database.read(
                "queue_lengths", {"account_id": account_id}
            )
        }

    async def in_progress(self, account_ids: Sequence[AccountId]) -> Mapping[AccountId, int]:
        """Return how many starts of these accounts are claimed, by any node; zeros left out."""
        asked = {"account_ids": json.dumps(account_ids)}
        return {
            AccountId(account_id): count
            for account_id, count in self._database.read("queue_in_progress", asked)
        }

    async def claim(self, service_id: ServiceId, *, limit: int, at: UnixTime) -> Sequence[Claim]:
        """Take up to `limit` starts of a service, oldest first, for this process alone."""
        unit = partial(
            queue_units.claim, service_id=service_id, limit=limit, at=at, epoch=self._epoch()
        )
        rows = await self._database.write(unit) if limit > 0 else []
        # SQLite returns rows in the order of its changes; the queue's order is that of `seq`.
        return [_claim(row) for row in sorted(rows, key=lambda row: int(row[0]))]

    async def intend(self, intent: Intent) -> None:
        """Write down that a claimed start is about to be dialled."""
        epoch = self._epoch()

        def intend(connection: apsw.Connection) -> None:
            found = running(connection, intent.ref, epoch)
            if found.instance_id is not None:
                raise IllegalTransition(f"{intent.ref}: a second intent")
            run(
                connection,
                "queue_intend",
                {
                    "start_id": found.start_id,
                    "instance_id": intent.instance_id,
                    "call_id": intent.call_id,
                    "at": intent.at,
                },
            )

        await self._database.write(intend)

    async def answered(self, ref: ServiceRef, *, at: UnixTime) -> None:
        """Note when the call was answered, for the record if we die now."""
        epoch = self._epoch()

        def answered(connection: apsw.Connection) -> None:
            found = running(connection, ref, epoch)
            if found.instance_id is None:
                raise IllegalTransition(f"{ref}: answered without an intent")
            run(connection, "queue_answered", {"start_id": found.start_id, "at": at})

        await self._database.write(answered)

    async def finish(
        self, ref: ServiceRef, *, exit_status: int, record: InstanceRecord, at: UnixTime
    ) -> None:
        """Complete a start and write its record, both or neither."""
        epoch = self._epoch()

        def finish(connection: apsw.Connection) -> None:
            found = held(connection, ref, epoch)
            found.follow(InvocationEvent.FINISH)
            if found.instance_id != record.adr.instance_id:
                raise IllegalTransition(
                    f"{ref}: the record of {record.adr.instance_id} for {found.instance_id}"
                )
            ended = {"start_id": found.start_id, "exit_status": exit_status, "at": at}
            run(connection, "queue_finish", ended)
            end_progress(connection, found)
            write_record(connection, found.account_id, record)

        await self._database.write(finish)

    async def refuse(self, ref: ServiceRef, *, reason: str, at: UnixTime) -> None:
        """End a claimed start that could not run; it was not dialled."""
        epoch = self._epoch()

        def refuse(connection: apsw.Connection) -> None:
            found = claimed(connection, ref, epoch)
            found.follow(InvocationEvent.REFUSE)
            refused = {"start_id": found.start_id, "reason": reason, "at": at}
            run(connection, "queue_refuse", refused)
            end_progress(connection, found)

        await self._database.write(refuse)

    async def release(self, refs: Sequence[ServiceRef]) -> None:
        """Give claimed starts back to the head of their queues; none of them has an intent."""
        epoch = self._epoch()

        def release(connection: apsw.Connection) -> None:
            for ref in refs:
                give_back(connection, claimed(connection, ref, epoch), epoch)

        await self._database.write(release)

    async def cancel(
        self, account_id: AccountId, refs: Sequence[ServiceRef], *, at: UnixTime
    ) -> Mapping[ServiceRef, CancelResult]:
        """Take queued starts out of their queues."""

        def cancel(connection: apsw.Connection) -> dict[ServiceRef, CancelResult]:
            return {ref: queue_units.cancel(connection, account_id, ref, at) for ref in refs}

        return await self._database.write(cancel)

    async def purge(
        self, account_id: AccountId, service_id: ServiceId, *, at: UnixTime
    ) -> AsyncGenerator[Sequence[ServiceRef]]:
        """Cancel every start that waits in a service's queue now, in portions; yields them."""
        asked = {"service_id": service_id, "account_id": account_id}
        tails = self._database.read("queue_purge_tail", asked)
        for (tail_seq,) in tails:
            portion = partial(queue_units.purge, service_id=service_id, tail_seq=tail_seq, at=at)
            is_begun = False
            while refs := await self._database.write(portion, goes_on=is_begun):
                is_begun = True
                yield refs

    async def status(
        self, account_id: AccountId, refs: Sequence[ServiceRef]
    ) -> Mapping[ServiceRef, InvocationStatus]:
        """Return what is known of an account's references; unknown ones are left out."""
        asked = {
            "account_id": account_id,
            "refs": json.dumps([ref for ref in refs if ref.isascii()]),
        }
        return {
            ServiceRef(ref): InvocationStatus(InvocationState(state), *rest)
            for ref, state, *rest in self._database.read("queue_status", asked)
        }

    async def settle_dead(self) -> Sequence[Interrupted]:
        """Take over what dead nodes held: here, whatever another boot of the one server held.

        Its lock is ours now, so it is dead.
        """
        rows = await self._database.write(partial(queue_units.settle, epoch=self._epoch()))
        interrupted = [_interrupted(row) for row in rows]
        return sorted(interrupted, key=lambda one: (one.intent.at, one.claim.ref))

    async def forget(self, *, ended_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` ended starts, and requests as old; returns how many went."""
        forgotten = 0
        while (portion := min(queue_units.FORGOTTEN_AT_ONCE, limit - forgotten)) > 0:
            count = await self._database.write(
                partial(queue_units.forget, ended_before=ended_before, limit=portion)
            )
            forgotten += count
            if count < portion:
                break
        return forgotten

    def _epoch(self) -> int:
        if self._node_epoch is None:
            raise RuntimeError("this queue was opened without a node: nothing is claimed from it")
        return self._node_epoch


def _claim(row: Row) -> Claim:
    _, ref, account_id, service_id, payload, queued_at = row
    return Claim(
        ServiceRef(ref), AccountId(account_id), ServiceId(service_id), _decode(payload), queued_at
    )


def _interrupted(row: Row) -> Interrupted:
    *claimed, instance_id, call_id, dialled_at, answered_at = row
    claim = _claim(tuple(claimed))
    intent = Intent(claim.ref, InstanceId(instance_id), CallId(call_id), dialled_at)
    return Interrupted(claim, intent, answered_at)
