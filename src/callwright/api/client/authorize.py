"""`/oauth/authorize`: a person is asked whether a program may have a code (RFC 6749 4.1)."""

import re
from typing import Final
from urllib.parse import urlencode

from callwright.accounts.authorization import (
    AuthorizationRefused,
    AuthorizationRequest,
    BadAuthorization,
    Return,
)
from callwright.accounts.form_tokens import FORM_LIFETIME
from callwright.api.client.authorize_page import fault_page, form_page, redirection
from callwright.api.client.oauth_limits import check_guesses, count_guess, limited
from callwright.api.doors import Doors
from callwright.api.envelope import Headers, HttpFault
from callwright.api.exchange import Answer, Exchange, Stream
from callwright.api.faults import fault_of
from callwright.api.operations import Handler
from callwright.api.wire import form_of, parameters_with
from callwright.domain.errors import CallwrightError

COOKIE: Final = "callwright_form"

_COOKIE: Final = re.compile(rf"(?:^|;)\s*{COOKIE}=([^;\s]*)")

_STALE: Final = (403, "This form was open for too long. Nothing was allowed: answer once more.")
_WRONG: Final = (400, "The username or the API Access Key is wrong.")


def _as_pages(handler: Handler) -> Handler:
    """Make an operation of which a person reads the refusals."""

    async def run(doors: Doors, exchange: Exchange) -> Answer | Stream:
        try:
            return await limited(handler)(doors, exchange)
        except BadAuthorization as bad:
            return fault_page(400, str(bad))
        except AuthorizationRefused as refused:
            told = {"error": refused.error, "error_description": str(refused)}
            return _back(doors, refused.where, told)
        except CallwrightError as error:
            fault = fault_of(error)
            if fault is None:
                raise
            return fault_page(fault.status, fault.text, fault.headers)

    return run


async def _show(doors: Doors, exchange: Exchange) -> Answer:
    request, query = await _read(doors, exchange)
    return _form(doors, exchange, request, query)


async def _decide(doors: Doors, exchange: Exchange) -> Answer:
    request, query = await _read(doors, exchange)
    form = await form_of(exchange)
    oauth = doors.callbacks.oauth
    if not oauth.forms.is_good(form.get("form_token", ""), _cookie(exchange), query.encode()):
        return _form(doors, exchange, request, query, fault=_STALE)
    if form.get("decision") != "allow":
        return _back(doors, request.where, {"error": "access_denied"})
    username, password = form.get("username", ""), form.get("password", "")
    try:
        check_guesses(doors, exchange, username=username)
    except HttpFault as fault:
        told = (fault.status, fault.text)
        return _form(doors, exchange, request, query, fault=told, headers=fault.headers)
    is_typed = username and password and "\0" not in username
    if not is_typed or not await oauth.authorizations.is_owner(request, username, password):
        count_guess(doors, exchange, username=username)
        return _form(doors, exchange, request, query, fault=_WRONG)
    return _back(doors, request.where, {"code": await oauth.authorizations.allow(request)})


show_authorization: Final = _as_pages(_show)
"""Show a person what a program asks for."""

decide_authorization: Final = _as_pages(_decide)
"""Take a person's decision, and tell the program."""


async def _read(doors: Doors, exchange: Exchange) -> tuple[AuthorizationRequest, str]:
    """Read what is asked, which stands in the query also when the form is sent."""
    asked = parameters_with(exchange, ())
    request = await doors.callbacks.oauth.authorizations.read(asked)
    return request, urlencode(sorted(asked.items()))


def _form(
    doors: Doors,
    exchange: Exchange,
    request: AuthorizationRequest,
    query: str,
    *,
    fault: tuple[int, str] = (200, ""),
    headers: Headers = (),
) -> Answer:
    forms = doors.callbacks.oauth.forms
    binding = forms.binding(_cookie(exchange))
    is_secure = doors.settings.public_url.startswith("https:")
    cookie = (
        f"{COOKIE}={binding}; Path=/oauth; Max-Age={FORM_LIFETIME}; HttpOnly; SameSite=Lax"
        f"{'; Secure' if is_secure else ''}"
    )
    return form_page(
        request,
        query=query,
        form_token=forms.token(binding, query.encode()),
        fault=fault,
        headers=((b"set-cookie", cookie.encode("ascii")), *headers),
    )


def _cookie(exchange: Exchange) -> str:
    found = _COOKIE.search(exchange.header(b"cookie") or "")
    return found[1] if found else ""


def _back(doors: Doors, where: Return, told: dict[str, str]) -> Answer:
    """Send the browser to the registered redirect URI, with what its program is to know."""
    state = {"state": where.state} if where.state else {}
    # Who we are, so that a program of several servers knows whose answer it is (RFC 9207 2).
    added = urlencode(told | state | {"iss": doors.settings.public_url})
    mark = "&" if "?" in where.redirect_uri else "?"
    return redirection(f"{where.redirect_uri}{mark}{added}")
