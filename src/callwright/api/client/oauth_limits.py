"""Who has to wait before `/oauth`: by requests, by connections, by wrong guesses (section 13)."""

import math
from typing import Final

from callwright.api.doors import Doors
from callwright.api.envelope import HttpFault
from callwright.api.exchange import Answer, Exchange, Stream
from callwright.api.operations import Handler

_CONNECTION_ENDS: Final = 1.0
"""Seconds: a request for a token takes milliseconds."""

_LONGEST_NAME: Final = 320
"""Characters of a username that are told apart; no account has a longer one."""


def limited(handler: Handler) -> Handler:
    """Make an operation of which an address has so many a second, and so many at a time."""

    async def run(doors: Doors, exchange: Exchange) -> Answer | Stream:
        address, oauth = exchange.address, doors.callbacks.oauth
        check_guesses(doors, exchange)
        wait = oauth.rate.wait(address, doors.clock.now())
        if wait > 0:
            raise _too_many("requests for tokens", wait)
        with oauth.connections.place(address) as has_place:
            if not has_place:
                raise _too_many("connections at a time", _CONNECTION_ENDS)
            return await handler(doors, exchange)

    return run


def check_guesses(doors: Doors, exchange: Exchange, *, username: str = "") -> None:
    """Refuse whoever has guessed too often, or a username that was guessed for.

    Raises:
        HttpFault: 429.

    """
    now = doors.clock.now()
    wait = doors.throttle.wait(exchange.address, now)
    if wait > 0:
        raise _too_many("wrong credentials", wait)
    wait = doors.callbacks.oauth.usernames.wait(_told_apart(username), now) if username else 0.0
    if wait > 0:
        message = "too many wrong passwords were given for this username"
        raise HttpFault(429, message, headers=_retry_after(wait))


def count_guess(doors: Doors, exchange: Exchange, *, username: str = "") -> None:
    """Count wrong credentials of an address, and of a username if it was one's password."""
    now = doors.clock.now()
    doors.throttle.failed(exchange.address, now)
    if username:
        doors.callbacks.oauth.usernames.failed(_told_apart(username), now)


def _too_many(what: str, wait: float) -> HttpFault:
    return HttpFault(429, f"too many {what} came from this address", headers=_retry_after(wait))


def _retry_after(wait: float) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"retry-after", b"%d" % math.ceil(wait)),)


def _told_apart(username: str) -> str:
    """As accounts tell them apart: without regard to case."""
    return username[:_LONGEST_NAME].casefold()
