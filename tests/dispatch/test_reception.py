"""Calls that come in: whom they reach, what is written of them, and what a fault costs."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest

from callwright.dispatch.reception import BROKEN, NO_SUCH_SERVICE, Reception
from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.call_control import CallControl, CallIsOver
from callwright.domain.errors import StoreUnavailable
from callwright.domain.facts import ErrorReported, FactSink, InstanceStopped
from callwright.domain.ids import AccountId, IdMint, ServiceRef
from callwright.domain.inbound_service import InboundService
from callwright.domain.instance import AnyInstance
from callwright.domain.invocation import ExitStatus
from callwright.domain.outbound_service import UasApplication
from callwright.domain.records import CallDirection, ErrorCode, InstanceRecord
from callwright.engine.call_plan import LocalRoute
from callwright.engine.capacity import Gate
from callwright.protocol.sip.events import CallFailed, SipCallId
from callwright.queue.ports import LeaseLost
from callwright.records.tariff import Tariff
from callwright.runner.ports import SecondaryCalls
from tests.sim.facts import FactNotes
from tests.sim.house import House, run
from tests.sim.memory_stores import MemoryAccountStore, MemoryQueueStore
from tests.sim.sample_services import ACCOUNT, INBOUND, Alone

NUMBER = "441908273800"
DESK, TO_NUMBER = "sip:desk@192.0.2.1", f"sip:+{NUMBER}@192.0.2.1"
Work = Callable[[AnyInstance, CallControl], Awaitable[None]]


async def answers(_: AnyInstance, call: CallControl) -> None:
    """What an application does unless it is told otherwise."""
    await call.answer()
    await call.hang_up()


@dataclass
class Desk:
    """A reception and everything around it; most of it is real."""

    service: InboundService = INBOUND
    application: Work = answers
    channels: int = 10
    is_stopping: bool = False
    is_away: bool = False
    """The store, before anything is written."""
    house: House = field(default_factory=House)
    queue: MemoryQueueStore = field(default_factory=MemoryQueueStore)
    notes: FactNotes = field(default_factory=FactNotes)
    instances: list[AnyInstance] = field(default_factory=list)
    bugs: list[BaseException] = field(default_factory=list)
    finished: int = 0
    lost: bool = False
    _working: set[asyncio.Task[None]] = field(default_factory=set)

    async def open(self) -> None:
        accounts = MemoryAccountStore()
        await accounts.create(
            "bob@example.com",
            account_type=AccountType.PREMIUM,
            limits=CallLimits(1, 1.0),
            key_hash=b"",
        )
        reception = Reception(
            services=self,
            numbers=self,
            accounts=accounts,
            calls=self.house.engine,
            applications=self._make,
            secondaries=Alone(),
            store=self.queue.inbound,
            house=self,
            board=self.notes,
            mint=IdMint("2e891aea", "049136ca36e44662", 1_366_641_192),
            clock=self.house.clock,
            random_number=lambda: 9,
            tariff=Tariff(),
        )
        self.house.engine.receive_calls(reception.receive)

    async def called(self, name: str) -> InboundService | None:
        if self.is_away:
            raise StoreUnavailable("the store is away")
        return self.service if name == self.service.name else None

    async def of_account(self, account_id: AccountId, name: str) -> InboundService | None:
        is_known = name in {NUMBER, self.service.name}
        return self.service if account_id == ACCOUNT and is_known else None

    async def number_owner(self, number: str) -> AccountId | None:
        return ACCOUNT if number == NUMBER else None

    def take_channel(self, account: Account) -> bool:
        assert account.account_id == ACCOUNT
        if not self.channels:
            return False
        self.channels -= 1
        return True

    def give_channel_back(self, account_id: AccountId) -> None:
        assert account_id == ACCOUNT
        self.channels += 1

    def begin_beside(self, work: Coroutine[None, None, None], name: str) -> None:
        assert NUMBER not in name, "names of handles are seen in logs"
        self._working.add(asyncio.ensure_future(self._watched(work)))

    async def write(self, change: Callable[[], Coroutine[None, None, None]]) -> None:
        if self.lost:
            raise LeaseLost("another node's")
        await change()

    async def over(self) -> None:
        """Wait for everything that was begun."""
        await self.house.quiet()
        while self._working:
            await self._working.pop()

    def refusals(self) -> list[int]:
        return [event.status for event in self.house.heard if isinstance(event, CallFailed)]

    async def record(self) -> InstanceRecord:
        [instance] = self.instances
        found = await self.queue.records.read(ACCOUNT, instance.instance_id)
        assert found is not None
        return found

    async def _watched(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception as bug:  # noqa: BLE001 - as the dispatcher does, which logs it
            self.bugs.append(bug)

    def _make(
        self,
        instance: AnyInstance,
        call: CallControl,
        _secondaries: SecondaryCalls,
        facts: FactSink,
    ) -> "_Run":
        self.instances.append(instance)
        return _Run(self, instance, call, facts)


@dataclass
class _Run:
    desk: Desk
    instance: AnyInstance
    call: CallControl
    facts: FactSink

    async def run(self) -> int:
        with suppress(CallIsOver):
            await self.desk.application(self.instance, self.call)
        await self.call.over()
        self.facts.tell(InstanceStopped(self.desk.house.clock.unix_time(), 0))
        return 0

    async def finish(self) -> None:
        self.desk.finished += 1


def story(
    desk: Desk, target: str = DESK, *, then: Callable[[SipCallId], None] | None = None
) -> Desk:
    """Let one call come in and everything happen that follows."""

    async def whole() -> None:
        await desk.open()
        sip_call = desk.house.call_in(target=target)
        await asyncio.sleep(0)
        if then is not None:
            then(sip_call)
        await desk.over()

    run(whole())
    return desk


def kept(desk: Desk) -> InstanceRecord:
    return asyncio.run(desk.record())


@pytest.mark.parametrize(
    ("target", "destination"), [(DESK, "sip:desk@192.0.2.1"), (TO_NUMBER, f"tel:{NUMBER}")]
)
def test_a_call_reaches_its_service_and_leaves_a_record(target: str, destination: str) -> None:
    desk = story(Desk(), target)
    record = kept(desk)
    assert (record.adr.application_name, record.adr.exit_status) == ("desk", 0)
    assert (record.adr.rest_to, record.adr.rest_from, record.adr.rest_initial_token) == ("",) * 3
    assert record.adr.extra_channel_count == 2
    [cdr] = record.cdrs
    assert (cdr.direction, cdr.channel_type) == (CallDirection.IN, "p")
    assert (cdr.destination_address, cdr.originating_address) == (destination, "441632960961")
    assert cdr.connected_at is not None
    [instance] = desk.instances
    assert (instance.token, instance.outbound_parameters) == (None, None)
    assert record.adr.ref == instance.ref
    assert instance.ref == ServiceRef("2e891aea_0.1366641192.1")
    assert isinstance(desk.notes.told[-1][2], InstanceStopped)
    assert (desk.channels, desk.finished, desk.bugs) == (10, 1, [])


UNREACHABLE = [
    (INBOUND, "sip:nobody@192.0.2.1", 404),
    (INBOUND, "sip:441908273801@192.0.2.1", 404),
    (INBOUND, "sip:192.0.2.1", 404),
    (replace(INBOUND, is_enabled=False), DESK, 404),
    (replace(INBOUND, allowed_addresses=("198.51.100.0/24", "2001:db8::/32")), DESK, 403),
    (replace(INBOUND, application=None), DESK, 480),
    (replace(INBOUND, application=UasApplication("a", "")), DESK, 480),
]


@pytest.mark.parametrize(("service", "target", "status"), UNREACHABLE)
def test_whom_nobody_reaches_the_caller_is_told(
    service: InboundService, target: str, status: int
) -> None:
    desk = story(Desk(service), target)
    assert (desk.refusals(), desk.instances, desk.channels) == ([status], [], 10)
    assert desk.notes.told == []


def local_call(desk: Desk, name: str, *, account_id: AccountId = ACCOUNT) -> list[str]:
    """Let a call of an account's own come in; returns its end and what was said of it."""
    told: list[str] = []

    async def whole() -> None:
        await desk.open()
        plan = replace(
            desk.house._plan(f"loc:{name}"),
            route=LocalRoute(account_id, name, hops=1),
            target=f"sip:{name}@example.net",
        )
        call = await desk.house.engine.place(plan, desk.house.facts, Gate())
        told.append(str(await call.over()))
        await desk.over()

    run(whole())
    errors = [one.text for one in desk.house.facts.facts if isinstance(one, ErrorReported)]
    return told + errors


def test_a_service_takes_calls_of_its_own_account_wherever_it_takes_others_from() -> None:
    desk = Desk(replace(INBOUND, allowed_addresses=("198.51.100.0/24",)))
    assert local_call(desk, "desk") == ["NORMAL(200)"]
    assert kept(desk).cdrs[0].destination_address == "sip:desk@example.net"
    assert desk.channels == 10


@pytest.mark.parametrize(
    ("desk", "name", "account_id", "told"),
    [
        (Desk(), "nobody", ACCOUNT, ["NUMBER_UNOBTAINABLE(404)", NO_SUCH_SERVICE]),
        (Desk(), "desk", AccountId(2), ["NUMBER_UNOBTAINABLE(404)", NO_SUCH_SERVICE]),
        (
            Desk(replace(INBOUND, is_enabled=False)),
            *("desk", ACCOUNT, ["NUMBER_UNOBTAINABLE(404)", NO_SUCH_SERVICE]),
        ),
        (
            Desk(replace(INBOUND, application=None)),
            *("desk", ACCOUNT, ["NO_ANSWER(480)", "the service has no application"]),
        ),
        (
            Desk(channels=0),
            *("desk", ACCOUNT, ["BUSY(486)", "all channels of the account are in use"]),
        ),
    ],
)
def test_whoever_calls_his_own_service_is_told_why_it_takes_no_call(
    desk: Desk, name: str, account_id: AccountId, told: list[str]
) -> None:
    cause, why = told
    expected = [cause, f"loc:{name} is not called: {why}"]
    assert local_call(desk, name, account_id=account_id) == expected
    assert desk.instances == []


def test_an_address_that_is_allowed_may_call() -> None:
    desk = story(Desk(replace(INBOUND, allowed_addresses=("192.0.2.7/24",))))
    assert kept(desk).adr.exit_status == 0


def test_an_account_without_a_free_channel_is_busy() -> None:
    assert story(Desk(channels=0)).refusals() == [486]


def test_a_house_that_stops_and_a_store_that_is_away_take_no_calls() -> None:
    assert story(Desk(is_stopping=True)).refusals() == [503]
    assert story(Desk(is_away=True)).refusals() == [503]


def test_a_store_that_goes_away_before_the_beginning_takes_no_call() -> None:
    desk = Desk()

    async def away(_: object) -> None:
        raise StoreUnavailable("the store went away")

    desk.queue.inbound.begin = away  # type: ignore[method-assign, assignment]
    story(desk)
    assert (desk.refusals(), desk.instances, desk.channels) == ([503], [], 10)


def test_a_caller_who_gives_up_at_once_leaves_a_record_and_no_instance() -> None:
    desk = Desk()

    async def gives_up(intent: object) -> None:
        await begin(intent)  # type: ignore[arg-type]
        [sip_call] = desk.house.called
        desk.house.far_end.cancel(sip_call, 0.0)
        desk.house.settle()
        await desk.house.quiet()

    begin, desk.queue.inbound.begin = desk.queue.inbound.begin, gives_up  # type: ignore[method-assign]
    story(desk)
    assert desk.instances == []
    [instance_id] = desk.queue._kept.records
    _, record = desk.queue._kept.records[instance_id]
    assert str(record.cdrs[0].cause) == "NORMAL(487)"
    assert (record.adr.exit_status, desk.channels) == (0, 10)


def test_a_bug_ends_its_own_call_and_is_written_down() -> None:
    async def buggy(_: AnyInstance, call: CallControl) -> None:
        await call.answer()
        raise ZeroDivisionError

    desk = story(Desk(application=buggy))
    record = kept(desk)
    assert record.adr.exit_status == ExitStatus.INTERNAL
    assert [(error.code, error.text) for error in record.errors] == [(ErrorCode.INTERNAL, BROKEN)]
    assert (desk.house.engine.legs, desk.channels) == (0, 10)


def test_a_bug_before_the_call_is_taken_is_refused() -> None:
    desk = Desk()

    async def broken(_: str) -> InboundService | None:
        raise ZeroDivisionError

    desk.called = broken  # type: ignore[method-assign, assignment]
    story(desk)
    assert desk.refusals() == [500]
    assert [type(bug) for bug in desk.bugs] == [ZeroDivisionError]


def test_the_channel_is_free_when_the_call_is_over_though_the_application_goes_on() -> None:
    free: list[int] = []
    desk = Desk()

    async def outlives(_: AnyInstance, call: CallControl) -> None:
        await call.reject(486)
        free.append(desk.channels)

    desk.application = outlives
    story(desk)
    assert (free, desk.refusals()) == ([10], [486])
    assert str(kept(desk).cdrs[0].cause) == "BUSY(486)"


def test_an_answer_is_written_down_at_once() -> None:
    noted: list[bool] = []
    desk = Desk()

    async def looks(_: AnyInstance, call: CallControl) -> None:
        await call.answer()
        await desk.house.quiet()
        [interrupted] = await desk.queue.next_node().inbound.settle_dead()
        noted.append(interrupted.answered_at is not None)
        await call.hang_up()

    desk.application = looks
    story(desk)
    assert noted == [True]
    assert [type(bug) for bug in desk.bugs] == []


def test_a_record_that_is_another_nodes_to_write_is_left_to_it() -> None:
    desk = story(Desk(lost=True))
    assert not any(isinstance(fact, InstanceStopped) for _, _, fact in desk.notes.told)
    assert (desk.channels, desk.finished, desk.bugs) == (10, 1, [])


def test_pages_are_told_of_early_media_and_reported_headers() -> None:
    seen: list[tuple[bool, object]] = []

    async def looks(instance: AnyInstance, call: CallControl) -> None:
        seen.append((instance.has_early_media, call.parties.sip_headers))
        await call.hang_up()

    story(Desk(replace(INBOUND, has_early_media=True), looks))
    assert seen == [(True, ())]
