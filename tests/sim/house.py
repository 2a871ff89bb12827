"""A whole engine on the event loop, and one far end with a telephone for each call.

Datagrams cross at once, sound is silent, and the clock stands: nothing here waits for time.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace

from callwright.domain.conference import UNRESERVED, RoomTerms
from callwright.domain.ids import AccountId, CallId, InstanceId
from callwright.domain.records import EXTRA_CHANNEL
from callwright.engine.call_identity import CallIdentity
from callwright.engine.call_plan import CallPlan, RoomPlan
from callwright.engine.call_sockets import CallSockets, SocketManners
from callwright.engine.capacity import Gate
from callwright.engine.conference import Participant
from callwright.engine.conference_handle import ConferenceHandle
from callwright.engine.handle import CallHandle
from callwright.engine.inbound_leg import InboundCall
from callwright.engine.invitation import Arrival
from callwright.engine.loop import Engine
from callwright.engine.negotiation import CODECS
from callwright.engine.ports import ForbiddenAddress, UnknownName
from callwright.engine.trunk import Trunk
from callwright.protocol.sdp.offer_answer import make_answer
from callwright.protocol.sip.endpoint import Datagram, Invitation
from callwright.protocol.sip.events import Invited, SipEvent
from callwright.protocol.sip.values import SipCallId
from tests.sim.clock import VirtualClock
from tests.sim.inbound import OFFER
from tests.sim.legs import FactList
from tests.sim.media_workers import SilentWorkers
from tests.sim.wire import CALLEE_AT, CALLER_AT, new_endpoint

ENDS_WITHIN = 10.0
"""Seconds of real time; a bound for a story that hangs, never waited out."""

ACCOUNT = AccountId(1)
INSTANCE = InstanceId("049136ca36e44662.7")


class House:
    """An engine at 192.0.2.1; the far end is at 192.0.2.2."""

    def __init__(self, workers: SilentWorkers | None = None) -> None:
        self.clock = VirtualClock(0.0)
        self.workers = workers or SilentWorkers()
        self.facts = FactList()
        self.heard: list[SipEvent] = []
        self.react: Callable[[Invited], None] = self.answer
        self.far_end = new_endpoint(CALLEE_AT)
        self.engine = Engine(
            new_endpoint(CALLER_AT),
            datagrams=self,
            workers=self.workers,
            names=self,
            clock=self.clock,
            sockets=CallSockets(self, SocketManners()),
            media_host="192.0.2.1",
        )
        self.called: list[SipCallId] = []
        """What the far end called."""
        self._last_call = 0

    async def resolve(self, host: str) -> str:
        return host

    async def address(self, host: str) -> str:
        """Say where a customer's server is: under `.invalid` none is, as RFC 6761 has it."""
        if host.endswith(".invalid"):
            raise UnknownName(f"the name {host!r} has no address")
        if host == "private.example":
            raise ForbiddenAddress("the host has a private address")
        return "192.0.2.3"

    def send(self, data: bytes, host: str, port: int) -> None:
        if (host, port) == CALLEE_AT:  # nobody is anywhere else
            asyncio.get_running_loop().call_soon(self._deliver, data)

    def settle(self) -> None:
        """Let the far end say what it has to say, and hear what it was told."""
        events = self.far_end.events()
        for datagram in self.far_end.to_send():
            asyncio.get_running_loop().call_soon(self.engine.receive, datagram.data, *CALLEE_AT)
        for event in events:
            self.heard.append(event)
            if isinstance(event, Invited):
                self.react(event)
        if events:
            self.settle()

    def answer(self, event: Invited) -> None:
        """Answer at once; what the far end does unless it is told otherwise."""
        self.far_end.ring(event.call, 0.0)
        self.far_end.accept(event.call, sdp_answer(event), 0.0)

    def early(self, event: Invited) -> None:
        """Be heard before the answer, which is left to the test."""
        self.far_end.ring(event.call, 0.0, status=183, body=sdp_answer(event))

    async def place(self, *, wants_early_media: bool = False, to: str = "tel:441") -> CallHandle:
        """Call the far end."""
        plan = replace(self._plan(to), wants_early_media=wants_early_media, beside=None)
        return await self.engine.place(plan, self.facts, Gate())

    async def answered(self, *, to: str = "tel:441") -> CallHandle:
        """Call the far end and wait for its answer."""
        handle = await self.place(to=to)
        await handle.answered()
        return handle

    def enter(
        self,
        name: str = "weekly",
        participant: Participant | None = None,
        *,
        terms: RoomTerms = UNRESERVED,
        account_id: AccountId | None = None,
    ) -> ConferenceHandle:
        """Enter a conference room."""
        plan = RoomPlan(
            self._call_id(),
            account_id or ACCOUNT,
            name,
            "reminder@example.net",
            "441",
            participant or Participant(),
            max_duration=600.0,
            channel_type=EXTRA_CHANNEL,
            instance_id=INSTANCE,
            terms=terms,
        )
        return self.engine.enter(plan, self.facts)

    def call_in(self, *, offer: bytes = OFFER, target: str = "sip:desk@192.0.2.1") -> SipCallId:
        """Let the far end call."""
        call = self.far_end.invite(invitation(target, offer), 0.0)
        self.called.append(call)
        self.settle()
        return call

    def take(self, arrival: Arrival) -> CallHandle:
        """Take a call that came in."""
        identity = CallIdentity(
            self._call_id(),
            arrival.destination_address,
            arrival.originating_address,
            arrival.parties(()),
        )
        call = InboundCall(
            identity,
            arrival.sip_call,
            arrival.offer,
            max_duration=600.0,
            is_local=arrival.route is not None,
        )
        return self.engine.take_call(call, self.facts)

    async def quiet(self) -> None:
        """Let everything happen that happens by itself."""
        for _ in range(50):
            await asyncio.sleep(0)

    def _deliver(self, data: bytes) -> None:
        self.far_end.receive(Datagram(data, CALLER_AT), 0.0)
        self.settle()

    def _call_id(self) -> CallId:
        self._last_call += 1
        return CallId(f"049136ca36e44662.{self._last_call}.9")

    def _plan(self, to: str) -> CallPlan:
        return CallPlan(
            call_id=self._call_id(),
            route=Trunk("sip:192.0.2.2", *CALLEE_AT),
            target="sip:441908273800@192.0.2.2:5060;user=phone",
            from_uri="sip:441908273801@example.net",
            headers=(),
            destination_address=to,
            originating_address="441908273801@example.net",
            ring_timeout=30.0,
            max_duration=600.0,
            call_from="441908273801",
        )


def invitation(target: str = "sip:desk@192.0.2.1", offer: bytes = OFFER) -> Invitation:
    """How the far end calls."""
    return Invitation(
        target=target,
        next_hop=CALLER_AT,
        from_uri="sip:441632960961@192.0.2.2",
        to_uri=target,
        body=offer,
        ring_timeout=60.0,
    )


def sdp_answer(event: Invited) -> bytes:
    """Answer an INVITE's offer."""
    answer, _ = make_answer(
        event.request.body, host="192.0.2.2", port=4000, supported=CODECS, session_id=1
    )
    return answer


def run(story: Coroutine[None, None, None]) -> None:
    """Run a story to its end."""

    async def bounded() -> None:
        async with asyncio.timeout(ENDS_WITHIN):
            await story

    asyncio.run(bounded())
