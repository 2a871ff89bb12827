"""Why a claimed start is not dialled, in the documented words and their order."""

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from callwright.dispatch.checks import Checks
from callwright.dispatch.fact_log import FactLog
from callwright.dispatch.invocation import DialSettings, Invocations, Refused
from callwright.domain.account import AccountType, CallLimits
from callwright.domain.call_control import CallControl
from callwright.domain.clock import UnixTime
from callwright.domain.facts import FactSink, StartRefused
from callwright.domain.ids import AccountId, IdMint, ServiceId, ServiceRef
from callwright.domain.instance import AnyInstance
from callwright.domain.outbound_service import CallConstraints, OutboundService, UasApplication
from callwright.domain.service_start import ServiceStart
from callwright.engine.call_plan import CallPlan, RoomPlan, SocketPlan
from callwright.engine.capacity import Gate
from callwright.engine.trunk import Trunk
from callwright.queue.ports import Claim
from callwright.records.tariff import Tariff
from callwright.runner.ports import ConferenceCall, SecondaryCalls
from callwright.services.catalogue import UnknownService
from tests.sim.clock import VirtualClock
from tests.sim.conferences import Admissions
from tests.sim.facts import FactNotes
from tests.sim.memory_stores import MemoryAccountStore, MemoryCallerIdStore
from tests.sim.sample_services import OUTBOUND, Alone

ACCOUNT, SERVICE = AccountId(1), ServiceId(3)
TARIFF = Tariff(telephone={"": Decimal("0.1")}, blocked=frozenset({"4490"}))
WORKING = OUTBOUND
LIMITED = replace(WORKING, constraints=CallConstraints(maximum_cps=2.5, price_cap=Decimal("0.05")))


class _Milestones:
    """Nobody waits for these."""

    def answered(self, at: UnixTime) -> None:
        raise AssertionError(f"answered at {at}")

    def call_over(self) -> None:
        raise AssertionError("no call was placed")


@dataclass
class Nobody:
    """Services of which one is there, and a trunk that must not be used."""

    service: OutboundService | None
    placed: list[str] = field(default_factory=list)

    async def outbound_service(self, service_id: ServiceId) -> OutboundService:
        if self.service is None:
            raise UnknownService
        assert service_id == SERVICE
        return self.service

    async def place(self, plan: CallPlan, _facts: FactSink, _gate: Gate) -> CallControl:
        raise AssertionError(f"{plan.destination_address} was called")

    async def call_socket(self, plan: SocketPlan, _facts: FactSink) -> CallControl:
        raise AssertionError(f"{plan.destination_address} was called")

    def enter(self, plan: RoomPlan, _facts: FactSink) -> ConferenceCall:
        raise AssertionError(f"{plan.name} was entered")


def _no_application(
    instance: AnyInstance, _call: CallControl, _secondaries: SecondaryCalls, _facts: FactSink
) -> "_Never":
    raise AssertionError(f"{instance.instance_id} was run")


class _Never:
    """An application that is never made."""

    async def run(self) -> int:
        return 0

    async def finish(self) -> None:
        return


async def invocations(service: OutboundService | None) -> Invocations:
    """What runs starts of an account that validates its caller IDs and has none."""
    accounts, world, clock = MemoryAccountStore(), Nobody(service), VirtualClock()
    await accounts.create(
        "bob@example.com",
        account_type=AccountType.PREMIUM,
        limits=CallLimits(1, 1.0),
        key_hash=b"",
    )
    return Invocations(
        services=world,
        calls=world,
        applications=_no_application,
        secondaries=Alone(),
        mint=IdMint("2e891aea", "049136ca36e44662", 1_366_641_192),
        clock=clock,
        random_number=lambda: 9,
        dial=DialSettings(Trunk("sim:", "192.0.2.2", 5060), "sip-0-0-0.example.net"),
        checks=Checks(accounts, MemoryCallerIdStore(), TARIFF),
        conferences=Admissions(),
        tariff=TARIFF,
    )


@pytest.mark.parametrize(
    ("service", "to", "reason"),
    [
        (None, "nobody", "Service does not exist"),
        (replace(WORKING, is_enabled=False), "nobody", "Service is disabled"),
        (
            replace(WORKING, is_enabled=False, application=UasApplication("a", "")),
            "nobody",
            "Service is disabled",
        ),
        (replace(WORKING, application=UasApplication("a", "")), "nobody", "No UAS is connected"),
        (WORKING, "nobody", "Invalid destination"),
        (LIMITED, "44901234567", "Destination is blocked"),
        (LIMITED, "441908273800", "Price cap exceeded"),
        (WORKING, "441908273800", "Caller ID is not validated"),
    ],
)
def test_the_first_reason_is_told_and_nothing_dialled(
    service: OutboundService | None, to: str, reason: str
) -> None:
    async def story() -> None:
        ref, notes = ServiceRef("2e891aea_0.1366641192.1"), FactNotes()
        start = ServiceStart(to=to, caller_id="441908273801")
        claim = Claim(ref, ACCOUNT, SERVICE, start, queued_at=UnixTime(0.0))
        facts = FactLog(ACCOUNT, ref, notes, _Milestones())
        outcome = await (await invocations(service)).prepare(claim, facts)
        assert outcome == Refused(ref, reason)
        [told] = facts.facts
        assert isinstance(told, StartRefused)
        assert told.reason == reason

    asyncio.run(story())


def test_limits_are_the_services_and_those_of_a_deleted_one_are_none() -> None:
    async def limits(service: OutboundService | None) -> CallConstraints:
        return await (await invocations(service)).constraints(SERVICE)

    assert asyncio.run(limits(LIMITED)) == LIMITED.constraints
    assert asyncio.run(limits(None)) == CallConstraints()
