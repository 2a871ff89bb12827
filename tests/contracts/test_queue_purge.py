"""What every `QueueStore` does when a queue is purged, also while everything else goes on."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from callwright.domain.ids import AccountId, ServiceId, ServiceRef
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
    assert run(stores.purged(account, service_id)) == [refs[1], refs[3], refs[4]]
    told = run(stores.queue.status(account.account_id, refs))
    assert told[refs[0]].state is InvocationState.RUNNING
    cancelled = InvocationStatus(InvocationState.CANCELLED, ended_at=NOW)
    assert [told[ref] for ref in refs[1:]] == [cancelled] * 4
    assert run(stores.queue.lengths(account.account_id)) == {other: len(others)}
    assert run(stores.purged(account, service_id)) == []


def test_a_purged_queue_is_a_queue_like_any_other(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    refs = run(stores.queued(account, service_id, 4))
    run(stores.queue.claim(service_id, limit=2, at=NOW))
    run(stores.purged(account, service_id))
    more = run(stores.queued(account, service_id, 2, "more"))
    run(stores.queue.release([refs[1]]))
    assert run(stores.queue.lengths(account.account_id)) == {service_id: 3}
    claims = run(stores.queue.claim(service_id, limit=9, at=NOW))
    assert [claim.ref for claim in claims] == [refs[1], *more]


def test_nobody_purges_anothers_queue(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    service_id = run(stores.service(bob))
    run(stores.queued(bob, service_id, 2))
    assert run(stores.purged(ann, service_id)) == []
    assert run(stores.queue.lengths(bob.account_id)) == {service_id: 2}


def test_each_portion_is_cancelled_when_it_comes_and_the_rest_waits(
    stores: Stores, run: Run
) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        waiting = await stores.queued(account, service_id, BACKLOG)
        sizes = []
        async for refs in stores.queue.purge(account.account_id, service_id, at=NOW):
            assert list(refs) == waiting[: len(refs)]
            del waiting[: len(refs)]
            asked = [refs[-1], *waiting[:1]]
            told = dict(await stores.queue.status(account.account_id, asked))
            assert told.pop(refs[-1]).state is InvocationState.CANCELLED
            assert all(status.state is InvocationState.QUEUED for status in told.values())
            assert sum((await stores.queue.lengths(account.account_id)).values()) == len(waiting)
            sizes.append(len(refs))
        assert waiting == []
        assert max(sizes) <= 1000

    run(story())


def test_a_purge_that_is_broken_off_leaves_the_rest(stores: Stores, run: Run) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        waiting = await stores.queued(account, service_id, BACKLOG)
        portions = stores.queue.purge(account.account_id, service_id, at=NOW)
        purged = [*await anext(portions), *await anext(portions)]
        await portions.aclose()
        assert purged == waiting[: len(purged)]
        assert await stores.queue.lengths(account.account_id) == {service_id: BACKLOG - len(purged)}
        [claim] = await stores.queue.claim(service_id, limit=1, at=NOW)
        assert claim.ref == waiting[len(purged)]
        assert await stores.purged(account, service_id) == waiting[len(purged) + 1 :]

    run(story())


def test_what_is_claimed_or_queued_between_two_portions_is_not_purged(
    stores: Stores, run: Run
) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        waiting = await stores.queued(account, service_id, BACKLOG)
        portions = stores.queue.purge(account.account_id, service_id, at=NOW)
        first = await anext(portions)
        claimed, given_back = await stores.queue.claim(service_id, limit=2, at=NOW)
        await stores.queue.release([given_back.ref])
        more = await stores.queued(account, service_id, 2, "more")
        rest = [ref async for refs in portions for ref in refs]
        assert [*first, claimed.ref, *rest] == waiting
        claims = await stores.queue.claim(service_id, limit=9, at=NOW)
        assert [claim.ref for claim in claims] == more

    run(story())


def test_a_purge_whose_first_portion_nobody_asks_for_purges_nothing(
    stores: Stores, run: Run
) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        portions = stores.queue.purge(account.account_id, service_id, at=NOW)
        await stores.queued(account, service_id, 1)
        await portions.aclose()
        assert await stores.queue.lengths(account.account_id) == {service_id: 1}

    run(story())


@dataclass(slots=True)
class Turmoil:
    """Everybody at once, until the purge is over; notes what each was told."""

    stores: Stores
    account_id: AccountId
    service_id: ServiceId
    chance: random.Random = field(default_factory=lambda: random.Random(34100))
    queued: list[ServiceRef] = field(default_factory=list)
    claimed: list[ServiceRef] = field(default_factory=list)
    cancelled: list[ServiceRef] = field(default_factory=list)
    purge_is_over: bool = False

    async def accept(self, refs: list[ServiceRef]) -> None:
        await self.stores.queue.enqueue(
            account_id=self.account_id,
            service_id=self.service_id,
            starts=[(ref, START) for ref in refs],
            at=NOW,
        )
        self.queued.extend(refs)

    async def accept_more(self) -> None:
        for n in range(LISTS):
            await self.accept([ServiceRef(f"{n}.{call}") for call in range(CALLS)])

    async def claim_some(self) -> None:
        while not self.purge_is_over:
            limit = self.chance.randint(1, 7)
            claims = await self.stores.queue.claim(self.service_id, limit=limit, at=NOW)
            refs = [claim.ref for claim in claims]
            back = [ref for ref in refs if self.chance.random() < 0.2]
            await self.stores.queue.release(back)
            self.claimed.extend(ref for ref in refs if ref not in back)
            await asyncio.sleep(0)

    async def cancel_some(self) -> None:
        while not self.purge_is_over:
            refs = self.chance.sample(self.queued, 3)
            results = await self.stores.queue.cancel(self.account_id, refs, at=NOW)
            self.cancelled.extend(ref for ref in refs if results[ref] is CancelResult.SUCCESS)
            await asyncio.sleep(0)

    async def purge_twice(self) -> None:
        for _ in range(2):
            async for refs in self.stores.queue.purge(self.account_id, self.service_id, at=NOW):
                self.cancelled.extend(refs)
        self.purge_is_over = True


def test_a_purge_at_full_speed_loses_nothing_and_takes_nothing_twice(
    stores: Stores, run: Run
) -> None:
    async def story() -> None:
        account = await stores.account()
        all_of = Turmoil(stores, account.account_id, await stores.service(account))
        await all_of.accept([ServiceRef(f"backlog.{n}") for n in range(BACKLOG)])
        async with asyncio.timeout(60):
            await asyncio.gather(
                all_of.accept_more(),
                all_of.claim_some(),
                all_of.claim_some(),
                all_of.cancel_some(),
                all_of.purge_twice(),
            )
        assert all_of.claimed
        assert all_of.cancelled
        progress = await stores.queue.in_progress([account.account_id])
        assert progress.get(account.account_id, 0) == len(all_of.claimed)
        left = sum((await stores.queue.lengths(account.account_id)).values())
        rest = await stores.queue.claim(all_of.service_id, limit=10**6, at=NOW)
        assert len(rest) == left
        fates = [*all_of.claimed, *all_of.cancelled, *(claim.ref for claim in rest)]
        assert sorted(fates) == sorted(all_of.queued)

    run(story())
