"""Whose request it is, by its token, and how many of them there may be in an hour (section 14)."""

import math
from typing import Final

from callwright.accounts.oauth import BadToken, Client
from callwright.api.client.envelope import CLIENT_BASE, ClientFault
from callwright.api.doors import Doors
from callwright.api.envelope import HttpFault
from callwright.api.exchange import Exchange
from callwright.api.wire import collapse_slashes
from callwright.domain.errors import CallwrightError

_CHALLENGE: Final = (b"www-authenticate", b'Bearer realm="Callwright"')
"""RFC 6750 3."""


async def client_of(doors: Doors, exchange: Exchange) -> Client:
    """Return whose request it is, and count it; every answer to it says what is left of the hour.

    One of nobody's is not counted, and its answer says nothing of limits.

    Raises:
        ClientFault: 401 without a good token, 429 beyond the limit.

    """
    scheme, _, token = (exchange.header(b"authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ClientFault(401, "a token was expected", headers=(_CHALLENGE,))
    try:
        client = await doors.callbacks.tokens.client(token.strip())
    except BadToken:
        challenge = (_CHALLENGE[0], _CHALLENGE[1] + b', error="invalid_token"')
        message = "the token is wrong or has expired: ask for a new one"
        raise ClientFault(401, message, headers=(challenge,)) from None
    allowance = doors.callbacks.hourly_limit.count(client.account.account_id, doors.clock.now())
    reset = b"%d" % math.ceil(allowance.reset)
    exchange.answer_headers = (
        (b"x-ratelimit-limit", b"%d" % allowance.limit),
        (b"x-ratelimit-remaining", b"%d" % allowance.remaining),
        (b"x-ratelimit-reset", reset),
    )
    if allowance.is_used_up:
        message = f"more than {allowance.limit} requests within an hour"
        raise ClientFault(429, message, "rate_limit_exceeded", headers=((b"retry-after", reset),))
    return client


async def refused_client(doors: Doors, exchange: Exchange, fault: HttpFault) -> HttpFault:
    """Count a request for something that is not served; return how it is answered."""
    if not collapse_slashes(exchange.path).startswith(f"{CLIENT_BASE}/"):
        return fault
    try:
        await client_of(doors, exchange)
    except CallwrightError as error:
        if isinstance(error, ClientFault) and exchange.answer_headers:
            return error
    return fault
