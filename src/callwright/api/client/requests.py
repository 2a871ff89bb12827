"""Requests of clients: whose they are by their token, how many there may be, what they ask."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from callwright.accounts.oauth import Client
from callwright.api.client.envelope import ClientFault, fault_of_fields
from callwright.api.client.identity import client_of
from callwright.api.doors import Doors
from callwright.api.envelope import Headers
from callwright.api.exchange import Answer, Exchange, Stream
from callwright.api.operations import Handler
from callwright.api.wire import query_of, quoted
from callwright.domain.ids import AccountId
from callwright.protocol.strict_json import BadJson, read_json
from callwright.scheduler.requests.fields import BadRequest, Fault, Fields, whole_number
from callwright.scheduler.requests.queue_shape import LARGEST_ID
from callwright.scheduler.values import Page

MAX_BODY: Final = 8 << 20
"""Bytes (assumed): a thousand tasks of 8 kB."""

MAX_PER_PAGE: Final = 500
DEFAULT_PER_PAGE: Final = 50
MAX_PAGE: Final = 10**9

ME: Final = "@me"

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
        coding = (self.exchange.header(b"content-encoding") or "identity").strip().lower()
        if coding != "identity":
            message = f"Content-Encoding {quoted(coding)}: a body that is not packed was expected"
            raise ClientFault(415, message, _NO_JSON)
        sent = b"".join([piece async for piece in self.exchange.pieces(MAX_BODY)])
        if not sent.strip():
            raise _bad_body("the body is empty: a JSON object was expected")
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

    def telephone(self, name: str) -> str | None:
        """Return a telephone number. A + that was not encoded comes as a blank; none has any."""
        value = self.text(name)
        return None if value is None else value.replace(" ", "+")

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
        client = await client_of(doors, exchange)
        _check(exchange, client, path_names_client=path_names_client)
        try:
            return await handler(ClientRequest(doors, exchange, client))
        except BadRequest as bad:
            raise fault_of_fields(bad) from None

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


def _check(exchange: Exchange, client: Client, *, path_names_client: bool) -> None:
    if not client.application.may_schedule:
        message = "the application's access level is 'Call API': 'All' was expected"
        raise ClientFault(403, message, "app_access_type_deny")
    asked = exchange.path_parameters.get("client_id", ME)
    if path_names_client and asked not in {ME, str(client.account.account_id)}:
        raise ClientFault(404, f"there is no client {quoted(asked)}", "client_not_found")


def _bad_body(message: str) -> ClientFault:
    return ClientFault(400, message, "validation_failed", faults=(Fault("", message),))
