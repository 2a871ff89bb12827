"""Shapes of what a task may be given beyond the original API, as JSON Schema (2020-12).

Each is there in an answer only if it was given. In a request null is a field left out.
"""

from typing import Final

from callwright.api.operations import JsonSchema
from callwright.domain.recurrence_rule import MAX_LENGTH
from callwright.scheduler.requests.extras_shape import MAX_BACKOFF, MAX_KEY, MAX_PRIORITY, RETRIED
from callwright.scheduler.requests.recurrence_shape import MAX_EXCEPTIONS

_CAUSES: Final = [*map(str, RETRIED)]
_DEADLINE: Final = "A task that still waits then ends failed, with expired; after the start."
_PRIORITY: Final = "Of a queue's due tasks the higher goes first; 0 when left out."
_KEY: Final = "Of one unfinished task of the queue at most."
_ZONE: Final = (
    "IANA name of the zone that call_from, call_to and recurrence are read in. Left out, the hours "
    "are those of all zones that b_number may be in, or a_number if that one is internal."
)
_RULE: Final = "An iCalendar RRULE (RFC 5545): the task comes again, from start_time_utc on."
_EXCEPT: Final = "Days without a task, in timezone."
_MISSED: Final = "How many occurrences passed while tasks of the series waited or were tried."
_RETRIED: Final = "Failures that are tried again; all of these when left out."
_BACKOFF: Final = "Each pause is so many times the one before; 1 when left out."
_RECORD: Final = "Keeps the conversation as a recording; as the extension has it when left out."
_HOUR: Final = "On the wall clock in timezone; call_to may be the next day's."

EXTRAS: Final[dict[str, JsonSchema]] = {
    "deadline_utc": {
        "type": "string",
        "description": _DEADLINE,
        "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$",
    },
    "priority": {
        "type": "integer",
        "description": _PRIORITY,
        "minimum": -MAX_PRIORITY,
        "maximum": MAX_PRIORITY,
    },
    "dedup_key": {"type": "string", "description": _KEY, "minLength": 1, "maxLength": MAX_KEY},
    "timezone": {"type": "string", "description": _ZONE},
    "timezones": {
        "type": "array",
        "description": "Where the number may be, if no timezone was given for call_from.",
        "items": {"type": "string"},
        "minItems": 1,
    },
    **{
        name: {"type": "string", "description": _HOUR, "pattern": r"^\d{2}:\d{2}:\d{2}$"}
        for name in ("call_from", "call_to")
    },
    "retry_causes": {
        "type": "array",
        "description": _RETRIED,
        "items": {"enum": _CAUSES},
        "uniqueItems": True,
    },
    "backoff": {
        "type": "number",
        "description": _BACKOFF,
        "minimum": 1,
        "maximum": MAX_BACKOFF,
    },
    "recurrence": {"type": "string", "description": _RULE, "maxLength": MAX_LENGTH},
    "recurrence_except": {
        "type": "array",
        "description": _EXCEPT,
        "items": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    },
    "recurrence_id": {"type": "integer", "description": "The first task of the series."},
    "occurrence": {"type": "integer", "description": "Which of its tasks this is.", "minimum": 1},
    "recurrence_missed": {"type": "integer", "description": _MISSED, "minimum": 0},
    "record": {"type": "boolean", "description": _RECORD},
}
"""As they are printed."""

EXTRAS_BODY: Final[dict[str, JsonSchema]] = {
    "deadline_utc": {
        "type": ["string", "integer", "null"],
        "description": f"{_DEADLINE} YYYY-MM-DD HH:MM:SS, or seconds from now.",
    },
    "priority": {
        "type": ["integer", "string", "null"],
        "description": _PRIORITY,
        "minimum": -MAX_PRIORITY,
        "maximum": MAX_PRIORITY,
        "pattern": "^-?[0-9]+$",
    },
    "dedup_key": {"type": ["string", "null"], "description": _KEY, "maxLength": MAX_KEY},
    "timezone": {"type": ["string", "null"], "description": _ZONE},
    **{
        name: {
            "type": ["string", "null"],
            "description": f"{_HOUR} hh:mm or hh:mm:ss; both are given or neither.",
            "pattern": r"^[0-2]\d:[0-5]\d(:[0-5]\d)?$",
        }
        for name in ("call_from", "call_to")
    },
    "retry_causes": {
        "type": ["array", "null"],
        "description": _RETRIED,
        "items": {"enum": _CAUSES},
    },
    "backoff": {
        "type": ["number", "string", "null"],
        "description": _BACKOFF,
        "minimum": 1,
        "maximum": MAX_BACKOFF,
    },
    "recurrence": {
        "type": ["string", "null"],
        "description": _RULE,
        "maxLength": MAX_LENGTH,
        "examples": ["FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10"],
    },
    "recurrence_except": {
        "type": ["array", "null"],
        "description": _EXCEPT,
        "items": {"type": "string", "format": "date"},
        "maxItems": MAX_EXCEPTIONS,
    },
    "record": {"type": ["boolean", "null"], "description": _RECORD},
}
"""As they may be sent."""
