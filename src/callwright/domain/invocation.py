"""What a service reference points at: one queued or started run of an outbound service."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callwright.domain.clock import UnixTime
from callwright.domain.ids import InstanceId
from callwright.domain.transitions import follow


class InvocationState(StrEnum):
    """Where an invocation is; the values are the API's words."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    COULD_NOT_RUN = "couldnotrun"
    CANCELLED = "cancelled"


class InvocationEvent(StrEnum):
    """What happens to an invocation."""

    CLAIM = "claim"
    FINISH = "finish"
    REFUSE = "refuse"
    RELEASE = "release"
    CANCEL = "cancel"


TRANSITIONS: Final[dict[InvocationState, dict[InvocationEvent, InvocationState]]] = {
    InvocationState.QUEUED: {
        InvocationEvent.CLAIM: InvocationState.RUNNING,
        InvocationEvent.REFUSE: InvocationState.COULD_NOT_RUN,
        InvocationEvent.CANCEL: InvocationState.CANCELLED,
    },
    InvocationState.RUNNING: {
        InvocationEvent.FINISH: InvocationState.COMPLETED,
        InvocationEvent.REFUSE: InvocationState.COULD_NOT_RUN,
        InvocationEvent.RELEASE: InvocationState.QUEUED,
        # No CANCEL: the API promises that a running service can't be cancelled.
    },
    InvocationState.COMPLETED: {},
    InvocationState.COULD_NOT_RUN: {},
    InvocationState.CANCELLED: {},
}


def next_state(state: InvocationState, event: InvocationEvent) -> InvocationState:
    """Follow one arrow of the table.

    Raises:
        IllegalTransition: the table has no such arrow.

    """
    return follow(TRANSITIONS, state, event)


@dataclass(frozen=True, slots=True)
class InvocationStatus:
    """What is known of one invocation."""

    state: InvocationState
    instance_id: InstanceId | None = None
    """Once a call was placed for it."""
    exit_status: int | None = None
    """Of a completed one."""
    reason: str | None = None
    """Of one that could not run."""
    ended_at: UnixTime | None = None


class ExitStatus:
    """Return codes of a REST application's instance (assumed; none are published)."""

    NORMAL: Final = 0
    PAGE_ERROR: Final = -1
    INVALID_ACTIONS: Final = -2
    INTERNAL: Final = -9
