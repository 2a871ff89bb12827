"""Events of a task, written as the beginning of its attempt writes them."""

from callwright.domain.callback import Attempt, CallbackEvent, CallbackQueueId, CallUuid, TaskId
from callwright.domain.ids import AccountId
from callwright.scheduler.events import event_of
from callwright.scheduler.values import AttemptBegin
from tests.sim.front_door import FrontDoor


async def write_events(
    door: FrontDoor, account_id: AccountId, queue_id: int, task_id: int
) -> list[str]:
    """Write `before` and `after`, if the task has URLs for them; return their ids."""
    tasks, at = door.doors.callbacks.tasks, door.clock.unix_time()
    task = await tasks.task(account_id, CallbackQueueId(queue_id), TaskId(task_id))
    assert task is not None
    attempt = Attempt(1, CallUuid(f"{task_id:032X}"), at)
    kinds = (CallbackEvent.BEFORE, CallbackEvent.AFTER)
    events = [one for kind in kinds for one in event_of(task, kind, attempt, at=at)]
    await tasks.begin_attempts([AttemptBegin(task.task_id, attempt, tuple(events))])
    return [one.event_id for one in events]
