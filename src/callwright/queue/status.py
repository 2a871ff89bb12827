"""What the API says of a service reference."""

import math
from collections.abc import Sequence
from typing import TypedDict, assert_never

from callwright.domain.ids import AccountId, ServiceRef
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


class StatusReport:
    """Answers `service_status`."""

    def __init__(self, store: QueueStore) -> None:
        """Ask this store."""
        self._store = store

    async def of(
        self, account_id: AccountId, refs: Sequence[ServiceRef]
    ) -> dict[ServiceRef, ServiceStatus]:
        """Say what is known of an account's references, in the order asked."""
        known = await self._store.status(account_id, refs)
        return {ref: print_status(known[ref]) if ref in known else UNKNOWN for ref in refs}


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
