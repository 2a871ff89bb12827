"""Requests of clients: whose they are by their token, how many there may be, what they ask."""

import gzip
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from callwright.accounts.oauth import BadToken, Client
from callwright.api.client.envelope import ClientFault, fault_of_fields
from callwright.api.client.hourly_limit import Allowance
from callwright.api.doors import Doors
from callwright.api.envelope import Headers
from callwright.api.exchange import Answer, Exchange, Stream
from callwright.api.faults import fault_of
from callwright.api.operations import Handler
from callwright.api.wire import query_of, quoted
from callwright.domain.errors import CallwrightError
from callwright.domain.ids import AccountId
from callwright.protocol.strict_json import BadJson, read_json
from callwright.scheduler.fields import BadRequest, Fault, Fields, whole_number
from callwright.scheduler.queue_shape import LARGEST_ID
from callwright.scheduler.values import Page

MAX_BODY: Final = 8 << 20
"""Bytes (assumed): a thousand tasks of 8 kB."""

MAX_PER_PAGE: Final = 500
DEFAULT_PER_PAGE: Final = 50
MAX_PAGE: Final = 10**9

ME: Final = "@me"

_CHALLENGE: Final = (b"www-authenticate", b'Bearer realm="Callwright"')
"""RFC 6750 3."""

_WORTH_PACKING: Final = 1024
"""Bytes; a smaller answer fits one packet as it is."""

_QUICKLY: Final = 5
"""Of gzip's nine levels: half the time of the usual one for a few per cent more bytes."""

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """A request, and whose it is."""

    doors: Doors
    exchange: Exchange
    client: Client

    @property
    def account_id(self) -> AccountId:
        """Who asks."""
        return self.client.account.account_id

    def path_number(self, name: str, missing: ClientFault) -> int:
        """Return an id in the path.

        Raises:
            ClientFault: it is no number, and so there is no such thing.

        """
        text = self.exchange.path_parameters[name]
        if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:20]) <= LARGEST_ID:
            raise missing
        return int(text)

    async def body(self) -> dict[str, object]:
        """Read the JSON object in the body.

        Raises:
            ClientFault: it is too long, of another type, or none.

        """
        kind = self.exchange.media_type()
        if kind not in {"", "application/json"} and not kind.endswith("+json"):
            raise ClientFault(
                415, f"{quoted(kind)}: a body in application/json was expected", _NO_JSON
            )
        sent = b"".join([piece async for piece in self.exchange.pieces(MAX_BODY)])
        try:
            value = read_json(sent)
        except BadJson as fault:
            raise _bad_body(f"the body is not JSON: {fault}") from None
        if not isinstance(value, dict):
            raise _bad_body("the body is not a JSON object")
        return dict(value)

    def query(self) -> "Query":
        """Read the parameters in the query."""
        return Query(query_of(self.exchange))


_NO_JSON: Final = "unsupported_media_type"

ClientHandler = Callable[[ClientRequest], Awaitable[Answer | Stream]]


class Query:
    """Parameters of a list, read with everything that is wrong noted."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Of one given several times the last counts, unless it may be repeated."""
        self._pairs = pairs
        self.fields = Fields(dict(pairs), "")

    def every(self, name: str) -> list[str]:
        """Return all values of a parameter that may be given several times."""
        return [value for known, value in self._pairs if known == name and value]

    def text(self, name: str) -> str | None:
        """Return a parameter, None if it is left out or empty."""
        value = self.fields.values.get(name)
        return value if isinstance(value, str) and value else None

    def word(self, name: str, known: Sequence[str]) -> str | None:
        """Return a parameter that is one of some words, None if it is left out."""
        value = self.text(name)
        if value is not None and value not in known:
            self.fields.wrong(name, f"{quoted(value)}: one of {', '.join(known)} was expected")
        return value

    def number(self, name: str) -> int | None:
        """Return an id, None if it is left out."""
        value = self.text(name)
        if value is None:
            return None
        number = whole_number(value)
        if number is None:
            self.fields.wrong(name, f"{quoted(value)}: a number was expected")
        return number

    def page(self, *, order: str = "asc") -> Page:
        """Return which part of the list is wanted."""
        per_page = self._given("per_page", MAX_PER_PAGE, DEFAULT_PER_PAGE)
        number = self._given("page", MAX_PAGE, 1)
        way = self.word("order", ("asc", "desc")) or order
        return Page(per_page, (number - 1) * per_page, descending=way == "desc")

    def check(self) -> None:
        """Refuse the request if anything of it is wrong.

        Raises:
            BadRequest: with everything that is.

        """
        if self.fields.faults:
            raise BadRequest("the query is not valid", tuple(self.fields.faults))

    def _given(self, name: str, most: int, default: int) -> int:
        if self.text(name) is None:
            return default
        return self.fields.integer(name, least=1, most=most, default=default)


def for_clients(handler: ClientHandler, *, path_names_client: bool = True) -> Handler:
    """Make an operation that only a client's token opens; others' paths do not exist for it."""

    async def run(doors: Doors, exchange: Exchange) -> Answer | Stream:
        client = await _client(doors, exchange)
        allowance = doors.callbacks.hourly_limit.count(client.account.account_id, doors.clock.now())
        headers = _headers(allowance)
        try:
            _check(exchange, client, allowance, path_names_client=path_names_client)
            answer = await handler(ClientRequest(doors, exchange, client))
        except CallwrightError as error:
            fault = fault_of_fields(error) if isinstance(error, BadRequest) else fault_of(error)
            if fault is None:
                raise
            fault.headers = (*fault.headers, *headers)
            raise fault from None
        answer = replace(answer, headers=(*answer.headers, *headers))
        return answer if isinstance(answer, Stream) else _packed(exchange, answer)

    return run


def json_answer(value: object, *, status: int = 200, headers: Headers = ()) -> Answer:
    """Answer with JSON."""
    return Answer(_encode(value), status=status, headers=headers)


def list_answer(values: object, page: Page, count: int) -> Answer:
    """Answer with a page of a list, and with how much there is in all."""
    headers = (
        (b"x-total-count", b"%d" % count),
        (b"x-page", b"%d" % (page.offset // page.limit + 1)),
        (b"x-per-page", b"%d" % page.limit),
    )
    return json_answer(values, headers=headers)


DELETED: Final = Answer(b"", status=204)


async def _client(doors: Doors, exchange: Exchange) -> Client:
    scheme, _, token = (exchange.header(b"authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ClientFault(401, "a token was expected", headers=(_CHALLENGE,))
    try:
        return await doors.callbacks.tokens.client(token.strip())
    except BadToken:
        challenge = (_CHALLENGE[0], _CHALLENGE[1] + b', error="invalid_token"')
        message = "the token is wrong or has expired: ask for a new one"
        raise ClientFault(401, message, headers=(challenge,)) from None


def _check(
    exchange: Exchange, client: Client, allowance: Allowance, *, path_names_client: bool
) -> None:
    if allowance.is_used_up:
        retry = (b"retry-after", b"%d" % math.ceil(allowance.reset))
        message = f"more than {allowance.limit} requests within an hour"
        raise ClientFault(429, message, "rate_limit_exceeded", headers=(retry,))
    if not client.application.may_schedule:
        message = "the application's access level is 'Call API': 'All' was expected"
        raise ClientFault(403, message, "app_access_type_deny")
    asked = exchange.path_parameters.get("client_id", ME)
    if path_names_client and asked not in {ME, str(client.account.account_id)}:
        raise ClientFault(404, f"there is no client {quoted(asked)}", "client_not_found")


def _headers(allowance: Allowance) -> Headers:
    return (
        (b"x-ratelimit-limit", b"%d" % allowance.limit),
        (b"x-ratelimit-remaining", b"%d" % allowance.remaining),
        (b"x-ratelimit-reset", b"%d" % math.ceil(allowance.reset)),
    )


def _packed(exchange: Exchange, answer: Answer) -> Answer:
    """Compress an answer for whoever takes gzip."""
    if len(answer.body) < _WORTH_PACKING or not _takes_gzip(exchange):
        return answer
    return replace(
        answer,
        body=gzip.compress(answer.body, _QUICKLY, mtime=0),
        headers=(
            *answer.headers,
            (b"content-encoding", b"gzip"),
            (b"vary", b"accept-encoding"),
        ),
    )


def _takes_gzip(exchange: Exchange) -> bool:
    for coding in (exchange.header(b"accept-encoding") or "").lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _bad_body(message: str) -> ClientFault:
    return ClientFault(400, message, "validation_failed", faults=(Fault("", message),))
