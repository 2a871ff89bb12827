"""A queue of a request: what is asked for when it is made, and what is changed (section 3)."""

from collections.abc import Mapping
from typing import Final

from callwright.domain.callback import CallbackQueue, CallbackQueueId, IntervalId
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.requests.fields import BadRequest, Fields, quoted, whole_number
from callwright.scheduler.values import QueueChange

MAX_NAME: Final = 255
MAX_COMMENT: Final = 4000
LIMITS: Final = (1, 1000)
"""Of callbacks at once."""
MAX_QUEUES: Final = 1000
"""Of one client (assumed)."""

LARGEST_ID: Final = 2**63 - 1


def read_queue(
    body: Mapping[str, object], *, account_id: AccountId, now: UnixTime
) -> CallbackQueue:
    """Read a new queue; whether its interval exists is left to the caller.

    Raises:
        BadRequest: it is wrong; every fault is named.

    """
    change = read_change(body)
    return CallbackQueue(
        queue_id=CallbackQueueId(0),
        account_id=account_id,
        name=change.name or "",
        comment=change.comment or "",
        is_on=bool(change.is_on),
        concurrent_task_limit=change.concurrent_task_limit or 1,
        interval_id=change.interval[0] if change.interval else None,
        created_at=now,
    )


def read_change(body: Mapping[str, object]) -> QueueChange:
    """Read what is to be changed of a queue; a field that is left out keeps its value.

    Raises:
        BadRequest: it is wrong; every fault is named.

    """
    fields = Fields(body, "")
    change = QueueChange(
        name=_text(fields, "name", MAX_NAME),
        comment=_text(fields, "comment", MAX_COMMENT),
        is_on=_is_on(fields),
        concurrent_task_limit=_limit(fields),
        interval=_interval(fields),
    )
    if fields.faults:
        raise BadRequest("the queue is not valid", tuple(fields.faults))
    return change


def _text(fields: Fields, name: str, most: int) -> str | None:
    return None if fields.values.get(name) is None else fields.text(name, most=most)


def _is_on(fields: Fields) -> bool | None:
    status = fields.values.get("status")
    if status is None:
        return None
    if status not in ("on", "off"):
        fields.wrong("status", f"{quoted(status)}: 'on' or 'off' was expected")
    return status == "on"


def _limit(fields: Fields) -> int | None:
    name = "concurrent_task_limit"
    if fields.values.get(name) is None:
        return None
    return fields.integer(name, least=LIMITS[0], most=LIMITS[1], default=LIMITS[0])


def _interval(fields: Fields) -> tuple[IntervalId | None] | None:
    """Read the calling window: null takes it away, which leaving it out does not."""
    if "interval_id" not in fields.values:
        return None
    value = fields.values["interval_id"]
    number = whole_number(value)
    if value is not None and (number is None or not 0 < number <= LARGEST_ID):
        message = f"{quoted(value)}: the id of an interval or null was expected"
        fields.wrong("interval_id", message)
    return (None if number is None else IntervalId(number),)
