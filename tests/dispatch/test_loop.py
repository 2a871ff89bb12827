"""The dispatcher: claims what may start, settles what became of it, and drains."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

import pytest

from callwright.dispatch.checks import Checks
from callwright.dispatch.invocation import DialSettings, Invocations
from callwright.dispatch.loop import Dispatcher
from callwright.dispatch.rescue import Rescue
from callwright.domain.account import AccountType, CallLimits
from callwright.domain.call_control import CallControl
from callwright.domain.causes import HUNG_UP_BY_US
from callwright.domain.clock import UnixTime
from callwright.domain.errors import StoreUnavailable
from callwright.domain.facts import (
    CallAnswered,
    CallOver,
    CallPlaced,
    Fact,
    FactSink,
    InstanceStopped,
    StartRefused,
)
from callwright.domain.ids import AccountId, IdMint, ServiceId, ServiceRef
from callwright.domain.instance import AnyInstance
from callwright.domain.invocation import InvocationState, InvocationStatus
from callwright.domain.outbound_service import OutboundService
from callwright.domain.records import InstanceRecord
from callwright.domain.service_start import ServiceStart
from callwright.engine.call_plan import CallPlan, RoomPlan, SocketPlan
from callwright.engine.capacity import Gate
from callwright.engine.trunk import NO_LIMITS, Trunk, TrunkLimits
from callwright.queue.ports import Intent
from callwright.records.tariff import Tariff
from callwright.runner.ports import ConferenceCall
from callwright.services.catalogue import UnknownService
from tests.sim.call import ScriptedCall
from tests.sim.clock import CreepingClock, VirtualClock
from tests.sim.conferences import Admissions
from tests.sim.memory_stores import (
    MemoryAccountStore,
    MemoryCallerIdStore,
    MemoryLeases,
    MemoryQueueStore,
)
from tests.sim.sample_services import OUTBOUND, Alone
from tests.sim.secondaries import ScriptedRoom

ACCOUNT, SERVICE = AccountId(1), ServiceId(3)
ENDS_WITHIN = 10.0
"""Seconds of real time; a bound for a dispatcher that hangs, never waited out."""
TAKES_OVER_WITHIN = 1.1
"""Seconds until starts of the server before lie outside of every window."""


class WatchedQueue(MemoryQueueStore):
    """A queue that writes down in which order it was asked for what."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.away: dict[str, str] = {}
        """Which change fails once, and whether `before` or `after` it happened."""

    async def intend(self, intent: Intent) -> None:
        self.asked.append("intend")
        await self._perhaps("intend", lambda: super(WatchedQueue, self).intend(intent))

    async def finish(
        self, ref: ServiceRef, *, exit_status: int, record: InstanceRecord, at: UnixTime
    ) -> None:
        await self._perhaps(
            "finish",
            lambda: super(WatchedQueue, self).finish(
                ref, exit_status=exit_status, record=record, at=at
            ),
        )

    async def _perhaps(self, name: str, change: Callable[[], Awaitable[None]]) -> None:
        """Change something, or go away before, or in the middle of the commit."""
        away = self.away.pop(name, None)
        if away != "before":
            await change()
        if away is not None:
            raise StoreUnavailable("the store went away")

    async def answered(self, ref: ServiceRef, *, at: UnixTime) -> None:
        self.asked.append("answered")
        await super().answered(ref, at=at)


@dataclass
class World:
    """A dispatcher and all that it works with; every call is over as soon as it is placed."""

    channels: int = 10
    trunk: TrunkLimits = NO_LIMITS
    service_is_there: bool = True
    application: Callable[[], Awaitable[int]] | None = None
    """What the application does; by default it stops at once."""
    clock: VirtualClock = field(default_factory=CreepingClock)
    queue: WatchedQueue = field(default_factory=WatchedQueue)
    told: list[Fact] = field(default_factory=list)
    waiting_for: int = 0
    all_ended: asyncio.Event = field(default_factory=asyncio.Event)
    placed: list[str] = field(default_factory=list)
    most_at_once: int = 0
    in_progress: int = 0

    async def outbound_service(self, service_id: ServiceId) -> OutboundService:
        if not self.service_is_there:
            raise UnknownService
        assert service_id == SERVICE
        return OUTBOUND

    def tell_of(self, account_id: AccountId, ref: ServiceRef, fact: Fact) -> None:
        assert (account_id, ref[:8]) == (ACCOUNT, "2e891aea")
        self.told.append(fact)
        if isinstance(fact, InstanceStopped | StartRefused):
            self.waiting_for -= 1
            if self.waiting_for == 0:
                self.all_ended.set()

    async def place(self, plan: CallPlan, facts: FactSink, gate: Gate) -> CallControl:
        gate.note(self.clock.now())
        self.queue.asked.append("place")
        self.placed.append(plan.destination_address)
        at = self.clock.unix_time()
        facts.tell(CallPlaced(at, plan.call_id, plan.destination_address, "us", "trunk"))
        facts.tell(CallAnswered(at, plan.call_id))
        return ScriptedCall(call_id=plan.call_id)

    async def call_socket(self, plan: SocketPlan, _facts: FactSink) -> CallControl:
        raise AssertionError(f"{plan.destination_address} was called")

    def enter(self, plan: RoomPlan, facts: FactSink) -> ConferenceCall:
        self.queue.asked.append("place")
        self.placed.append(plan.identity.destination_address)
        at = self.clock.unix_time()
        facts.tell(CallPlaced(at, plan.call_id, self.placed[-1], "us", ""))
        facts.tell(CallAnswered(at, plan.call_id))
        return ScriptedRoom(self.clock, call_id=plan.call_id)

    async def run(self, *numbers: str) -> dict[str, InvocationStatus]:
        """Queue starts, dispatch until all have ended, and say how."""
        accounts = MemoryAccountStore()
        limits = CallLimits(self.channels, 1000.0)
        await accounts.create(
            "bob@example.com", account_type=AccountType.PREMIUM, limits=limits, key_hash=b""
        )
        await accounts.change_rules(ACCOUNT, validates_caller_ids=False, blocked_prefixes=())
        refs = [ServiceRef(f"2e891aea_0.1366641192.{n}") for n in range(len(numbers))]
        starts = [
            (ref, ServiceStart(to=number, caller_id="441908273801"))
            for ref, number in zip(refs, numbers, strict=True)
        ]
        at = self.clock.unix_time()
        await self.queue.enqueue(account_id=ACCOUNT, service_id=SERVICE, starts=starts, at=at)
        dispatcher = self.dispatcher(accounts)
        self.waiting_for = len(numbers)
        async with asyncio.timeout(ENDS_WITHIN):
            await dispatcher.begin()
            self.clock.advance(TAKES_OVER_WITHIN)
            dispatching = asyncio.create_task(dispatcher.run())
            await self.all_ended.wait()
            dispatcher.stop()
            await dispatching
        assert dispatcher.running == 0
        statuses = await self.queue.status(ACCOUNT, refs)
        return {number: statuses[ref] for ref, number in zip(refs, numbers, strict=True)}

    def dispatcher(self, accounts: MemoryAccountStore) -> Dispatcher:
        invocations = Invocations(
            services=self,
            calls=self,
            applications=lambda instance, _call, _beside, facts: OneRun(self, instance, facts),
            secondaries=Alone(),
            mint=IdMint("2e891aea", "049136ca36e44662", 1_366_641_192),
            clock=self.clock,
            random_number=lambda: 9,
            dial=DialSettings(
                Trunk("sim:", "192.0.2.2", 5060), "sip-0-0-0.example.net", self.trunk
            ),
            checks=Checks(accounts, MemoryCallerIdStore(), Tariff()),
            conferences=Admissions(),
            tariff=Tariff(),
        )
        rescue = Rescue(
            queue=self.queue,
            inbound=self.queue.inbound,
            notes=self.queue.notes,
            services=self,
            board=self,
            clock=self.clock,
            sip_domain="sip-0-0-0.example.net",
            tariff=Tariff(),
        )
        return Dispatcher(
            queue=self.queue,
            accounts=accounts,
            leases=MemoryLeases(),
            rescue=rescue,
            invocations=invocations,
            board=self,
            clock=self.clock,
        )


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Let the dispatcher wait this long for a store that is away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("callwright.dispatch.loop.RETRY_PAUSE", seconds)
        yield


@dataclass
class OneRun:
    """An application on a call."""

    world: World
    instance: AnyInstance
    facts: FactSink

    async def run(self) -> int:
        self.world.in_progress += 1
        self.world.most_at_once = max(self.world.most_at_once, self.world.in_progress)
        exit_status = await self.world.application() if self.world.application else 0
        await asyncio.sleep(0)
        self.world.in_progress -= 1
        at = self.world.clock.unix_time()
        self.facts.tell(CallOver(at, self.instance.call_id, HUNG_UP_BY_US))
        self.facts.tell(InstanceStopped(at, exit_status))
        return exit_status

    async def finish(self) -> None:
        self.world.queue.asked.append("finish")


def test_a_start_is_run_to_its_record() -> None:
    world = World()
    ends = asyncio.run(world.run("441908273800"))
    assert ends["441908273800"].exit_status == 0
    assert world.placed == ["tel:441908273800"]
    assert isinstance(world.told[-1], InstanceStopped)


def test_the_intent_is_written_before_the_call_is_placed() -> None:
    world = World()
    asyncio.run(world.run("441908273800"))
    assert world.queue.asked == ["intend", "place", "answered", "finish"]


def test_no_more_calls_than_channels() -> None:
    world = World(channels=3)
    ends = asyncio.run(world.run(*(f"4419082738{n:02}" for n in range(40))))
    assert world.most_at_once == 3
    assert {one.state for one in ends.values()} == {InvocationState.COMPLETED}


def test_starts_leave_in_their_order() -> None:
    world = World(channels=1)
    numbers = [f"4419082738{n:02}" for n in range(10)]
    asyncio.run(world.run(*numbers))
    assert world.placed == [f"tel:{number}" for number in numbers]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("webrtc:ann", "Destination webrtc:ann cannot be called by this release"),
        ("nobody", "Invalid destination"),
    ],
)
def test_what_cannot_be_called_is_refused_and_not_dialled(number: str, reason: str) -> None:
    world = World()
    ends = asyncio.run(world.run(number))
    assert (ends[number].state, ends[number].reason) == (InvocationState.COULD_NOT_RUN, reason)
    assert world.placed == []
    assert isinstance(world.told[-1], StartRefused)


def test_a_room_is_entered_as_a_number_is_called() -> None:
    world = World()
    ends = asyncio.run(world.run("con:Room"))
    assert ends["con:Room"].exit_status == 0
    assert world.placed == ["con:Room"]
    assert world.queue.asked == ["intend", "place", "answered", "finish"]


def test_a_service_that_is_gone_refuses() -> None:
    ends = asyncio.run(World(service_is_there=False).run("441908273800"))
    assert ends["441908273800"].reason == "Service does not exist"


def test_a_bug_costs_its_own_call_only() -> None:
    world = World(channels=1)
    calls = iter(range(3))

    async def buggy() -> int:
        if next(calls) == 1:
            raise ZeroDivisionError
        return 0

    world.application = buggy
    ends = asyncio.run(world.run("441908273800", "441908273801", "441908273802"))
    assert [one.exit_status for one in ends.values()] == [0, -9, 0]


@pytest.mark.parametrize("change", ["intend", "finish"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_store_that_goes_away_delays_a_start_and_dials_it_once(change: str, moment: str) -> None:
    world = World()
    world.queue.away = {change: moment}
    with patience(0.0):
        ends = asyncio.run(world.run("441908273800"))
    assert ends["441908273800"].exit_status == 0
    assert world.placed == ["tel:441908273800"]


def test_a_start_that_another_node_settled_is_left_alone() -> None:
    world = World()

    async def taken_over() -> int:
        await world.queue.next_node().settle_dead()
        world.all_ended.set()
        return 0

    world.application = taken_over
    asyncio.run(world.run("441908273800"))
    assert not any(isinstance(fact, InstanceStopped | StartRefused) for fact in world.told)


def test_a_call_beside_the_queue_is_waited_for_and_its_bug_is_its_own() -> None:
    world, ended = World(), list[str]()

    async def slow() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        ended.append("slow")

    async def buggy() -> None:
        raise ZeroDivisionError

    async def story() -> None:
        dispatcher = world.dispatcher(MemoryAccountStore())
        await dispatcher.begin()
        dispatcher.begin_beside(buggy(), "buggy")
        dispatcher.begin_beside(slow(), "slow")
        dispatcher.stop()
        async with asyncio.timeout(ENDS_WITHIN):
            await dispatcher.run()

    asyncio.run(story())
    assert ended == ["slow"]
