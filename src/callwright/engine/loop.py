"""Datagrams in, timers, datagrams out: the only part of the engine that waits.

Owns the SIP endpoint and the table of legs. After anything that happens, `_settle` sends what
wants to be sent, hands events to their legs, and arms one timer for the earliest deadline.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar, assert_never

from callwright.domain.call_events import CallEvent, Ended
from callwright.domain.causes import FAILED_HERE
from callwright.domain.clock import Clock, Instant
from callwright.domain.errors import RemoteFault
from callwright.domain.facts import FactSink
from callwright.engine.call_leg import CallLeg, LegSeat, LegWorld
from callwright.engine.call_plan import CallPlan, LocalRoute, RoomPlan, SocketPlan
from callwright.engine.call_sockets import CallSockets, Unreachable
from callwright.engine.capacity import Gate
from callwright.engine.conference_handle import ConferenceHandle
from callwright.engine.dialog_leg import NOT_ACCEPTABLE_HERE, DialogLeg
from callwright.engine.handle import CallHandle
from callwright.engine.inbound_leg import InboundCall, InboundLeg
from callwright.engine.invitation import Arrival, read_invitation
from callwright.engine.negotiation import check_offer
from callwright.engine.ports import Datagrams, MediaWorkers, Names
from callwright.engine.room_leg import RoomLeg
from callwright.engine.rooms import Rooms
from callwright.engine.sip_leg import SipLeg
from callwright.engine.socket_leg import SocketLeg
from callwright.engine.trunk import Trunk
from callwright.protocol.sdp.description import SdpError
from callwright.protocol.sip import events as sip
from callwright.protocol.sip.endpoint import Counters, Datagram, Endpoint
from callwright.protocol.sip.events import SipCallId
from callwright.protocol.sip.values import HostPort

AnyHandle = TypeVar("AnyHandle", bound=CallHandle)

MAX_UNDECIDED: Final = 200
"""Calls that came in and are not decided about: a second's worth of what one core can answer.
Whoever calls above that is told to come again later."""

_NOT_FOUND: Final = 404
_UNAVAILABLE: Final = 503


class CallerGone(RemoteFault):
    """The caller gave up before it was decided about his call."""


class Engine:
    """Places calls over SIP and keeps them until they are over."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        datagrams: Datagrams,
        workers: MediaWorkers,
        names: Names,
        clock: Clock,
        sockets: CallSockets,
        media_host: str,
    ) -> None:
        """Take what the engine works with; nothing starts before the first datagram or call."""
        self._endpoint = endpoint
        self._datagrams = datagrams
        self._names = names
        self._sockets = sockets
        self._clock = clock
        self._world = LegWorld(
            calls=endpoint,
            workers=workers,
            clock=clock,
            media_host=media_host,
            changed=self._leg_changed,
            new_leg=self._new_leg,
        )
        self._rooms = Rooms(self._world)
        self._last_leg = 0
        self._legs: dict[int, tuple[CallLeg, CallHandle]] = {}
        self._by_sip_call: dict[SipCallId, DialogLeg] = {}
        self._undecided: set[SipCallId] = set()
        self._to_ourselves: deque[Datagram] = deque()
        self._receptionist: Callable[[Arrival], None] | None = None
        self._sip_timer: asyncio.TimerHandle | None = None
        self._leg_timers: dict[int, asyncio.TimerHandle] = {}
        self._settling = False
        self._nothing_left = asyncio.Event()
        self._nothing_left.set()

    @property
    def legs(self) -> int:
        """How many calls there are."""
        return len(self._legs)

    @property
    def rooms(self) -> Rooms:
        """The conference rooms that somebody is in."""
        return self._rooms

    @property
    def counters(self) -> Counters:
        """What the SIP endpoint has counted."""
        return self._endpoint.counters

    async def place(self, plan: CallPlan, facts: FactSink, gate: Gate) -> CallHandle:
        """Start a call, whose INVITE leaves through this gate; its handle tells how it goes.

        Raises:
            OSError: the trunk's name has no address.

        """
        return await self._place(CallHandle(), plan, facts, gate)

    async def divert(self, plan: CallPlan, facts: FactSink) -> ConferenceHandle:
        """Call a service here in place of a conference."""
        return await self._place(ConferenceHandle(), plan, facts, Gate())

    async def _place(
        self, handle: AnyHandle, plan: CallPlan, facts: FactSink, gate: Gate
    ) -> AnyHandle:
        next_hop = await self._next_hop(plan.route)
        leg = SipLeg(self._seat(handle, facts), plan, next_hop=next_hop, gate=gate)
        self._keep(leg, handle)
        leg.place()
        self._leg_changed(leg)
        return handle

    def enter(self, plan: RoomPlan, facts: FactSink) -> ConferenceHandle:
        """Enter a conference room with a call that stays in the house.

        One that is full, or is not open yet, is busy.
        """
        handle = ConferenceHandle()
        room = self._rooms.room(plan.account_id, plan.name, plan.terms)
        leg = RoomLeg(self._seat(handle, facts), plan, room)
        self._keep(leg, handle)
        leg.enter()
        self._leg_changed(leg)
        return handle

    async def call_socket(self, plan: SocketPlan, facts: FactSink) -> CallHandle:
        """Call a customer's server; that there is none is how the call ends."""
        handle = CallHandle()
        leg = SocketLeg(self._seat(handle, facts), plan, self._sockets.manners)
        self._keep(leg, handle)
        leg.place()
        self._leg_changed(leg)
        try:
            leg.connect(await self._sockets.address(plan.url))
        except Unreachable as problem:
            leg.give_up(problem.raw_cause, str(problem))
        except BaseException:
            leg.hang_up(FAILED_HERE)
            raise
        finally:
            self._leg_changed(leg)
        return handle

    def receive_calls(self, receptionist: Callable[[Arrival], None]) -> None:
        """Hand calls that come in to somebody from now on.

        He decides about each, soon: `take_call` or `refuse`.
        """
        self._receptionist = receptionist

    def take_call(self, call: InboundCall, facts: FactSink) -> CallHandle:
        """Take a call that came in; it rings until its handle is told more.

        Raises:
            CallerGone: he gave up meanwhile; nothing has happened.

        """
        if call.sip_call not in self._undecided:
            raise CallerGone("the caller gave up before he was served")
        self._undecided.discard(call.sip_call)
        handle = CallHandle()
        leg = InboundLeg(self._seat(handle, facts), call)
        self._keep(leg, handle)
        leg.arrive()
        self._leg_changed(leg)
        return handle

    def refuse(self, sip_call: SipCallId, sip_status: int, reason: str = "") -> None:
        """Refuse a call that came in, in these words if there are any.

        Nothing happens when the caller has given up.
        """
        if sip_call in self._undecided:
            self._undecided.discard(sip_call)
            self._endpoint.reject(sip_call, sip_status, self._clock.now(), reason=reason)
            self._settle()

    def receive(self, data: bytes, host: str, port: int) -> None:
        """Take a datagram from the SIP socket."""
        self._endpoint.receive(Datagram(data, HostPort(host, port)), self._clock.now())
        self._settle()

    async def drain(self, grace: float, *, late: Callable[[], None] = lambda: None) -> None:
        """Wait `grace` seconds for the calls to end by themselves, then hang up the rest.

        `late` is called before that, for those who would place others in their stead.
        """
        try:
            async with asyncio.timeout(grace):
                await self._nothing_left.wait()
        except TimeoutError:
            late()
            for _, handle in list(self._legs.values()):
                handle.request_end(FAILED_HERE)
            await self._nothing_left.wait()

    async def _next_hop(self, route: Trunk | LocalRoute) -> HostPort:
        match route:
            case Trunk(_, host, port):
                return HostPort(await self._names.resolve(host), port)
            case LocalRoute():
                return self._endpoint.local
            case _:
                assert_never(route)

    def _new_leg(self) -> int:
        self._last_leg += 1
        return self._last_leg

    def _seat(self, handle: CallHandle, facts: FactSink) -> LegSeat:
        number = self._new_leg()

        def listen(event: CallEvent) -> None:
            if isinstance(event, Ended):
                self._forget(number)
            handle.take(event)

        return LegSeat(number, self._world, facts, listen)

    def _keep(self, leg: CallLeg, handle: CallHandle) -> None:
        handle.attach(leg)
        self._legs[leg.leg] = (leg, handle)
        self._nothing_left.clear()

    def _leg_changed(self, leg: CallLeg) -> None:
        if isinstance(leg, DialogLeg) and leg.sip_call is not None and leg.leg in self._legs:
            self._by_sip_call[leg.sip_call] = leg
        self._arm_leg(leg)
        self._settle()

    def _settle(self) -> None:
        if self._settling:
            return
        self._settling = True
        try:
            while True:
                events = self._endpoint.events()
                for datagram in self._endpoint.to_send():
                    self._send(datagram)
                for event in events:
                    self._dispatch(event)
                if self._to_ourselves:
                    self._endpoint.receive(self._to_ourselves.popleft(), self._clock.now())
                elif not events:
                    break
        finally:
            self._settling = False
        self._arm_sip()

    def _send(self, datagram: Datagram) -> None:
        """Send a datagram; one to ourselves needs no socket, whatever address we are told at."""
        if datagram.peer == self._endpoint.local:
            self._to_ourselves.append(datagram)
        else:
            self._datagrams.send(datagram.data, datagram.peer.host, datagram.peer.port)

    def _dispatch(self, event: sip.SipEvent) -> None:
        leg = self._by_sip_call.get(event.call)
        if leg is not None:
            leg.take(event)
            self._arm_leg(leg)
        elif isinstance(event, sip.Invited):
            self._arrived(event)
        elif isinstance(event, sip.Cancelled):
            self._undecided.discard(event.call)

    def _arrived(self, event: sip.Invited) -> None:
        """Ask what to do about a call, unless that is plain."""
        status = self._plain_refusal(event.request.body)
        if self._receptionist is None or status is not None:
            self._endpoint.reject(event.call, status or _NOT_FOUND, self._clock.now())
            return
        self._undecided.add(event.call)
        self._receptionist(replace(read_invitation(event), route=self._local_route(event)))

    def _local_route(self, arrived: sip.Invited) -> LocalRoute | None:
        """Find the call of ours that has come back to us: nobody else knows its Call-ID."""
        if arrived.source != self._endpoint.local:
            return None
        leg = self._by_sip_call.get(SipCallId(arrived.request.call_id))
        route = leg.plan.route if isinstance(leg, SipLeg) else None
        return route if isinstance(route, LocalRoute) else None

    def _plain_refusal(self, offer: bytes) -> int | None:
        if len(self._undecided) >= MAX_UNDECIDED:
            return _UNAVAILABLE
        try:
            if offer:
                check_offer(offer)
        except SdpError:
            return NOT_ACCEPTABLE_HERE
        return None

    def _forget(self, number: int) -> None:
        leg, _ = self._legs.pop(number)
        if isinstance(leg, DialogLeg) and leg.sip_call is not None:
            self._by_sip_call.pop(leg.sip_call, None)
        timer = self._leg_timers.pop(number, None)
        if timer is not None:
            timer.cancel()
        if not self._legs:
            self._nothing_left.set()

    def _arm_sip(self) -> None:
        deadline = self._endpoint.deadline()
        if self._sip_timer is not None:
            self._sip_timer.cancel()
            self._sip_timer = None
        if deadline is not None:
            self._sip_timer = self._call_at(Instant(deadline), self._sip_timer_fired)

    def _sip_timer_fired(self) -> None:
        self._sip_timer = None
        self._endpoint.handle_timer(self._clock.now())
        self._settle()

    def _arm_leg(self, leg: CallLeg) -> None:
        timer = self._leg_timers.pop(leg.leg, None)
        if timer is not None:
            timer.cancel()
        deadline = leg.deadline()
        if deadline is not None and leg.leg in self._legs:

            def fired() -> None:
                leg.handle_timer(self._clock.now())
                self._leg_changed(leg)

            self._leg_timers[leg.leg] = self._call_at(deadline, fired)

    def _call_at(self, deadline: Instant, action: Callable[[], None]) -> asyncio.TimerHandle:
        delay = max(0.0, deadline - self._clock.now())
        return asyncio.get_running_loop().call_later(delay, action)
