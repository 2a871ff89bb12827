"""Shapes of a client's state, as JSON Schema (2020-12)."""

from typing import Final

from callwright.api.operations import JsonSchema
from callwright.scheduler.client_pause import MAX_REASON, Pauser

CLIENT_STATE: Final[JsonSchema] = {
    "type": "object",
    "properties": {
        "status": {"enum": ["on", "paused"]},
        "reason": {"type": "string"},
        "paused_by": {"enum": [*map(str, Pauser), None]},
        "paused_date_utc": {
            "type": ["string", "null"],
            "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$",
        },
    },
    "required": ["status", "reason", "paused_by", "paused_date_utc"],
    "additionalProperties": False,
}

CLIENT_STATE_BODY: Final[JsonSchema] = {
    "type": "object",
    "properties": {
        "status": {"enum": ["on", "paused"]},
        "reason": {"type": ["string", "null"], "maxLength": MAX_REASON},
    },
    "required": ["status"],
}
