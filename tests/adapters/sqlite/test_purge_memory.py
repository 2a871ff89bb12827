"""What a purge holds in memory: a portion, however long the queue is."""

import asyncio
import tracemalloc
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from callwright.adapters.sqlite.queue_units import PURGED_AT_ONCE
from callwright.domain.ids import ServiceRef
from tests.contracts.stores import NOW, Stores, sqlite_stores

PORTIONS = 10


async def drained(portions: AsyncGenerator[Sequence[ServiceRef]]) -> int:
    """Ask for every portion and keep none; returns the bytes that were held at most."""
    tracemalloc.start()
    try:
        async for refs in portions:
            assert len(refs) == PURGED_AT_ONCE
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def purge(stores: Stores, name: str, portions: int) -> int:
    account = await stores.account(f"{name}@example.com")
    service_id = await stores.service(account)
    for n in range(portions):
        await stores.queued(account, service_id, PURGED_AT_ONCE, f"{name}.{n}.")
    return await drained(stores.queue.purge(account.account_id, service_id, at=NOW))


def test_a_long_purge_holds_no_more_than_a_short_one(tmp_path: Path) -> None:
    async def story() -> None:
        async with sqlite_stores(tmp_path) as stores:
            await purge(stores, "warm", 1)
            short = await purge(stores, "short", 2)
            assert await purge(stores, "long", PORTIONS) < 1.5 * short

    asyncio.run(story())
