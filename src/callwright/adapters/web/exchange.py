"""One request and its response: with the name it needs, and once more when nothing came."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Final, Generic, TypeVar

import aiohttp
from yarl import URL

from callwright import __version__
from callwright.adapters.web.address_guard import AddressRefused
from callwright.adapters.web.connections import CONNECT_TIMEOUT
from callwright.adapters.web.logins import Logins
from callwright.domain.errors import RemoteFault
from callwright.domain.outbound_service import PageCredentials
from callwright.runner.next_page import printable_url

TOTAL_TIMEOUT: Final = 30.0
"""Seconds for everything: a second attempt and redirects count too, because somebody waits on
the phone (assumed, A-13)."""

RETRY_PAUSE: Final = 1.0
"""Seconds before the second attempt (assumed, A-14)."""

MAX_REDIRECTS: Final = 5
"""A-12."""

MAX_CHALLENGES: Final = 2
"""Answered for one request: the server's first, and one because a nonce grew old meanwhile."""

_UNAUTHORIZED: Final = 401
_REDIRECTS: Final = range(300, 400)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FetchTimes:
    """How long customers' web servers may take; seconds."""

    connect: float = CONNECT_TIMEOUT
    total: float = TOTAL_TIMEOUT
    retry_pause: float = RETRY_PAUSE


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a web server."""

    method: str
    url: URL
    accept: str
    body: bytes | None = None
    credentials: PageCredentials | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    asks_again: bool = True
    """Once more, when no byte of a response came (A-14)."""

    def with_name_of_url(self) -> "Request":
        """Take the name from the URL if there is one: that is the customer's own wish."""
        if self.url.user is None:
            return self
        named = PageCredentials(self.url.user, self.url.password or "")
        return replace(self, url=self.url.with_user(None), credentials=named)


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """What was answered."""

    http_status: int
    url: str
    """Without a name or password."""
    headers: Mapping[str, str]
    location: str | None
    """Absolute, where the response is a redirect and says where to."""
    body: T


class Exchanges:
    """Asks web servers on behalf of one instance, or for the downloads of all."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        times: FetchTimes,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        """The session becomes ours to close."""
        self._session = session
        self._times = times
        self._pause = pause
        self._logins = Logins()

    async def ask(
        self, request: Request, read: Callable[[aiohttp.ClientResponse], Awaitable[T]]
    ) -> Reply[T]:
        """Ask, and if wanted once more when no byte of a response came; `read` takes the body.

        Raises:
            aiohttp.ClientError: there is no response, or no whole one.
            ValueError: the URL is none.

        """
        request = request.with_name_of_url()
        try:
            return await self._ask(request, read)
        except aiohttp.ClientConnectionError as error:
            if not (request.asks_again and _may_ask_again(error)):
                raise
            await self._pause(self._times.retry_pause)
            return await self._ask(request, read)

    @asynccontextmanager
    async def in_time(self, url: str, fault: type[RemoteFault]) -> AsyncIterator[None]:
        """Give what is done inside its time, and tell what goes wrong as this fault."""
        shown = printable_url(url)
        try:
            async with asyncio.timeout(self._times.total):
                yield
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise fault(f"{shown} is no URL that can be asked") from error
        # Before TimeoutError: aiohttp's timeout of a connection is one of those too.
        except aiohttp.ClientError as error:
            raise fault(f"{shown} could not be asked: {reason_of(error)}") from error
        except TimeoutError:
            raise fault(f"{shown} did not answer within {self._times.total:g} s") from None
        except ValueError as error:
            # yarl's word for what is no URL; its text would quote passwords.
            raise fault(f"{shown} is no URL that can be asked") from error

    async def close(self) -> None:
        """Forget the cookies; the connections stay for others."""
        await self._session.close()

    async def _ask(
        self, request: Request, read: Callable[[aiohttp.ClientResponse], Awaitable[T]]
    ) -> Reply[T]:
        challenges = 0
        while True:
            reply, told = await self._ask_once(request, read)
            credentials = request.credentials
            if (
                reply.http_status != _UNAUTHORIZED
                or credentials is None
                or challenges == MAX_CHALLENGES
                or not self._logins.learn(told, request.url, credentials, is_first=challenges == 0)
            ):
                return reply
            challenges += 1

    async def _ask_once(
        self, request: Request, read: Callable[[aiohttp.ClientResponse], Awaitable[T]]
    ) -> tuple[Reply[T], list[str]]:
        """Return the answer, and its challenges."""
        headers = {
            "Accept": request.accept,
            "Accept-Encoding": "identity",
            "User-Agent": f"Callwright/{__version__}",
            **request.headers,
        }
        if request.credentials is not None:
            headers["Authorization"] = self._logins.header(
                request.method, request.url, request.credentials
            )
        async with self._session.request(
            request.method,
            request.url,
            data=request.body,
            headers=headers,
            allow_redirects=False,
        ) as response:
            reply = Reply(
                response.status,
                str(response.url),
                response.headers,
                _location(response),
                await read(response),
            )
            return reply, response.headers.getall("WWW-Authenticate", [])


def web_url(text: str) -> URL:
    """Read a URL that a customer wrote.

    Raises:
        ValueError: it is none.

    """
    try:
        return URL(text)
    except IndexError:
        # What yarl makes of `http://[::1]@/`: a host of no characters after a name with brackets.
        raise ValueError("no host") from None


async def read_up_to(response: aiohttp.ClientResponse, size_bytes: int) -> bytes:
    """Read a body up to one byte more than is allowed, so that whoever looks sees that it is.

    Raises:
        aiohttp.ClientPayloadError: it broke off.

    """
    body = bytearray()
    async with aclosing(chunks(response)) as coming:
        async for chunk in coming:
            body += chunk
            if len(body) > size_bytes:
                break
    return bytes(body[: size_bytes + 1])


async def chunks(response: aiohttp.ClientResponse) -> AsyncGenerator[bytes]:
    """Read a body as it comes. A server that compresses though it was asked not to is forgiven:
    aiohttp inflates a piece at a time, and only as fast as it is read.

    Raises:
        aiohttp.ClientPayloadError: it broke off.

    """
    try:
        async for chunk in response.content.iter_any():
            yield chunk
    except aiohttp.ClientConnectionError as error:
        # Bytes came already, so this is no case for a second attempt.
        raise aiohttp.ClientPayloadError("the connection broke in the middle") from error


def _location(response: aiohttp.ClientResponse) -> str | None:
    """Say where a redirect leads; other responses may have the header too (RFC 9110 10.2.2)."""
    location = response.headers.get("Location")
    if not location or response.status not in _REDIRECTS:
        return None
    return str(response.url.join(web_url(location)))


def _may_ask_again(error: aiohttp.ClientConnectionError) -> bool:
    """Whether nothing came, and something might the next time (A-14)."""
    match error:
        case aiohttp.ClientConnectorError(os_error=AddressRefused()):
            return False
        case aiohttp.ServerDisconnectedError():
            # Its message is what had come of a response, or else a text.
            return isinstance(error.message, str)
        case _:
            return True


def reason_of(error: aiohttp.ClientError) -> str:  # noqa: PLR0911 - a table, a row an arm
    """Say why there is no answer, without the URL."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return "its TLS certificate is not good"
        case aiohttp.ClientConnectorSSLError():
            return "the TLS handshake failed"
        case aiohttp.ClientConnectorDNSError():
            return "its name is not known"
        case aiohttp.ServerTimeoutError():
            return "no connection in time"
        case aiohttp.ClientConnectorError(os_error=AddressRefused() as refused):
            return f"its host has {refused.rule}, which this installation does not ask"
        case aiohttp.ClientConnectorError(os_error=ConnectionResetError(errno=None)):
            return "it broke off the TLS handshake"
        case aiohttp.ServerDisconnectedError(message=str()):
            return "it closed the connection without an answer"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientPayloadError():
            return "the answer broke off"
        case aiohttp.ClientOSError():
            return os.strerror(error.errno).lower() if error.errno else "no connection"
        case aiohttp.ClientResponseError():
            return "what it answered is not HTTP"
        case _:
            return type(error).__name__
