"""`/service_cancel` and `/service_status`: what becomes of the calls that references point at."""

import msgspec

from callwright.api.doors import Doors
from callwright.api.exchange import Answer, Exchange
from callwright.api.identity import account_of
from callwright.api.wire import parameters_of
from callwright.queue.service_refs import parse_service_refs

_encode = msgspec.json.Encoder().encode


async def service_cancel(doors: Doors, exchange: Exchange) -> Answer:
    """Take calls out of the queue, as far as they are still in it."""
    account = await account_of(doors, exchange)
    parameters = await parameters_of(exchange)
    refs = parse_service_refs(parameters.get("service_refs"))
    return Answer(_encode(await doors.cancellation.cancel(account.account_id, refs)))


async def service_status(doors: Doors, exchange: Exchange) -> Answer:
    """Say how far calls are."""
    account = await account_of(doors, exchange)
    parameters = await parameters_of(exchange)
    refs = parse_service_refs(parameters.get("service_refs"))
    return Answer(_encode(await doors.status.of(account.account_id, refs)))
