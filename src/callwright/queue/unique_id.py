"""The parameter `unique_id`: a request that may be sent again and is carried out once.

Two requests are the same when they start the same service and all their other parameters are
equal. Parameters that hold JSON are compared by value: spaces, the order of members and the
spelling of a character make no difference.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from typing import Final

from callwright.domain.errors import RemoteFault
from callwright.protocol.strict_json import BadJson, Json, read_json
from callwright.queue.ports import Once

NAME: Final = "unique_id"

_UNIQUE_ID: Final = re.compile(r"[\x20-\x7e]{1,128}")
"""1 to 128 printable ASCII characters (assumed; the published sample is a UUID)."""

_QUOTED_LENGTH: Final = 80
"""Enough of a wrong value to recognise it."""


class BadUniqueId(RemoteFault):
    """A request cannot be known by this; `code` is the API's four digits for it."""

    code: Final = "0002"


def read_once(
    parameters: Mapping[str, str], *, service_name: str, json_parameters: Collection[str]
) -> Once | None:
    """Read a request's `unique_id`; None if it has none.

    `json_parameters` are the names of those that are compared by value.

    Raises:
        BadUniqueId: it is empty, too long, or not printable ASCII.

    """
    unique_id = parameters.get(NAME)
    if unique_id is None:
        return None
    if not _UNIQUE_ID.fullmatch(unique_id):
        quoted = repr(unique_id[:_QUOTED_LENGTH])
        raise BadUniqueId(f"{NAME} {quoted}: 1 to 128 printable ASCII characters were expected")
    values = {
        name: _value(text) if name in json_parameters else text
        for name, text in parameters.items()
        if name != NAME
    }
    canonical = json.dumps([service_name, values], sort_keys=True, separators=(",", ":"))
    return Once(unique_id, hashlib.sha256(canonical.encode()).digest())


def _value(text: str) -> Json:
    """Return the value of a JSON text; within a list, so that no other text has it.

    One that is not JSON is an alias nobody reads, and is compared as it is.
    """
    try:
        return [_number_by_value(read_json(text))]
    except BadJson:
        return text


def _number_by_value(value: Json) -> Json:
    """Print 1.0 and 1 alike."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: _number_by_value(member) for name, member in value.items()}
        case list():
            return [_number_by_value(member) for member in value]
        case _:
            return value
