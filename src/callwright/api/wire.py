"""Every oddity of the wire, once: parameters in three spellings, doubled slashes, old names."""

import re
from binascii import a2b_qp
from collections.abc import AsyncGenerator, Iterable
from typing import Final
from urllib.parse import quote, unquote, unquote_to_bytes

from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser

from callwright.api.envelope import INSANE, MISSING, REPEATED, HttpFault
from callwright.api.exchange import MAX_BODY, Exchange

MAX_FIELDS: Final = 100
"""Parameters of one request; the largest documented operation has four."""

CALLS: Final = ("rest_calls", "outbound_parameters")
"""The calls to start, and the legacy alias; the first one present wins."""

URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"

_SLASHES: Final = re.compile(r"/{2,}")
_BARE_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_QUOTED_LENGTH: Final = 80
"""Enough of a wrong value to recognise it."""

Parameters = dict[str, str]


def collapse_slashes(path: str) -> str:
    """Take doubled slashes out of a path; an old published example has one."""
    return _SLASHES.sub("/", path) if "//" in path else path


def segments(exchange: Exchange) -> list[str]:
    """Split a path into decoded parts: a `%2F` belongs to a name and separates nothing."""
    raw: bytes = exchange.scope.get("raw_path") or quote(exchange.path).encode()
    return [unquote(part) for part in collapse_slashes(raw.decode("latin-1")).split("/")]


def quoted(text: str) -> str:
    """Quote a value of the customer's in an error text, shortened."""
    return repr(text if len(text) <= _QUOTED_LENGTH else text[:_QUOTED_LENGTH] + "...")


async def parameters_of(exchange: Exchange) -> Parameters:
    """Collect the parameters of an unversioned operation.

    With GET they stand in the query, with POST in a form as well, which wins on a clash.

    Raises:
        HttpFault: they cannot be read, or one stands twice in the same place.

    """
    return parameters_with(exchange, await _form(exchange))


def parameters_with(exchange: Exchange, form: Iterable[tuple[str, str]]) -> Parameters:
    """Collect the parameters of a request whose form was read already.

    Raises:
        HttpFault: one stands twice in the same place.

    """
    parameters = _once_each(_urlencoded(exchange.query)) if exchange.query else {}
    return parameters | _once_each(form)


async def parameters_and_list_of(
    exchange: Exchange, name: str
) -> tuple[Parameters, tuple[str, ...]]:
    """Collect the parameters of an operation that takes one of them several times.

    Raises:
        HttpFault: they cannot be read, another one stands twice, or this one is missing.

    """
    places = (await _form(exchange), _urlencoded(exchange.query) if exchange.query else [])
    parameters: Parameters = {}
    for pairs in reversed(places):
        parameters |= _once_each(pair for pair in pairs if pair[0] != name)
    lists = [tuple(value for key, value in pairs if key == name) for pairs in places]
    values = lists[0] or lists[1]
    if not all(values) or not values:
        required({}, name)
    return parameters, values


async def form_of(exchange: Exchange) -> Parameters:
    """Return the parameters in a body alone.

    Raises:
        HttpFault: they cannot be read, or one stands twice.

    """
    return _once_each(await _form(exchange))


def query_of(exchange: Exchange) -> list[tuple[str, str]]:
    """Return the parameters in the query, in their order, repeated ones as well.

    Raises:
        HttpFault: they cannot be read.

    """
    return _urlencoded(exchange.query)


def calls_of(parameters: Parameters) -> str:
    """Return the JSON text of the calls to start.

    Raises:
        HttpFault: there is none.

    """
    for name in CALLS:
        if name in parameters:
            return parameters[name]
    raise HttpFault(
        400,
        "Bad Request: the parameter rest_calls is missing; a JSON object with the call to "
        "start was expected",
        code=MISSING,
    )


def required(parameters: Parameters, name: str) -> str:
    """Return a parameter that must be there.

    Raises:
        HttpFault: it is missing or empty.

    """
    value = parameters.get(name, "")
    if not value:
        raise HttpFault(400, f"Bad Request: the parameter {name} is missing or empty", code=MISSING)
    return value


def truth(parameters: Parameters, name: str) -> bool | None:
    """Return a parameter that is `true` or `false`, in any case; None if it is left out.

    Raises:
        HttpFault: it is something else.

    """
    value = parameters.get(name, "")
    if value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if value:
        raise HttpFault(
            400,
            f"Bad Request: {name} is {quoted(value)}: true or false was expected",
            code=INSANE,
        )
    return None


def print_truth(*, is_true: bool) -> str:
    """Print a truth as the old services do: as a text."""
    return "true" if is_true else "false"


def _urlencoded(encoded: bytes) -> list[tuple[str, str]]:
    # Not urllib's parse_qsl: on the hottest path that costs half as much again.
    if encoded.count(b"&") >= MAX_FIELDS:
        raise HttpFault(
            400, f"Bad Request: more than {MAX_FIELDS} parameters were sent", code=INSANE
        )
    pairs = (pair.partition(b"=") for pair in encoded.split(b"&") if pair)
    try:
        return [(_unescaped(name), _unescaped(value)) for name, _, value in pairs]
    except UnicodeDecodeError as problem:
        raise HttpFault(
            400, f"Bad Request: the parameters are not UTF-8: {problem.reason}", code=INSANE
        ) from None


def _unescaped(text: bytes) -> str:
    text = text.replace(b"+", b" ")
    if b"%" not in text:
        return text.decode()
    if _BARE_PERCENT.search(text):
        return unquote_to_bytes(text).decode()
    # Quoted-printable (RFC 2045 6.7) is the same code with another sign, and read by C: a call
    # in JSON, of which every third character is escaped, in a fifth of the time.
    return a2b_qp(text.replace(b"=", b"=3D").replace(b"%", b"=")).decode()


async def _form(exchange: Exchange) -> list[tuple[str, str]]:
    """Read the parameters in a body; only a POST has some."""
    body = await exchange.body() if exchange.method == "POST" else b""
    if not body:
        return []
    match exchange.media_type():
        case "application/x-www-form-urlencoded" | "":
            return _urlencoded(body)
        case "multipart/form-data":
            return await _multipart(exchange, body)
        case other:
            raise HttpFault(
                415,
                f"Unsupported Media Type: {quoted(other)}; parameters are sent as "
                f"{URLENCODED}, as {MULTIPART} or in the query",
            )


async def _multipart(exchange: Exchange, body: bytes) -> list[tuple[str, str]]:
    async def whole() -> AsyncGenerator[bytes]:
        yield body

    headers = Headers(raw=list(exchange.scope["headers"]))
    parser = MultiPartParser(
        headers, whole(), max_files=0, max_fields=MAX_FIELDS, max_part_size=MAX_BODY
    )
    try:
        form = await parser.parse()
    except (MultiPartException, FormParserError) as problem:
        raise HttpFault(
            400, f"Bad Request: the multipart form cannot be read: {problem}", code=INSANE
        ) from None
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _once_each(pairs: Iterable[tuple[str, str]]) -> Parameters:
    parameters: Parameters = {}
    for name, value in pairs:
        if name in parameters:
            raise HttpFault(
                400,
                f"Bad Request: the parameter {quoted(name)} appears more than once",
                code=REPEATED,
            )
        parameters[name] = value
    return parameters
