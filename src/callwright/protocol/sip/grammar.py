"""Tokens, quoted strings, lists and parameters, under the rule names of RFC 3261 25.1.

Every repetition is possessive (`++`, `*+`): a pattern gives nothing back, so that no input, however
malicious, takes more than linear time.
"""

import re
from collections.abc import Sequence
from typing import Final

from callwright.protocol.sip.errors import RemoteSipError

LWS: Final = r"[ \t]*+"
"""Optional linear white space, once line folding has been undone."""

TOKEN: Final = r"[A-Za-z0-9\-.!%*_+`'~]++"  # noqa: S105 - the RFC's rule name, no password
QUOTED_STRING: Final = r'"(?:[^"\\]++|\\.)*+"'
HOST: Final = r"(?:[A-Za-z0-9.\-_]++|\[[0-9A-Fa-f:.]++\])"
"""A name, an IPv4 address or an IPv6 reference. The underscore is not in the RFC's `hostname`, but
in the names that containers give themselves."""

MAX_LIST_ITEMS: Final = 256
"""As many as `message` reads header fields: a bound on the work that one datagram can make."""

Parameters = tuple[tuple[str, str | None], ...]
"""Names in lower case, in the order of the wire; None where there is no value."""

_TOKEN = re.compile(TOKEN)
_GEN_VALUE: Final = r"[A-Za-z0-9\-.!%*_+`'~\[\]:/@]++"
_PARAMETER = re.compile(
    rf"{LWS};{LWS}({TOKEN})(?:{LWS}={LWS}({_GEN_VALUE}|{QUOTED_STRING}))?+{LWS}", re.DOTALL
)
_PLAIN_PARAMETERS = re.compile(rf"(?:;{TOKEN}(?:={_GEN_VALUE})?+)*+")
"""Parameters without quotes or white space, as nearly everybody writes them: split in one go."""
_LIST_ITEM = re.compile(rf'((?:{QUOTED_STRING}|<[^>]*+>|[^",<]++)*+)(,|\Z)', re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_UNSAFE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def is_token(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None


def has_controls(text: str) -> bool:
    """Whether `text` could break out of a header field: CR, LF and the other control characters."""
    return _UNSAFE.search(text) is not None


def readable(text: str) -> str:
    """`text` from the wire for people and logs: what is not UTF-8, or controls, shows as U+FFFD."""
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _UNSAFE.sub("\ufffd", whole)


def unquote(text: str) -> str:
    """The inside of a `quoted-string`, or `text` itself when it is not one."""
    if not text.startswith('"'):
        return text
    inside = text[1:-1]
    return _QUOTED_PAIR.sub(r"\1", inside) if "\\" in inside else inside


def quote(text: str) -> str:
    """`text` as a `quoted-string`."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def split_list(value: str) -> list[str]:
    """The items of a comma-separated header field (7.3.1), each without white space around it.

    Commas in quoted strings and angle brackets separate nothing.

    Raises:
        RemoteSipError: a quote or an angle bracket is never closed, or it is endless.
    """
    if "," not in value:
        return [value.strip(" \t")]
    items = []
    position = 0
    while True:
        match = _LIST_ITEM.match(value, position)
        if match is None:
            raise RemoteSipError(f"unbalanced quotes or brackets in {value[:80]!r}")
        items.append(match[1].strip(" \t"))
        if len(items) > MAX_LIST_ITEMS:
            raise RemoteSipError(f"more than {MAX_LIST_ITEMS} items in one header field")
        if not match[2]:
            return items
        position = match.end()


def split_tokens(values: Sequence[str]) -> list[str]:
    """Every item of header fields such as Require and Accept, without their parameters."""
    items = [item for value in values for item in split_list(value)]
    return [item.partition(";")[0].strip(" \t") for item in items if item]


def parse_parameters(text: str, position: int) -> Parameters:
    """The `;name=value` parameters from `position` to the end of `text`, values unquoted.

    Raises:
        RemoteSipError: something else stands there.
    """
    parameters: list[tuple[str, str | None]] = []
    end = len(text)
    if position == end:
        return ()
    if _PLAIN_PARAMETERS.fullmatch(text, position):
        for item in text[position + 1 :].split(";"):
            name, equals, plain = item.partition("=")
            parameters.append((name.lower(), plain if equals else None))
        return tuple(parameters)
    while position < end:
        match = _PARAMETER.match(text, position)
        if match is None:
            raise RemoteSipError(f"{text[position : position + 80]!r} is no parameter")
        name, value = match.groups()
        parameters.append((name.lower(), value if value is None else unquote(value)))
        position = match.end()
    return tuple(parameters)


def parameter(parameters: Parameters, name: str) -> str | None:
    """The value of the first parameter called `name`; "" for one without a value, None for none."""
    for key, value in parameters:
        if key == name:
            return value or ""
    return None
