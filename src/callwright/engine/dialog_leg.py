"""What both sides of a SIP call share: its end, re-INVITEs, and answers that come in an ACK."""

from typing import Final

from callwright.domain.causes import FAILED_HERE, HUNG_UP_BY_THEM
from callwright.engine.call_identity import CallIdentity
from callwright.engine.call_leg import CallLeg, LegSeat
from callwright.engine.leg import LegState
from callwright.engine.negotiation import Negotiation
from callwright.protocol.sdp.description import SdpError
from callwright.protocol.sip import events as sip
from callwright.protocol.sip.events import SipCallId

NOT_ACCEPTABLE_HERE: Final = 488


class DialogLeg(CallLeg):
    """One SIP call of ours."""

    def __init__(
        self,
        seat: LegSeat,
        identity: CallIdentity,
        *,
        sip_call: SipCallId | None,
        is_local: bool,
    ) -> None:
        """Prepare; `sip_call` is there for a call that came in.

        The sound of a local call, whose other side is here too, stays inside the machine.
        """
        super().__init__(seat, identity)
        self.sip_call = sip_call
        world = seat.world
        host = world.workers.inner_host if is_local else world.media_host
        self._negotiation = Negotiation(host, session_id=seat.leg)

    def take(self, event: sip.SipEvent) -> None:
        """Follow one event of this leg's SIP call; each side adds its own."""
        match event:
            case sip.HungUp():
                self._end(HUNG_UP_BY_THEM)
            case sip.CallEnded():
                self._end(FAILED_HERE)
            case sip.Reinvited(body=body):
                self._reinvited(body)
            case sip.Acknowledged(body=body):
                self._acknowledged(body)
            case _:
                # Events of the other side of a call.
                pass

    def _reinvited(self, offer: bytes) -> None:
        """Hold, resume and moved media: answered as offered (RFC 3264 8).

        Without an offer the far end asks for ours, and answers it in its ACK (RFC 3261 14.2).
        """
        call, calls = self._its_call(), self.world.calls
        if not offer:
            calls.answer_reinvite(call, self._negotiation.offer(), self._now())
            return
        try:
            answer, negotiated = self._negotiation.answer(offer)
        except SdpError:
            calls.reject_reinvite(call, NOT_ACCEPTABLE_HERE, self._now())
            return
        self.media.connect(negotiated)
        calls.answer_reinvite(call, answer, self._now())

    def _acknowledged(self, answer: bytes) -> None:
        """Take the answer to an offer of ours in a 200; one that can't be read ends the call."""
        if answer:
            self._take_answer(answer)

    def _take_answer(self, answer: bytes) -> bool:
        """Connect the sound as the far end's answer says; False: the call has to end."""
        try:
            self.media.connect(self._negotiation.take_answer(answer))
        except SdpError as problem:
            self.report(f"The answer's session description was refused: {problem}")
            self.hang_up(FAILED_HERE)
            return False
        return True

    def _leave(self, before: LegState) -> None:
        if before in {LegState.ANSWERED, LegState.ACCEPTING}:
            self.world.calls.hang_up(self._its_call(), self._now())

    def _its_call(self) -> SipCallId:
        assert self.sip_call is not None, "a leg past NEW has a SIP call"
        return self.sip_call
