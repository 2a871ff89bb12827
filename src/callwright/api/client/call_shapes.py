"""Shapes of callbacks at once, as JSON Schema (2020-12)."""

from typing import Final

from callwright.api.client.extras_shapes import EXTRAS_BODY
from callwright.api.operations import JsonSchema
from callwright.scheduler.requests.call_shape import MAX_SOURCES
from callwright.scheduler.requests.task_shape import LONGEST_CALL, PICKUP

_TEXT: Final[JsonSchema] = {"type": "string"}
_INTEGER: Final[JsonSchema] = {"type": "integer"}
_NUMBER: Final[JsonSchema] = {"type": "string", "pattern": "^[0-9+*#]{1,32}$"}
_UUID: Final[JsonSchema] = {"type": "string", "pattern": "^[0-9A-F]{32}$"}

_EXTRAS: Final = {
    "dedup_key": "Of one callback at once, within a day and while it has not ended.",
    "deadline_utc": "A callback that has not begun by then is not made.",
    "record": "Keeps the conversation as a recording; as the extension has it when left out.",
}

CALLBACK: Final[JsonSchema] = {
    "type": "object",
    "properties": {"call_id": _UUID, "call_api_id": _UUID},
    "required": ["call_id", "call_api_id"],
    "additionalProperties": False,
}

CALLBACK_BODY: Final[JsonSchema] = {
    "type": "object",
    "properties": {
        "src_num": {"type": "array", "items": _NUMBER, "minItems": 1, "maxItems": MAX_SOURCES},
        "dst_num": _NUMBER,
        "variables": {"type": "object", "additionalProperties": _TEXT},
        "caller_id_name": _TEXT,
        "caller_id_number": _TEXT,
        "src_caller_id_name": _TEXT,
        "src_caller_id_number": _TEXT,
        "src_ani": _NUMBER,
        "dst_ani": _NUMBER,
        "wait_for_pickup": _INTEGER | {"minimum": PICKUP[0], "maximum": PICKUP[1]},
        "call_duration": _INTEGER | {"minimum": 1, "maximum": LONGEST_CALL},
        "allow_public_transfer": {"type": "boolean"},
        "announce_sound_id": _INTEGER,
        "dst_announce_sound_id": _INTEGER,
        "dst_dtmf": {"type": "string", "pattern": "^[0-9*#Ww]{0,64}$"},
        "transfer_after_src_hangup": _NUMBER,
        "transfer_after_dst_hangup": _NUMBER,
        "src_ring_strategy": {"enum": ["simultaneous", "sequential"]},
        **{name: EXTRAS_BODY[name] | {"description": text} for name, text in _EXTRAS.items()},
    },
    "required": ["src_num", "dst_num"],
}
"""What may be asked; others are ignored, integers may be digits in a string, null is left out."""
