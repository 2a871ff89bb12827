"""One claimed start from its claim to its outcome: read, check, plan, intend, call, run.

The intent is on disk before the INVITE leaves. Whoever finds an intent without an outcome knows
that the call may have been dialled, and never dials it again.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Protocol, TypedDict, assert_never

from callwright.dispatch.checks import Checks, Wish
from callwright.dispatch.conference_entry import Admissions, plan_entry
from callwright.dispatch.fact_log import FactLog
from callwright.dispatch.settlement import close_broken
from callwright.domain.call_control import CallControl
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.destination import (
    BadDestination,
    Destination,
    SipAddress,
    TelephoneNumber,
    parse_destination,
)
from callwright.domain.facts import FactSink, InstanceStarted, StartRefused
from callwright.domain.ids import AccountId, CallId, IdMint, InstanceId, ServiceId, ServiceRef
from callwright.domain.instance import AnyInstance, CallbackInstance, RestInstance
from callwright.domain.outbound_service import (
    CallbackApplication,
    CallConstraints,
    OutboundService,
    RestApplication,
    UasApplication,
)
from callwright.domain.records import InstanceRecord
from callwright.domain.service_start import ServiceStart
from callwright.engine.call_plan import (
    CallerLimits,
    CallOrder,
    CallPlan,
    CannotPlace,
    Plan,
    RoomPlan,
    SocketPlan,
)
from callwright.engine.capacity import Gate
from callwright.engine.trunk import NO_LIMITS, Trunk, TrunkLimits
from callwright.queue.ports import Claim, Intent
from callwright.records.tariff import Tariff
from callwright.runner.ports import ConferenceCall, SecondaryCalls
from callwright.services.catalogue import UnknownService

_Runnable = RestApplication | CallbackApplication
"""What we run ourselves."""


class _InstanceFields(TypedDict):
    """What every instance of a start has."""

    instance_id: InstanceId
    ref: ServiceRef
    account_id: AccountId
    service_name: str
    extra_channels: int
    fax: bool
    token: str | None
    outbound_parameters: str
    call_id: CallId
    destination_address: str
    caller_id: str
    started_at: UnixTime


@dataclass(frozen=True, slots=True)
class Completed:
    """The start ran; its record is complete."""

    ref: ServiceRef
    exit_status: int
    record: InstanceRecord
    finish: Callable[[], Coroutine[None, None, None]] | None = None
    """What may outlive the instance; awaited after the record is on disk."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The start could not run; nothing was dialled."""

    ref: ServiceRef
    reason: str


Outcome = Completed | Refused


@dataclass(frozen=True, slots=True)
class Prepared:
    """A start that may be dialled as soon as its intent is on disk."""

    instance: AnyInstance
    plan: Plan
    constraints: CallConstraints
    """Of the calls that the instance places beside this one."""

    @property
    def intent(self) -> Intent:
        """What is written before the INVITE leaves."""
        instance = self.instance
        return Intent(instance.ref, instance.instance_id, self.plan.call_id, instance.started_at)


class Services(Protocol):
    """Where a start's service is read, as it is when the start leaves the queue."""

    async def outbound_service(self, service_id: ServiceId) -> OutboundService:
        """Return the service; raises `UnknownService` when it is gone."""
        ...


class Calls(Protocol):
    """The engine, as far as starting calls goes."""

    async def place(self, plan: CallPlan, facts: FactSink, gate: Gate) -> CallControl:
        """Start a call, whose INVITE leaves through this gate."""
        ...


class AllCalls(Calls, Protocol):
    """The engine, with what it calls beside the trunk."""

    def enter(self, plan: RoomPlan, facts: FactSink) -> ConferenceCall:
        """Enter a conference room; one that is full, or not open yet, is busy."""
        ...

    async def call_socket(self, plan: SocketPlan, facts: FactSink) -> CallControl:
        """Call a customer's server; that there is none is how the call ends."""
        ...


async def place(calls: AllCalls, plan: Plan, facts: FactSink, gate: Gate) -> CallControl:
    """Start a call of whatever kind; the gate is for an INVITE that leaves by the trunk."""
    match plan:
        case CallPlan():
            return await calls.place(plan, facts, gate)
        case RoomPlan():
            return calls.enter(plan, facts)
        case SocketPlan():
            return await calls.call_socket(plan, facts)
        case _:
            assert_never(plan)


@dataclass(frozen=True, slots=True)
class Primary:
    """An instance and its primary call: what secondary calls are made for."""

    instance: AnyInstance
    constraints: CallConstraints
    call: CallControl
    facts: FactSink
    hops: int = 0
    """Local calls that led to the primary call."""


class Secondaries(Protocol):
    """Makes what makes secondary calls."""

    def of(self, primary: Primary) -> SecondaryCalls:
        """Return what makes the secondary calls of one instance."""
        ...


class Application(Protocol):
    """One run of a customer's application."""

    async def run(self) -> int:
        """Run it to its end and return its exit status."""
        ...

    async def finish(self) -> None:
        """Wait for what may outlive it, and let go."""
        ...


MakeApplication = Callable[[AnyInstance, CallControl, SecondaryCalls, FactSink], Application]
"""Makes the run of an instance on its primary call."""


@dataclass(frozen=True, slots=True)
class DialSettings:
    """Where calls leave, and the domain that caller IDs get."""

    trunk: Trunk
    sip_domain: str
    limits: TrunkLimits = NO_LIMITS


@dataclass(slots=True)
class Invocations:
    """Runs claimed starts of REST services."""

    services: Services
    calls: AllCalls
    applications: MakeApplication
    secondaries: Secondaries
    mint: IdMint
    clock: Clock
    random_number: Callable[[], int]
    dial: DialSettings
    checks: Checks
    conferences: Admissions
    tariff: Tariff

    async def constraints(self, service_id: ServiceId) -> CallConstraints:
        """Return the limits of a service; one that is gone has none."""
        try:
            return (await self.services.outbound_service(service_id)).constraints
        except UnknownService:
            return CallConstraints()

    async def stays_inside(self, service_id: ServiceId, start: ServiceStart) -> bool:
        """Whether a start needs nothing of the trunk: it calls nobody there, or nobody at all.

        Raises:
            StoreUnavailable: it can be asked again later.

        """
        try:
            service = await self.services.outbound_service(service_id)
            application = service.application
            calls_conferences = (
                not isinstance(application, UasApplication) and application.calls_conferences
            )
            destination = parse_destination(start.to, unprefixed_is_conference=calls_conferences)
        except (UnknownService, BadDestination):
            return True
        return not isinstance(destination, TelephoneNumber | SipAddress)

    async def prepare(self, claim: Claim, facts: FactLog) -> Prepared | Refused:
        """Read and plan a start; nothing is dialled and nothing is written.

        Raises:
            StoreUnavailable: it can be prepared again later.

        """
        try:
            service, application, destination = await self._read(claim)
            wish = Wish(claim.account_id, claim.start.caller_id, destination)
            await self.checks.check(wish, service.constraints)
            instance = self._instance(claim, service, application, destination)
            plan = await self._plan(instance, claim.start, destination)
            return Prepared(instance, plan, service.constraints)
        except CannotPlace as refusal:
            return self._refused(claim, facts, str(refusal))

    async def call(self, prepared: Prepared, facts: FactLog, gate: Gate) -> Completed:
        """Call and run the application to its end; the INVITE leaves through this gate.

        The intent is on disk. What a customer or a peer did wrong is part of the outcome;
        anything raised is a bug of ours, and `broken` makes an outcome of it.
        """
        instance = prepared.instance
        facts.tell(_instance_started(instance))
        call = await place(self.calls, prepared.plan, facts, gate)
        secondaries = self.secondaries.of(Primary(instance, prepared.constraints, call, facts))
        run = self.applications(instance, call, secondaries, facts)
        exit_status = await run.run()
        return Completed(instance.ref, exit_status, facts.record(self.tariff), run.finish)

    def broken(self, claim: Claim, facts: FactLog) -> Outcome:
        """Make an honest outcome of a run that a fault of ours ended."""
        if not any(isinstance(fact, InstanceStarted) for fact in facts.facts):
            return self._refused(claim, facts, "Internal error")
        exit_status = close_broken(
            facts, "The call was ended by an internal error", at=self.clock.unix_time()
        )
        return Completed(claim.ref, exit_status, facts.record(self.tariff))

    async def _read(self, claim: Claim) -> tuple[OutboundService, _Runnable, Destination]:
        try:
            service = await self.services.outbound_service(claim.service_id)
        except UnknownService:
            raise CannotPlace("Service does not exist") from None
        if not service.is_enabled:
            raise CannotPlace("Service is disabled")
        if isinstance(service.application, UasApplication):
            raise CannotPlace("No UAS is connected")
        try:
            destination = parse_destination(
                claim.start.to, unprefixed_is_conference=service.application.calls_conferences
            )
        except BadDestination:
            raise CannotPlace("Invalid destination") from None
        return service, service.application, destination

    def _instance(
        self,
        claim: Claim,
        service: OutboundService,
        application: _Runnable,
        destination: Destination,
    ) -> AnyInstance:
        fields = _InstanceFields(
            instance_id=self.mint.instance_id(),
            ref=claim.ref,
            account_id=claim.account_id,
            service_name=service.name,
            extra_channels=service.extra_channels,
            fax=service.fax,
            token=claim.start.token,
            outbound_parameters=claim.start.outbound_parameters,
            call_id=self.mint.call_id(self.random_number()),
            destination_address=str(destination),
            caller_id=claim.start.caller_id,
            started_at=self.clock.unix_time(),
        )
        if isinstance(application, CallbackApplication):
            return CallbackInstance(**fields, application=application)
        return RestInstance(**fields, application=application)

    async def _plan(
        self, instance: AnyInstance, start: ServiceStart, destination: Destination
    ) -> Plan:
        application = instance.application
        order = CallOrder(
            call_id=instance.call_id,
            account_id=instance.account_id,
            service_name=instance.service_name,
            start=start,
            destination=destination,
            limits=CallerLimits(application.ring_timeout, application.max_call_duration),
        )
        dial = self.dial
        return await plan_entry(
            order,
            instance.instance_id,
            self.conferences,
            trunk=dial.trunk,
            sip_domain=dial.sip_domain,
        )

    def _refused(self, claim: Claim, facts: FactLog, reason: str) -> Refused:
        facts.tell(StartRefused(at=self.clock.unix_time(), reason=reason))
        return Refused(claim.ref, reason)


def _instance_started(instance: AnyInstance) -> InstanceStarted:
    return InstanceStarted(
        at=instance.started_at,
        instance_id=instance.instance_id,
        application_name=instance.service_name,
        rest_to=instance.destination_address,
        rest_from=instance.caller_id,
        rest_initial_token=instance.token or "",
        outbound_parameters=instance.outbound_parameters or "",
        application_parameters=instance.application.application_parameters,
        rest_log_filename=instance.log_filename,
        extra_channel_count=instance.extra_channels,
        fax=instance.fax,
    )
