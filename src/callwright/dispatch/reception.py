"""Calls that come in: from an INVITE to a service, its application, and the record.

The order is that of a start: decide, write down that it begins, run, write the record. Nobody has
asked for such a call, so it has no place in a queue; its reference is minted here.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address, ip_network
from typing import Final, Protocol

import structlog

from callwright.accounts.ports import AccountStore
from callwright.dispatch.fact_log import FactLog
from callwright.dispatch.invocation import MakeApplication, Primary, Secondaries
from callwright.dispatch.ports import Beginning, InboundIntent, InboundStore
from callwright.dispatch.settlement import close_broken
from callwright.domain.account import Account
from callwright.domain.call_control import CallControl
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.errors import RemoteFault, StoreUnavailable
from callwright.domain.facts import (
    CallOver,
    CallPlaced,
    FactBoard,
    FactSink,
    InstanceStarted,
    InstanceStopped,
)
from callwright.domain.ids import AccountId, IdMint
from callwright.domain.inbound_service import InboundService
from callwright.domain.instance import RestInstance
from callwright.domain.invocation import ExitStatus
from callwright.domain.outbound_service import RestApplication
from callwright.domain.records import CallDirection
from callwright.engine.call_identity import CallIdentity
from callwright.engine.inbound_leg import GIVEN_UP, InboundCall
from callwright.engine.invitation import Arrival
from callwright.engine.loop import CallerGone
from callwright.protocol.sip.events import SipCallId
from callwright.queue.ports import LeaseLost
from callwright.records.tariff import Tariff

log: Final = structlog.get_logger()

_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_TEMPORARILY_UNAVAILABLE: Final = 480
_BUSY_HERE: Final = 486
_INTERNAL_ERROR: Final = 500
_SERVICE_UNAVAILABLE: Final = 503

NO_SUCH_SERVICE: Final = "the account has no enabled inbound service of that name"

BROKEN: Final = "The call was ended by an internal error"


class Refusal(RemoteFault):
    """A call is not taken."""

    def __init__(self, sip_status: int, why: str) -> None:
        """Say what the caller is told, and what the log is."""
        super().__init__(why)
        self.sip_status = sip_status


class InboundServices(Protocol):
    """Where the service of a call is found, as it is when the call comes in."""

    async def called(self, name: str) -> InboundService | None:
        """Return the inbound service of that name."""
        ...

    async def of_account(self, account_id: AccountId, name: str) -> InboundService | None:
        """Return an account's inbound service; that of a number is named after it."""
        ...


class NumberOwners(Protocol):
    """Whose telephone numbers are."""

    async def number_owner(self, number: str) -> AccountId | None:
        """Return whose number this is; None if it is nobody's."""
        ...


class InboundCalls(Protocol):
    """The engine, as far as calls that come in go."""

    def take_call(self, call: InboundCall, facts: FactSink) -> CallControl:
        """Take a call; raises `CallerGone` when the caller gave up meanwhile."""
        ...

    def refuse(self, sip_call: SipCallId, sip_status: int, reason: str = "") -> None:
        """Refuse a call in these words, if any; nothing happens when the caller has given up."""
        ...


class House(Protocol):
    """The dispatcher, as far as calls that come in go."""

    @property
    def is_stopping(self) -> bool:
        """Whether nothing more is to be begun."""
        ...

    def take_channel(self, account: Account) -> bool:
        """Take a channel of an account's; False: none is free."""
        ...

    def give_channel_back(self, account_id: AccountId) -> None:
        """Say that the call is over."""
        ...

    def begin_beside(self, work: Coroutine[None, None, None], name: str) -> None:
        """Run this; whoever stops the dispatcher waits for it."""
        ...

    async def write(self, change: Callable[[], Coroutine[None, None, None]]) -> None:
        """Write a change down, however long the store is away."""
        ...


@dataclass(slots=True)
class Reception:
    """Takes calls that come in."""

    services: InboundServices
    numbers: NumberOwners
    accounts: AccountStore
    calls: InboundCalls
    applications: MakeApplication
    secondaries: Secondaries
    store: InboundStore
    house: House
    board: FactBoard
    mint: IdMint
    clock: Clock
    random_number: Callable[[], int]
    tariff: Tariff

    def receive(self, arrival: Arrival) -> None:
        """Begin with a call; the engine's receptionist."""
        self.house.begin_beside(self._serve(arrival), "inbound call")

    async def _serve(self, arrival: Arrival) -> None:
        try:
            service, application = await self._admit(arrival)
        except Refusal as refusal:
            # Not louder: a stranger decides how often this happens.
            log.debug("reception.refused", sip_status=refusal.sip_status, reason=str(refusal))
            # A stranger need not know why; whoever calls a service of his own is told.
            reason = "" if arrival.route is None else str(refusal)
            self.calls.refuse(arrival.sip_call, refusal.sip_status, reason)
        except StoreUnavailable:
            self.calls.refuse(arrival.sip_call, _SERVICE_UNAVAILABLE)
        except Exception:
            self.calls.refuse(arrival.sip_call, _INTERNAL_ERROR)
            raise
        else:
            await _InboundRun(self, arrival, service, application).run()

    async def _admit(self, arrival: Arrival) -> tuple[InboundService, RestApplication]:
        """Find the service of a call, and take a channel for it.

        Raises:
            Refusal: nobody is to be reached, or not by this caller, or not now.

        """
        if self.house.is_stopping:
            raise Refusal(_SERVICE_UNAVAILABLE, "the server is stopping")
        service = await self._service(arrival)
        if service is None or not service.is_enabled:
            raise Refusal(_NOT_FOUND, NO_SUCH_SERVICE)
        if arrival.route is None and not _may_call(service, arrival.source_host):
            raise Refusal(_FORBIDDEN, "address not allowed")
        if not isinstance(service.application, RestApplication):
            raise Refusal(_TEMPORARILY_UNAVAILABLE, "the service has no application")
        account = await self.accounts.read(service.account_id)
        # An account is never taken away while services of it are there.
        assert account is not None, f"service {service.service_id} belongs to no account"
        if not self.house.take_channel(account):
            raise Refusal(_BUSY_HERE, "all channels of the account are in use")
        return service, service.application

    async def _service(self, arrival: Arrival) -> InboundService | None:
        if arrival.route is not None:
            return await self.services.of_account(arrival.route.account_id, arrival.route.service)
        called = arrival.called
        if not called.is_number:
            return await self.services.called(called.user)
        owner = await self.numbers.number_owner(called.user)
        return None if owner is None else await self.services.of_account(owner, called.user)


class _InboundRun:
    """One call that was admitted, from its beginning to its record; its facts' `Milestones`."""

    def __init__(
        self,
        desk: Reception,
        arrival: Arrival,
        service: InboundService,
        application: RestApplication,
    ) -> None:
        self._desk = desk
        self._arrival = arrival
        self._service = service
        self._has_channel = True
        self._instance = RestInstance(
            instance_id=desk.mint.instance_id(),
            ref=desk.mint.service_refs(1)[0],
            account_id=service.account_id,
            service_name=service.name,
            extra_channels=service.extra_channels,
            fax=service.fax,
            application=application,
            token=None,
            outbound_parameters=None,
            call_id=desk.mint.call_id(desk.random_number()),
            destination_address=arrival.destination_address,
            caller_id=arrival.call_from,
            started_at=desk.clock.unix_time(),
            has_early_media=service.has_early_media,
        )
        instance = self._instance
        self._facts = FactLog(instance.account_id, instance.ref, desk.board, self)

    async def run(self) -> None:
        """Run it; a fault of ours costs this call alone."""
        desk, facts = self._desk, self._facts
        finish: Callable[[], Coroutine[None, None, None]] | None = None
        try:
            intent = InboundIntent(self._instance.account_id, self._instance.ref, self._beginning())
            try:
                await desk.store.begin(intent)
            except StoreUnavailable:
                desk.calls.refuse(self._arrival.sip_call, _SERVICE_UNAVAILABLE)
                return
            finish = await self._run_application(intent.beginning)
            self.call_over()
            await desk.house.write(partial(desk.store.finish, facts.record(desk.tariff)))
            facts.end_is_on_disk()
        except LeaseLost:
            log.warning("dispatch.lease_lost", service_ref=self._instance.ref)
        except StoreUnavailable:
            log.warning("dispatch.left_behind", service_ref=self._instance.ref)
        except Exception:
            # Does nothing once the call was taken.
            desk.calls.refuse(self._arrival.sip_call, _INTERNAL_ERROR)
            raise
        finally:
            self.call_over()
            if finish is not None:
                await finish()

    async def _run_application(
        self, beginning: Beginning
    ) -> Callable[[], Coroutine[None, None, None]] | None:
        """Take the call and run the application; returns what may outlive the instance."""
        desk, instance, facts = self._desk, self._instance, self._facts
        facts.tell(beginning.started)
        try:
            call = desk.calls.take_call(self._call(), facts)
        except CallerGone:
            at = desk.clock.unix_time()
            facts.tell(beginning.placed)
            facts.tell(CallOver(at, instance.call_id, GIVEN_UP))
            facts.tell(InstanceStopped(at, ExitStatus.NORMAL))
            return None
        try:
            route = self._arrival.route
            hops = 0 if route is None else route.hops
            primary = Primary(instance, self._service.constraints, call, facts, hops)
            secondaries = desk.secondaries.of(primary)
            run = desk.applications(instance, call, secondaries, facts)
            await run.run()
        except Exception:
            # A bug of ours: the caller hears no more of it than that the call ends.
            log.exception("dispatch.run_failed", service_ref=instance.ref)
            await call.hang_up()
            close_broken(facts, BROKEN, at=desk.clock.unix_time())
            return None
        return run.finish

    def answered(self, at: UnixTime) -> None:
        """Write the answer down, for the record if we die now."""
        self._desk.house.begin_beside(
            self._desk.store.answered(self._instance.instance_id, at=at),
            f"answer of {self._instance.ref}",
        )

    def call_over(self) -> None:
        """Let the next call of the account have the channel."""
        if self._has_channel:
            self._has_channel = False
            self._desk.house.give_channel_back(self._instance.account_id)

    def _beginning(self) -> Beginning:
        instance = self._instance
        started = InstanceStarted(
            at=instance.started_at,
            instance_id=instance.instance_id,
            application_name=instance.service_name,
            rest_to="",
            rest_from="",
            rest_initial_token="",
            outbound_parameters="",
            application_parameters=instance.application.application_parameters,
            rest_log_filename=instance.log_filename,
            extra_channel_count=instance.extra_channels,
            fax=instance.fax,
        )
        placed = CallPlaced(
            instance.started_at,
            instance.call_id,
            instance.destination_address,
            self._arrival.originating_address,
            trunk="",
            direction=CallDirection.IN,
        )
        return Beginning(started, placed)

    def _call(self) -> InboundCall:
        instance, arrival = self._instance, self._arrival
        identity = CallIdentity(
            instance.call_id,
            instance.destination_address,
            arrival.originating_address,
            arrival.parties(self._service.reported_sip_headers),
        )
        return InboundCall(
            identity,
            arrival.sip_call,
            arrival.offer,
            max_duration=instance.application.max_call_duration,
            is_local=arrival.route is not None,
        )


def _may_call(service: InboundService, source_host: str) -> bool:
    """Whether a service takes calls from an address; without a list, from any."""
    if not service.allowed_addresses:
        return True
    source = ip_address(source_host)
    return any(source in ip_network(network, strict=False) for network in service.allowed_addresses)
