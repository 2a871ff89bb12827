"""The queue in PostgreSQL: dense numbers, a narrow `ready` table, a head that claims read from.

Whoever changes a start holds it, and its state allows the change: `held_start`. What is queued is
in `acceptance`, and what becomes of a start that runs in `start_changes`: both are written in
groups. What else touches many rows is in `queue_units`.

What a dispatcher writes, it has to be certain of: when the server goes away in the middle of such
a commit, these methods wait for its return and ask. What a customer asked for may be in doubt.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from typing import Any, Final  # what a row holds is its statement's affair

import msgspec

from callwright.adapters.postgres import queue_units
from callwright.adapters.postgres.acceptance import Acceptance, Request
from callwright.adapters.postgres.database import Connection, Database, Row, can_be_kept, run
from callwright.adapters.postgres.faults import CommitInDoubt
from callwright.adapters.postgres.start_changes import (
    Answered,
    Finished,
    Refused,
    StartChange,
    StartChanges,
)
from callwright.adapters.postgres.unique_requests import check_consecutive, job
from callwright.dispatch.ports import SHARDS
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationState, InvocationStatus
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


class PostgresQueueStore:
    """A `QueueStore`, as one node sees it."""

    def __init__(self, database: Database, *, node_epoch: int | None = None) -> None:
        """Keep the queue in this database.

        `node_epoch` is the boot epoch of the server that dispatches from it. Without one, starts
        are queued, cancelled and asked about, and none is claimed.
        """
        self._database = database
        self._node_epoch = node_epoch
        self._acceptance = Acceptance(database)
        self._changes = None if node_epoch is None else StartChanges(database, node_epoch)
        self._claimed_in_doubt: list[str] = []
        """References that we may hold without having been told."""
        self._settled_in_doubt: list[str] = []

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
        refs = [ref for ref, _ in starts]
        if not starts:
            return refs
        if once is not None:
            check_consecutive(refs)
        payloads = [(ref, _encode(start)) for ref, start in starts]
        return await self._acceptance.accept(Request(account_id, service_id, payloads, at, once))

    async def job(self, account_id: AccountId, unique_id: str) -> Job | None:
        """Return what became of a request with a `unique_id`, or None if there was none."""
        if not can_be_kept(unique_id):
            return None
        asked = {"account_id": account_id, "unique_id": unique_id}
        rows = await self._database.read("queue_job", asked)
        return job(rows[0]) if rows else None

    async def waiting(self, shards: frozenset[int] | None = None) -> Sequence[WaitingService]:
        """Return the services that have starts queued, and how many. Counted, not scanned."""
        asked = {"shards": None if shards is None else sorted(shards), "of": SHARDS}
        return [
            WaitingService(AccountId(account_id), ServiceId(service_id), length)
            for account_id, service_id, length in await self._database.read("queue_waiting", asked)
        ]

    async def next_starts(
        self, service_ids: Sequence[ServiceId]
    ) -> Mapping[ServiceId, ServiceStart]:
        """Return what would be claimed next of each of these services."""
        rows = await self._database.read("queue_next", {"service_ids": list(service_ids)})
        return {ServiceId(service_id): _decode(payload) for service_id, payload in rows}

    async def lengths(self, account_id: AccountId) -> Mapping[ServiceId, int]:
        """Return the length of each queue of an account that is not empty. Counted as well."""
        rows = await self._database.read("queue_lengths", {"account_id": account_id})
        return {ServiceId(service_id): length for service_id, length in rows}

    async def in_progress(self, account_ids: Sequence[AccountId]) -> Mapping[AccountId, int]:
        """Return how many starts of these accounts are claimed, by any node; zeros left out."""
        rows = await self._database.read("queue_in_progress", {"account_ids": account_ids})
        return {AccountId(account_id): count for account_id, count in rows}

    async def claim(self, service_id: ServiceId, *, limit: int, at: UnixTime) -> Sequence[Claim]:
        """Take up to `limit` starts of a service, oldest first, for this process alone.

        None when the service's account is another node's to dispatch for.
        """
        epoch = self._epoch()
        if limit <= 0:
            return []
        await self._release_left(epoch)
        taken: list[str] = []

        async def claim(connection: Connection) -> list[Row]:
            rows = await queue_units.claim(
                connection, service_id=service_id, limit=limit, at=at, epoch=epoch
            )
            taken[:] = [row["ref"] for row in rows]
            return rows

        async def was_claimed(connection: Connection) -> bool:
            asked = {"refs": taken, "held_by": epoch}
            return len(await run(connection, "queue_claim_done", asked)) == len(taken)

        try:
            rows = await self._database.write(claim, was_done=was_claimed)
        except CommitInDoubt:
            self._claimed_in_doubt += taken
            raise
        return [_claim(tuple(row)) for row in rows]

    async def intend(self, intent: Intent) -> None:
        """Write down that a claimed start is about to be dialled."""
        await self._change(intent)

    async def answered(self, ref: ServiceRef, *, at: UnixTime) -> None:
        """Note when the call was answered, for the record if we die now."""
        await self._change(Answered(ref, at))

    async def finish(
        self, ref: ServiceRef, *, exit_status: int, record: InstanceRecord, at: UnixTime
    ) -> None:
        """Complete a start and write its record, both or neither."""
        await self._change(Finished(ref, exit_status, record, at))

    async def refuse(self, ref: ServiceRef, *, reason: str, at: UnixTime) -> None:
        """End a claimed start that could not run; it was not dialled."""
        await self._change(Refused(ref, reason, at))

    async def release(self, refs: Sequence[ServiceRef]) -> None:
        """Give claimed starts back to the head of their queues; none of them has an intent."""
        epoch = self._epoch()

        async def are_released(connection: Connection) -> bool:
            asked = {"refs": list(refs), "held_by": epoch}
            return not await run(connection, "queue_claim_done", asked)

        await self._database.write(
            lambda connection: queue_units.release(connection, refs, epoch), was_done=are_released
        )

    async def cancel(
        self, account_id: AccountId, refs: Sequence[ServiceRef], *, at: UnixTime
    ) -> Mapping[ServiceRef, CancelResult]:
        """Take queued starts out of their queues."""
        return await self._database.write(
            lambda connection: queue_units.cancel(connection, account_id, refs, at)
        )

    async def purge(
        self, account_id: AccountId, service_id: ServiceId, *, at: UnixTime
    ) -> AsyncGenerator[Sequence[ServiceRef]]:
        """Cancel every start that waits in a service's queue now, in portions; yields them."""
        asked = {"service_id": service_id, "account_id": account_id}
        tails = await self._database.read("queue_purge_tail", asked)
        for (tail_seq,) in tails:
            portion = partial(queue_units.purge, service_id=service_id, tail_seq=tail_seq, at=at)
            while refs := await self._database.write(portion):
                yield refs

    async def status(
        self, account_id: AccountId, refs: Sequence[ServiceRef]
    ) -> Mapping[ServiceRef, InvocationStatus]:
        """Return what is known of an account's references; unknown ones are left out."""
        asked = {"account_id": account_id, "refs": [ref for ref in refs if can_be_kept(ref)]}
        return {
            ServiceRef(ref): InvocationStatus(InvocationState(state), *rest)
            for ref, state, *rest in await self._database.read("queue_status", asked)
        }

    async def settle_dead(self) -> Sequence[Interrupted]:
        """Take over what dead nodes held: those whose lease ran out by the database's clock.

        Of two nodes that settle at once each start goes to one: its row is locked while it is
        taken over, and names its new holder when the other sees it.
        """
        epoch = self._epoch()
        taken: list[str] = []

        async def settle(connection: Connection) -> list[Row]:
            rows = await queue_units.settle(connection, epoch, self._settled_in_doubt)
            taken[:] = [row["ref"] for row in rows]
            return rows

        async def are_taken(connection: Connection) -> bool:
            asked = {"refs": taken, "held_by": epoch}
            return len(await run(connection, "queue_claim_done", asked)) == len(taken)

        try:
            rows = await self._database.write(settle, was_done=are_taken)
        except CommitInDoubt:
            self._settled_in_doubt += taken
            raise
        self._settled_in_doubt = []
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

    async def _release_left(self, epoch: int) -> None:
        """Give back what a claim in doubt may have taken, before the next one."""
        refs = self._claimed_in_doubt
        if refs:
            await self._database.write(
                lambda connection: queue_units.release_left(connection, refs, epoch)
            )
            self._claimed_in_doubt = []

    async def _change(self, change: StartChange) -> None:
        if self._changes is None:
            raise _no_node()
        await self._changes.make(change)

    def _epoch(self) -> int:
        if self._node_epoch is None:
            raise _no_node()
        return self._node_epoch


def _no_node() -> RuntimeError:
    return RuntimeError("this queue was opened without a node: nothing is claimed from it")


def _claim(row: Sequence[Any]) -> Claim:
    """Read a row of `queue_claim`."""
    _, ref, account_id, service_id, payload, queued_at = row
    return Claim(
        ServiceRef(ref), AccountId(account_id), ServiceId(service_id), _decode(payload), queued_at
    )


def _interrupted(row: Row) -> Interrupted:
    *claimed, instance_id, call_id, dialled_at, answered_at = row
    claim = _claim(claimed)
    intent = Intent(claim.ref, InstanceId(instance_id), CallId(call_id), dialled_at)
    return Interrupted(claim, intent, answered_at)
