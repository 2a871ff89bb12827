"""`/oauth/token` and `/user`: who may ask, and whose token it is (section 13)."""

import base64
import binascii
from typing import Final
from urllib.parse import unquote_plus

from callwright.accounts.applications import PASSWORD
from callwright.accounts.oauth import TOKEN_LIFETIME, TokenRefused
from callwright.api.client.envelope import GrantFault
from callwright.api.client.oauth_limits import check_guesses, count_guess, limited
from callwright.api.client.requests import ClientRequest, json_answer
from callwright.api.doors import Doors
from callwright.api.exchange import Answer, Exchange
from callwright.api.wire import Parameters, parameters_of

_UNAUTHORISED: Final = "invalid_client"


_CHALLENGE: Final = (b"www-authenticate", b'Basic realm="Callwright"')
"""RFC 6749 5.2: in the form that the program tried."""
_NOT_CACHED: Final = (b"pragma", b"no-cache")
"""RFC 6749 5.1, for caches older than the header that every answer has."""


async def _give_token(doors: Doors, exchange: Exchange) -> Answer:
    basic = _application_in_header(exchange)
    asked = await parameters_of(exchange) | basic
    username = asked.get("username", "") if asked.get("grant_type") == PASSWORD else ""
    check_guesses(doors, exchange, username=username)
    try:
        granted = await doors.callbacks.tokens.grant(asked)
    except TokenRefused as refused:
        is_unauthorised = refused.error == _UNAUTHORISED
        if is_unauthorised:
            count_guess(doors, exchange)
        elif refused.error == "invalid_grant":
            count_guess(doors, exchange, username=username)
        status = 401 if is_unauthorised else 400
        headers = (_CHALLENGE,) if is_unauthorised and basic else ()
        raise GrantFault(status, refused.error, str(refused), headers=headers) from None
    answer: dict[str, object] = {
        "access_token": granted.access_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFETIME,
        "scope": "all",
    }
    if granted.refresh_token is not None:
        answer["refresh_token"] = granted.refresh_token
    return json_answer(answer, headers=(_NOT_CACHED,))


give_token: Final = limited(_give_token)
"""Give a program a token."""


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


def _application_in_header(exchange: Exchange) -> Parameters:
    """Return an application's key and secret as libraries send them (RFC 6749 2.3.1)."""
    scheme, _, encoded = (exchange.header(b"authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        key, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        text = "the Authorization header is not base64 of client_id, a colon and client_secret"
        raise GrantFault(401, _UNAUTHORISED, text, headers=(_CHALLENGE,)) from None
    return {"client_id": unquote_plus(key), "client_secret": unquote_plus(secret)}
