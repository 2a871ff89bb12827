"""The queue as plain dictionaries: a fake that passes the contract, and the model of real ones."""

from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from callwright.dispatch.ports import InboundIntent, InterruptedInbound, SecondaryFact, shard_of
from callwright.domain.clock import UnixTime
from callwright.domain.errors import IllegalTransition
from callwright.domain.ids import AccountId, InstanceId, ServiceId, ServiceRef, refs_from
from callwright.domain.invocation import (
    InvocationEvent,
    InvocationState,
    InvocationStatus,
    next_state,
)
from callwright.domain.records import InstanceRecord
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import (
    CancelResult,
    Claim,
    Intent,
    Interrupted,
    Job,
    LeaseLost,
    Once,
    UniqueIdReused,
    WaitingService,
)

PORTION = 1000
"""Starts that a purge cancels at once."""

_RequestKey = tuple[AccountId, str]


@dataclass(slots=True)
class _Start:
    claim: Claim
    request: _RequestKey | None = None
    status: InvocationStatus = field(
        default_factory=lambda: InvocationStatus(InvocationState.QUEUED)
    )
    held_by: int | None = None
    intent: Intent | None = None
    answered_at: UnixTime | None = None

    def follow(self, event: InvocationEvent) -> InvocationState:
        try:
            return next_state(self.status.state, event)
        except IllegalTransition as fault:
            raise IllegalTransition(f"{self.claim.ref}: {fault}") from None


@dataclass(slots=True)
class _Kept:
    """What all nodes see."""

    starts: dict[ServiceRef, _Start] = field(default_factory=dict)
    requests: dict[_RequestKey, tuple[Once, Job]] = field(default_factory=dict)
    records: dict[InstanceId, tuple[AccountId, InstanceRecord]] = field(default_factory=dict)
    inbound: dict[InstanceId, "_Inbound"] = field(default_factory=dict)
    notes: dict[InstanceId, list[SecondaryFact]] = field(default_factory=dict)


@dataclass(slots=True)
class _Inbound:
    intent: InboundIntent
    held_by: int
    answered_at: UnixTime | None = None


class MemoryRecordStore:
    """A `RecordStore`."""

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept

    async def read(self, account_id: AccountId, instance_id: InstanceId) -> InstanceRecord | None:
        owner, record = self._kept.records.get(instance_id, (None, None))
        return record if owner == account_id else None

    async def is_running(self, account_id: AccountId, instance_id: InstanceId) -> bool:
        inbound = self._kept.inbound.get(instance_id)
        if inbound is not None:
            return inbound.intent.account_id == account_id
        return any(
            start.status.state is InvocationState.RUNNING
            and start.status.instance_id == instance_id
            and start.claim.account_id == account_id
            for start in self._kept.starts.values()
        )

    async def forget(self, *, stopped_before: UnixTime, limit: int) -> int:
        old = sorted(
            (record.adr.stopped_at, instance_id)
            for instance_id, (_, record) in self._kept.records.items()
            if record.adr.stopped_at < stopped_before
        )[:limit]
        for _, instance_id in old:
            del self._kept.records[instance_id]
        return len(old)


class MemoryInboundStore:
    """An `InboundStore`, as one node sees it."""

    def __init__(self, kept: _Kept, node_epoch: int) -> None:
        self._kept = kept
        self._node_epoch = node_epoch

    async def begin(self, intent: InboundIntent) -> None:
        inbound = _Inbound(intent, self._node_epoch)
        self._kept.inbound.setdefault(intent.instance_id, inbound)

    async def answered(self, instance_id: InstanceId, *, at: UnixTime) -> None:
        inbound = self._kept.inbound.get(instance_id)
        if inbound is not None and inbound.held_by == self._node_epoch:
            inbound.answered_at = at

    async def finish(self, record: InstanceRecord) -> None:
        instance_id = record.adr.instance_id
        inbound = self._kept.inbound.get(instance_id)
        if inbound is not None and inbound.held_by == self._node_epoch:
            del self._kept.inbound[instance_id]
            self._kept.records[instance_id] = (inbound.intent.account_id, record)
        elif instance_id not in self._kept.records:
            raise LeaseLost(instance_id)

    async def settle_dead(self) -> list[InterruptedInbound]:
        dead = [one for one in self._kept.inbound.values() if one.held_by != self._node_epoch]
        for one in dead:
            one.held_by = self._node_epoch
        return sorted(
            (InterruptedInbound(one.intent, one.answered_at) for one in dead),
            key=lambda one: one.intent.beginning.started.at,
        )


class MemorySecondaryNotes:
    """`SecondaryNotes`."""

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept

    async def note(self, instance_id: InstanceId, fact: SecondaryFact) -> None:
        notes = self._kept.notes.setdefault(instance_id, [])
        is_known = any((type(fact), fact.call_id) == (type(it), it.call_id) for it in notes)
        if not is_known:
            notes.append(fact)

    async def read(self, instance_id: InstanceId) -> list[SecondaryFact]:
        if instance_id in self._kept.records:
            return []
        return sorted(self._kept.notes.get(instance_id, []), key=lambda fact: fact.at)


class MemoryQueueStore:
    """A `QueueStore`, as one node sees it."""

    def __init__(self, *, node_epoch: int = 1, kept: _Kept | None = None) -> None:
        self._node_epoch = node_epoch
        self._kept = _Kept() if kept is None else kept
        self._starts = self._kept.starts
        self._requests = self._kept.requests
        self.records = MemoryRecordStore(self._kept)
        self.inbound = MemoryInboundStore(self._kept, node_epoch)
        self.notes = MemorySecondaryNotes(self._kept)

    def next_node(self) -> "MemoryQueueStore":
        """Return the same queue as seen by the next node, to which all earlier ones are dead."""
        return MemoryQueueStore(node_epoch=self._node_epoch + 1, kept=self._kept)

    async def enqueue(
        self,
        *,
        account_id: AccountId,
        service_id: ServiceId,
        starts: Sequence[tuple[ServiceRef, ServiceStart]],
        at: UnixTime,
        once: Once | None = None,
    ) -> Sequence[ServiceRef]:
        refs = [ref for ref, _ in starts]
        request = None
        if once is not None and starts:
            request = (account_id, once.unique_id)
            earlier, job = self._requests.get(request, (once, None))
            if earlier.fingerprint != once.fingerprint:
                raise UniqueIdReused("unique_id has already been used with different parameters")
            if job is not None:
                return job.service_refs
            if refs != refs_from(refs[0], len(refs)):
                raise ValueError(f"{refs}: references of one request are consecutive")
        if any(ref in self._starts for ref in refs):
            raise ValueError("not unique: call_start.ref")
        for ref, start in starts:
            claim = Claim(ref, account_id, service_id, start, at)
            self._starts[ref] = _Start(claim, request)
        if once is not None and request is not None:
            self._requests[request] = (once, Job(tuple(refs)))
        return refs

    async def job(self, account_id: AccountId, unique_id: str) -> Job | None:
        _, job = self._requests.get((account_id, unique_id), (None, None))
        return job

    async def waiting(self, shards: frozenset[int] | None = None) -> Sequence[WaitingService]:
        lengths = Counter((one.claim.account_id, one.claim.service_id) for one in self._queued())
        return sorted(
            (
                WaitingService(account_id, service_id, length)
                for (account_id, service_id), length in lengths.items()
                if shards is None or shard_of(account_id) in shards
            ),
            key=lambda service: service.service_id,
        )

    async def next_starts(
        self, service_ids: Sequence[ServiceId]
    ) -> Mapping[ServiceId, ServiceStart]:
        queues = {service_id: self._queued_for(service_id) for service_id in service_ids}
        return {service_id: queue[0].claim.start for service_id, queue in queues.items() if queue}

    async def lengths(self, account_id: AccountId) -> Mapping[ServiceId, int]:
        return {
            one.service_id: one.length
            for one in await self.waiting()
            if one.account_id == account_id
        }

    async def in_progress(self, account_ids: Sequence[AccountId]) -> Mapping[AccountId, int]:
        return Counter(
            start.claim.account_id
            for start in self._starts.values()
            if start.status.state is InvocationState.RUNNING
            and start.claim.account_id in account_ids
        )

    async def claim(self, service_id: ServiceId, *, limit: int, at: UnixTime) -> Sequence[Claim]:
        del at  # kept by real stores for people who look
        taken = self._queued_for(service_id)[: max(limit, 0)]
        for start in taken:
            start.status = InvocationStatus(start.follow(InvocationEvent.CLAIM))
            start.held_by = self._node_epoch
        return [start.claim for start in taken]

    async def intend(self, intent: Intent) -> None:
        start = self._claimed(intent.ref)
        start.intent = intent
        start.status = replace(start.status, instance_id=intent.instance_id)

    async def answered(self, ref: ServiceRef, *, at: UnixTime) -> None:
        start = self._running(ref)
        if start.intent is None:
            raise IllegalTransition(f"{ref}: answered without an intent")
        start.answered_at = at

    async def finish(
        self, ref: ServiceRef, *, exit_status: int, record: InstanceRecord, at: UnixTime
    ) -> None:
        start = self._running(ref)
        if start.intent is None or start.intent.instance_id != record.adr.instance_id:
            raise IllegalTransition(f"{ref}: a record of {record.adr.instance_id}")
        self._kept.records[record.adr.instance_id] = (start.claim.account_id, record)
        start.status = InvocationStatus(
            start.follow(InvocationEvent.FINISH),
            start.intent.instance_id,
            exit_status=exit_status,
            ended_at=at,
        )

    async def refuse(self, ref: ServiceRef, *, reason: str, at: UnixTime) -> None:
        start = self._claimed(ref)
        state = start.follow(InvocationEvent.REFUSE)
        start.status = InvocationStatus(state, reason=reason, ended_at=at)

    async def release(self, refs: Sequence[ServiceRef]) -> None:
        for start in [self._claimed(ref) for ref in refs]:
            start.status = InvocationStatus(start.follow(InvocationEvent.RELEASE))

    async def cancel(
        self, account_id: AccountId, refs: Sequence[ServiceRef], *, at: UnixTime
    ) -> Mapping[ServiceRef, CancelResult]:
        return {ref: self._cancel(account_id, ref, at) for ref in refs}

    async def purge(
        self, account_id: AccountId, service_id: ServiceId, *, at: UnixTime
    ) -> AsyncGenerator[Sequence[ServiceRef]]:
        asked = [
            start.claim.ref
            for start in self._queued_for(service_id)
            if start.claim.account_id == account_id
        ]
        for first in range(0, len(asked), PORTION):
            told = await self.cancel(account_id, asked[first : first + PORTION], at=at)
            refs = [ref for ref, result in told.items() if result is CancelResult.SUCCESS]
            if refs:
                yield refs

    async def status(
        self, account_id: AccountId, refs: Sequence[ServiceRef]
    ) -> Mapping[ServiceRef, InvocationStatus]:
        return {
            ref: self._starts[ref].status
            for ref in refs
            if ref in self._starts and self._starts[ref].claim.account_id == account_id
        }

    async def settle_dead(self) -> Sequence[Interrupted]:
        interrupted = []
        for start in self._starts.values():
            is_running = start.status.state is InvocationState.RUNNING
            if not is_running or start.held_by == self._node_epoch:
                continue
            start.held_by = self._node_epoch
            if start.intent is None:
                start.status = InvocationStatus(InvocationState.QUEUED)
            else:
                interrupted.append(Interrupted(start.claim, start.intent, start.answered_at))
        return sorted(interrupted, key=lambda one: (one.intent.at, one.claim.ref))

    async def forget(self, *, ended_before: UnixTime, limit: int) -> int:
        old = sorted(
            (start.status.ended_at, ref)
            for ref, start in self._starts.items()
            if start.status.ended_at is not None and start.status.ended_at < ended_before
        )[:limit]
        for _, ref in old:
            del self._starts[ref]
        known = {start.request for start in self._starts.values()}
        for request in self._requests.keys() - known:
            del self._requests[request]
        return len(old)

    def _cancel(self, account_id: AccountId, ref: ServiceRef, at: UnixTime) -> CancelResult:
        start = self._starts.get(ref)
        if start is None or start.claim.account_id != account_id:
            return CancelResult.UNKNOWN
        if start.status.state is not InvocationState.QUEUED:
            return CancelResult.FAILED
        start.status = InvocationStatus(start.follow(InvocationEvent.CANCEL), ended_at=at)
        return CancelResult.SUCCESS

    def _queued(self) -> list[_Start]:
        return [
            start for start in self._starts.values() if start.status.state is InvocationState.QUEUED
        ]

    def _queued_for(self, service_id: ServiceId) -> list[_Start]:
        return [start for start in self._queued() if start.claim.service_id == service_id]

    def _running(self, ref: ServiceRef) -> _Start:
        start = self._starts.get(ref)
        if start is None:
            raise IllegalTransition(f"{ref}: there is no such start")
        if start.held_by not in {None, self._node_epoch}:
            raise LeaseLost(f"{ref}: held by boot {start.held_by}, not by {self._node_epoch}")
        if start.status.state is not InvocationState.RUNNING:
            raise IllegalTransition(f"{ref}: {start.status.state}, not running")
        return start

    def _claimed(self, ref: ServiceRef) -> _Start:
        start = self._running(ref)
        if start.intent is not None:
            raise IllegalTransition(f"{ref}: it may have been dialled")
        return start
