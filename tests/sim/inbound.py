"""An inbound leg on a wire: a caller's endpoint calls that of the leg, on virtual time."""

from callwright.domain.call_events import CallEvent
from callwright.domain.ids import CallId
from callwright.engine.call_identity import CallIdentity
from callwright.engine.call_leg import LegSeat, LegWorld
from callwright.engine.inbound_leg import InboundCall, InboundLeg
from callwright.engine.invitation import read_invitation
from callwright.engine.negotiation import CODECS
from callwright.protocol.sdp.offer_answer import make_answer, make_offer
from callwright.protocol.sip.endpoint import Invitation
from callwright.protocol.sip.events import Answered, Invited, Progress, SipEvent
from callwright.protocol.sip.values import SipCallId
from tests.sim.clock import VirtualClock
from tests.sim.legs import FactList
from tests.sim.media_workers import SilentWorkers
from tests.sim.wire import CALLEE_AT, Wire

OFFER = make_offer(host="192.0.2.1", port=4000, codecs=CODECS, session_id=1)


class InboundBench:
    """A caller, and a leg that rings as soon as the INVITE is there."""

    def __init__(self, *, workers: SilentWorkers | None = None) -> None:
        self.clock = VirtualClock(seconds=0.0)
        self.wire = Wire()
        self.wire.callee.react = self._take
        self.workers = workers or SilentWorkers()
        self.facts = FactList()
        self.told: list[CallEvent] = []
        self.world = LegWorld(
            calls=self.wire.callee.endpoint,
            workers=self.workers,
            clock=self.clock,
            media_host="192.0.2.2",
            changed=lambda _leg: None,
            new_leg=lambda: 99,
        )
        self.arrived: list[InboundLeg] = []
        self.call: SipCallId | None = None

    @property
    def leg(self) -> InboundLeg:
        [leg] = self.arrived
        return leg

    def ring(self, *, offer: bytes = OFFER) -> None:
        """Call, and let it ring."""
        self.call = self.wire.caller.endpoint.invite(
            Invitation(
                target="sip:desk@192.0.2.2",
                next_hop=CALLEE_AT,
                from_uri="sip:441632960961@192.0.2.1",
                to_uri="sip:desk@192.0.2.2",
                body=offer,
                ring_timeout=3600.0,
            ),
            self.wire.now,
        )
        self.run_for(0.5)

    def run_for(self, seconds: float) -> None:
        """Let time pass in steps small enough for the leg's own timer."""
        end = self.clock.seconds + seconds
        while self.clock.seconds < end:
            step = min(end, self.clock.seconds + 0.1)
            self.wire.run_until(step)
            self.clock.seconds = step
            for leg in self.arrived:
                leg.handle_timer(self.clock.now())

    def caller_heard(self) -> list[int]:
        """The statuses that reached the caller's program, 200 for an answer."""
        statuses = []
        for event in self.wire.caller.events:
            if isinstance(event, Progress):
                statuses.append(event.status)
            elif isinstance(event, Answered):
                statuses.append(200)
        return statuses

    def bodies(self) -> list[bytes]:
        """The session descriptions that reached the caller."""
        return [
            event.body
            for event in self.wire.caller.events
            if isinstance(event, Progress | Answered) and event.body
        ]

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.told]

    def _take(self, event: SipEvent, now: float) -> None:
        self.clock.seconds = now
        if isinstance(event, Invited):
            self._arrive(event)
        else:
            self.leg.take(event)

    def _arrive(self, event: Invited) -> None:
        arrival = read_invitation(event)
        identity = CallIdentity(
            CallId("049136ca36e44662.2.9"),
            arrival.destination_address,
            arrival.originating_address,
            arrival.parties(()),
        )
        call = InboundCall(identity, event.call, arrival.offer, max_duration=600.0)
        leg = InboundLeg(LegSeat(1, self.world, self.facts, self.told.append), call)
        self.arrived.append(leg)
        leg.arrive()


def answer_to(offer: bytes) -> bytes:
    """Answer an offer as a phone would."""
    answer, _ = make_answer(offer, host="192.0.2.1", port=4000, supported=CODECS, session_id=1)
    return answer
