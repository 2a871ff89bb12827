"""Datagrams in, timers, datagrams out: the only part of the engine that waits.

Owns the SIP endpoint and the table of legs. After anything that happens, `_settle` sends what
wants to be sent, hands events to their legs, and arms one timer for the earliest deadline.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from callwright.domain.call_events import CallEvent, Ended
from callwright.domain.causes import FAILED_HERE
from callwright.domain.clock import Clock, Instant
from callwright.domain.facts import FactSink
from callwright.engine.call_plan import CallPlan
from callwright.engine.capacity import Gate
from callwright.engine.handle import CallHandle
from callwright.engine.ports import Datagrams, MediaWorkers, Names
from callwright.engine.sip_leg import LegWorld, SipLeg
from callwright.protocol.sip import events as sip
from callwright.protocol.sip.endpoint import Counters, Datagram, Endpoint
from callwright.protocol.sip.events import SipCallId
from callwright.protocol.sip.values import HostPort

_NOT_FOUND: Final = 404
"""Nobody can be called here before there are inbound services."""


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
        media_host: str,
    ) -> None:
        """Take what the engine works with; nothing starts before the first datagram or call."""
        self._endpoint = endpoint
        self._datagrams = datagrams
        self._names = names
        self._clock = clock
        self._world = LegWorld(
            calls=endpoint,
            workers=workers,
            clock=clock,
            media_host=media_host,
            changed=self._leg_changed,
        )
        self._last_leg = 0
        self._legs: dict[int, tuple[SipLeg, CallHandle]] = {}
        self._by_sip_call: dict[SipCallId, SipLeg] = {}
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
    def counters(self) -> Counters:
        """What the SIP endpoint has counted."""
        return self._endpoint.counters

    async def place(self, plan: CallPlan, facts: FactSink, gate: Gate) -> CallHandle:
        """Start a call, whose INVITE leaves through this gate; its handle tells how it goes.

        Raises:
            OSError: the trunk's name has no address.

        """
        address = await self._names.resolve(plan.trunk.host)
        self._last_leg += 1
        number = self._last_leg
        handle = CallHandle()

        def listen(event: CallEvent) -> None:
            if isinstance(event, Ended):
                self._forget(number)
            handle.take(event)

        leg = SipLeg(
            leg=number,
            plan=plan,
            next_hop=HostPort(address, plan.trunk.port),
            world=self._world,
            facts=facts,
            listener=listen,
            gate=gate,
        )
        handle.attach(leg)
        self._legs[number] = (leg, handle)
        self._nothing_left.clear()
        leg.place()
        self._leg_changed(leg)
        return handle

    def receive(self, data: bytes, host: str, port: int) -> None:
        """Take a datagram from the SIP socket."""
        self._endpoint.receive(Datagram(data, HostPort(host, port)), self._clock.now())
        self._settle()

    async def drain(self, grace: float) -> None:
        """Wait `grace` seconds for the calls to end by themselves, then hang up the rest."""
        try:
            async with asyncio.timeout(grace):
                await self._nothing_left.wait()
        except TimeoutError:
            for _, handle in list(self._legs.values()):
                handle.request_end(FAILED_HERE)
            await self._nothing_left.wait()

    def _leg_changed(self, leg: SipLeg) -> None:
        if leg.sip_call is not None and leg.leg in self._legs:
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
                    self._datagrams.send(datagram.data, datagram.peer.host, datagram.peer.port)
                if not events:
                    break
                for event in events:
                    self._dispatch(event)
        finally:
            self._settling = False
        self._arm_sip()

    def _dispatch(self, event: sip.SipEvent) -> None:
        leg = self._by_sip_call.get(event.call)
        if leg is not None:
            leg.take(event)
            self._arm_leg(leg)
        elif isinstance(event, sip.Invited):
            self._endpoint.reject(event.call, _NOT_FOUND, self._clock.now())

    def _forget(self, number: int) -> None:
        leg, _ = self._legs.pop(number)
        if leg.sip_call is not None:
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

    def _arm_leg(self, leg: SipLeg) -> None:
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
