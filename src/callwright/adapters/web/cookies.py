"""The cookies of one application instance (A-11): aiohttp's jar, with the bounds of RFC 6265 6.1.

aiohttp has bounds of its own, made for a whole browser. There are a thousand instances on a node.
"""

from collections.abc import Sequence
from http.cookies import Morsel
from typing import Final

import aiohttp
from yarl import URL

MAX_COOKIES: Final = 50
"""Kept at once: what RFC 6265 6.1 asks for each domain. An instance talks to one, or to few."""

MAX_COOKIE_BYTES: Final = 4096
"""Of a name, its value and its attributes: RFC 6265 6.1. A longer one is not kept."""

_Key = tuple[str, str, str]


class InstanceCookies(aiohttp.CookieJar):
    """A jar that forgets the oldest when there are too many."""

    def __init__(self) -> None:
        """Begin empty."""
        # Web applications in a machine room are often addressed by number.
        super().__init__(unsafe=True)
        self._ages: dict[_Key, None] = {}
        """What is kept, oldest first."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Take the `Set-Cookie` headers of a response."""
        kept = [header for header in headers if _size_bytes(header) <= MAX_COOKIE_BYTES]
        super().update_cookies_from_headers(kept, response_url)
        self._forget_the_oldest()

    def _forget_the_oldest(self) -> None:
        there = {_key(cookie): None for cookie in self}
        old = [key for key in self._ages if key in there]
        self._ages = dict.fromkeys([*old, *there])
        surplus = set(list(self._ages)[: max(0, len(self._ages) - MAX_COOKIES)])
        if surplus:
            self.clear(lambda cookie: _key(cookie) in surplus)


def _key(cookie: Morsel[str]) -> _Key:
    """What makes two cookies the same one: RFC 6265 5.3."""
    return cookie["domain"], cookie["path"], cookie.key


def _size_bytes(header: str) -> int:
    # aiohttp reads bytes that are no UTF-8 as surrogates.
    return len(header.encode(errors="surrogatepass"))
