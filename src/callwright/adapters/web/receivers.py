"""HTTP towards clients' URLs that are told of events (section 10.3), with aiohttp."""

import asyncio
from typing import Final

import aiohttp

from callwright.adapters.web.address_guard import AddressGuard
from callwright.adapters.web.connections import Connections
from callwright.adapters.web.exchange import Exchanges, FetchTimes, Request, reason_of, web_url
from callwright.scheduler.webhooks.lanes import AT_ONCE
from callwright.scheduler.webhooks.message import Message
from callwright.scheduler.webhooks.ports import NoAnswer

TIME_LIMIT: Final = 10.0
"""Seconds from the connection to the header of the answer."""


class HttpReceivers:
    """`Receivers`; owns the connections. Made inside the event loop."""

    def __init__(self, guard: AddressGuard, *, time_limit: float = TIME_LIMIT) -> None:
        """`time_limit` in seconds."""
        self._time_limit = time_limit
        self._connections = Connections(guard, limit=AT_ONCE)
        self._exchanges = Exchanges(
            self._connections.session(aiohttp.DummyCookieJar()),
            FetchTimes(total=time_limit),
            asyncio.sleep,
        )

    async def send(self, message: Message) -> int:
        """Send an event once; return the HTTP status."""
        try:
            async with asyncio.timeout(self._time_limit):
                request = Request(
                    message.method,
                    web_url(message.url),
                    "*/*",
                    body=message.body or None,
                    headers=message.headers,
                    asks_again=False,
                )
                reply = await self._exchanges.ask(request, _leave)
        # Before TimeoutError: aiohttp's timeout of a connection is one of those too.
        except aiohttp.ClientError as error:
            raise NoAnswer(reason_of(error)) from error
        except TimeoutError:
            raise NoAnswer(f"no answer within {self._time_limit:g} s") from None
        except ValueError:
            raise NoAnswer("no URL that can be asked") from None
        return reply.http_status

    async def close(self) -> None:
        """Close every connection."""
        await self._exchanges.close()
        await self._connections.close()


async def _leave(_: aiohttp.ClientResponse) -> None:
    """Read no body: one that has not come whole with the header costs the connection."""
