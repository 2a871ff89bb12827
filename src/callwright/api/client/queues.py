"""`/client/{client_id}/task_scheduler`: queues of callbacks (section 3)."""

from typing import Final

from callwright.api.client.envelope import ClientFault
from callwright.api.client.requests import DELETED, ClientRequest, json_answer, list_answer
from callwright.api.exchange import Answer
from callwright.domain.callback import CallbackQueue, CallbackQueueId, IntervalId
from callwright.scheduler.printing import print_queue
from callwright.scheduler.requests.fields import BadRequest, Fault
from callwright.scheduler.requests.queue_shape import MAX_QUEUES, read_change, read_queue

NO_QUEUE: Final = ("there is no such queue", "scheduler_not_found")


async def create_queue(request: ClientRequest) -> Answer:
    """Create a queue."""
    doors, now = request.doors, request.doors.clock.unix_time()
    queue = read_queue(await request.body(), account_id=request.account_id, now=now)
    await _check_interval(request, queue.interval_id)
    added = await doors.callbacks.queues.add_queue(queue, most=MAX_QUEUES)
    if added is None:
        message = f"the client has {MAX_QUEUES} queues, which is the most"
        raise ClientFault(400, message, "too_many_schedulers")
    return json_answer(print_queue(added), status=201)


async def list_queues(request: ClientRequest) -> Answer:
    """List the client's queues."""
    query = request.query()
    page, name = query.page(), query.text("name")
    status = query.word("status", ("on", "off"))
    query.check()
    queues, count = await request.doors.callbacks.queues.queues(
        request.account_id, page, is_on=None if status is None else status == "on", name=name
    )
    return list_answer([print_queue(queue) for queue in queues], page, count)


async def read_one_queue(request: ClientRequest) -> Answer:
    """Read a queue."""
    return json_answer(print_queue(await queue_of(request)))


async def change_queue(request: ClientRequest) -> Answer:
    """Change what a request names of a queue."""
    queue_id = queue_id_of(request)
    change = read_change(await request.body())
    if change.interval is not None:
        await queue_of(request)  # what is not there is told before what is wrong with the change
        await _check_interval(request, change.interval[0])
    callbacks = request.doors.callbacks
    changed = await callbacks.queues.change_queue(request.account_id, queue_id, change)
    if changed is None:
        raise ClientFault(404, *NO_QUEUE)
    callbacks.wake()
    return json_answer(print_queue(changed))


async def delete_queue(request: ClientRequest) -> Answer:
    """Delete a queue and its tasks; an attempt that runs goes on to its end."""
    queues = request.doors.callbacks.queues
    if not await queues.delete_queue(request.account_id, queue_id_of(request)):
        raise ClientFault(404, *NO_QUEUE)
    return DELETED


def queue_id_of(request: ClientRequest) -> CallbackQueueId:
    """Return the queue's id in the path.

    Raises:
        ClientFault: it is none.

    """
    return CallbackQueueId(request.path_number("scheduler_id", ClientFault(404, *NO_QUEUE)))


async def queue_of(request: ClientRequest) -> CallbackQueue:
    """Return the queue that the path names.

    Raises:
        ClientFault: the client has none of this id.

    """
    queues = request.doors.callbacks.queues
    queue = await queues.queue(request.account_id, queue_id_of(request))
    if queue is None:
        raise ClientFault(404, *NO_QUEUE)
    return queue


async def _check_interval(request: ClientRequest, interval_id: IntervalId | None) -> None:
    if interval_id is None:
        return
    if await request.doors.callbacks.queues.window(request.account_id, interval_id) is None:
        message = f"{interval_id}: the client has no such interval"
        fault = Fault("interval_id", message, "interval_not_found")
        raise BadRequest("the queue is not valid", (fault,))
