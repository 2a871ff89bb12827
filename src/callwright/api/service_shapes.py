"""Shapes of services' configurations, made from the schemas that check them."""

from typing import Any, Final  # schemas are JSON by nature

from callwright.api.operations import JsonSchema
from callwright.services.schema import SCHEMAS

_REFERENCE_START: Final = "#/definitions/"


def service_shapes() -> dict[str, JsonSchema]:
    """Return the shapes of answers, which are complete, and of bodies, which need not be."""
    shapes: dict[str, JsonSchema] = {}
    schema: Any
    for kind, schema in SCHEMAS.items():
        for name, is_complete in (("Service", True), ("Options", False)):
            shape = _shape(schema, schema["definitions"], is_complete=is_complete)
            text = f"Options of an {kind} service; an account's schema may allow less."
            shapes[f"{kind.capitalize()}{name}"] = shape | {"description": text}
    return shapes


def _shape(option: JsonSchema, definitions: JsonSchema, *, is_complete: bool) -> JsonSchema:
    """Copy one option; an object has all of its members where it is complete."""
    if "$ref" in option:
        definition = definitions[option["$ref"].removeprefix(_REFERENCE_START)]
        return _shape(definition, definitions, is_complete=is_complete)
    if "properties" not in option:
        return option
    members = {
        name: _shape(member, definitions, is_complete=is_complete)
        for name, member in option["properties"].items()
    }
    needed = {"required": list(members)} if is_complete else {}
    said = {"description": option["description"]} if "description" in option else {}
    return {
        "type": "object",
        **said,
        "properties": members,
        **needed,
        "additionalProperties": False,
    }
