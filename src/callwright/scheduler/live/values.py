"""What happens to tasks, step by step, and how far a queue is."""

from dataclasses import dataclass
from enum import StrEnum

from callwright.domain.callback import AttemptOutcome, CallbackQueueId, Task
from callwright.domain.clock import UnixTime


class Step(StrEnum):
    """What happened to a task; the values are the API's words."""

    BEGUN = "begun"
    """An attempt of it."""
    JOINED = "joined"
    DELAYED = "delayed"
    """Its attempt failed, and there will be another one."""
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class TaskStep:
    """A step of a task, told once it is on disk."""

    step: Step
    task: Task
    """As it is from then on."""
    at: UnixTime
    outcome: AttemptOutcome | None = None
    """Of the attempt that ended; of a task that ends without one, why."""
    was_due_at: UnixTime | None = None
    """Of a task that begins: since when it could have."""


@dataclass(frozen=True, slots=True)
class QueueProgress:
    """How many tasks of a queue are how far."""

    queue_id: CallbackQueueId
    waiting: int
    """Scheduled or delayed, due or not."""
    due: int
    """Of these, those whose time has come."""
    executed: int
    succeeded: int
    failed: int
