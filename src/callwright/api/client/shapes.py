"""Shapes of the scheduler's interface, as JSON Schema (2020-12) for the OpenAPI document."""

from typing import Final

from callwright.api.client.call_shapes import CALLBACK
from callwright.api.client.client_state_shapes import CLIENT_STATE
from callwright.api.client.extras_shapes import EXTRAS, EXTRAS_BODY
from callwright.api.client.variable_shapes import VARIABLE
from callwright.api.operations import JsonSchema
from callwright.domain.callback import FinishResult, TaskState
from callwright.domain.extension_event import ExtensionEvent, TellMethod
from callwright.scheduler.history.calls import Disposition
from callwright.scheduler.live.values import Step
from callwright.scheduler.requests.task_shape import MAX_TASKS
from callwright.scheduler.task_list import SHOWN_STATES
from callwright.scheduler.webhooks.values import EventState

_TEXT: Final[JsonSchema] = {"type": "string"}
_TEXT_OR_NULL: Final[JsonSchema] = {"type": ["string", "null"]}
_INTEGER: Final[JsonSchema] = {"type": "integer"}
_INTEGER_OR_NULL: Final[JsonSchema] = {"type": ["integer", "null"]}
_TEXTS: Final[JsonSchema] = {"type": "array", "items": _TEXT}
_PATTERN: Final = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$"
_MOMENT: Final[JsonSchema] = {
    "type": "string",
    "description": "UTC, YYYY-MM-DD HH:MM:SS",
    "pattern": _PATTERN,
}
_MOMENT_OR_NULL: Final[JsonSchema] = {"type": ["string", "null"], "pattern": _PATTERN}
_UUID: Final[JsonSchema] = {"type": "string", "pattern": "^[0-9A-F]{32}$"}
_UUID_OR_NULL: Final[JsonSchema] = {"type": ["string", "null"], "pattern": "^[0-9A-F]{32}$"}
_SWITCH: Final[JsonSchema] = {"enum": ["on", "off"]}


def _exactly(**properties: JsonSchema) -> JsonSchema:
    """Describe an object that has all of these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _some(**properties: JsonSchema) -> JsonSchema:
    """Describe a body: any of these properties, and others that are ignored."""
    return {"type": "object", "properties": properties}


def _many(name: str) -> JsonSchema:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


_OUTCOME: Final = {"enum": [*map(str, FinishResult), None]}

_ATTEMPT: Final = _exactly(
    n=_INTEGER,
    call_uuid=_UUID,
    start_time_utc=_MOMENT,
    end_time_utc=_MOMENT_OR_NULL,
    src_ani=_TEXT_OR_NULL,
    dst_ani=_TEXT_OR_NULL,
    a_answered=_TEXT_OR_NULL,
    result=_OUTCOME,
    comment=_TEXT,
)

_AS_GIVEN: Final = {
    **dict.fromkeys(("url_before", "url_before_again", "url_success", "url_after"), _TEXT),
    "callback_params": {"type": "object"},
    "variables": {"type": "object", "additionalProperties": _TEXT},
    "attempts_src_ani_numbers": _TEXTS,
    "attempts_dst_ani_numbers": _TEXTS,
}
"""Fields of a task that are printed as they were sent."""

_TASK: Final = _exactly(
    id=_INTEGER,
    scheduler_id=_INTEGER,
    name=_TEXT,
    status={"enum": list(SHOWN_STATES)},
    a_number=_TEXT,
    b_number=_TEXT,
    extension_id=_INTEGER,
    try_count=_INTEGER,
    try_again_pause={"type": ["integer", "string"]},
    try_count_caller=_INTEGER,
    try_again_pause_caller=_INTEGER,
    start_time_utc=_MOMENT,
    next_try_utc=_MOMENT_OR_NULL,
    **_AS_GIVEN,
    try_made=_INTEGER,
    try_made_caller=_INTEGER,
    finish_result=_OUTCOME,
    finish_comment=_TEXT,
    cdr=_UUID_OR_NULL,
    create_date_utc=_MOMENT,
    finish_date_utc=_MOMENT_OR_NULL,
    attempts={"type": "array", "items": _ATTEMPT},
)
_TASK["properties"] |= EXTRAS
"""These are there only if they were given."""

_EXTENSION: Final = _exactly(
    id=_INTEGER,
    client_id=_INTEGER,
    name={"type": "string", "description": "the client's prefix, *, and the number"},
    type={"const": "phone"},
    status={"enum": ["active", "blocked"]},
    label=_TEXT,
    caller_id_name=_TEXT,
    caller_id_number=_TEXT,
    destination={
        "type": "string",
        "description": "what calls to the number call, as in service_start; empty for nothing",
    },
    domain=_TEXT,
    create_date=_MOMENT,
    extension_group_id={"type": "null"},
)
_EXTENSION["properties"] |= {"record_calls": {"const": True}}
"""It is there only if calls are recorded."""

_EVENT_TYPE: Final[JsonSchema] = {"enum": list(map(str, ExtensionEvent))}
_TELL_METHOD: Final[JsonSchema] = {"enum": list(map(str, TellMethod))}

_CONDITION: Final[JsonSchema] = {
    "type": "object",
    "properties": {
        **{f"{end}_{what}": _INTEGER for end in ("start", "end") for what in ("dow", "mday")},
        **{f"{end}_{what}": _TEXT for end in ("start", "end") for what in ("time", "datetime")},
        "month": _INTEGER,
        "sched_start_date": _TEXT,
        "sched_active_days": _INTEGER,
        "sched_skip_days": _INTEGER,
    },
}

_DISPOSITION: Final = {"enum": [*map(str, Disposition), None]}

_PARTIES: Final[dict[str, JsonSchema]] = {
    "from_username": _TEXT,
    "from_domain": _TEXT_OR_NULL,
    "from_screen_name": _TEXT_OR_NULL,
    "to_username": _TEXT,
    "to_domain": _TEXT_OR_NULL,
}
_OWNER: Final[dict[str, JsonSchema]] = {
    "client_owner_id": _INTEGER,
    "extension_id": _INTEGER,
    "extension_name": _TEXT_OR_NULL,
    "extension_type": {"const": "phone"},
}

_PART: Final = _exactly(
    application={"const": "callback"},
    flow={"enum": ["out", "transfer"]},
    result=_TEXT,
    init_time_gmt=_MOMENT,
    start_time_gmt=_MOMENT_OR_NULL,
    hangup_time_gmt=_MOMENT,
    duration=_INTEGER,
    bridged_duration=_INTEGER,
    **_PARTIES,
    source_number=_TEXT,
    source_domain=_TEXT_OR_NULL,
    dest_number=_TEXT,
    dest_domain=_TEXT_OR_NULL,
    ani_number=_TEXT_OR_NULL,
    **_OWNER,
    hangup_cause=_TEXT,
    hangup_disposition=_DISPOSITION,
    record_uuid=_UUID_OR_NULL,
    record_file_size=_INTEGER_OR_NULL,
)

_RECORDING: Final = _exactly(
    record_uuid=_UUID,
    call_uuid=_UUID,
    extension_id=_INTEGER,
    init_time_gmt=_MOMENT,
    duration={"type": "number", "description": "seconds"},
    size={"type": "integer", "description": "bytes"},
    filename={"type": "string", "description": "as the file services name it, in media"},
)

_CALL: Final = _exactly(
    call_uuid=_UUID,
    flow={"const": "out"},
    result=_TEXT_OR_NULL,
    init_time_gmt=_MOMENT,
    start_time_gmt=_MOMENT_OR_NULL,
    hangup_time_gmt=_MOMENT_OR_NULL,
    duration=_INTEGER_OR_NULL,
    bridged_time_gmt=_MOMENT_OR_NULL,
    bridged_duration=_INTEGER_OR_NULL,
    bridged_username=_TEXT_OR_NULL,
    bridged_domain=_TEXT_OR_NULL,
    **_PARTIES,
    did_number={"type": "null"},
    did_domain={"type": "null"},
    **_OWNER,
    extension_group_owner_id={"type": "null"},
    ext_number_reg={"type": "null"},
    hangup_cause=_TEXT_OR_NULL,
    hangup_disposition=_DISPOSITION,
    cdr={"type": "array", "items": _PART},
)

_KEPT_EVENT: Final = _exactly(
    event_id=_TEXT,
    event=_TEXT,
    task_id=_INTEGER,
    url={"type": "string", "description": "without password and query"},
    state={"enum": list(map(str, EventState))},
    event_time_utc=_MOMENT,
    tries=_INTEGER,
    last_status=_INTEGER_OR_NULL | {"description": "what the last try was answered, if anything"},
    last_reason={"type": "string", "description": "why the last try was not answered"},
    next_try_utc=_MOMENT_OR_NULL,
    given_up_utc=_MOMENT_OR_NULL,
)

_QUEUE_EVENT: Final[JsonSchema] = {
    "oneOf": [
        _exactly(
            event={"const": "progress"},
            scheduler_id=_INTEGER,
            waiting={"type": "integer", "description": "scheduled or delayed, due or not"},
            due=_INTEGER,
            executed=_INTEGER,
            success=_INTEGER,
            failed=_INTEGER,
        ),
        _exactly(
            event={"const": "task"},
            change={"enum": list(map(str, Step))},
            time_utc=_MOMENT,
            scheduler_id=_INTEGER,
            id=_INTEGER,
            name=_TEXT,
            status={"enum": list(map(str, TaskState))},
            finish_result=_OUTCOME,
            attempt=_INTEGER,
            call_uuid=_UUID_OR_NULL,
            comment=_TEXT,
            next_try_utc=_MOMENT_OR_NULL,
        ),
        _exactly(event={"const": "gone"}, scheduler_id=_INTEGER),
        _exactly(event={"const": "missed"}, count=_INTEGER),
    ]
}

CLIENT_SHAPES: Final[dict[str, JsonSchema]] = {
    "ClientError": {
        "type": "object",
        "properties": {
            "message": _TEXT,
            "status": _TEXT,
            "errors": {"type": "array", "items": _exactly(path=_TEXT, message=_TEXT)},
        },
        "required": ["message"],
        "additionalProperties": False,
    },
    "ClientState": CLIENT_STATE,
    "GrantError": _exactly(error=_TEXT, error_description=_TEXT),
    "Token": {
        "type": "object",
        "properties": {
            "access_token": _TEXT,
            "token_type": {"const": "Bearer"},
            "expires_in": _INTEGER,
            "scope": {"const": "all"},
            "refresh_token": _TEXT,
        },
        "required": ["access_token", "token_type", "expires_in", "scope"],
        "additionalProperties": False,
    },
    "User": _exactly(
        client_id=_INTEGER, extension_id={"type": "null"}, timezone=_TEXT, login=_TEXT
    ),
    "CallbackQueue": _exactly(
        id=_INTEGER,
        name=_TEXT,
        comment=_TEXT,
        status=_SWITCH,
        concurrent_task_limit=_INTEGER,
        interval_id=_INTEGER_OR_NULL,
        create_date_utc=_MOMENT,
    ),
    "CallbackQueues": _many("CallbackQueue"),
    "CallbackTask": _TASK,
    "CallbackTasks": _many("CallbackTask"),
    "Interval": _exactly(
        id=_INTEGER,
        name=_TEXT,
        timezone=_TEXT,
        conditions={"type": "array", "items": _CONDITION},
    ),
    "Intervals": _many("Interval"),
    "Callback": CALLBACK,
    "Variable": VARIABLE,
    "Variables": _many("Variable"),
    "Extension": _EXTENSION,
    "Extensions": _many("Extension"),
    "ExtensionEvent": _exactly(id=_INTEGER, url=_TEXT, event_type=_EVENT_TYPE, method=_TELL_METHOD),
    "ExtensionEvents": _many("ExtensionEvent"),
    "CallHistoryEntry": _CALL,
    "Recording": _RECORDING,
    "Recordings": _many("Recording"),
    "CallHistory": _exactly(
        page=_INTEGER,
        per_page=_INTEGER,
        order={"enum": ["asc", "desc"]},
        call_history=_many("CallHistoryEntry"),
    ),
    "KeptEvent": _KEPT_EVENT,
    "KeptEvents": _many("KeptEvent"),
    "QueueEvent": _QUEUE_EVENT,
    "Redelivered": _exactly(redelivered=_INTEGER),
}
"""Every shape that an operation of this interface answers with."""

QUEUE_BODY: Final = _some(
    name=_TEXT,
    comment=_TEXT,
    status=_SWITCH,
    concurrent_task_limit=_INTEGER,
    interval_id=_INTEGER_OR_NULL,
)

TASK_BODY: Final = _some(
    name=_TEXT,
    a_number=_TEXT,
    b_number=_TEXT,
    extension_id=_INTEGER,
    try_count=_INTEGER,
    try_again_pause=_INTEGER,
    try_count_caller=_INTEGER,
    try_again_pause_caller=_INTEGER,
    start_time_utc={"type": ["string", "integer"]},
    **_AS_GIVEN,
    **EXTRAS_BODY,
)

_WISH: Final = TASK_BODY | {"required": ["a_number", "b_number", "extension_id"]}

TASKS_BODY: Final = _some(
    tasks={"type": "array", "items": _WISH, "minItems": 1, "maxItems": MAX_TASKS}
) | {"required": ["tasks"]}

INTERVAL_BODY: Final = _some(
    name=_TEXT, timezone=_TEXT, conditions={"type": "array", "items": _CONDITION}
)

EXTENSION_BODY: Final = _some(
    name=_TEXT,
    type={"const": "phone"},
    status={"enum": ["active", "blocked"]},
    label=_TEXT,
    caller_id_name=_TEXT,
    caller_id_number=_TEXT,
    destination=_TEXT,
    record_calls={"type": "boolean"},
)

EXTENSION_EVENT_BODY: Final = _some(url=_TEXT, event_type=_EVENT_TYPE, method=_TELL_METHOD)
