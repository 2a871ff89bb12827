"""A request becomes rows, references, facts and one wake-up, or nothing at all."""

import asyncio
from dataclasses import replace
from typing import NoReturn

import pytest

from callwright.domain.errors import StoreBusy
from callwright.domain.facts import StartQueued
from callwright.domain.ids import AccountId, IdMint, ServiceId
from callwright.domain.invocation import InvocationState
from callwright.domain.outbound_service import CallConstraints, OutboundService, UasApplication
from callwright.domain.service_start import ServiceStart
from callwright.queue.intake import Accepted, Intake, ServiceIsDisabled
from callwright.queue.ports import Once, UniqueIdReused
from tests.sim.clock import VirtualClock
from tests.sim.facts import FactNotes
from tests.sim.memory_stores import MemoryQueueStore

SERVICE = OutboundService(
    service_id=ServiceId(7),
    account_id=AccountId(1),
    name="reminder",
    is_enabled=True,
    extra_channels=0,
    fax=False,
    application=UasApplication("reminder", ""),
    constraints=CallConstraints(),
)
STARTS = [ServiceStart("sip:a@example.com"), ServiceStart("sip:b@example.com", token="t")]
MINT_PARTS = ("2e891aea", "049136ca36e44662", 1366641192)


class FullStore(MemoryQueueStore):
    """A store that takes nothing more."""

    async def enqueue(self, **_asked: object) -> NoReturn:
        raise StoreBusy("full")


class Door:
    """An intake, and what it told whom."""

    def __init__(self, store: MemoryQueueStore) -> None:
        self.store, self.facts, self.clock = store, FactNotes(), VirtualClock()
        self.wakes = 0
        self.intake = Intake(
            store, IdMint(*MINT_PARTS), self.clock, wake=self.wake, facts=self.facts
        )

    def wake(self) -> None:
        self.wakes += 1


def test_starts_are_queued_numbered_told_and_wake_the_dispatcher_once() -> None:
    door = Door(MemoryQueueStore())
    accepted = asyncio.run(door.intake.start(SERVICE, STARTS))
    refs = accepted.service_refs
    assert accepted == Accepted(refs, queued=2)
    assert refs == ["2e891aea_0.1366641192.1", "2e891aea_0.1366641192.2"]
    claims = asyncio.run(door.store.claim(SERVICE.service_id, limit=9, at=door.clock.unix_time()))
    assert [(claim.ref, claim.start) for claim in claims] == list(zip(refs, STARTS, strict=True))
    at = door.clock.unix_time()
    assert door.facts.told == [
        (SERVICE.account_id, ref, StartQueued(at, start.to))
        for ref, start in zip(refs, STARTS, strict=True)
    ]
    assert door.wakes == 1


def test_a_disabled_service_takes_nothing() -> None:
    door = Door(MemoryQueueStore())
    with pytest.raises(ServiceIsDisabled, match=r"^Service is disabled$"):
        asyncio.run(door.intake.start(replace(SERVICE, is_enabled=False), STARTS))
    assert asyncio.run(door.store.waiting()) == []
    assert (door.facts.told, door.wakes) == ([], 0)


def test_a_repeat_is_answered_although_the_service_is_disabled_by_now() -> None:
    door, once = Door(MemoryQueueStore()), Once("job-1", b"fingerprint")
    first = asyncio.run(door.intake.start(SERVICE, STARTS, once=once))
    disabled = replace(SERVICE, is_enabled=False)
    again = asyncio.run(door.intake.start(disabled, STARTS, once=once))
    assert (list(again.service_refs), again.queued) == (list(first.service_refs), 0)
    with pytest.raises(ServiceIsDisabled):
        asyncio.run(door.intake.start(disabled, STARTS, once=Once("job-2", b"fingerprint")))


def test_what_the_store_refuses_is_told_to_nobody() -> None:
    door = Door(FullStore())
    with pytest.raises(StoreBusy):
        asyncio.run(door.intake.start(SERVICE, STARTS))
    assert (door.facts.told, door.wakes) == ([], 0)


def test_a_second_request_gets_references_of_its_own() -> None:
    door = Door(MemoryQueueStore())
    first = asyncio.run(door.intake.start(SERVICE, STARTS))
    second = asyncio.run(door.intake.start(SERVICE, STARTS))
    refs = [*first.service_refs, *second.service_refs]
    statuses = asyncio.run(door.store.status(SERVICE.account_id, refs))
    assert [one.state for one in statuses.values()] == [InvocationState.QUEUED] * 4


def test_a_repeat_is_answered_as_before_and_told_to_nobody() -> None:
    door = Door(MemoryQueueStore())
    first = asyncio.run(door.intake.start(SERVICE, STARTS, once=Once("job 17", b"same")))
    told = list(door.facts.told)

    again = asyncio.run(door.intake.start(SERVICE, STARTS, once=Once("job 17", b"same")))

    assert again == Accepted(tuple(first.service_refs), queued=0)
    assert (door.facts.told, door.wakes) == (told, 1)


def test_a_unique_id_stands_for_one_request() -> None:
    door = Door(MemoryQueueStore())
    asyncio.run(door.intake.start(SERVICE, STARTS, once=Once("job 17", b"this")))

    with pytest.raises(UniqueIdReused):
        asyncio.run(door.intake.start(SERVICE, STARTS, once=Once("job 17", b"another")))
    assert (len(door.facts.told), door.wakes) == (2, 1)
