"""Connections to customers' web servers: kept, bounded, and never into the operator's network."""

import ssl
from typing import Final

import aiohttp
from aiohttp.abc import AbstractCookieJar, AbstractResolver

from callwright.adapters.web.address_guard import AddressGuard

CONNECT_TIMEOUT: Final = 5.0
"""Seconds for TCP and TLS together (assumed, A-13)."""


class Connections:
    """One pool of connections. Made inside the event loop."""

    def __init__(
        self,
        guard: AddressGuard,
        *,
        limit: int,
        connect_timeout: float = CONNECT_TIMEOUT,
        tls: ssl.SSLContext | None = None,
        names: AbstractResolver | None = None,
    ) -> None:
        """`limit` is how many are in use at once, to all hosts; who comes later waits.

        `tls` says whose certificates are good, `names` resolves; those of the machine when None.
        """
        self._connect_timeout = connect_timeout
        self._connector = aiohttp.TCPConnector(
            limit=limit,
            ssl=_verifying() if tls is None else tls,
            resolver=names,
            socket_factory=guard.socket_for,
        )

    def session(self, cookies: AbstractCookieJar) -> aiohttp.ClientSession:
        """Share the connections with somebody who has cookies of his own."""
        return aiohttp.ClientSession(
            connector=self._connector,
            connector_owner=False,
            cookie_jar=cookies,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect_timeout),
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._connector.close()


def _verifying() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
