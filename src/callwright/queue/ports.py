"""What the queue needs kept, and when it must be safe.

Every method that changes something returns only after the change would survive the death of the
process and of the machine.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from callwright.domain.clock import UnixTime
from callwright.domain.errors import CallwrightError, RemoteFault
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationStatus
from callwright.domain.records import InstanceRecord
from callwright.domain.service_start import ServiceStart


class CancelResult(StrEnum):
    """The three answers of `service_cancel`."""

    SUCCESS = "success"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WaitingService:
    """A service with starts in its queue."""

    account_id: AccountId
    service_id: ServiceId
    length: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A start that is ours to run; nobody else will."""

    ref: ServiceRef
    account_id: AccountId
    service_id: ServiceId
    start: ServiceStart
    queued_at: UnixTime


@dataclass(frozen=True, slots=True)
class Intent:
    """Written before the INVITE leaves: from here on a start is never dialled again."""

    ref: ServiceRef
    instance_id: InstanceId
    call_id: CallId
    at: UnixTime


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A start whose intent was written by a process that died; it may have been dialled."""

    claim: Claim
    intent: Intent
    answered_at: UnixTime | None


@dataclass(frozen=True, slots=True)
class Once:
    """A request that is to be carried out once, however often it is sent."""

    unique_id: str
    fingerprint: bytes
    """Of all the request's parameters: equal for an equal request, and for no other."""


@dataclass(frozen=True, slots=True)
class Job:
    """What became of a request with a `unique_id`."""

    service_refs: tuple[ServiceRef, ...]


class UniqueIdReused(RemoteFault):
    """A `unique_id` came again with other parameters; nothing was queued."""


class LeaseLost(CallwrightError):
    """This start is another node's by now: ours was taken for dead, and it was settled.

    Whoever gets this leaves the start alone: no INVITE, no record.
    """


class QueueStore(Protocol):
    """Service starts from acceptance to their end.

    Several nodes may share one. What a node claims is its own; every later write of it is
    refused with `LeaseLost` once another node has settled what this one held.
    """

    async def enqueue(
        self,
        *,
        account_id: AccountId,
        service_id: ServiceId,
        starts: Sequence[tuple[ServiceRef, ServiceStart]],
        at: UnixTime,
        once: Once | None = None,
    ) -> Sequence[ServiceRef]:
        """Add starts to a service's queue, in this order, all or none.

        Returns their references; for a request that was carried out before, those of then, and
        nothing is queued.

        Raises:
            UniqueIdReused: the request's `unique_id` stands for another one in this account.

        """
        ...

    async def job(self, account_id: AccountId, unique_id: str) -> Job | None:
        """Return what became of a request with a `unique_id`, or None if there was none."""
        ...

    async def waiting(self, shards: frozenset[int] | None = None) -> Sequence[WaitingService]:
        """Return the services that have starts queued, and how many. Counted, not scanned.

        `shards`: only those of accounts in these; see `dispatch.ports.shard_of`.
        """
        ...

    async def next_starts(
        self, service_ids: Sequence[ServiceId]
    ) -> Mapping[ServiceId, ServiceStart]:
        """Return what would be claimed next of each of these services; empty queues are left out.

        Nothing is claimed; somebody else may do so at any moment.
        """
        ...

    async def lengths(self, account_id: AccountId) -> Mapping[ServiceId, int]:
        """Return the length of each queue of an account that is not empty. Counted as well."""
        ...

    async def in_progress(self, account_ids: Sequence[AccountId]) -> Mapping[AccountId, int]:
        """Return how many starts of these accounts are claimed, by any node; zeros left out."""
        ...

    async def claim(self, service_id: ServiceId, *, limit: int, at: UnixTime) -> Sequence[Claim]:
        """Take up to `limit` starts of a service, oldest first, for this process alone."""
        ...

    async def intend(self, intent: Intent) -> None:
        """Write down that a claimed start is about to be dialled."""
        ...

    async def answered(self, ref: ServiceRef, *, at: UnixTime) -> None:
        """Note when the call was answered, for the record if we die now."""
        ...

    async def finish(
        self, ref: ServiceRef, *, exit_status: int, record: InstanceRecord, at: UnixTime
    ) -> None:
        """Complete a start and write its record, both or neither."""
        ...

    async def refuse(self, ref: ServiceRef, *, reason: str, at: UnixTime) -> None:
        """End a claimed start that could not run; it was not dialled."""
        ...

    async def release(self, refs: Sequence[ServiceRef]) -> None:
        """Give claimed starts back to the head of their queues; none of them has an intent."""
        ...

    async def cancel(
        self, account_id: AccountId, refs: Sequence[ServiceRef], *, at: UnixTime
    ) -> Mapping[ServiceRef, CancelResult]:
        """Take queued starts out of their queues."""
        ...

    def purge(
        self, account_id: AccountId, service_id: ServiceId, *, at: UnixTime
    ) -> AsyncGenerator[Sequence[ServiceRef]]:
        """Cancel every start that waits in a service's queue when the first portion is asked for.

        Yields their references, oldest first, in portions of a thousand at most and none empty:
        each is one unit of work and safe before it is yielded. Claims and enqueues of others go
        on between them; what is claimed meanwhile is not cancelled, what is queued meanwhile is
        not touched. A purge that is broken off has cancelled what it yielded, and at most one
        portion more. The rest waits as before.
        """
        ...

    async def status(
        self, account_id: AccountId, refs: Sequence[ServiceRef]
    ) -> Mapping[ServiceRef, InvocationStatus]:
        """Return what is known of an account's references; unknown ones are left out."""
        ...

    async def settle_dead(self) -> Sequence[Interrupted]:
        """Take over what dead nodes held, this node's own earlier starts among them.

        Claimed starts go back to the head of their queues. Those with an intent are this node's
        now and are returned; the caller finishes each with an honest record. If it dies before
        that, the next node that settles gets them.
        """
        ...

    async def forget(self, *, ended_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` ended starts, and requests as old; returns how many went."""
        ...
