"""A leg of the engine on a wire: a real endpoint calls a real one, on virtual time.

The leg's world is `SilentWorkers`, and whatever it tells is written down.
"""

from dataclasses import dataclass, field, replace

from callwright.domain.call_events import CallEvent
from callwright.domain.facts import Fact
from callwright.domain.ids import CallId
from callwright.engine.call_leg import LegSeat, LegWorld
from callwright.engine.call_plan import CallPlan
from callwright.engine.capacity import Gate
from callwright.engine.sip_leg import SipLeg
from callwright.engine.trunk import Trunk
from callwright.protocol.sdp.offer_answer import RtpCodec, make_answer
from callwright.protocol.sip.events import Invited, SipEvent
from callwright.protocol.sip.values import SipCallId
from tests.sim.clock import VirtualClock
from tests.sim.media_workers import SilentWorkers
from tests.sim.wire import CALLEE_AT, Wire

PCMU_ONLY = (RtpCodec("PCMU", 0),)


@dataclass
class FactList:
    """Keeps what it is told."""

    facts: list[Fact] = field(default_factory=list)

    def tell(self, fact: Fact) -> None:
        self.facts.append(fact)

    def names(self) -> list[str]:
        return [type(fact).__name__ for fact in self.facts]


@dataclass
class Phone:
    """The far end: does at once, or when told, what a phone does."""

    wire: Wire
    status: int = 200
    """What it answers the INVITE with; 0 for nothing."""
    rings: bool = True
    answer: bytes | None = None
    """Another session description than the right one."""
    call: SipCallId | None = None

    def react(self, event: SipEvent, now: float) -> None:
        if not isinstance(event, Invited):
            return
        endpoint = self.wire.callee.endpoint
        self.call = event.call
        if self.rings:
            endpoint.ring(event.call, now)
        if self.status == 200:
            right, _ = make_answer(
                event.request.body, host="192.0.2.2", port=4000, supported=PCMU_ONLY, session_id=1
            )
            endpoint.accept(event.call, self.answer or right, now)
        elif self.status:
            endpoint.reject(event.call, self.status, now)

    def hang_up(self, now: float) -> None:
        assert self.call is not None
        self.wire.callee.endpoint.hang_up(self.call, now)


class LegBench:
    """One leg about to be placed towards a phone."""

    def __init__(
        self,
        *,
        workers: SilentWorkers | None = None,
        ring_timeout: float = 30.0,
        gate: Gate | None = None,
        wants_early_media: bool = False,
        sending_takes: float = 0.0,
    ) -> None:
        self.clock = VirtualClock(seconds=0.0)
        self.wire = Wire()
        self.wire.caller.react = self._take
        self.phone = Phone(self.wire)
        self.wire.callee.react = self.phone.react
        self.workers = workers or SilentWorkers()
        self.facts = FactList()
        self.told: list[CallEvent] = []
        world = LegWorld(
            calls=self.wire.caller.endpoint,
            workers=self.workers,
            clock=self.clock,
            media_host="192.0.2.1",
            changed=lambda _leg: self.clock.advance(sending_takes),
            new_leg=lambda: 99,
        )
        self.leg = SipLeg(
            LegSeat(1, world, self.facts, self.told.append),
            replace(_plan(ring_timeout), wants_early_media=wants_early_media),
            next_hop=CALLEE_AT,
            gate=gate or Gate(),
        )

    def place(self) -> None:
        self.leg.place()

    def run_for(self, seconds: float) -> None:
        """Let time pass in steps small enough for the leg's own timer."""
        end = self.clock.seconds + seconds
        while self.clock.seconds < end:
            step = min(end, self.clock.seconds + 0.1)
            self.wire.run_until(step)
            self.clock.seconds = step
            self.leg.handle_timer(self.clock.now())

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.told]

    def _take(self, event: SipEvent, now: float) -> None:
        self.clock.seconds = now
        self.leg.take(event)


def _plan(ring_timeout: float) -> CallPlan:
    return CallPlan(
        call_id=CallId("049136ca36e44662.2.9"),
        route=Trunk("sip:192.0.2.2", CALLEE_AT.host, CALLEE_AT.port),
        target="sip:441908273800@192.0.2.2:5060;user=phone",
        from_uri="sip:441908273801@sip-0-0-0.example.net",
        headers=(("X-AccountInfo", "bob/123456789"),),
        destination_address="tel:441908273800",
        originating_address="441908273801@sip-0-0-0.example.net",
        ring_timeout=ring_timeout,
        max_duration=600.0,
    )
