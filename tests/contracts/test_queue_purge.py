"""What every `QueueStore` does when a queue is purged, also while everything else goes on."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

from callwright.domain.ids import ServiceRef
from callwright.domain.invocation import InvocationState, InvocationStatus
from callwright.queue.ports import CancelResult
from tests.contracts.stores import NOW, START, Stores

Run = Callable[[Coroutine[Any, Any, Any]], Any]

BACKLOG = 6000
"""Some portions' worth of starts."""
LISTS, CALLS = 40, 10


def test_what_waits_is_cancelled_and_told_in_order(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id, other = run(stores.service(account)), run(stores.service(account, "other"))
    refs = run(stores.queued(account, service_id, 5))
    others = run(stores.queued(account, other, 2, "other"))
    run(stores.queue.claim(service_id, limit=1, at=NOW))
    run(stores.queue.cancel(account.account_id, [refs[2]], at=NOW))
    purged = run(stores.queue.purge(account.account_id, service_id, at=NOW))
    assert list(purged) == [refs[1], refs[3], refs[4]]
    told = run(stores.queue.status(account.account_id, refs))
    assert told[refs[0]].state is InvocationState.RUNNING
    cancelled = InvocationStatus(InvocationState.CANCELLED, ended_at=NOW)
    assert [told[ref] for ref in refs[1:]] == [cancelled] * 4
    assert run(stores.queue.lengths(account.account_id)) == {other: len(others)}
    assert list(run(stores.queue.purge(account.account_id, service_id, at=NOW))) == []


def test_a_purged_queue_is_a_queue_like_any_other(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    refs = run(stores.queued(account, service_id, 4))
    run(stores.queue.claim(service_id, limit=2, at=NOW))
    run(stores.queue.purge(account.account_id, service_id, at=NOW))
    more = run(stores.queued(account, service_id, 2, "more"))
    run(stores.queue.release([refs[1]]))
    assert run(stores.queue.lengths(account.account_id)) == {service_id: 3}
    claims = run(stores.queue.claim(service_id, limit=9, at=NOW))
    assert [claim.ref for claim in claims] == [refs[1], *more]


def test_nobody_purges_anothers_queue(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    service_id = run(stores.service(bob))
    run(stores.queued(bob, service_id, 2))
    assert list(run(stores.queue.purge(ann.account_id, service_id, at=NOW))) == []
    assert run(stores.queue.lengths(bob.account_id)) == {service_id: 2}


def test_a_purge_at_full_speed_loses_nothing_and_takes_nothing_twice(
    stores: Stores, run: Run
) -> None:
    chance = random.Random(34100)
    queued: list[ServiceRef] = []
    claimed: list[ServiceRef] = []
    cancelled: list[ServiceRef] = []

    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        purge_is_over = asyncio.Event()

        async def accept(refs: list[ServiceRef]) -> None:
            await stores.queue.enqueue(
                account_id=account.account_id,
                service_id=service_id,
                starts=[(ref, START) for ref in refs],
                at=NOW,
            )
            queued.extend(refs)

        async def accept_more() -> None:
            for n in range(LISTS):
                await accept([ServiceRef(f"{n}.{call}") for call in range(CALLS)])

        async def claim_some() -> None:
            while not purge_is_over.is_set():
                claims = await stores.queue.claim(service_id, limit=chance.randint(1, 7), at=NOW)
                refs = [claim.ref for claim in claims]
                back = [ref for ref in refs if chance.random() < 0.2]
                await stores.queue.release(back)
                claimed.extend(ref for ref in refs if ref not in back)
                await asyncio.sleep(0)

        async def cancel_some() -> None:
            while not purge_is_over.is_set():
                refs = chance.sample(queued, 3)
                results = await stores.queue.cancel(account.account_id, refs, at=NOW)
                cancelled.extend(r for r in refs if results[r] is CancelResult.SUCCESS)
                await asyncio.sleep(0)

        async def purge_twice() -> None:
            for _ in range(2):
                purged = await stores.queue.purge(account.account_id, service_id, at=NOW)
                cancelled.extend(purged)
            purge_is_over.set()

        await accept([ServiceRef(f"backlog.{n}") for n in range(BACKLOG)])
        async with asyncio.timeout(60):
            await asyncio.gather(
                accept_more(), claim_some(), claim_some(), cancel_some(), purge_twice()
            )
        left = sum((await stores.queue.lengths(account.account_id)).values())
        progress = await stores.queue.in_progress([account.account_id])
        assert progress.get(account.account_id, 0) == len(claimed)
        rest = [c.ref for c in await stores.queue.claim(service_id, limit=10**6, at=NOW)]
        assert len(rest) == left
        assert sorted([*claimed, *cancelled, *rest]) == sorted(queued)

    run(story())
    assert claimed
    assert cancelled
