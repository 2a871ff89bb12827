"""The rows of the table of routes for the scheduler: `/api/ver1.0` and `/oauth`.

Every path is served with a slash at its end as well.
"""

from collections.abc import Iterable
from typing import Final

from callwright.api import call_history, callback_queues, callback_tasks, extensions, intervals
from callwright.api import client_shapes as shapes
from callwright.api.client_envelope import CLIENT_BASE, TOKEN_BASE
from callwright.api.client_requests import ClientHandler, for_clients
from callwright.api.operations import Credentials, JsonSchema, Operation, Parameter, Success
from callwright.api.shapes import reference
from callwright.api.tokens import give_token, read_user

_CLIENT: Final = Parameter(
    "client_id", "The client, or @me for the token's.", required=True, example="@me"
)
_PAGING: Final = (
    Parameter("page", "From 1; 1 when left out."),
    Parameter("per_page", "1 to 500; 50 when left out."),
    Parameter("order", "asc or desc, by id; asc when left out."),
)
_READ_REFUSALS: Final = (400, 401, 403, 404, 429, 503)
_WRITE_REFUSALS: Final = (*_READ_REFUSALS, 413, 415)


def _row(
    name: str,
    where: tuple[str, str],
    handler: ClientHandler,
    text: tuple[str, str],
    answer: tuple[int, str],
    *,
    parameters: tuple[Parameter, ...] = (),
    body: JsonSchema | None = None,
    conflict: bool = False,
) -> Operation:
    """Describe an operation; `where` is its method and path, `answer` its status and shape.

    No shape: the answer has no body.
    """
    (method, path), (status, shape) = where, answer
    success = Success("Done.", reference(shape)) if shape else Success("Deleted.", media_type="")
    refusals = _READ_REFUSALS if body is None else _WRITE_REFUSALS
    names_client = "{client_id}" in path
    return Operation(
        name=name,
        path=f"{CLIENT_BASE}{path}",
        methods=(method,),
        handler=for_clients(handler, path_names_client=names_client),
        credentials=Credentials.TOKEN,
        summary=text[0],
        text=text[1],
        parameters=(_CLIENT, *parameters) if names_client else parameters,
        successes={status: success},
        refusals=(*refusals, 409) if conflict else refusals,
        body=body,
        error="ClientError",
        docs="callbacks",
    )


_QUEUE: Final = Parameter("scheduler_id", "The queue's id.", required=True, example="31")
_QUEUES: Final = "/client/{client_id}/task_scheduler"
_ONE_QUEUE: Final = f"{_QUEUES}/{{scheduler_id}}"

_QUEUE_OPERATIONS: Final = (
    _row(
        "create_callback_queue",
        ("POST", _QUEUES),
        callback_queues.create_queue,
        ("Create a queue of callbacks", "Every field may be left out; a new queue is off."),
        (201, "CallbackQueue"),
        body=shapes.QUEUE_BODY,
    ),
    _row(
        "list_callback_queues",
        ("GET", _QUEUES),
        callback_queues.list_queues,
        ("List queues of callbacks", "X-Total-Count says how many there are in all."),
        (200, "CallbackQueues"),
        parameters=(
            *_PAGING,
            Parameter("status", "on or off."),
            Parameter("name", "Exactly this name."),
        ),
    ),
    _row(
        "read_callback_queue",
        ("GET", _ONE_QUEUE),
        callback_queues.read_one_queue,
        ("Read a queue of callbacks", "One queue."),
        (200, "CallbackQueue"),
        parameters=(_QUEUE,),
    ),
    _row(
        "change_callback_queue",
        ("PUT", _ONE_QUEUE),
        callback_queues.change_queue,
        (
            "Change a queue of callbacks",
            (
                "Fields left out keep their values. Switched off, it begins no attempt; those that "
                "run go on. Switched on, what became due meanwhile is due at once."
            ),
        ),
        (200, "CallbackQueue"),
        parameters=(_QUEUE,),
        body=shapes.QUEUE_BODY,
    ),
    _row(
        "delete_callback_queue",
        ("DELETE", _ONE_QUEUE),
        callback_queues.delete_queue,
        ("Delete a queue of callbacks", "And its tasks. An attempt that runs goes on to its end."),
        (204, ""),
        parameters=(_QUEUE,),
    ),
)

_TASK: Final = Parameter("task_id", "The task's id.", required=True, example="90412")

_FILTERS: Final = (
    Parameter("sort", "id, start_time_utc or status; id when left out."),
    Parameter("status", "One of the states; any of these.", is_repeatable=True),
    Parameter("name", "Exactly this name."),
    Parameter("a_number", "Exactly this number."),
    Parameter("b_number", "Exactly this number."),
    Parameter("extension_id", "Of this extension."),
    Parameter("finish_result", "success or failed."),
    Parameter("start_from", "start_time_utc at this time or later."),
    Parameter("start_to", "start_time_utc before this time."),
)


def _task_operations(word: str) -> Iterable[Operation]:
    """Describe the operations on tasks in one of their two spellings."""
    tasks, one, own = f"{_ONE_QUEUE}/{word}", f"{_ONE_QUEUE}/{word}/{{task_id}}", f"by_{word}"
    yield _row(
        f"add_callback_tasks_{own}",
        ("POST", tasks),
        callback_tasks.add_tasks,
        (
            "Add callbacks to a queue",
            (
                "1 to 1000 tasks, all of them or none: an answer of 400 names every wrong field of "
                "every task. The extension_id may be @ and the number of the extension."
            ),
        ),
        (201, "CallbackTasks"),
        parameters=(_QUEUE,),
        body=shapes.TASKS_BODY,
    )
    yield _row(
        f"list_callback_tasks_{own}",
        ("GET", tasks),
        callback_tasks.list_tasks,
        ("List the callbacks of a queue", "X-Total-Count says how many match in all."),
        (200, "CallbackTasks"),
        parameters=(_QUEUE, *_PAGING, *_FILTERS),
    )
    yield _row(
        f"read_callback_task_{own}",
        ("GET", one),
        callback_tasks.read_task,
        ("Read a callback", "With its attempts; cdr names the call of the newest."),
        (200, "CallbackTask"),
        parameters=(_QUEUE, _TASK),
    )
    yield _row(
        f"delete_callback_task_{own}",
        ("DELETE", one),
        callback_tasks.delete_task,
        (
            "Delete a callback",
            (
                "409 task_in_progress while an attempt runs; force=true hangs its call up, and the "
                "task goes as soon as that has ended."
            ),
        ),
        (204, ""),
        parameters=(_QUEUE, _TASK, Parameter("force", "true or false.")),
        conflict=True,
    )


_INTERVAL: Final = Parameter("interval_id", "The interval's id.", required=True, example="7")
_INTERVALS: Final = "/client/{client_id}/interval"
_ONE_INTERVAL: Final = f"{_INTERVALS}/{{interval_id}}"

_INTERVAL_OPERATIONS: Final = (
    _row(
        "create_interval",
        ("POST", _INTERVALS),
        intervals.create_interval,
        (
            "Create a calling window",
            (
                "Open while any of its conditions matches. timezone is an IANA name. Days of the "
                "week count from 1, Sunday, to 7. A start is inside, the end of a time outside."
            ),
        ),
        (201, "Interval"),
        body=shapes.INTERVAL_BODY,
    ),
    _row(
        "list_intervals",
        ("GET", _INTERVALS),
        intervals.list_intervals,
        ("List calling windows", "By id."),
        (200, "Intervals"),
        parameters=_PAGING,
    ),
    _row(
        "read_interval",
        ("GET", _ONE_INTERVAL),
        intervals.read_interval,
        ("Read a calling window", "One interval."),
        (200, "Interval"),
        parameters=(_INTERVAL,),
    ),
    _row(
        "change_interval",
        ("PUT", _ONE_INTERVAL),
        intervals.change_interval,
        ("Change a calling window", "Fields left out keep their values."),
        (200, "Interval"),
        parameters=(_INTERVAL,),
        body=shapes.INTERVAL_BODY,
    ),
    _row(
        "delete_interval",
        ("DELETE", _ONE_INTERVAL),
        intervals.delete_interval,
        ("Delete a calling window", "409 interval_in_use while a queue points at it."),
        (204, ""),
        parameters=(_INTERVAL,),
        conflict=True,
    ),
)

_EXTENSION: Final = Parameter(
    "extension_id", "The extension's id, or @ and its number.", required=True, example="@200"
)
_EXTENSIONS: Final = "/client/{client_id}/extension"
_ONE_EXTENSION: Final = f"{_EXTENSIONS}/{{extension_id}}"

_EXTENSION_OPERATIONS: Final = (
    _row(
        "create_extension",
        ("POST", _EXTENSIONS),
        extensions.create_extension,
        (
            "Create an extension",
            (
                "On whose behalf callbacks are made. name is its number, with or without the "
                "client's prefix. destination is what calls to this number call, such as "
                "sip:ann@example.com or tel:443069990123; without one it has no telephone."
            ),
        ),
        (201, "Extension"),
        body=shapes.EXTENSION_BODY,
        conflict=True,
    ),
    _row(
        "list_extensions",
        ("GET", _EXTENSIONS),
        extensions.list_extensions,
        ("List extensions", "By id."),
        (200, "Extensions"),
        parameters=(*_PAGING, Parameter("type", "phone, ivr, queue or fax.")),
    ),
    _row(
        "read_extension",
        ("GET", _ONE_EXTENSION),
        extensions.read_one_extension,
        ("Read an extension", "One extension."),
        (200, "Extension"),
        parameters=(_EXTENSION,),
    ),
    _row(
        "change_extension",
        ("PUT", _ONE_EXTENSION),
        extensions.change_extension,
        ("Change an extension", "Fields left out keep their values."),
        (200, "Extension"),
        parameters=(_EXTENSION,),
        body=shapes.EXTENSION_BODY,
        conflict=True,
    ),
    _row(
        "delete_extension",
        ("DELETE", _ONE_EXTENSION),
        extensions.delete_extension,
        ("Delete an extension", "Its tasks fail when their time comes."),
        (204, ""),
        parameters=(_EXTENSION,),
    ),
)

_CALLS: Final = "/client/{client_id}/call_history"

_CALL_OPERATIONS: Final = (
    _row(
        "list_calls",
        ("GET", _CALLS),
        call_history.list_calls,
        (
            "List the calls of callbacks",
            (
                "Of attempts that began in a period, by that time. One such request of a client at "
                "a time: 429 for a second one."
            ),
        ),
        (200, "CallHistory"),
        parameters=(
            Parameter("start_datetime", "Of the period, UTC.", required=True),
            Parameter("end_datetime", "Not included.", required=True),
            *_PAGING,
            Parameter("flow", "in or out; all of them go out."),
            Parameter("extension_id", "Of this extension."),
            Parameter("to_username", "To this number."),
        ),
    ),
    _row(
        "read_call",
        ("GET", f"{_CALLS}/{{call_uuid}}"),
        call_history.read_call,
        (
            "Read a call of a callback",
            (
                "The cdr of a task. Its parts come when the call has ended; the call to the "
                "extension itself has none."
            ),
        ),
        (200, "CallHistoryEntry"),
        parameters=(
            Parameter(
                "call_uuid",
                "32 hexadecimal digits.",
                required=True,
                example="5D0C1B7E9A2F4C6DB3E8F1A2075C9E44",
            ),
        ),
    ),
)

_USER: Final = _row(
    "read_user",
    ("GET", "/user"),
    read_user,
    ("Whose token is this?", "The client's id, and its username."),
    (200, "User"),
)

_TOKEN: Final = Operation(
    name="give_token",
    path=f"{TOKEN_BASE}/token",
    methods=("POST",),
    handler=give_token,
    credentials=Credentials.NONE,
    summary="Ask for a token",
    text="RFC 6749. The grants are client_credentials, password (the account's username and API "
    "Access Key), and refresh_token, which serves once.",
    parameters=(
        Parameter("grant_type", "The grant.", required=True, example="client_credentials"),
        Parameter("client_id", "The application's key.", required=True),
        Parameter("client_secret", "The application's secret.", required=True),
        Parameter("username", "password: the account's username."),
        Parameter("password", "password: its API Access Key."),
        Parameter("refresh_token", "refresh_token: what came with the last token."),
    ),
    successes={200: Success("A token for an hour.", reference("Token"))},
    refusals=(400, 401, 413, 415, 429, 503),
    error="GrantError",
    docs="callbacks",
)

CLIENT_OPERATIONS: Final = (
    *_QUEUE_OPERATIONS,
    *(row for word in ("task", "tasks") for row in _task_operations(word)),
    *_INTERVAL_OPERATIONS,
    *_EXTENSION_OPERATIONS,
    *_CALL_OPERATIONS,
    _USER,
    _TOKEN,
)
"""Every operation of this interface, in the order of the documents."""
