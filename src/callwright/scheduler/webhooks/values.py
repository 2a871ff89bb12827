"""What is kept of events that were not taken yet, and of those that nobody took."""

from dataclasses import dataclass
from enum import StrEnum

from callwright.domain.callback import TaskId
from callwright.domain.clock import UnixTime


class EventState(StrEnum):
    """What becomes of an event that is kept; the values are the API's words."""

    WAITING = "waiting"
    """It is tried by the plan, or waits for an earlier one of its task."""
    GIVEN_UP = "given_up"
    """It is not tried any more, unless somebody asks for that."""


@dataclass(frozen=True, slots=True)
class TryResult:
    """What a try brought."""

    http_status: int | None
    """What was answered; None: nothing."""
    reason: str
    """Why there was no answer; empty when there was one. It names no URL."""


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event in the outbox, without its body."""

    event_id: str
    task_id: TaskId
    event: str
    url: str
    at: UnixTime
    """When what it tells of happened."""
    tries: int
    """Since it was written, or since it was last sent by hand."""
    next_at: UnixTime
    """When it is tried next, if it is not given up; not before those of its task ahead of it."""
    given_up_at: UnixTime | None
    last_failure: TryResult | None
    """Of the last try that failed, also before it was sent by hand."""

    @property
    def state(self) -> EventState:
        """Whether it is tried any more."""
        return EventState.WAITING if self.given_up_at is None else EventState.GIVEN_UP
