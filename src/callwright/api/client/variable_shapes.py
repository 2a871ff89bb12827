"""Shapes of client variables, as JSON Schema (2020-12)."""

from typing import Final

from callwright.api.operations import JsonSchema
from callwright.scheduler.requests.client_variables import MAX_VALUE

_NAME: Final[JsonSchema] = {"type": "string", "pattern": "^[A-Za-z0-9_]{1,64}$"}
_VALUE: Final[JsonSchema] = {"type": "string", "maxLength": MAX_VALUE}

VARIABLE: Final[JsonSchema] = {
    "type": "object",
    "properties": {"name": _NAME, "value": _VALUE},
    "required": ["name", "value"],
    "additionalProperties": False,
}
VARIABLE_BODY: Final[JsonSchema] = {
    "type": "object",
    "properties": {"name": _NAME, "value": _VALUE},
    "required": ["name", "value"],
}
VARIABLE_CHANGE: Final[JsonSchema] = {
    "type": "object",
    "properties": {"value": _VALUE},
    "required": ["value"],
}
