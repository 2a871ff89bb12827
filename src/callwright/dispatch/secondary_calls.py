"""The calls that an instance places beside its primary one: counted, checked, and then placed.

They are made for the same account, under the same rules, over the same trunk as its starts. What
they may not do is said at once, as `CannotCall`; whatever happens on the wire is the call's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Protocol

from callwright.dispatch.checks import Checks, Wish
from callwright.dispatch.conference_entry import Admissions, plan_entry
from callwright.dispatch.invocation import AllCalls, DialSettings, Primary, place
from callwright.dispatch.ports import SecondaryFact
from callwright.domain.call_control import CallControl
from callwright.domain.clock import Clock
from callwright.domain.destination import (
    BadDestination,
    ConferenceRoom,
    Destination,
    parse_destination,
)
from callwright.domain.errors import StoreUnavailable
from callwright.domain.facts import CallOver, ErrorReported, Fact, FactSink
from callwright.domain.ids import IdMint, InstanceId
from callwright.domain.records import ErrorCode
from callwright.domain.service_start import ServiceStart, SipHeader
from callwright.engine.call_plan import (
    CallerLimits,
    CallOrder,
    CallPlan,
    CannotPlace,
    Plan,
    RoomPlan,
    leaves_by_trunk,
)
from callwright.engine.capacity import Gate
from callwright.engine.conference import Participant
from callwright.engine.handle import CallHandle
from callwright.runner.ports import (
    CannotCall,
    ConferenceCall,
    ParticipantOrder,
    SecondaryCalls,
    SecondaryOrder,
)

NO_EXTRA_CHANNEL: Final = "All extra channels are in use"
NO_TRUNK_CHANNEL: Final = "All channels of the trunk are in use"
TRUNK_UNKNOWN: Final = "The trunk's name has no address"


class TrunkShare(Protocol):
    """The dispatcher, as far as calls go that are no starts."""

    def trunk_gate(self) -> Gate:
        """Return where an INVITE leaves that counts for the trunk alone."""
        ...

    def take_trunk_channel(self) -> bool:
        """Take a channel of the trunk; False: none is free."""
        ...

    def free_trunk_channel(self) -> None:
        """Say that the call is over."""
        ...


class AllKinds(AllCalls, Protocol):
    """The engine, with conferences whose calls are diverted."""

    async def divert(self, plan: CallPlan, facts: FactSink) -> ConferenceCall:
        """Call a service here in place of a conference."""
        ...


@dataclass(frozen=True, slots=True)
class SecondaryCallMaker:
    """Makes what makes secondary calls; implements `invocation.Secondaries`."""

    calls: AllKinds
    checks: Checks
    conferences: Admissions
    share: Callable[[], TrunkShare]
    """Asked when a call is placed: the dispatcher itself is made with this maker."""
    mint: IdMint
    random_number: Callable[[], int]
    clock: Clock
    dial: DialSettings
    note: Callable[[InstanceId, SecondaryFact], None]
    """Writes down, without waiting for it, what a crash would forget."""

    def of(self, primary: Primary) -> SecondaryCalls:
        """Return what makes the secondary calls of one instance."""
        return InstanceCalls(self, primary)


@dataclass(slots=True)
class InstanceCalls:
    """The secondary calls of one instance; implements `runner.ports.SecondaryCalls`."""

    maker: SecondaryCallMaker
    primary: Primary
    _in_use: int = field(default=0, init=False)

    @property
    def free_channels(self) -> int:
        """How many more there may be at this moment; each has one until it is over."""
        return self.primary.instance.extra_channels - self._in_use

    async def place(self, order: SecondaryOrder) -> CallControl:
        """Call somebody beside the primary call.

        Raises:
            CannotCall: the destination, a limit or a rule forbids it; no extra channel is free.

        """
        channels = self._take_channel()
        try:
            return await self._place(order, channels)
        except (CannotPlace, BadDestination) as refusal:
            channels.give_back()
            self._report(f"A call was not placed: {refusal}")
            raise CannotCall(str(refusal)) from refusal
        except OSError as fault:
            channels.give_back()
            raise CannotCall(TRUNK_UNKNOWN) from fault
        except BaseException:
            channels.give_back()
            raise

    async def enter_conference(self, name: str, participant: ParticipantOrder) -> ConferenceCall:
        """Call a conference room of the account; it exists as long as somebody is in it.

        A room that is full, or is not open yet, is busy, as any other destination may be; before
        a reserved one begins an inbound service may take the call.

        Raises:
            CannotCall: no extra channel is free; or nobody knows whether it is reserved.

        """
        taking_part = Participant(
            is_talker=participant.is_talker,
            starts_on_entry=participant.starts_on_entry,
            destroys_on_exit=participant.destroys_on_exit,
            beeps_on_entry=participant.beeps_on_entry,
        )
        room = ConferenceRoom(name)
        order = SecondaryOrder(
            str(room),
            self.primary.call.parties.caller_id,
            ring_timeout=participant.ring_timeout,
            max_duration=participant.max_duration,
        )
        channels = self._take_channel()
        try:
            plan = await self._plan(order, room)
            if isinstance(plan, RoomPlan):
                plan = replace(plan, participant=taking_part)
                return self.maker.calls.enter(plan, self._facts(channels))
            assert isinstance(plan, CallPlan), "who is not let in is put through to a service"
            return await self.maker.calls.divert(plan, self._facts(channels))
        except (CannotPlace, StoreUnavailable) as refusal:
            channels.give_back()
            self._report(f"A conference was not entered: {refusal}")
            raise CannotCall(str(refusal)) from refusal
        except BaseException:
            channels.give_back()
            raise

    async def _place(self, order: SecondaryOrder, channels: "_Channels") -> CallControl:
        destination = parse_destination(order.destination)
        instance, maker = self.primary.instance, self.maker
        wish = Wish(
            instance.account_id,
            order.caller_id,
            destination,
            (self.primary.call.parties.caller_id,),
        )
        await maker.checks.check(wish, self.primary.constraints)
        plan = await self._plan(order, destination)
        gate = self._trunk_gate(channels) if leaves_by_trunk(plan) else Gate()
        return await place(maker.calls, plan, self._facts(channels), gate)

    def _trunk_gate(self, channels: "_Channels") -> Gate:
        share = self.maker.share()
        if not share.take_trunk_channel():
            raise CannotPlace(NO_TRUNK_CHANNEL)
        channels.then(share.free_trunk_channel)
        return share.trunk_gate()

    def _facts(self, channels: "_Channels") -> "_Observed":
        note = partial(self.maker.note, self.primary.instance.instance_id)
        return _Observed(self.primary.facts, note, channels.give_back)

    async def _plan(self, order: SecondaryOrder, destination: Destination) -> Plan:
        headers = tuple(SipHeader(name, value) for name, value in order.headers)
        instance, maker = self.primary.instance, self.maker
        call = CallOrder(
            call_id=maker.mint.call_id(maker.random_number()),
            account_id=instance.account_id,
            service_name=instance.service_name,
            start=ServiceStart(order.destination, order.caller_id, extra_sip_headers=headers),
            destination=destination,
            limits=CallerLimits(order.ring_timeout, order.max_duration),
            hops=self.primary.hops,
        )
        dial = maker.dial
        plan = await plan_entry(
            call,
            instance.instance_id,
            maker.conferences,
            trunk=dial.trunk,
            sip_domain=dial.sip_domain,
        )
        return plan.beside_another(
            _leg_of(self.primary.call), wants_early_media=order.wants_early_media
        )

    def _report(self, text: str) -> None:
        at = self.maker.clock.unix_time()
        self.primary.facts.tell(ErrorReported(at, ErrorCode.CALL_FAILED, text))

    def _take_channel(self) -> "_Channels":
        if self.free_channels <= 0:
            raise CannotCall(NO_EXTRA_CHANNEL)
        self._in_use += 1
        return _Channels([self._free_channel])

    def _free_channel(self) -> None:
        self._in_use -= 1


@dataclass(slots=True)
class _Channels:
    """What one call has taken, given back once."""

    returns: list[Callable[[], None]]

    def then(self, give_back: Callable[[], None]) -> None:
        """Give this back too."""
        self.returns.append(give_back)

    def give_back(self) -> None:
        while self.returns:
            self.returns.pop()()


@dataclass(frozen=True, slots=True)
class _Observed:
    """Passes facts of one call on, has what its record needs noted, and says when it is over."""

    facts: FactSink
    note: Callable[[SecondaryFact], None]
    over: Callable[[], None]

    def tell(self, fact: Fact) -> None:
        self.facts.tell(fact)
        if isinstance(fact, SecondaryFact):
            self.note(fact)
        if isinstance(fact, CallOver):
            self.over()


def _leg_of(call: CallControl) -> int | None:
    """Return the leg of a call of the engine's, so that others get the same media worker."""
    return call.leg.leg if isinstance(call, CallHandle) else None
