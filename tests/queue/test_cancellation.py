"""Cancelling and purging answer for each reference, in order, and tell what they took out."""

import asyncio

from callwright.domain.facts import StartCancelled
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.service_start import ServiceStart
from callwright.queue.cancellation import Cancellation
from callwright.queue.ports import CancelResult
from tests.sim.clock import VirtualClock
from tests.sim.facts import FactNotes
from tests.sim.memory_queue import PORTION
from tests.sim.memory_stores import MemoryQueueStore

ACCOUNT, SERVICE = AccountId(1), ServiceId(7)


def test_cancels_what_waits_and_says_so() -> None:
    store, clock, facts = MemoryQueueStore(), VirtualClock(), FactNotes()
    running, queued, unknown = (ServiceRef(name) for name in ("running", "queued", "unknown"))

    async def story() -> dict[ServiceRef, CancelResult]:
        for ref in (running, queued):
            await store.enqueue(
                account_id=ACCOUNT,
                service_id=SERVICE,
                starts=[(ref, ServiceStart("sip:a@example.com"))],
                at=clock.unix_time(),
            )
        await store.claim(SERVICE, limit=1, at=clock.unix_time())
        cancellation = Cancellation(store, clock, facts=facts)
        return await cancellation.cancel(ACCOUNT, [unknown, queued, running])

    told = asyncio.run(story())
    assert list(told.items()) == [
        (unknown, CancelResult.UNKNOWN),
        (queued, CancelResult.SUCCESS),
        (running, CancelResult.FAILED),
    ]
    assert facts.told == [(ACCOUNT, queued, StartCancelled(clock.unix_time()))]


def test_purges_in_portions_and_tells_of_each() -> None:
    store, clock, facts = MemoryQueueStore(), VirtualClock(), FactNotes()
    refs = [ServiceRef(f"ref.{number}") for number in range(PORTION + 1)]

    async def story() -> list[int]:
        await store.enqueue(
            account_id=ACCOUNT,
            service_id=SERVICE,
            starts=[(ref, ServiceStart("sip:a@example.com")) for ref in refs],
            at=clock.unix_time(),
        )
        purge = Cancellation(store, clock, facts=facts).purge(ACCOUNT, SERVICE)
        told = []
        async for portion in purge:
            told.append(len(facts.told))
            assert list(portion) == refs[told[-1] - len(portion) : told[-1]]
        return told

    assert asyncio.run(story()) == [PORTION, PORTION + 1]
    assert facts.told == [(ACCOUNT, ref, StartCancelled(clock.unix_time())) for ref in refs]
