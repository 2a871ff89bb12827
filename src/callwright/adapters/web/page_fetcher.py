"""HTTP towards customers' application pages: section 1.6 of the page protocol, with aiohttp.

One pool of connections serves the node; cookies belong to one instance (A-11). Redirects are
followed here and not by aiohttp, since the page protocol has its own rules for them (A-12).
"""

import asyncio
import os
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

import aiohttp
from yarl import URL

from callwright import __version__
from callwright.domain.outbound_service import PageAddress, PageCredentials
from callwright.protocol.pages.json_text import MAX_ANSWER_BYTES
from callwright.protocol.pages.request import url_with_instance_info
from callwright.runner.next_page import may_see_credentials, printable_url
from callwright.runner.ports import PageResponse, PageUnreachable

CONNECT_TIMEOUT: Final = 5.0
"""Seconds for TCP and TLS together (assumed, A-13)."""

TOTAL_TIMEOUT: Final = 30.0
"""Seconds for everything: a second attempt and redirects count too, because somebody waits on
the phone (assumed, A-13)."""

RETRY_PAUSE: Final = 1.0
"""Seconds before the second attempt (assumed, A-14)."""

MAX_REDIRECTS: Final = 5
"""A-12."""

MAX_CONNECTIONS: Final = 1000
"""Open at once, to all hosts: a page of each call of the largest default account."""

_REPEATED: Final = frozenset({307, 308})
"""Redirects that keep method and body: RFC 9110 15.4.8 and 15.4.9."""

_ASKED_WITH_GET: Final = frozenset({301, 302, 303})


@dataclass(frozen=True, slots=True)
class FetchTimes:
    """How long pages may take; seconds."""

    connect: float = CONNECT_TIMEOUT
    total: float = TOTAL_TIMEOUT
    retry_pause: float = RETRY_PAUSE


class PageFetchers:
    """Hands every instance a fetcher; owns the connections. Made inside the event loop."""

    def __init__(
        self,
        *,
        times: FetchTimes | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`tls` says whose certificates are good; those of the machine when None."""
        self._times = times or FetchTimes()
        self._pause = pause
        self._connector = aiohttp.TCPConnector(
            limit=MAX_CONNECTIONS, ssl=_verifying() if tls is None else tls
        )

    def new(self) -> "HttpPageFetcher":
        """Make the fetcher of one instance, with no cookies yet."""
        session = aiohttp.ClientSession(
            connector=self._connector,
            connector_owner=False,
            # Web applications in a machine room are often addressed by number.
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._times.connect),
        )
        return HttpPageFetcher(session, self._times, self._pause)

    async def close(self) -> None:
        """Close every connection."""
        await self._connector.close()


class HttpPageFetcher:
    """Asks the pages of one instance."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        times: FetchTimes,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        """`PageFetchers.new` makes them."""
        self._session = session
        self._times = times
        self._pause = pause

    async def fetch(
        self, page: PageAddress, *, body: bytes, credentials: PageCredentials | None
    ) -> PageResponse:
        """Ask a page, and once more when no byte of a response came."""
        started_at = time.monotonic()
        shown = printable_url(page.url)
        try:
            async with asyncio.timeout(self._times.total):
                response = await self._follow(page, body, credentials)
        # Before TimeoutError: aiohttp's timeout of a connection is one of those too.
        except aiohttp.ClientError as error:
            raise PageUnreachable(f"{shown} could not be asked: {_reason(error)}") from error
        except TimeoutError:
            raise PageUnreachable(
                f"{shown} did not answer within {self._times.total:g} s"
            ) from None
        except ValueError as error:
            # yarl's and aiohttp's word for what is no URL; their text would quote passwords.
            raise PageUnreachable(f"{shown} is no URL that can be asked") from error
        return replace(response, seconds=time.monotonic() - started_at)

    async def close(self) -> None:
        """Forget the cookies; the connections stay for other instances."""
        await self._session.close()

    async def _follow(
        self, page: PageAddress, body: bytes, credentials: PageCredentials | None
    ) -> PageResponse:
        asked = page
        for _ in range(MAX_REDIRECTS + 1):
            is_trusted = may_see_credentials(asked.url, page.url)
            response, location = await self._ask_twice(
                asked, body, credentials if is_trusted else None
            )
            match response.http_status:
                case status if location and status in _REPEATED:
                    asked = PageAddress(location, asked.method)
                case status if location and status in _ASKED_WITH_GET:
                    asked = PageAddress(location, "GET")
                case _:
                    return response
        raise PageUnreachable(
            f"{printable_url(page.url)} redirected more than {MAX_REDIRECTS} times"
        )

    async def _ask_twice(
        self, page: PageAddress, body: bytes, credentials: PageCredentials | None
    ) -> tuple[PageResponse, str | None]:
        try:
            return await self._ask(page, body, credentials)
        except aiohttp.ClientConnectionError:
            await self._pause(self._times.retry_pause)
            return await self._ask(page, body, credentials)

    async def _ask(
        self, page: PageAddress, body: bytes, credentials: PageCredentials | None
    ) -> tuple[PageResponse, str | None]:
        is_get = page.method == "GET"
        url = URL(url_with_instance_info(page.url, body) if is_get else page.url)
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"Callwright/{__version__}",
        }
        if not is_get:
            headers["Content-Type"] = "application/json; charset=utf-8"
        # A name in the URL itself is the page's own wish; aiohttp sends that one.
        if credentials is not None and url.user is None:
            headers["Authorization"] = aiohttp.encode_basic_auth(
                credentials.username, credentials.password, "utf-8"
            )
        async with self._session.request(
            page.method,
            url,
            data=None if is_get else body,
            headers=headers,
            allow_redirects=False,
        ) as response:
            location = response.headers.get("Location")
            answered = PageResponse(
                str(response.url), response.status, await _read(response), seconds=0.0
            )
            return answered, str(response.url.join(URL(location))) if location else None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Read a body up to one byte more than is allowed, so that the parser sees that it is."""
    body = bytearray()
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                return bytes(body[: MAX_ANSWER_BYTES + 1])
    except aiohttp.ClientConnectionError as error:
        # Bytes came already, so this is no case for a second attempt.
        raise aiohttp.ClientPayloadError("the connection broke in the middle") from error
    return bytes(body)


def _reason(error: aiohttp.ClientError) -> str:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return "its TLS certificate is not good"
        case aiohttp.ClientConnectorSSLError():
            return "the TLS handshake failed"
        case aiohttp.ClientConnectorDNSError():
            return "its name is not known"
        case aiohttp.ServerTimeoutError():
            return "no connection in time"
        case aiohttp.ClientConnectorError():
            errno = error.os_error.errno
            return os.strerror(errno).lower() if errno else "no connection"
        case aiohttp.ServerDisconnectedError():
            return "it closed the connection without an answer"
        case aiohttp.ClientPayloadError():
            return "the answer broke off"
        case aiohttp.ClientResponseError():
            return "what it answered is not HTTP"
        case _:
            return type(error).__name__


def _verifying() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
