"""What the API says of service references, of requests, and of the queues they wait in."""

import math
from collections.abc import Mapping, Sequence
from typing import TypedDict, assert_never

from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationState, InvocationStatus
from callwright.queue.ports import QueueStore


class ServiceStatus(TypedDict):
    """One value of the answer to `service_status`, as published."""

    status: str
    application_status_eta: int
    """Epoch second from which `application_status` can be asked; 0 if there will be nothing."""
    application_instance_id: str


UNKNOWN: ServiceStatus = {
    "status": "unknown",
    "application_status_eta": 0,
    "application_instance_id": "",
}


class JobStatus(TypedDict):
    """The answer to `job_status`, as published."""

    queued: int
    """Of the original request; not how many still wait."""
    service_refs: Sequence[ServiceRef]
    count: int


class UnknownUniqueId(RemoteFault):
    """No request of this account had this `unique_id`, or it is forgotten."""

    def __init__(self) -> None:
        """Say the documented text."""
        super().__init__("Unknown unique_id")


class StatusReport:
    """Answers `service_status`, `job_status` and the questions for queues."""

    def __init__(self, store: QueueStore) -> None:
        """Ask this store."""
        self._store = store

    async def of(
        self, account_id: AccountId, refs: Sequence[ServiceRef]
    ) -> dict[ServiceRef, ServiceStatus]:
        """Say what is known of an account's references, in the order asked."""
        known = await self._store.status(account_id, refs)
        return {ref: print_status(known[ref]) if ref in known else UNKNOWN for ref in refs}

    async def of_job(self, account_id: AccountId, unique_id: str) -> JobStatus:
        """Say what became of a request.

        Raises:
            UnknownUniqueId: nothing is known of it.

        """
        job = await self._store.job(account_id, unique_id)
        if job is None:
            raise UnknownUniqueId
        # A request is accepted whole or not at all, so all that was submitted was queued.
        count = len(job.service_refs)
        return {"queued": count, "service_refs": job.service_refs, "count": count}

    async def of_queues(self, account_id: AccountId) -> Mapping[ServiceId, int]:
        """Say how long an account's queues are, those that are not empty."""
        return await self._store.lengths(account_id)


def print_status(status: InvocationStatus) -> ServiceStatus:
    """Print one status as published: `completed 0`, `couldnotrun No UAS is connected`."""
    match status.state:
        case InvocationState.QUEUED | InvocationState.CANCELLED | InvocationState.RUNNING:
            text = str(status.state)
        case InvocationState.COMPLETED:
            text = f"{status.state} {status.exit_status}"
        case InvocationState.COULD_NOT_RUN:
            text = f"{status.state} {status.reason}"
        case _:
            assert_never(status.state)
    # The record is written together with the end, so it is ready the moment it is known.
    is_recorded = status.state is InvocationState.COMPLETED and status.ended_at is not None
    return {
        "status": text,
        "application_status_eta": math.ceil(status.ended_at or 0) if is_recorded else 0,
        "application_instance_id": status.instance_id or "",
    }
