"""`…/task_scheduler/{scheduler_id}/task`, or `tasks`: the tasks of a queue (section 4)."""

from typing import Final, assert_never

from callwright.api.client.envelope import ClientFault
from callwright.api.client.extensions import find_extension
from callwright.api.client.queues import NO_QUEUE, queue_id_of, queue_of
from callwright.api.client.requests import DELETED, ClientRequest, Query, json_answer, list_answer
from callwright.api.client.variables import body_with_values
from callwright.api.exchange import Answer
from callwright.domain.callback import (
    ExtensionId,
    FinishResult,
    Task,
    TaskId,
    TaskState,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.scheduler.printing import is_ready, print_task
from callwright.scheduler.requests.fields import BadRequest, Fault, quoted, read_moment
from callwright.scheduler.requests.task_change import merged, read_change
from callwright.scheduler.requests.task_shape import read_tasks
from callwright.scheduler.task_list import SHOWN_STATES, Gates, TaskLists
from callwright.scheduler.values import Removal, Revision, TaskFilter

NO_TASK: Final = ("there is no such task", "task_not_found")
SORTS: Final = ("id", "start_time_utc", "status")


async def add_tasks(request: ClientRequest) -> Answer:
    """Add tasks to a queue, all or none."""
    queue = await queue_of(request)
    body, now = await body_with_values(request), request.doors.clock.unix_time()
    extensions = await _extensions(request, body.get("tasks"))

    def find(value: object) -> ExtensionId | None:
        return extensions.get(_name(value))

    wishes = read_tasks(body, find=find, now=now)
    _check_urls(request, wishes)
    callbacks = request.doors.callbacks
    tasks = await callbacks.tasks.add_tasks(request.account_id, queue.queue_id, wishes, at=now)
    if tasks is None:
        raise ClientFault(404, *NO_QUEUE)
    callbacks.wake()
    # As they are on their way in: what a gate does to them shows when they are read.
    return json_answer([_printed(request, task, None) for task in tasks], status=201)


async def list_tasks(request: ClientRequest) -> Answer:
    """List the tasks of a queue."""
    queue, query = await queue_of(request), request.query()
    page, states = query.page(), _states(query)
    wanted = _filter(query)
    query.check()
    lists = _lists(request)
    gates = await lists.gates(queue, at=request.doors.clock.unix_time())
    tasks, count = await lists.page(gates, states, wanted, page)
    return list_answer([_printed(request, task, gates) for task in tasks], page, count)


async def read_task(request: ClientRequest) -> Answer:
    """Read a task."""
    queue = await queue_of(request)
    task = await _task_of(request)
    at = request.doors.clock.unix_time()
    gates = await _lists(request).gates(queue, at=at) if is_ready(task, at) else None
    return json_answer(_printed(request, task, gates))


async def change_task(request: ClientRequest) -> Answer:
    """Change what a request names of a task that waits."""
    queue, body = await queue_of(request), await body_with_values(request)
    callbacks = request.doors.callbacks
    while True:
        now = request.doors.clock.unix_time()
        task = await _task_of(request)
        changed = await _changed(request, task, body, now)
        match await callbacks.tasks.change_task(task, changed):
            case Revision.KEY_IN_USE:
                message = f"{quoted(changed.wish.extras.dedup_key)} is the key of another task"
                raise ClientFault(409, message, "dedup_key_in_use")
            case Revision.OUTDATED:
                continue  # whoever was faster has changed it, so this comes to an end
            case Revision.CHANGED:
                callbacks.wake()
                gates = await _lists(request).gates(queue, at=now)
                return json_answer(_printed(request, changed, gates))


async def delete_task(request: ClientRequest) -> Answer:
    """Delete a task; one that is executed only by force, which hangs its call up."""
    query = request.query()
    is_forced = query.word("force", ("true", "false")) == "true"
    query.check()
    await queue_of(request)
    task = await _task_of(request)
    tasks = request.doors.callbacks.tasks
    match await tasks.delete_task(request.account_id, task.queue_id, task.task_id):
        case Removal.NOT_FOUND:
            raise ClientFault(404, *NO_TASK)
        case Removal.IN_USE if not is_forced:
            message = f"an attempt of the task {task.task_id} is running; force=true ends it"
            raise ClientFault(409, message, "task_in_progress")
        case Removal.IN_USE:
            await _end(request, await _task_of(request))
        case Removal.REMOVED:
            pass
    return DELETED


async def _changed(
    request: ClientRequest, task: Task, body: dict[str, object], now: UnixTime
) -> Task:
    """Return a task as it is once it is changed; 409 if it waits no more."""
    match task.state:
        case TaskState.EXECUTED:
            message = f"an attempt of the task {task.task_id} is running"
            raise ClientFault(409, message, "task_in_progress")
        case TaskState.FINISHED:
            raise ClientFault(409, f"the task {task.task_id} is finished", "task_finished")
        case TaskState.SCHEDULED | TaskState.DELAYED:
            pass
        case _:
            assert_never(task.state)
    extensions = await _extensions(request, [dict(merged(task, body, now=now))])
    changed = read_change(task, body, find=lambda value: extensions.get(_name(value)), now=now)
    faults = _url_faults(request, changed.wish, "")
    if faults:
        raise BadRequest("the task is not valid", tuple(faults))
    return changed


async def _end(request: ClientRequest, task: Task) -> None:
    """End the attempt of a task, which is removed with that."""
    doors, account_id = request.doors, request.account_id
    callbacks = doors.callbacks
    if not await callbacks.tasks.remove_after_attempt(account_id, task.queue_id, task.task_id):
        # Its attempt has ended meanwhile.
        await callbacks.tasks.delete_task(account_id, task.queue_id, task.task_id)
        return
    ref = task.attempts[-1].ref
    if ref is not None:
        await doors.cancellation.cancel(account_id, [ref])
    callbacks.hang_up(task.task_id)
    callbacks.wake()


def _lists(request: ClientRequest) -> TaskLists:
    callbacks = request.doors.callbacks
    return TaskLists(callbacks.queues, callbacks.tasks, callbacks.ratio, callbacks.pauses)


def _printed(request: ClientRequest, task: Task, gates: Gates | None) -> dict[str, object]:
    return print_task(
        task,
        gate=None if gates is None else gates.of(task),
        at=request.doors.clock.unix_time() if gates is None else gates.at,
        legacy_types=request.doors.callbacks.uses_legacy_types,
    )


async def _task_of(request: ClientRequest) -> Task:
    number = request.path_number("task_id", ClientFault(404, *NO_TASK))
    task = await request.doors.callbacks.tasks.task(
        request.account_id, queue_id_of(request), TaskId(number)
    )
    if task is None:
        raise ClientFault(404, *NO_TASK)
    return task


async def _extensions(request: ClientRequest, tasks: object) -> dict[str, ExtensionId]:
    """Look up the extensions that tasks name, each once."""
    values = [one.get("extension_id") for one in _objects(tasks)]
    found: dict[str, ExtensionId] = {}
    for name, value in {_name(value): value for value in values}.items():
        extension = await find_extension(request, value)
        if extension is not None:
            found[name] = extension.extension_id
    return found


def _objects(tasks: object) -> list[dict[str, object]]:
    return [one for one in tasks if isinstance(one, dict)] if isinstance(tasks, list) else []


def _name(value: object) -> str:
    """Tell values of any type apart."""
    return f"{type(value).__name__} {value}"


def _check_urls(request: ClientRequest, wishes: tuple[TaskWish, ...]) -> None:
    faults = [
        fault
        for number, wish in enumerate(wishes)
        for fault in _url_faults(request, wish, f"tasks[{number}].")
    ]
    if faults:
        wrong = len({fault.path.partition(".")[0] for fault in faults})
        verb = "is" if wrong == 1 else "are"
        raise BadRequest(f"{wrong} of {len(wishes)} tasks {verb} not valid", tuple(faults))


def _url_faults(request: ClientRequest, wish: TaskWish, prefix: str) -> list[Fault]:
    """Return what is wrong with where a task's events go; paths of fields begin with `prefix`."""
    urls, faults = wish.urls, []
    for name, url in (
        ("url_before", urls.before),
        ("url_before_again", urls.before_again),
        ("url_success", urls.success),
        ("url_after", urls.after),
    ):
        rule = request.doors.callbacks.url_refusal(url) if url else None
        if rule is not None:
            faults.append(Fault(f"{prefix}{name}", f"{quoted(url)}: it has {rule}"))
    return faults


def _states(query: Query) -> frozenset[str]:
    states = query.every("status")
    for state in states:
        if state not in SHOWN_STATES:
            known = ", ".join(SHOWN_STATES)
            query.fields.wrong("status", f"{quoted(state)}: one of {known} was expected")
    return frozenset(states)


def _filter(query: Query) -> TaskFilter:
    extension_id = query.number("extension_id")
    recurrence_id = query.number("recurrence_id")
    after_id = query.number("after_id")
    result = query.word("finish_result", tuple(FinishResult))
    times = {}
    for name in ("start_from", "start_to"):
        text = query.text(name)
        times[name] = None if text is None else read_moment(text)
        if text is not None and times[name] is None:
            query.fields.wrong(name, f"{quoted(text)}: YYYY-MM-DD HH:MM:SS (UTC) was expected")
    return TaskFilter(
        name=query.text("name"),
        a_number=query.telephone("a_number"),
        b_number=query.telephone("b_number"),
        extension_id=None if extension_id is None else ExtensionId(extension_id),
        finish_result=FinishResult(result) if result in tuple(FinishResult) else None,
        starts_from=times["start_from"],
        starts_to=times["start_to"],
        recurrence_id=None if recurrence_id is None else TaskId(recurrence_id),
        after_id=None if after_id is None else TaskId(after_id),
        sort=query.word("sort", SORTS) or "id",
    )
