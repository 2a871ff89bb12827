"""What the queue needs kept, and when it must be safe.

Every method that changes something returns only after the change would survive the death of the
process and of the machine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from callwright.domain.clock import UnixTime
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


class QueueStore(Protocol):
    """Service starts from acceptance to their end."""

    async def enqueue(
        self,
        *,
        account_id: AccountId,
        service_id: ServiceId,
        starts: Sequence[tuple[ServiceRef, ServiceStart]],
        at: UnixTime,
    ) -> None:
        """Add starts to a service's queue, in this order, all or none."""
        ...

    async def waiting(self) -> Sequence[WaitingService]:
        """Return the services that have starts queued, and how many. Counted, not scanned."""
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

    async def status(
        self, account_id: AccountId, refs: Sequence[ServiceRef]
    ) -> Mapping[ServiceRef, InvocationStatus]:
        """Return what is known of an account's references; unknown ones are left out."""
        ...

    async def rescue(self) -> Sequence[Interrupted]:
        """Settle what an earlier process left: claimed starts go back to the head of the queue.

        Returns those with an intent, which the caller finishes with an honest record. Called
        once at start, before the first claim.
        """
        ...
