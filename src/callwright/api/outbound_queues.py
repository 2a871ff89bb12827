"""`/service/v1/outbound_queues` and `…/outbound/<name>/queue`: what waits, and how to end it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import msgspec

from callwright.api.doors import Doors
from callwright.api.exchange import JSON, Answer, Exchange, Stream
from callwright.api.identity import account_of, queue_owner_of
from callwright.domain.ids import AccountId, ServiceId, ServiceRef

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
    """Cancel all that waits in one queue and return the references.

    What takes more than one portion is sent while it goes on: a client that goes away leaves the
    rest in the queue, and an answer that ends early says what was cancelled until then.
    """
    name = exchange.path_parameters["service_name"]
    account = await queue_owner_of(doors, exchange, name)
    service_id = await doors.catalogue.service_id(account.account_id, name)
    portions = purged(doors, account.account_id, service_id)
    refs = await _next(portions)
    lengths = await doors.status.of_queues(account.account_id)
    if refs and service_id in lengths:
        return Stream(_pieces(name, refs, portions), JSON)
    return Answer(_encode({"service_name": name, "cancelled": len(refs), "service_refs": refs}))


async def purged(
    doors: Doors, account_id: AccountId, service_id: ServiceId
) -> AsyncGenerator[Sequence[ServiceRef]]:
    """Empty a queue; yields what was in it, in portions.

    A portion that is begun is finished even if its reader is cancelled meanwhile: what the store
    has cancelled, the followers of its starts have to hear.
    """
    async with aclosing(doors.cancellation.purge(account_id, service_id)) as portions:
        while refs := await _finished_next(portions):
            yield refs


async def _finished_next(portions: AsyncGenerator[Sequence[ServiceRef]]) -> Sequence[ServiceRef]:
    """Wait for the next portion until it is there, even if cancelled meanwhile."""
    handle = asyncio.create_task(_next(portions))
    try:
        return await asyncio.shield(handle)
    except asyncio.CancelledError:
        await asyncio.wait({handle})
        raise


async def _next(portions: AsyncGenerator[Sequence[ServiceRef]]) -> Sequence[ServiceRef]:
    """Return the next portion, an empty one at the end."""
    # Not `anext` with a default: CPython 3.11's fails where a generator waits and then ends.
    async for refs in portions:
        return refs
    return ()


async def _pieces(
    name: str, first: Sequence[ServiceRef], portions: AsyncGenerator[Sequence[ServiceRef]]
) -> AsyncGenerator[bytes]:
    """Print a purge as it goes on; how many it cancelled is known at its end."""
    head = _encode({"service_name": name, "service_refs": first})
    yield head.removesuffix(b"]}")
    cancelled = len(first)
    async with aclosing(portions):
        async for refs in portions:
            cancelled += len(refs)
            yield b"," + _encode(refs)[1:-1]
    yield b'],"cancelled":%d}' % cancelled
