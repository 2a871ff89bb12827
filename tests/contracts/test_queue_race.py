"""Acceptance, claims, cancels and releases at once: every start has exactly one fate."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

from callwright.domain.ids import ServiceRef
from callwright.queue.ports import CancelResult
from tests.contracts.stores import NOW, START, Stores

Run = Callable[[Coroutine[Any, Any, Any]], Any]

REQUESTS, CALLS = 60, 5


def test_no_start_is_lost_claimed_twice_or_claimed_and_cancelled(stores: Stores, run: Run) -> None:
    chance = random.Random(34100)
    claimed: list[ServiceRef] = []
    cancelled: list[ServiceRef] = []
    queued: list[ServiceRef] = []

    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        wanted = REQUESTS * CALLS

        async def accept(n: int) -> None:
            refs = [ServiceRef(f"{n}.{call}") for call in range(CALLS)]
            await stores.queue.enqueue(
                account_id=account.account_id,
                service_id=service_id,
                starts=[(ref, START) for ref in refs],
                at=NOW,
            )
            queued.extend(refs)

        async def cancel_some() -> None:
            while len(claimed) + len(cancelled) < wanted:
                refs = chance.sample(queued, min(3, len(queued)))
                results = await stores.queue.cancel(account.account_id, refs, at=NOW)
                cancelled.extend(r for r in refs if results[r] is CancelResult.SUCCESS)
                await asyncio.sleep(0)

        async def claim_some() -> None:
            while len(claimed) + len(cancelled) < wanted:
                claims = await stores.queue.claim(service_id, limit=chance.randint(1, 7), at=NOW)
                refs = [claim.ref for claim in claims]
                back = [ref for ref in refs if chance.random() < 0.3]
                await stores.queue.release(back)
                claimed.extend(ref for ref in refs if ref not in back)
                await asyncio.sleep(0)

        async with asyncio.timeout(30):
            await asyncio.gather(
                *(accept(n) for n in range(REQUESTS)),
                *(claim_some() for _ in range(4)),
                *(cancel_some() for _ in range(2)),
            )
        assert await stores.queue.waiting() == []

    run(story())
    assert sorted(claimed + cancelled) == sorted(queued)
    assert len(queued) == REQUESTS * CALLS
    assert claimed
    assert cancelled
