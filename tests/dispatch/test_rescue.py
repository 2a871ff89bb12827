"""What an earlier process left is settled before anything is claimed."""

import asyncio

import pytest

from callwright.dispatch.ports import Beginning, InboundIntent
from callwright.dispatch.rescue import INBOUND_INTERRUPTED, INTERRUPTED, Rescue
from callwright.domain.causes import CANCELLED_BY_US
from callwright.domain.clock import UnixTime
from callwright.domain.errors import StoreUnavailable
from callwright.domain.facts import (
    CallAnswered,
    CallOver,
    CallPlaced,
    InstanceStarted,
    InstanceStopped,
)
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceId, ServiceRef
from callwright.domain.invocation import ExitStatus, InvocationState
from callwright.domain.outbound_service import OutboundService
from callwright.domain.records import CallDirection, ErrorCode, InstanceRecord
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import Intent
from callwright.records.tariff import Tariff
from callwright.services.catalogue import UnknownService
from tests.sim.clock import VirtualClock
from tests.sim.facts import FactNotes
from tests.sim.memory_stores import MemoryQueueStore
from tests.sim.sample_services import OUTBOUND

ACCOUNT, SERVICE = AccountId(1), ServiceId(1)
REF, INSTANCE_ID = ServiceRef("2e891aea_0.1366641192.1"), InstanceId("049136ca36e44662.1")
CALL_ID = CallId("049136ca36e44662.2.9")
STARTED = UnixTime(1_366_641_192.0)


class OneService:
    """Services of which one is there, or was."""

    def __init__(self, *, is_there: bool = True) -> None:
        self._is_there = is_there

    async def outbound_service(self, service_id: ServiceId) -> OutboundService:
        if not self._is_there or service_id != SERVICE:
            raise UnknownService
        return OUTBOUND


async def left_behind(*, intends: bool, answered: bool = False) -> MemoryQueueStore:
    """A queue as a process leaves it that dies in the middle of a call, or just before it."""
    queue = MemoryQueueStore()
    start = ServiceStart(to="441908273800", caller_id="441908273801", token="token1")
    await queue.enqueue(account_id=ACCOUNT, service_id=SERVICE, starts=[(REF, start)], at=STARTED)
    await queue.claim(SERVICE, limit=1, at=STARTED)
    if intends:
        await queue.intend(Intent(REF, INSTANCE_ID, CALL_ID, STARTED))
    if answered:
        await queue.answered(REF, at=UnixTime(STARTED + 3))
    return queue.next_node()


def settling(
    queue: MemoryQueueStore, facts: FactNotes, services: OneService | None = None
) -> Rescue:
    return Rescue(
        queue=queue,
        inbound=queue.inbound,
        notes=queue.notes,
        services=services or OneService(),
        board=facts,
        clock=VirtualClock(),
        sip_domain="sip-0-0-0.example.net",
        tariff=Tariff(),
    )


def rescue(queue: MemoryQueueStore, services: OneService, facts: FactNotes) -> None:
    asyncio.run(settling(queue, facts, services).run())


def record(queue: MemoryQueueStore) -> InstanceRecord:
    found = asyncio.run(queue.records.read(ACCOUNT, INSTANCE_ID))
    assert found is not None
    return found


def state(queue: MemoryQueueStore) -> InvocationState:
    return asyncio.run(queue.status(ACCOUNT, [REF]))[REF].state


def test_a_start_that_was_not_dialled_waits_again() -> None:
    queue, facts = asyncio.run(left_behind(intends=False)), FactNotes()
    rescue(queue, OneService(), facts)
    assert state(queue) is InvocationState.QUEUED
    [claim] = asyncio.run(queue.claim(SERVICE, limit=9, at=STARTED))
    assert claim.ref == REF


@pytest.mark.parametrize("answered", [False, True])
def test_a_start_that_may_have_been_dialled_ends_with_a_record(*, answered: bool) -> None:
    queue, facts = asyncio.run(left_behind(intends=True, answered=answered)), FactNotes()
    rescue(queue, OneService(), facts)
    assert state(queue) is InvocationState.COMPLETED
    kept = record(queue)
    assert (kept.adr.exit_status, kept.adr.started_at) == (ExitStatus.INTERNAL, STARTED)
    assert (kept.adr.rest_to, kept.adr.rest_initial_token) == ("tel:441908273800", "token1")
    [cdr] = kept.cdrs
    assert (str(cdr.cause), cdr.call_id) == ("FAILED(-1)", CALL_ID)
    assert cdr.connected_at == (STARTED + 3 if answered else None)
    assert [(error.code, error.text) for error in kept.errors] == [
        (ErrorCode.INTERNAL, INTERRUPTED)
    ]
    assert asyncio.run(queue.claim(SERVICE, limit=9, at=STARTED)) == []


def test_a_service_that_is_gone_does_not_keep_its_start_from_ending() -> None:
    queue, facts = asyncio.run(left_behind(intends=True)), FactNotes()
    rescue(queue, OneService(is_there=False), facts)
    assert record(queue).adr.application_name == ""


def test_followers_are_told_the_end() -> None:
    queue, facts = asyncio.run(left_behind(intends=True)), FactNotes()
    rescue(queue, OneService(), facts)
    assert isinstance(facts.told[-1][2], InstanceStopped)


@pytest.mark.parametrize("answered", [False, True])
def test_a_call_that_came_in_ends_with_a_record_too(*, answered: bool) -> None:
    async def story() -> tuple[MemoryQueueStore, FactNotes]:
        before, facts = MemoryQueueStore(), FactNotes()
        await before.inbound.begin(arrived())
        if answered:
            await before.inbound.answered(INSTANCE_ID, at=UnixTime(STARTED + 3))
        queue = before.next_node()
        await settling(queue, facts).run()
        return queue, facts

    queue, facts = asyncio.run(story())
    kept = record(queue)
    assert (kept.adr.exit_status, kept.adr.application_name) == (ExitStatus.INTERNAL, "desk")
    [cdr] = kept.cdrs
    assert (str(cdr.cause), cdr.direction) == ("FAILED(-1)", CallDirection.IN)
    assert cdr.connected_at == (STARTED + 3 if answered else None)
    assert [error.text for error in kept.errors] == [INBOUND_INTERRUPTED]
    assert isinstance(facts.told[-1][2], InstanceStopped)


DESK, DUTY = CallId("049136ca36e44662.3.9"), CallId("049136ca36e44662.4.9")


@pytest.mark.parametrize("is_inbound", [False, True])
def test_its_secondary_calls_are_in_the_record(*, is_inbound: bool) -> None:
    async def story() -> MemoryQueueStore:
        if is_inbound:
            before = MemoryQueueStore()
            await before.inbound.begin(arrived())
        else:
            before = await left_behind(intends=True, answered=True)
        for call_id, to in ((DESK, "tel:441632960201"), (DUTY, "tel:441632960202")):
            placed = CallPlaced(UnixTime(STARTED + 5), call_id, to, "bob@y", "", channel_type="x")
            await before.notes.note(INSTANCE_ID, placed)
        await before.notes.note(INSTANCE_ID, CallAnswered(UnixTime(STARTED + 7), DESK))
        over = CallOver(UnixTime(STARTED + 7.5), DUTY, CANCELLED_BY_US)
        await before.notes.note(INSTANCE_ID, over)
        queue = before.next_node()
        await settling(queue, FactNotes()).run()
        return queue

    primary, *others = record(asyncio.run(story())).cdrs
    assert (primary.call_id, str(primary.cause)) == (CALL_ID, "FAILED(-1)")
    assert [
        (cdr.call_id, cdr.channel_type, str(cdr.cause), cdr.connected_at) for cdr in others
    ] == [
        (DESK, "x", "FAILED(-1)", STARTED + 7),
        (DUTY, "x", "NO_ANSWER(487)", None),
    ]
    assert others[1].hung_up_at == STARTED + 7.5


def arrived() -> InboundIntent:
    started = InstanceStarted(
        at=STARTED,
        instance_id=INSTANCE_ID,
        application_name="desk",
        rest_to="",
        rest_from="",
        rest_initial_token="",
        outbound_parameters="",
        application_parameters="",
        rest_log_filename="log",
        extra_channel_count=0,
        fax=False,
    )
    placed = CallPlaced(STARTED, CALL_ID, "sip:desk@x", "bob@y", "", CallDirection.IN)
    return InboundIntent(ACCOUNT, REF, Beginning(started, placed))


class AwayOnce(MemoryQueueStore):
    """A queue that goes away when the first record is to be written, before or after it was."""

    def __init__(self, queue: MemoryQueueStore, *, is_written: bool) -> None:
        super().__init__(node_epoch=2, kept=queue._kept)
        self._is_written = is_written
        self._was_away = False

    async def finish(
        self, ref: ServiceRef, *, exit_status: int, record: InstanceRecord, at: UnixTime
    ) -> None:
        goes_away, self._was_away = not self._was_away, True
        if not goes_away or self._is_written:
            await super().finish(ref, exit_status=exit_status, record=record, at=at)
        if goes_away:
            raise StoreUnavailable("the store went away")


@pytest.mark.parametrize("is_written", [True, False])
def test_what_a_store_that_went_away_left_open_is_finished_later(*, is_written: bool) -> None:
    async def story() -> None:
        queue = AwayOnce(await left_behind(intends=True), is_written=is_written)
        again = settling(queue, FactNotes())
        with pytest.raises(StoreUnavailable):
            await again.run()
        await again.run()
        told = await queue.status(ACCOUNT, [REF])
        assert told[REF].state is InvocationState.COMPLETED

    asyncio.run(story())
