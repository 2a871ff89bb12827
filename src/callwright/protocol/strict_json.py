"""JSON text read strictly (RFC 8259): what two readers could understand differently is refused.

Python's own reader takes `NaN`, lets the last of two equal names win, and hands on numbers and
texts that can be neither stored nor printed again. Customers' texts come through here instead.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn, TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

MAX_DEPTH: Final = 64
"""Objects and lists inside one another. Documented texts need 6; deeper ones are attacks."""

_MAX_INTEGER_DIGITS: Final = 40
"""Longer than any number with a meaning here, short enough to be read and printed at once."""


class BadJson(ValueError):
    """The text is not JSON as RFC 8259 wants it for interchange; the message says what is wrong."""


def read_json(text: str | bytes) -> Json:
    """Read a JSON text; objects become `dict`, arrays `list`.

    Raises:
        BadJson: not UTF-8 or not JSON, a name twice in one object, a number that is not finite or
            absurdly long, half a surrogate pair, or deeper than `MAX_DEPTH`.

    """
    try:
        if isinstance(text, bytes):
            text = text.decode()
        else:
            text.encode()
        if text.startswith("\ufeff"):
            raise BadJson("it begins with a byte order mark (RFC 8259 8.1)")
        value: Json = _DECODER.decode(text)
    except RecursionError:
        raise BadJson(f"nested deeper than {MAX_DEPTH} levels") from None
    except UnicodeError:
        raise BadJson("not UTF-8 text") from None
    except json.JSONDecodeError as fault:
        raise BadJson(f"{fault.msg} at line {fault.lineno} column {fault.colno}") from None
    _check(value, texts="\\u" in text)
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = Counter(name for name, _ in pairs)
        twice, _ = names.most_common(1)[0]
        raise BadJson(f"the name {twice[:80]!r} appears twice in one object")
    return members


def _refuse_constant(constant: str) -> NoReturn:
    raise BadJson(f"{constant} is not a JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise BadJson(f"{digits[:80]} is out of range")
    return number


def _integer(digits: str) -> int:
    if len(digits) > _MAX_INTEGER_DIGITS:
        raise BadJson(f"{digits[:80]}... has more than {_MAX_INTEGER_DIGITS} digits")
    return int(digits)


# Made once: `json.loads` would make one for each text, at half the cost of reading it.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_refuse_constant,
    parse_float=_finite,
    parse_int=_integer,
)


def _check(value: Json, *, texts: bool) -> None:
    """Bound the depth; with `texts`, look for half surrogate pairs, which only escapes can make."""
    level: list[dict[str, Json] | list[Json]] = [[value]]
    for _ in range(MAX_DEPTH + 1):
        inner: list[dict[str, Json] | list[Json]] = []
        for container in level:
            members = (
                [*container, *container.values()] if isinstance(container, dict) else container
            )
            for member in members:
                if isinstance(member, dict | list):
                    inner.append(member)
                elif texts and isinstance(member, str) and not _is_whole(member):
                    raise BadJson("a text contains half of a surrogate pair")
        if not inner:
            return
        level = inner
    raise BadJson(f"nested deeper than {MAX_DEPTH} levels")


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
