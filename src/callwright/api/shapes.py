"""Shapes of the answers, as JSON Schema (2020-12) for the OpenAPI document."""

from typing import Final

from callwright.api.client.shapes import CLIENT_SHAPES
from callwright.api.fact_events import ENDED, EVENT_NAMES, MISSED
from callwright.api.operations import JsonSchema
from callwright.api.service_shapes import service_shapes
from callwright.conferences import wire_names as wire
from callwright.conferences.reservation import ConferenceState
from callwright.domain.far_end import FarEndType
from callwright.domain.records import CallDirection
from callwright.files import wire_names as wire_files
from callwright.queue.ports import CancelResult
from callwright.runner.registry import InterruptResult

_TEXT: Final[JsonSchema] = {"type": "string"}
_TEXT_OR_NULL: Final[JsonSchema] = {"type": ["null", "string"]}
_NUMBER: Final[JsonSchema] = {"type": "number"}
_INTEGER: Final[JsonSchema] = {"type": "integer"}
_TRUTH: Final[JsonSchema] = {"type": "string", "enum": ["true", "false"]}
_DATETIME: Final[JsonSchema] = {
    "type": "string",
    "description": "UTC, YYYY-MM-DD_hh:mm:ss",
    "pattern": r"^\d{4}-\d{2}-\d{2}_\d{2}:\d{2}:\d{2}$",
}
_REF: Final[JsonSchema] = {
    "type": "string",
    "pattern": r"^[0-9a-f]{8}_\d+\.\d+\.\d+$",
    "examples": ["2e891aea_0.1366641192.77832"],
}

_DIGITS: Final[JsonSchema] = {
    "type": "string",
    "pattern": r"^[1-9]\d{5,14}$",
    "examples": ["443069999876"],
}


def reference(name: str) -> JsonSchema:
    """Point to a named shape."""
    return {"$ref": f"#/components/schemas/{name}"}


def exactly(**properties: JsonSchema) -> JsonSchema:
    """Describe an object that has all of these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def map_of(values: JsonSchema, keys: str) -> JsonSchema:
    """Describe an object whose keys are names of things."""
    return {"type": "object", "description": f"keyed by {keys}", "additionalProperties": values}


_QUEUE: Final = exactly(service_name=_TEXT, length=_INTEGER)

_ADR: Final = exactly(
    application_instance_id=_TEXT,
    application_name=_TEXT,
    application_parameters=_TEXT,
    costs_valid=_TRUTH,
    duration=_NUMBER,
    exit_status=_INTEGER,
    extra_channel_count=_INTEGER,
    extra_cost=_NUMBER,
    fax=_TRUTH,
    feature_cost=_NUMBER,
    feature_seconds=_NUMBER,
    outbound_parameters=_TEXT,
    platform_cost=_NUMBER,
    pstn_cost=_NUMBER,
    rest_from=_TEXT,
    rest_initial_token=_TEXT,
    rest_log_filename=_TEXT,
    rest_to=_TEXT,
    start_datetime=_DATETIME,
    start_time=_NUMBER,
    stop_datetime=_DATETIME,
    stop_time=_NUMBER,
    tollfree_cost=_NUMBER,
    total_cost=_NUMBER,
    tts_cost=_NUMBER,
    tts_neural_cost=_NUMBER,
    tts_neural_seconds=_NUMBER,
    tts_neural_unit_cost=_NUMBER,
    tts_seconds=_NUMBER,
    tts_unit_cost=_NUMBER,
    uas_ip_address=_TEXT,
    uas_name=_TEXT,
)

_FAR_END: Final = exactly(
    reasons={"type": "array", "items": _TEXT},
    seconds=_NUMBER,
    timeline={"type": "array", "items": exactly(begin=_NUMBER, end=_NUMBER, kind=_TEXT)},
    type={"enum": [one.value for one in FarEndType]},
)

_DATETIME_OR_NONE: Final[JsonSchema] = {"anyOf": [_DATETIME, {"const": ""}]}

_ALWAYS_IN_CDR: Final = exactly(
    call_connected_datetime=_DATETIME_OR_NONE,
    call_connected_time=_NUMBER,
    call_cost=_NUMBER,
    call_hangup_datetime=_DATETIME,
    call_hangup_time=_NUMBER,
    call_initiated_datetime=_DATETIME,
    call_initiated_time=_NUMBER,
    channel_type={"enum": ["p", "x", "ca", "cv"]},
    costs_valid=_TRUTH,
    destination_address=_TEXT,
    dir={"enum": [direction.value for direction in CallDirection]},
    duration=_NUMBER,
    hangup_cause={"type": "string", "pattern": r"^[A-Z_]+\(-?\d+\)$"},
    joined=_NUMBER,
    originating_address=_TEXT,
)

_CDR: Final[JsonSchema] = _ALWAYS_IN_CDR | {
    "properties": _ALWAYS_IN_CDR["properties"] | {"far_end": _FAR_END}
}
"""What answered is there only where that was asked."""

SHAPES: Final[dict[str, JsonSchema]] = {
    "Error": exactly(
        error={
            "type": "object",
            "properties": {
                "code": {"type": "string", "pattern": r"^(\d{4}|HTTP \d{3})$"},
                "text": _TEXT,
                "details": {"type": "array", "items": _TEXT, "minItems": 2},
                "datetime": _DATETIME,
                "link": {"type": "string", "format": "uri"},
            },
            "required": ["code", "text", "datetime", "link"],
            "additionalProperties": False,
        },
        request=exactly(url=_TEXT, datetime=_DATETIME),
    ),
    "Call": {
        "type": "object",
        "description": "One call to start. `from` is required when `to` is a telephone number.",
        "properties": {
            "to": {"type": "string", "examples": ["tel:443069990123", "sip:bob@example.com"]},
            "from": {"type": "string", "examples": ["443069999876"]},
            "token": {"type": "string", "maxLength": 5000},
            "outbound_parameters": {"type": "string", "maxLength": 5000},
            "extra_sip_headers": {
                "type": "array",
                "maxItems": 10,
                "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string", "pattern": "^X-"}, "value": _TEXT},
                    "required": ["name", "value"],
                },
            },
        },
        "required": ["to"],
    },
    "ServiceRefs": {"type": "array", "items": _REF, "minItems": 1},
    "CancelResults": map_of(
        {"enum": [result.value for result in CancelResult]}, "service reference"
    ),
    "Interruptions": map_of(
        {
            "type": "object",
            "properties": {
                "result": {"enum": [one.value for one in InterruptResult]},
                "action": _TEXT,
            },
            "required": ["result"],
            "additionalProperties": False,
        },
        "application instance id",
    ),
    "ServiceStatuses": map_of(
        exactly(
            status={
                "type": "string",
                "pattern": r"^(queued|running|completed -?\d+|couldnotrun .+|cancelled|unknown)$",
            },
            application_status_eta=_INTEGER,
            application_instance_id=_TEXT,
        ),
        "service reference",
    ),
    "JobStatus": exactly(
        queued=_INTEGER,
        service_refs={"type": "array", "items": _REF, "minItems": 1},
        count=_INTEGER,
    ),
    "Queue": _QUEUE,
    "Queues": {"type": "array", "items": _QUEUE},
    "Purge": exactly(
        service_name=_TEXT, cancelled=_INTEGER, service_refs={"type": "array", "items": _REF}
    ),
    "CallerIds": exactly(
        caller_ids={"type": "array", "items": _DIGITS},
        under_way={"type": "array", "items": _DIGITS, "maxItems": 1},
    ),
    "CallerIdTrial": exactly(
        number=_DIGITS,
        pin={"type": "string", "pattern": r"^\d{6}$"},
        expires_datetime=_DATETIME,
    ),
    "ConferenceName": {"type": "string", "pattern": "^[A-Za-z0-9]{1,47}$"},
    "ConferenceParticipant": {"type": "string", "description": "as in the list of participants"},
    "Conferences": map_of(
        exactly(
            **{
                wire.STATE: {"enum": [one.value for one in ConferenceState]},
                wire.RESERVED: _TRUTH,
                wire.MAX_PARTICIPANTS: _INTEGER,
                wire.PARTICIPANT_COUNT: _INTEGER,
                wire.START_TIME: _DATETIME_OR_NONE,
                wire.DURATION: {"type": "integer", "description": "minutes; 0 if not reserved"},
                wire.DIVERT: _TEXT,
            }
        ),
        "conference name",
    ),
    "ConferenceParticipants": map_of(
        exactly(
            **{
                wire.INSTANCE: _TEXT,
                wire.FROM: _TEXT,
                wire.TALKER: _TRUTH,
                wire.MUTED: _TRUTH,
                wire.DESTROY_ON_EXIT: _TRUTH,
                wire.SECONDS_IN: {"type": "number", "description": "seconds since he came in"},
            }
        ),
        "participant",
    ),
    "Files": map_of(
        exactly(
            **{
                wire_files.SIZE: _INTEGER,
                wire_files.CREATED: _DATETIME,
                wire_files.ENCRYPTED: _TRUTH,
            }
        ),
        "file name",
    ),
    "FileWritten": exactly(**{wire_files.NAME: _TEXT, wire_files.SIZE: _INTEGER}),
    "FileDeletions": map_of({"enum": [wire_files.DELETED, wire_files.UNKNOWN]}, "file name"),
    "FileRenamed": exactly(**{wire_files.NAME: _TEXT}),
    "ApplicationStatus": exactly(
        adr=_ADR,
        cdrs=map_of(_CDR, "call id"),
        errs=map_of(
            exactly(
                error_code={"type": "string", "pattern": r"^\d{4}$"},
                error_text=_TEXT,
                error_link=_TEXT,
            ),
            "number, beginning with 0",
        ),
        fdrs=map_of({"type": "object"}, "feature use"),
    ),
    "Services": exactly(
        services={
            "type": "array",
            "items": exactly(
                name={"type": "string", "pattern": r"^[A-Za-z0-9\-_.+]{1,64}$"},
                target=_TEXT_OR_NULL,
                description=_TEXT_OR_NULL,
            ),
        }
    ),
    **service_shapes(),
    "Schema": {
        "type": "object",
        "description": "A JSON Schema, draft-07.",
        "required": ["$schema", "title", "description", "type", "properties"],
    },
    "LiveEvent": {
        "type": "object",
        "description": "One thing that happened; further members by the kind of event.",
        "properties": {
            "event": {"enum": [*EVENT_NAMES.values(), MISSED, ENDED]},
            "at": {"type": "number", "description": "seconds since 1970-01-01 00:00 UTC"},
            "service_ref": _REF,
        },
        "required": ["event"],
    },
    **CLIENT_SHAPES,
    "Health": exactly(status={"enum": ["up", "ready"]}),
}
"""Every shape that an operation names."""
