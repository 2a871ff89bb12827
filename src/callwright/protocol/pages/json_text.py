"""JSON as pages send it: read strictly, so that whatever comes out is plain finite data.

`json.loads` alone lets pass what RFC 8259 leaves open: NaN and infinities, names given twice
(section 4), halves of surrogate pairs (8.2) and nesting without end (9). Each of them is refused
here, with the path to it.
"""

import json
import math
import re
from typing import Final, NoReturn, TypeAlias

from callwright.protocol.pages.errors import BadAnswer, FaultCode, invalid, quoted

Json: TypeAlias = "bool | int | float | str | list[Json] | JsonObject | None"
JsonObject: TypeAlias = "dict[str, Json]"

MAX_ANSWER_BYTES: Final = 1 << 20
"""Largest body of an answer (assumed, A-30)."""

MAX_DEPTH: Final = 64
"""Deepest nesting. The deepest legal answer has 9 levels; Python's own reader would take a
depth that depends on how deep the caller already is."""

MAX_VALUES: Final = 10_000
"""Most objects, arrays and elements, counted by brackets and commas. It takes about 0.1 s to
read that many of the dearest kind, and all that time no other call is served."""


def read_json(body: bytes) -> Json:
    """Read a document.

    Raises:
        BadAnswer: it is none, or more than the bounds allow.

    """
    if len(body) > MAX_ANSWER_BYTES:
        _refuse(f"the response has more than {MAX_ANSWER_BYTES} bytes")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(f"byte {error.start} of the response is not UTF-8")
    _check_shape(text)
    try:
        document: Json = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        # The text around the error may be private, so only its place is told.
        _refuse(
            f"the response is not JSON: {error.msg.lower()}, line {error.lineno} "
            f"column {error.colno}"
        )
    except ValueError:
        # Python reads no integer of more than 4300 digits (CVE-2020-10735).
        _refuse("the response has a number of too many digits")
    _check(document, "")
    return document


def joined(path: str, name: str) -> str:
    """Print the path to a member of the object at `path`."""
    step = name if _PLAIN_NAME.fullmatch(name) else quoted(name)
    return f"{path}.{step}" if path else step


_PLAIN_NAME: Final = re.compile(r"\w{1,64}", re.ASCII)

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{},]', re.DOTALL)
"""The closing quote is optional and the inside is not given back, so that a string without an
end is passed over once and not tried from each of its quotes again."""


def _check_shape(text: str) -> None:
    """Bound depth and number of values before anything is built of them."""
    depth = values = 0
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "[" | "{":
                depth += 1
                values += 1
            case "]" | "}":
                depth -= 1
            case ",":
                values += 1
            case _:
                pass
        if depth > MAX_DEPTH:
            _refuse(f"the response is nested deeper than {MAX_DEPTH} levels")
        if values > MAX_VALUES:
            _refuse(f"the response has more than {MAX_VALUES} values")


class _Doubled(dict[str, Json]):
    """An object in which a name was given twice."""

    __slots__ = ("name",)
    name: str


def _object(members: list[tuple[str, Json]]) -> JsonObject:
    plain = dict(members)
    if len(plain) == len(members):
        return plain
    doubled = _Doubled(plain)
    seen: set[str] = set()
    for name, _ in members:
        if name in seen:
            doubled.name = name
        seen.add(name)
    return doubled


def _check(value: Json, path: str) -> None:
    match value:
        case _Doubled():
            _refuse(f"{joined(path, value.name)} is given twice")
        case dict():
            for name, member in value.items():
                _check_text(name, path or "the response")
                _check(member, joined(path, name))
        case list():
            for index, element in enumerate(value):
                _check(element, f"{path}[{index}]")
        case str():
            _check_text(value, path)
        case float() if not math.isfinite(value):
            raise invalid(path or "the response", value, "a finite number")
        case _:
            pass


def _check_text(text: str, path: str) -> None:
    if not text.isascii() and _SURROGATE.search(text):
        _refuse(f"{path} holds half of a surrogate pair, which is no character")


_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def _refuse(text: str) -> NoReturn:
    raise BadAnswer(FaultCode.INVALID_RESPONSE, text)
