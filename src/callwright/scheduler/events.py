"""What a client's URLs are told of a task (section 10)."""

import json
from typing import Final

from callwright.domain.callback import Attempt, CallbackEvent, Task
from callwright.domain.clock import UnixTime
from callwright.scheduler.printing import print_moment, print_task
from callwright.scheduler.values import EventToTell

EVENT_ID_PREFIX: Final = "evt_"


def event_of(
    task: Task,
    event: CallbackEvent,
    attempt: Attempt,
    *,
    at: UnixTime,
    legacy_types: bool = False,
) -> tuple[EventToTell, ...]:
    """Return an event as it is told; none where the task names no URL for it.

    `task` is as it is once the event has happened. The id follows from the task, the attempt and
    the event, so that an event that is written down again is the same one.
    `legacy_types` is as for `print_task`.
    """
    urls = task.wish.urls
    url = {
        CallbackEvent.BEFORE: urls.before,
        CallbackEvent.BEFORE_AGAIN: urls.before_again,
        CallbackEvent.SUCCESS: urls.success,
        CallbackEvent.AFTER: urls.after,
    }[event]
    if not url:
        return ()
    event_id = f"{EVENT_ID_PREFIX}{task.task_id}_{attempt.number}_{event}"
    body = {
        "event": str(event),
        "event_id": event_id,
        "event_time_utc": print_moment(at),
        "client_id": task.account_id,
        "scheduler_id": task.queue_id,
        "task_id": task.task_id,
        "attempt": attempt.number,
        "call_uuid": attempt.call_uuid,
        "task": print_task(task, gate=None, at=at, legacy_types=legacy_types),
    }
    encoded = json.dumps(body, ensure_ascii=False).encode()
    return (EventToTell(event_id, task.task_id, task.account_id, url, event, encoded, at),)
