"""The default configuration, as the schema tells it, and supplied options laid over it."""

from typing import cast

from callwright.protocol.strict_json import Json
from callwright.services.options import JsonObject

_REFERENCE_START = "#/definitions/"


def default_configuration(schema: JsonObject) -> JsonObject:
    """Return every option with its default, in the schema's order.

    It is not valid itself: the mandatory options are null.
    """
    return cast("JsonObject", _default(schema, cast("JsonObject", schema["definitions"])))


def _default(option: JsonObject, definitions: JsonObject) -> Json:
    reference = option.get("$ref")
    if isinstance(reference, str):
        name = reference.removeprefix(_REFERENCE_START)
        return _default(cast("JsonObject", definitions[name]), definitions)
    if "default" in option:
        value = option["default"]
        return list(value) if isinstance(value, list) else value
    members = cast("dict[str, JsonObject]", option["properties"])
    return {name: _default(member, definitions) for name, member in members.items()}


def lay_over(options: JsonObject, supplied: JsonObject) -> JsonObject:
    """Return `options` with the supplied ones in their places; null is a value, lists go whole.

    Options that nobody knows stay, at the end: the schema refuses them by name, which catches
    misspellings.
    """
    merged = dict(options)
    for name, value in supplied.items():
        known = options.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            merged[name] = lay_over(known, value)
        else:
            merged[name] = value
    return merged
