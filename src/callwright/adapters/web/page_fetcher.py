"""HTTP towards customers' application pages: section 1.6 of the page protocol, with aiohttp.

One pool of connections serves the node; cookies belong to one instance (A-11). Redirects are
followed here and not by aiohttp, since the page protocol has its own rules for them (A-12).
"""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver

from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.connections import Connections
from callwright.adapters.web.cookies import InstanceCookies
from callwright.adapters.web.exchange import (
    MAX_REDIRECTS,
    Exchanges,
    FetchTimes,
    Reply,
    Request,
    read_up_to,
    web_url,
)
from callwright.domain.outbound_service import PageAddress, PageCredentials
from callwright.protocol.pages.json_text import MAX_ANSWER_BYTES
from callwright.protocol.pages.request import url_with_instance_info
from callwright.runner.next_page import may_see_credentials, printable_url
from callwright.runner.ports import PageResponse, PageUnreachable

MAX_CONNECTIONS: Final = 1000
"""In use at once, to all hosts: a page of each call of the largest default account."""

_REPEATED: Final = frozenset({307, 308})
"""Redirects that keep method and body: RFC 9110 15.4.8 and 15.4.9."""

_ASKED_WITH_GET: Final = frozenset({301, 302, 303})


class PageFetchers:
    """Hands every instance a fetcher; owns the connections. Made inside the event loop."""

    def __init__(
        self,
        guard: AddressGuard,
        *,
        times: FetchTimes | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        tls: ssl.SSLContext | None = None,
        names: AbstractResolver | None = None,
    ) -> None:
        """`tls` and `names` are those of the machine when None."""
        self._times = times or FetchTimes()
        self._pause = pause
        self._connections = Connections(
            guard,
            limit=MAX_CONNECTIONS,
            connect_timeout=self._times.connect,
            tls=tls,
            names=names,
        )

    def new(self) -> "HttpPageFetcher":
        """Make the fetcher of one instance, with no cookies yet."""
        session = self._connections.session(InstanceCookies())
        return HttpPageFetcher(Exchanges(session, self._times, self._pause))

    async def close(self) -> None:
        """Close every connection."""
        await self._connections.close()


class HttpPageFetcher:
    """Asks the pages of one instance."""

    def __init__(self, exchanges: Exchanges) -> None:
        """`PageFetchers.new` makes them."""
        self._exchanges = exchanges

    async def fetch(
        self,
        page: PageAddress,
        *,
        body: bytes,
        credentials: PageCredentials | None,
        asks_again: bool = True,
    ) -> PageResponse:
        """Ask a page, and with `asks_again` once more when no byte of a response came."""
        started_at = time.monotonic()
        async with self._exchanges.in_time(page.url, PageUnreachable):
            reply = await self._follow(page, body, credentials, asks_again=asks_again)
        seconds = time.monotonic() - started_at
        return PageResponse(reply.url, reply.http_status, reply.body, seconds)

    async def close(self) -> None:
        """Forget the cookies; the connections stay for other instances."""
        await self._exchanges.close()

    async def _follow(
        self,
        page: PageAddress,
        body: bytes,
        credentials: PageCredentials | None,
        *,
        asks_again: bool,
    ) -> Reply[bytes]:
        asked = page
        for _ in range(MAX_REDIRECTS + 1):
            is_trusted = may_see_credentials(asked.url, page.url)
            request = _request(asked, body, credentials if is_trusted else None)
            reply = await self._exchanges.ask(replace(request, asks_again=asks_again), _read)
            match reply.http_status:
                case status if reply.location and status in _REPEATED:
                    asked = PageAddress(reply.location, asked.method)
                case status if reply.location and status in _ASKED_WITH_GET:
                    asked = PageAddress(reply.location, "GET")
                case _:
                    return reply
        raise PageUnreachable(
            f"{printable_url(page.url)} redirected more than {MAX_REDIRECTS} times"
        )


def _request(page: PageAddress, body: bytes, credentials: PageCredentials | None) -> Request:
    accept = "application/json"
    if page.method == "GET":
        url = web_url(url_with_instance_info(page.url, body))
        return Request("GET", url, accept, credentials=credentials)
    return Request(
        page.method,
        web_url(page.url),
        accept,
        body=body,
        credentials=credentials,
        headers={"Content-Type": "application/json; charset=utf-8"},
    )


async def _read(response: aiohttp.ClientResponse) -> bytes:
    return await read_up_to(response, MAX_ANSWER_BYTES)
