"""Calls beside a primary one: counted, checked, placed; given back when they are over."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace

import pytest

from callwright.conferences.registry import Admission
from callwright.dispatch.checks import NOT_VALIDATED, Checks
from callwright.dispatch.invocation import DialSettings, Primary
from callwright.dispatch.ports import SecondaryFact
from callwright.dispatch.secondary_calls import (
    NO_EXTRA_CHANNEL,
    NO_TRUNK_CHANNEL,
    TRUNK_UNKNOWN,
    SecondaryCallMaker,
)
from callwright.domain.account import AccountType, CallLimits
from callwright.domain.call_parties import CallParties
from callwright.domain.clock import Instant
from callwright.domain.conference import RoomTerms
from callwright.domain.facts import CallAnswered, CallOver, CallPlaced
from callwright.domain.ids import AccountId, IdMint, InstanceId
from callwright.domain.outbound_service import CallConstraints
from callwright.domain.records import CallDirection
from callwright.engine.capacity import Gate, StartWindow
from callwright.engine.handle import CallHandle
from callwright.engine.trunk import Trunk
from callwright.records.tariff import Tariff
from callwright.runner.ports import (
    CannotCall,
    ParticipantOrder,
    SecondaryCalls,
    SecondaryOrder,
)
from callwright.worker import rpc
from tests.sim.conferences import Admissions
from tests.sim.house import House, run
from tests.sim.instance import rest_instance
from tests.sim.legs import FactList
from tests.sim.media_workers import SilentWorkers
from tests.sim.memory_stores import MemoryAccountStore, MemoryCallerIdStore
from tests.sim.wire import CALLEE_AT

CALLER = "441632960961"
NOT_YET_OPEN = RoomTerms(max_participants=0)
ORDER = SecondaryOrder("tel:441908273800", CALLER, ring_timeout=25.0, max_duration=600.0)
ROOM = ParticipantOrder(
    is_talker=True,
    starts_on_entry=True,
    destroys_on_exit=False,
    beeps_on_entry=True,
    max_duration=60.0,
)


@dataclass
class Share:
    """The trunk: so many channels, and a window that every INVITE is noted in."""

    channels: int = 10
    window: StartWindow = field(default_factory=lambda: StartWindow(1.0))

    def trunk_gate(self) -> Gate:
        return Gate((self.window,))

    def take_trunk_channel(self) -> bool:
        if not self.channels:
            return False
        self.channels -= 1
        return True

    def free_trunk_channel(self) -> None:
        self.channels += 1


@dataclass
class Bench:
    """An instance on an inbound call, in a house with two media workers."""

    house: House
    share: Share
    primary: CallHandle
    beside: SecondaryCalls
    arrivals: list[CallHandle]
    """Calls that came in, the primary one first."""
    primary_account: AccountId
    notes: list[tuple[InstanceId, SecondaryFact]]


Story = Callable[[Bench], Coroutine[None, None, None]]


def tell(
    story: Story,
    *,
    extra_channels: int = 2,
    trunk_channels: int = 10,
    constraints: CallConstraints | None = None,
    conferences: Admissions | None = None,
) -> None:
    async def whole() -> None:
        notes: list[tuple[InstanceId, SecondaryFact]] = []
        house, share = House(SilentWorkers(count=2)), Share(trunk_channels)
        accounts = MemoryAccountStore()
        await accounts.create(
            "bob@example.com",
            account_type=AccountType.PREMIUM,
            limits=CallLimits(1, 1.0),
            key_hash=b"",
        )
        arrivals: list[CallHandle] = []
        house.engine.receive_calls(lambda arrival: arrivals.append(house.take(arrival)))
        house.call_in()
        await house.quiet()
        [primary] = arrivals
        await primary.answer()
        maker = SecondaryCallMaker(
            calls=house.engine,
            checks=Checks(accounts, MemoryCallerIdStore(), Tariff()),
            conferences=conferences or Admissions(),
            share=lambda: share,
            mint=IdMint("2e891aea", "049136ca36e44662", 1_366_641_192),
            random_number=lambda: 9,
            clock=house.clock,
            dial=DialSettings(Trunk("sim:", *CALLEE_AT), "example.net"),
            note=lambda instance_id, fact: notes.append((instance_id, fact)),
        )
        instance = replace(rest_instance(), extra_channels=extra_channels)
        limits = constraints or CallConstraints()
        beside = maker.of(Primary(instance, limits, primary, house.facts))
        await story(Bench(house, share, primary, beside, arrivals, instance.account_id, notes))

    run(whole())


def test_what_its_record_needs_is_noted() -> None:
    async def story(bench: Bench) -> None:
        call = await bench.beside.place(ORDER)
        await call.answered()
        await call.hang_up()
        room = await bench.beside.enter_conference("weekly42", ROOM)
        await room.hang_up()
        assert {instance_id for instance_id, _ in bench.notes} == {rest_instance().instance_id}
        assert [type(fact) for _, fact in bench.notes] == 2 * [CallPlaced, CallAnswered, CallOver]
        assert [fact.call_id for _, fact in bench.notes] == (
            3 * [call.snapshot().call_id] + 3 * [room.snapshot().call_id]
        )

    tell(story)


def test_a_call_is_placed_as_ordered_in_the_media_worker_of_its_primary() -> None:
    async def story(bench: Bench) -> None:
        order = replace(ORDER, headers=(("X-Desk", "4"),), wants_early_media=True)
        call = await bench.beside.place(order)
        await call.answered()
        assert call.parties == CallParties(
            CallDirection.OUT, CALLER, "441908273800", "441908273800"
        )
        assert isinstance(call, CallHandle)
        identity = call.leg.identity
        assert (identity.channel_type, identity.originating_address) == (
            "x",
            f"{CALLER}@example.net",
        )
        assert call.leg.media.is_beside(bench.primary.leg.media)
        assert bench.share.window.free_at() > Instant(1.0)
        assert (bench.beside.free_channels, bench.share.channels) == (1, 9)
        bench.primary.join(call)
        assert len(bench.house.workers.sent(rpc.Bridge)) == 1
        await call.hang_up()
        assert (bench.beside.free_channels, bench.share.channels) == (2, 10)

    tell(story)


def test_no_more_calls_than_extra_channels() -> None:
    async def story(bench: Bench) -> None:
        first = await bench.beside.place(ORDER)
        await bench.beside.enter_conference("weekly", ROOM)
        for work in (bench.beside.place(ORDER), bench.beside.enter_conference("weekly", ROOM)):
            with pytest.raises(CannotCall, match=NO_EXTRA_CHANNEL):
                await work
        await first.hang_up()
        await bench.beside.place(ORDER)
        assert bench.beside.free_channels == 0

    tell(story)


@pytest.mark.parametrize(
    ("order", "constraints", "reason"),
    [
        (replace(ORDER, destination="tel:0"), CallConstraints(), "is not a telephone number"),
        (replace(ORDER, destination="webrtc:ann"), CallConstraints(), "by this release"),
        (replace(ORDER, caller_id="441632960962"), CallConstraints(), NOT_VALIDATED),
        (ORDER, CallConstraints(blocked_prefixes=("44",)), "blocked"),
    ],
)
def test_what_must_not_be_called_takes_nothing(
    order: SecondaryOrder, constraints: CallConstraints, reason: str
) -> None:
    async def story(bench: Bench) -> None:
        with pytest.raises(CannotCall, match=reason):
            await bench.beside.place(order)
        assert (bench.beside.free_channels, bench.share.channels) == (2, 10)

    tell(story, constraints=constraints)


def test_a_trunk_without_channels_or_address_is_a_reason_too() -> None:
    async def full(bench: Bench) -> None:
        with pytest.raises(CannotCall, match=NO_TRUNK_CHANNEL):
            await bench.beside.place(ORDER)
        assert (bench.beside.free_channels, bench.share.channels) == (2, 0)

    async def unknown(bench: Bench) -> None:
        async def fail(host: str) -> str:
            raise OSError(host)

        bench.house.resolve = fail  # type: ignore[method-assign]
        with pytest.raises(CannotCall, match=TRUNK_UNKNOWN):
            await bench.beside.place(ORDER)
        assert (bench.beside.free_channels, bench.share.channels) == (2, 10)

    tell(full, trunk_channels=0)
    tell(unknown)


def test_a_room_is_entered_in_the_name_of_the_primary_call() -> None:
    async def story(bench: Bench) -> None:
        conference = await bench.beside.enter_conference("weekly", ROOM)
        await conference.answered()
        assert conference.parties.call_to == "con:weekly"
        assert conference.parties.call_from == CALLER
        other = await bench.beside.place(replace(ORDER, destination="con:weekly"))
        assert conference.is_started
        assert bench.share.channels == 10
        await other.hang_up()
        assert bench.beside.free_channels == 1

    tell(story)


def test_a_conference_that_is_not_open_yet_is_busy() -> None:
    early = Admissions({"weekly": Admission(NOT_YET_OPEN)})

    async def story(bench: Bench) -> None:
        refused = await bench.beside.enter_conference("weekly", ROOM)
        assert str(await refused.over()) == "BUSY(486)"
        other = await bench.beside.place(replace(ORDER, destination="con:weekly"))
        assert str(await other.over()) == "BUSY(486)"
        assert bench.beside.free_channels == 2
        assert bench.house.engine.rooms.find(bench.primary_account, "weekly") is None

    tell(story, conferences=early)


def test_whoever_comes_early_talks_to_the_service_that_takes_such_calls() -> None:
    early = Admissions({"weekly": Admission(NOT_YET_OPEN, divert="lobby")})

    async def story(bench: Bench) -> None:
        diverted = await bench.beside.enter_conference("weekly", ROOM)
        await bench.house.quiet()
        assert diverted.parties.call_to == "loc:lobby"
        lobby = bench.arrivals[-1]
        await lobby.answer()
        await diverted.answered()
        bench.primary.join(diverted)
        # There is no room: no music, and nobody who could be told anything.
        assert (diverted.is_started, diverted.is_muted) == (True, False)
        diverted.mute(is_muted=True)
        await diverted.announce([])
        assert bench.house.workers.sent(rpc.OpenRoomLeg) == []
        await lobby.hang_up()
        assert str(await diverted.over()) == "NORMAL(200)"
        assert bench.beside.free_channels == 2

    tell(story, conferences=early)


def test_a_conference_that_cannot_be_asked_about_is_not_entered() -> None:
    async def story(bench: Bench) -> None:
        with pytest.raises(CannotCall, match="the store is away"):
            await bench.beside.enter_conference("weekly", ROOM)
        assert bench.beside.free_channels == 2

    tell(story, conferences=Admissions(is_away=True))


def test_a_call_that_is_cancelled_while_it_is_checked_takes_nothing() -> None:
    async def story(bench: Bench) -> None:
        placing = asyncio.create_task(bench.beside.place(ORDER))
        placing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await placing
        assert bench.beside.free_channels == 2

    tell(story)


def test_facts_of_the_call_are_those_of_the_instance() -> None:
    async def story(bench: Bench) -> None:
        assert isinstance(bench.house.facts, FactList)
        call = await bench.beside.place(ORDER)
        await call.hang_up()
        assert bench.house.facts.names()[-2:] == ["CallPlaced", "CallOver"]

    tell(story)
