"""The queue in SQLite: dense numbers, a narrow `ready` table, a head that claims read from.

Each change of a start looks at its state first and follows the table of `domain.invocation`; a
change that table does not allow is refused in the same unit of work.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import apsw
import msgspec

from callwright.adapters.sqlite.database import Database, Row, run
from callwright.adapters.sqlite.record_store import write_record
from callwright.adapters.sqlite.statements import statement
from callwright.domain.clock import UnixTime
from callwright.domain.errors import IllegalTransition
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceId, ServiceRef
from callwright.domain.invocation import (
    InvocationEvent,
    InvocationState,
    InvocationStatus,
    next_state,
)
from callwright.domain.records import InstanceRecord
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import CancelResult, Claim, Intent, Interrupted, WaitingService

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(ServiceStart).decode


@dataclass(frozen=True, slots=True)
class _Found:
    """A start as it is before a change."""

    ref: ServiceRef
    start_id: int
    account_id: AccountId
    service_id: ServiceId
    seq: int
    state: InvocationState
    instance_id: InstanceId | None

    def follow(self, event: InvocationEvent) -> None:
        """Refuse a change that the table of transitions does not allow."""
        try:
            next_state(self.state, event)
        except IllegalTransition as fault:
            raise IllegalTransition(f"{self.ref}: {fault}") from None


class SqliteQueueStore:
    """A `QueueStore`."""

    def __init__(self, database: Database) -> None:
        """Keep the queue in this database."""
        self._database = database

    async def enqueue(
        self,
        *,
        account_id: AccountId,
        service_id: ServiceId,
        starts: Sequence[tuple[ServiceRef, ServiceStart]],
        at: UnixTime,
    ) -> None:
        """Add starts to a service's queue, in this order, all or none."""
        if not starts:
            return
        # Printed here, not in the writer's thread, which everybody waits for.
        payloads = [(ref, _encode(start)) for ref, start in starts]

        def enqueue(connection: apsw.Connection) -> None:
            asked = {"service_id": service_id, "count": len(payloads)}
            [(tail_seq,)] = run(connection, "queue_enqueue_numbers", asked)
            if tail_seq == len(payloads):
                run(connection, "queue_enqueue_head", {"service_id": service_id})
            first_seq = tail_seq - len(payloads) + 1
            connection.executemany(
                statement("queue_enqueue"),
                (
                    (ref, account_id, service_id, seq, payload, at)
                    for seq, (ref, payload) in enumerate(payloads, first_seq)
                ),
            )
            last_id = connection.last_insert_rowid()
            written = {"first_id": last_id - len(payloads) + 1, "last_id": last_id}
            run(connection, "queue_enqueue_ready", written)

        await self._database.write(enqueue)

    async def waiting(self) -> Sequence[WaitingService]:
        """Return the services that have starts queued, and how many. Counted, not scanned."""
        return [
            WaitingService(AccountId(account_id), ServiceId(service_id), length)
            for account_id, service_id, length in self._database.read("queue_waiting", {})
        ]

    async def claim(self, service_id: ServiceId, *, limit: int, at: UnixTime) -> Sequence[Claim]:
        """Take up to `limit` starts of a service, oldest first, for this process alone."""

        def claim(connection: apsw.Connection) -> list[Row]:
            asked = {"service_id": service_id, "limit": limit}
            [(count, last_seq)] = run(connection, "queue_claim_range", asked)
            if not count:
                return []
            taken = {"service_id": service_id, "last_seq": last_seq}
            rows = run(connection, "queue_claim", taken | {"at": at})
            run(connection, "queue_claim_take", taken)
            run(connection, "queue_claim_head", taken | {"count": count})
            return rows

        rows = await self._database.write(claim) if limit > 0 else []
        # SQLite returns rows in the order of its changes; the queue's order is that of `seq`.
        return [_claim(row) for row in sorted(rows, key=lambda row: int(row[0]))]

    async def intend(self, intent: Intent) -> None:
        """Write down that a claimed start is about to be dialled."""

        def intend(connection: apsw.Connection) -> None:
            found = _running(connection, intent.ref)
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

        def answered(connection: apsw.Connection) -> None:
            found = _running(connection, ref)
            if found.instance_id is None:
                raise IllegalTransition(f"{ref}: answered without an intent")
            run(connection, "queue_answered", {"start_id": found.start_id, "at": at})

        await self._database.write(answered)

    async def finish(
        self, ref: ServiceRef, *, exit_status: int, record: InstanceRecord, at: UnixTime
    ) -> None:
        """Complete a start and write its record, both or neither."""

        def finish(connection: apsw.Connection) -> None:
            found = _find(connection, ref)
            found.follow(InvocationEvent.FINISH)
            if found.instance_id != record.adr.instance_id:
                raise IllegalTransition(
                    f"{ref}: the record of {record.adr.instance_id} for {found.instance_id}"
                )
            ended = {"start_id": found.start_id, "exit_status": exit_status, "at": at}
            run(connection, "queue_finish", ended)
            write_record(connection, found.account_id, record)

        await self._database.write(finish)

    async def refuse(self, ref: ServiceRef, *, reason: str, at: UnixTime) -> None:
        """End a claimed start that could not run; it was not dialled."""

        def refuse(connection: apsw.Connection) -> None:
            found = _claimed(connection, ref)
            found.follow(InvocationEvent.REFUSE)
            run(
                connection, "queue_refuse", {"start_id": found.start_id, "reason": reason, "at": at}
            )

        await self._database.write(refuse)

    async def release(self, refs: Sequence[ServiceRef]) -> None:
        """Give claimed starts back to the head of their queues; none of them has an intent."""
        await self._database.write(lambda connection: _release(connection, refs))

    async def cancel(
        self, account_id: AccountId, refs: Sequence[ServiceRef], *, at: UnixTime
    ) -> Mapping[ServiceRef, CancelResult]:
        """Take queued starts out of their queues."""

        def cancel(connection: apsw.Connection) -> dict[ServiceRef, CancelResult]:
            return {ref: _cancel(connection, account_id, ref, at) for ref in refs}

        return await self._database.write(cancel)

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

    async def rescue(self) -> Sequence[Interrupted]:
        """Settle what an earlier process left: claimed starts go back to the head of the queue.

        Returns those with an intent, which the caller finishes with an honest record. Called
        once at start, before the first claim.
        """

        def rescue(connection: apsw.Connection) -> list[Row]:
            claimed = [ServiceRef(ref) for (ref,) in run(connection, "queue_rescue_claimed", {})]
            _release(connection, claimed)
            return run(connection, "queue_rescue", {})

        return [_interrupted(row) for row in await self._database.write(rescue)]


def _find(connection: apsw.Connection, ref: ServiceRef) -> _Found:
    found = _look_up(connection, ref)
    if found is None:
        raise IllegalTransition(f"{ref}: there is no such start")
    return found


def _look_up(connection: apsw.Connection, ref: ServiceRef) -> _Found | None:
    if not ref.isascii():
        return None
    rows = run(connection, "queue_find", {"ref": ref})
    if not rows:
        return None
    start_id, account_id, service_id, seq, state, instance_id = rows[0]
    return _Found(
        ref,
        start_id,
        AccountId(account_id),
        ServiceId(service_id),
        seq,
        InvocationState(state),
        instance_id,
    )


def _running(connection: apsw.Connection, ref: ServiceRef) -> _Found:
    found = _find(connection, ref)
    if found.state is not InvocationState.RUNNING:
        raise IllegalTransition(f"{ref}: {found.state}, not running")
    return found


def _claimed(connection: apsw.Connection, ref: ServiceRef) -> _Found:
    """Find a start that was provably not dialled."""
    found = _running(connection, ref)
    if found.instance_id is not None:
        raise IllegalTransition(f"{ref}: it may have been dialled")
    return found


def _release(connection: apsw.Connection, refs: Sequence[ServiceRef]) -> None:
    for ref in refs:
        found = _claimed(connection, ref)
        found.follow(InvocationEvent.RELEASE)
        place = {"service_id": found.service_id, "seq": found.seq}
        run(connection, "queue_release", {"start_id": found.start_id})
        run(connection, "queue_release_ready", place | {"start_id": found.start_id})
        run(connection, "queue_release_head", place)


def _cancel(
    connection: apsw.Connection, account_id: AccountId, ref: ServiceRef, at: UnixTime
) -> CancelResult:
    found = _look_up(connection, ref)
    if found is None or found.account_id != account_id:
        return CancelResult.UNKNOWN
    if found.state is not InvocationState.QUEUED:
        return CancelResult.FAILED
    run(connection, "queue_cancel", {"start_id": found.start_id, "at": at})
    run(connection, "queue_cancel_ready", {"service_id": found.service_id, "seq": found.seq})
    run(connection, "queue_cancel_count", {"service_id": found.service_id})
    return CancelResult.SUCCESS


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
