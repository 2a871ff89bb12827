"""Says what is wrong with a complete configuration, in the published words.

A compiled validator accepts, in microseconds; `jsonschema` is asked only when it did not, for its
messages are the published ones. All errors are told at once, each as `<path> <message>.`
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import ip_network
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

import jsonschema_rs
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from callwright.domain.errors import RemoteFault
from callwright.protocol.strict_json import Json
from callwright.services.options import MAX_LIST_LENGTH, JsonObject
from callwright.services.ports import ServiceKind
from callwright.services.schema import Allowance, schema_for

MAX_ERRORS: Final = 100
"""Errors told of one configuration: it has some 50 options, the rest would be list entries."""

MAX_MESSAGE_LENGTH: Final = 500
"""Characters of one message, which quotes the wrong value; enough to recognise any."""

_PAGES: Final = ("first_page", "final_page", "error_page")
_WEB_SCHEMES: Final = frozenset({"http", "https"})


class BadConfiguration(RemoteFault):
    """A configuration breaks rules; `texts` has one text for each, in the schema's order."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Print as the published error does: one text inside it, several in its details."""
        self.texts = tuple(texts)
        if len(self.texts) == 1:
            super().__init__(f"Failed to validate configuration, {self.texts[0]}")
        else:
            super().__init__("Failed to validate configuration, see details for more information.")

    @property
    def details(self) -> tuple[str, ...]:
        """What the error body lists under `details`: nothing when the text has said it."""
        return self.texts if len(self.texts) > 1 else ()


def check(configuration: JsonObject, kind: ServiceKind, allowance: Allowance) -> None:
    """Accept a complete configuration of an account with this allowance.

    Raises:
        BadConfiguration: with the text of each error.

    """
    long_lists = list(_long_lists(configuration, ()))
    if long_lists:
        raise BadConfiguration(long_lists)
    if not _compiled(kind, allowance).is_valid(configuration):
        schema = schema_for(kind, allowance)
        errors = _Explainer(schema).iter_errors(configuration)
        raise BadConfiguration([_text(one, schema) for one in islice(errors, MAX_ERRORS)])
    beyond = list(_beyond_the_schema(configuration))
    if beyond:
        raise BadConfiguration(beyond)


@lru_cache(maxsize=128)
def _compiled(kind: ServiceKind, allowance: Allowance) -> jsonschema_rs.Draft7Validator:
    """Compile the schema once for each allowance in use; compiling costs a thousand validations."""
    return jsonschema_rs.Draft7Validator(schema_for(kind, allowance))


def _pattern(
    _: Validator, pattern: str, instance: object, __: JsonObject
) -> Iterator[ValidationError]:
    """Match as JSON Schema means it: `$` is the very end, where Python lets a newline follow."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Explainer: Final = extend(  # type: ignore[no-untyped-call]  # its stubs leave types out
    Draft7Validator, {"pattern": _pattern}
)


def _text(error: ValidationError, schema: JsonObject) -> str:
    path = ".".join(str(part) for part in error.absolute_path)
    message = _message(error)
    if len(message) > MAX_MESSAGE_LENGTH:
        # The value comes first, what is wrong with it last.
        half = MAX_MESSAGE_LENGTH // 2
        message = f"{message[:half]}...{message[-half:]}"
    text = f"{path} {message}." if path else f"{message}."
    hint = _hint(list(error.absolute_schema_path), schema)
    return f"{text} {hint}" if hint else text


def _message(error: ValidationError) -> str:
    if error.validator == "type" and isinstance(error.validator_value, list):
        types = " or ".join(repr(one) for one in error.validator_value)
        return f"{error.instance!r} is not of type {types}"
    return str(error.message)


def _hint(schema_path: list[str | int], schema: JsonObject) -> str | None:
    """Return the description of the conditional rule that failed, if it was one."""
    if "then" not in schema_path:
        return None
    rule: Any = schema  # a schema is a tree of anything, walked by its own path
    for part in schema_path[: schema_path.index("then") + 1]:
        # The path goes through "if", but the rule's "then" stands beside it.
        rule = rule if part == "if" else rule[part]
    return str(rule["description"])


def _long_lists(value: Json, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, list) and len(value) > MAX_LIST_LENGTH:
        yield f"{'.'.join(path)} has {len(value)} entries, at most {MAX_LIST_LENGTH} are allowed."
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _long_lists(inner, (*path, name))


def _beyond_the_schema(configuration: JsonObject) -> Iterator[str]:
    """Check what draft-07 cannot say; the configuration has passed the schema."""
    yield from _beyond_constraints(_object(configuration, "call_constraints"))
    rest = _object(configuration, "rest")
    for page in _PAGES:
        yield from _beyond_page(f"rest.{page}", _object(rest, page))
    authentication = _object(rest, "authentication")
    if (authentication["username"] is None) != (authentication["password"] is None):
        yield "rest.authentication username and password must both be set or both be null."
    # The rest of the rules is for inbound services alone.
    if "messages" in configuration:
        notification = _object(_object(configuration, "messages"), "notification_page")
        yield from _beyond_page("messages.notification_page", notification)
    if "access" in configuration:
        yield from _beyond_access(_object(configuration, "access"))


def _object(options: JsonObject, name: str) -> JsonObject:
    option = options[name]
    if not isinstance(option, dict):
        raise TypeError(f"{name} passed the schema without being an object")
    return option


def _beyond_constraints(constraints: JsonObject) -> Iterator[str]:
    minimum, maximum = constraints["minimum_guaranteed_cps"], constraints["maximum_allowed_cps"]
    if isinstance(minimum, int | float) and isinstance(maximum, int | float) and minimum > maximum:
        yield (
            f"call_constraints.minimum_guaranteed_cps {minimum!r} is greater than "
            f"the maximum_allowed_cps of {maximum!r}."
        )


def _beyond_page(path: str, page: JsonObject) -> Iterator[str]:
    address = page["address"]
    if isinstance(address, str) and not _is_web_address(address):
        yield f"{path}.address {address!r} is not an absolute http or https URL."


def _beyond_access(access: JsonObject) -> Iterator[str]:
    allowed = access["allowed_addresses"]
    for number, address in enumerate(allowed if isinstance(allowed, list) else ()):
        if not _is_network(address):
            yield f"access.allowed_addresses.{number} {address!r} is not an IP network."


def _is_network(address: str) -> bool:
    try:
        ip_network(address)
    except ValueError:
        return False
    return True


def _is_web_address(address: str) -> bool:
    if any(character <= " " or character == "\x7f" for character in address):
        return False
    try:
        parts = urlsplit(address)
        # Reading the port is what checks it.
        return parts.scheme in _WEB_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
