"""`/service/v1/outbound_queues` and `…/outbound/<name>/queue`: what waits, and how to end it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Final

import msgspec

from callwright.api.doors import Doors
from callwright.api.exchange import JSON, Answer, Exchange, Stream
from callwright.api.identity import account_of, queue_owner_of
from callwright.domain.ids import AccountId, ServiceId, ServiceRef

MAX_REFS_AT_ONCE: Final = 10_000
"""References in an answer that is sent in one piece: 300 kB. A longer one is sent in pieces of
this length, so that a purge of a million costs no text of 30 MB."""

_encode = msgspec.json.Encoder().encode


async def list_queues(doors: Doors, exchange: Exchange) -> Answer:
    """Return the queues in which something waits, by name."""
    account = await account_of(doors, exchange)
    names = await doors.catalogue.names(account.account_id)
    lengths = await doors.status.of_queues(account.account_id)
    queues = [
        {"service_name": names[service_id], "length": length}
        for service_id, length in lengths.items()
        # A service that is deleted meanwhile has a queue for a moment longer.
        if service_id in names
    ]
    return Answer(_encode(sorted(queues, key=lambda queue: str(queue["service_name"]))))


async def read_queue(doors: Doors, exchange: Exchange) -> Answer:
    """Return the length of one queue."""
    name = exchange.path_parameters["service_name"]
    account = await queue_owner_of(doors, exchange, name)
    service_id = await doors.catalogue.service_id(account.account_id, name)
    lengths = await doors.status.of_queues(account.account_id)
    return Answer(_encode({"service_name": name, "length": lengths.get(service_id, 0)}))


async def purge_queue(doors: Doors, exchange: Exchange) -> Answer | Stream:
    """Cancel all that waits in one queue and return the references."""
    name = exchange.path_parameters["service_name"]
    account = await queue_owner_of(doors, exchange, name)
    service_id = await doors.catalogue.service_id(account.account_id, name)
    refs = await purged(doors, account.account_id, service_id)
    if len(refs) > MAX_REFS_AT_ONCE:
        return Stream(_pieces(name, refs), JSON)
    return Answer(_encode({"service_name": name, "cancelled": len(refs), "service_refs": refs}))


async def purged(doors: Doors, account_id: AccountId, service_id: ServiceId) -> list[ServiceRef]:
    """Empty a queue and return what was in it, letting others run meanwhile."""
    refs: list[ServiceRef] = []
    async for portion in doors.cancellation.purge(account_id, service_id):
        refs += portion
        await asyncio.sleep(0)
    return refs


async def _pieces(name: str, refs: Sequence[ServiceRef]) -> AsyncGenerator[bytes]:
    head = _encode({"service_name": name, "cancelled": len(refs), "service_refs": []})
    comma = head.removesuffix(b"]}")
    for first in range(0, len(refs), MAX_REFS_AT_ONCE):
        yield comma + _encode(refs[first : first + MAX_REFS_AT_ONCE])[1:-1]
        comma = b","
        await asyncio.sleep(0)
    yield b"]}"
