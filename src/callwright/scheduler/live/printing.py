"""What those hear who watch queues, as server-sent events (HTML standard 9.2)."""

from typing import Final

import msgspec

from callwright.domain.callback import CallbackQueueId
from callwright.scheduler.live.values import QueueProgress, Step, TaskStep
from callwright.scheduler.printing import print_moment

LiveEvent = dict[str, object]
"""Its `event` is its name."""

PROGRESS: Final = "progress"
TASK: Final = "task"
GONE: Final = "gone"
MISSED: Final = "missed"


def print_progress(progress: QueueProgress) -> LiveEvent:
    """Print how far a queue is."""
    return {
        "event": PROGRESS,
        "scheduler_id": progress.queue_id,
        "waiting": progress.waiting,
        "due": progress.due,
        "executed": progress.executed,
        "success": progress.succeeded,
        "failed": progress.failed,
    }


def print_step(step: TaskStep) -> LiveEvent:
    """Print what happened to a task."""
    task = step.task
    attempt = task.attempts[-1] if task.attempts else None
    comment = str(step.outcome) if step.step is Step.DELAYED else task.finish_comment
    return {
        "event": TASK,
        "change": str(step.step),
        "time_utc": print_moment(step.at),
        "scheduler_id": task.queue_id,
        "id": task.task_id,
        "name": task.wish.name,
        "status": str(task.state),
        "finish_result": None if task.finish_result is None else str(task.finish_result),
        "attempt": 0 if attempt is None else attempt.number,
        "call_uuid": None if attempt is None else attempt.call_uuid,
        "comment": comment,
        "next_try_utc": print_moment(task.next_try_at),
    }


def print_gone(queue_id: CallbackQueueId) -> LiveEvent:
    """Print that a queue was deleted."""
    return {"event": GONE, "scheduler_id": queue_id}


def print_missed(count: int) -> LiveEvent:
    """Print that so many events were dropped, because they were read too slowly."""
    return {"event": MISSED, "count": count}


def piece_of(event: LiveEvent) -> bytes:
    """Print an event as a stream carries it: named, for those who listen by name."""
    name = str(event["event"]).encode()
    return b"event: " + name + b"\ndata: " + msgspec.json.encode(event) + b"\n\n"
