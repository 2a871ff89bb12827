"""One request and its answer, as the operations see them: ASGI without a framework's cost."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Final

from starlette.types import Receive, Scope

from callwright.api.envelope import Headers, HttpFault
from callwright.domain.clock import UnixTime
from callwright.domain.errors import RemoteFault

MAX_BODY: Final = 1024 * 1024
"""Bytes of a request's body (assumed; no limit is published)."""

JSON: Final = b"application/json"


class ClientGone(RemoteFault):
    """The client closed the connection before its request was complete; nobody to answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer."""

    body: bytes
    status: int = 200
    content_type: bytes = JSON
    headers: Headers = ()
    cache_control: bytes = b"no-store"


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer that is sent piece by piece until it ends or the client goes."""

    pieces: AsyncGenerator[bytes]
    content_type: bytes
    status: int = 200
    headers: Headers = ()
    """With the length, if it is known."""
    cache_control: bytes = b"no-store"


@dataclass(slots=True)
class Exchange:
    """A request that is being answered."""

    scope: Scope
    receive: Receive
    received_at: UnixTime
    path_parameters: dict[str, str] = field(default_factory=dict)
    answer_headers: Headers = ()
    """What the answer carries, whatever becomes of the request."""

    @property
    def method(self) -> str:
        """The request's method, in capitals."""
        method: str = self.scope["method"]
        return method

    @property
    def path(self) -> str:
        """The path as it was asked for, percent-decoded, without the query."""
        path: str = self.scope["path"]
        return path

    @property
    def query(self) -> bytes:
        """The query string, still percent-encoded."""
        query: bytes = self.scope["query_string"]
        return query

    @property
    def address(self) -> str:
        """The client's address; empty on a transport that has none."""
        client = self.scope.get("client")
        return client[0] if client else ""

    def header(self, name: bytes) -> str | None:
        """Return the first header of this name, which is given in small letters."""
        for known, value in self.scope["headers"]:
            if known == name:
                text: str = value.decode("latin-1")
                return text
        return None

    def media_type(self) -> str:
        """Return the body's type in small letters without its parameters, empty if none."""
        return (self.header(b"content-type") or "").partition(";")[0].strip().lower()

    async def body(self) -> bytes:
        """Read the whole body.

        Raises:
            HttpFault: it is longer than `MAX_BODY`.
            ClientGone: it never came to its end.

        """
        pieces = [piece async for piece in self.pieces(MAX_BODY)]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def pieces(self, limit: int) -> AsyncGenerator[bytes]:
        """Read the body as it comes.

        Raises:
            HttpFault: it is longer than the limit, in bytes.
            ClientGone: it never came to its end.

        """
        announced = self.header(b"content-length")
        if announced is not None and announced.isdecimal() and int(announced) > limit:
            raise _too_long(f"of {announced} bytes", limit)
        size = 0
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientGone(self.path)
            piece: bytes = message.get("body", b"")
            size += len(piece)
            if size > limit:
                raise _too_long(f"of more than {size - len(piece)} bytes", limit)
            yield piece
            if not message.get("more_body", False):
                return


def _too_long(size: str, limit: int) -> HttpFault:
    # The rest of the body is not read, so the connection cannot be used again (RFC 9112 9.3).
    return HttpFault(
        413,
        f"Content Too Large: a body {size} was sent; at most {limit} are read",
        headers=((b"connection", b"close"),),
    )
