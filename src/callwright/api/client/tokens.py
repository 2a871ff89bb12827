"""`/oauth/token` and `/user`: who may ask, and whose token it is (section 13)."""

import math
from typing import Final

from callwright.accounts.oauth import TOKEN_LIFETIME, TokenRefused
from callwright.api.client.envelope import GrantFault
from callwright.api.client.requests import ClientRequest, json_answer
from callwright.api.doors import Doors
from callwright.api.envelope import HttpFault
from callwright.api.exchange import Answer, Exchange
from callwright.api.wire import parameters_of

REQUESTS_PER_SECOND: Final = 20.0
"""Of one address (published)."""

_UNAUTHORISED: Final = "invalid_client"


async def give_token(doors: Doors, exchange: Exchange) -> Answer:
    """Give a program a token."""
    now, address = doors.clock.now(), exchange.address
    guesses = doors.throttle.wait(address, now)
    wait = guesses or doors.callbacks.token_rate.wait(address, now)
    if wait > 0:
        why = "wrong credentials" if guesses else "requests for tokens"
        raise HttpFault(
            429,
            f"too many {why} came from this address",
            headers=((b"retry-after", b"%d" % math.ceil(wait)),),
        )
    try:
        granted = await doors.callbacks.tokens.grant(await parameters_of(exchange))
    except TokenRefused as refused:
        if refused.error in {_UNAUTHORISED, "invalid_grant"}:
            doors.throttle.failed(address, now)
        status = 401 if refused.error == _UNAUTHORISED else 400
        raise GrantFault(status, refused.error, str(refused)) from None
    answer: dict[str, object] = {
        "access_token": granted.access_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFETIME,
        "scope": "all",
    }
    if granted.refresh_token is not None:
        answer["refresh_token"] = granted.refresh_token
    return json_answer(answer)


async def read_user(request: ClientRequest) -> Answer:
    """Say whose token it is."""
    account = request.client.account
    return json_answer(
        {
            "client_id": account.account_id,
            "extension_id": None,
            "timezone": "UTC",
            "login": account.username,
        }
    )
