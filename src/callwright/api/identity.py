"""Who is asking: HTTP Basic, and nobody learns which part of it was wrong."""

import math
from typing import Final

from callwright.accounts.identity import Unauthorised, parse_basic
from callwright.api.doors import Doors
from callwright.api.envelope import HttpFault
from callwright.api.exchange import Exchange
from callwright.domain.account import Account
from callwright.domain.outbound_service import OutboundService

CHALLENGE: Final = (b"www-authenticate", b'Basic realm="Callwright", charset="UTF-8"')
"""RFC 7617 2 and 2.1."""


async def account_of(doors: Doors, exchange: Exchange) -> Account:
    """Return the account whose API Access Key came with the request."""
    authorization = _credentials(doors, exchange)
    try:
        account = await doors.authenticator.account(authorization, doors.clock.now())
    except Unauthorised:
        raise _refusal(doors, exchange) from None
    return _in_measure(doors, account)


async def service_of(doors: Doors, exchange: Exchange) -> tuple[Account, OutboundService]:
    """Return the service whose password came with the request, and its account."""
    authorization = _credentials(doors, exchange)
    try:
        account, service = await doors.authenticator.service(authorization, doors.clock.now())
    except Unauthorised:
        raise _refusal(doors, exchange) from None
    return _in_measure(doors, account), service


async def queue_owner_of(doors: Doors, exchange: Exchange, service_name: str) -> Account:
    """Return the account whose API Access Key came with the request, or this service's password."""
    if not _names_a_service(exchange):
        return await account_of(doors, exchange)
    account, service = await service_of(doors, exchange)
    if service.name != service_name:
        raise _refusal(doors, exchange)
    return account


def _names_a_service(exchange: Exchange) -> bool:
    try:
        return parse_basic(exchange.header(b"authorization")).identity.service_name is not None
    except Unauthorised:
        return False


def _in_measure(doors: Doors, account: Account) -> Account:
    wait = doors.rate_limit.wait(account.account_id, doors.clock.now())
    if wait > 0:
        raise HttpFault(
            429,
            "Too Many Requests: this account makes more requests than are allowed",
            headers=((b"retry-after", b"%d" % math.ceil(wait)),),
        )
    return account


def _credentials(doors: Doors, exchange: Exchange) -> str:
    wait = doors.throttle.wait(exchange.address, doors.clock.now())
    if wait > 0:
        raise HttpFault(
            429,
            "Too Many Requests: too many wrong credentials came from this address",
            headers=((b"retry-after", b"%d" % math.ceil(wait)),),
        )
    authorization = exchange.header(b"authorization")
    if authorization is None:
        # Not counted as a failure: many clients only send credentials when challenged.
        raise _unauthorised()
    return authorization


def _refusal(doors: Doors, exchange: Exchange) -> HttpFault:
    doors.throttle.failed(exchange.address, doors.clock.now())
    return _unauthorised()


def _unauthorised() -> HttpFault:
    return HttpFault(
        401,
        "Unauthorized: the credentials are missing or wrong",
        headers=(CHALLENGE,),
    )
