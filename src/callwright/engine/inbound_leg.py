"""A leg that somebody calls us on over SIP.

The order of a call: it rings at once, ports from the worker, perhaps sound before the answer, the
answer, its ACK, BYE from either side, ports given back. Until the answer the caller may give up,
and we may refuse.
"""

from dataclasses import dataclass
from typing import Final

from callwright.domain.call_control import CallState
from callwright.domain.call_events import EarlyMedia
from callwright.domain.causes import (
    FAILED_HERE,
    CallCause,
    EndCause,
    HangupCause,
    cause_of_sip_failure,
)
from callwright.engine.call_identity import CallIdentity
from callwright.engine.call_leg import MEDIA_PATIENCE, LegSeat
from callwright.engine.dialog_leg import DialogLeg
from callwright.engine.leg import LegEvent, LegState, next_state
from callwright.protocol.sip import events as sip
from callwright.protocol.sip.events import SipCallId

UNANSWERED_PATIENCE: Final = 300.0
"""Seconds that a caller is left without an answer. Networks give up after three minutes without
news (RFC 3261 16.6, Timer C); ours comes each minute, so that somebody has to."""

GIVEN_UP: Final = EndCause(HangupCause.NORMAL, CallCause.HUNG_UP, 487)
"""The caller hung up before the answer."""

_RINGING: Final = 180
_SESSION_PROGRESS: Final = 183
_DECLINED: Final = 603
_UNAVAILABLE: Final = 503
_TEMPORARILY_UNAVAILABLE: Final = 480
_REFUSALS: Final = range(400, 700)


@dataclass(frozen=True, slots=True)
class InboundCall:
    """A call that came in, as its leg needs it."""

    identity: CallIdentity
    sip_call: SipCallId
    offer: bytes
    """The caller's session description, which was checked; empty when he wants ours."""
    max_duration: float
    """Seconds from the answer."""
    is_local: bool = False
    """Whether it is the other side of a call of ours."""


class InboundLeg(DialogLeg):
    """One inbound call."""

    def __init__(self, seat: LegSeat, call: InboundCall) -> None:
        """Prepare; the caller has heard nothing but that we are trying."""
        super().__init__(seat, call.identity, sip_call=call.sip_call, is_local=call.is_local)
        self.call = call
        self._answer = b""
        self._wants_early_media = False
        self._headers: tuple[tuple[str, str], ...] | None = None

    def arrive(self) -> None:
        """Let it ring, and take ports."""
        self._begin()
        self.state = next_state(self.state, LegEvent.ARRIVE)
        self.world.calls.ring(self._its_call(), self._now(), status=_RINGING)
        self._wait(MEDIA_PATIENCE)
        self.media.open()

    # --- verbs ---

    def answer(self, headers: tuple[tuple[str, str], ...]) -> bool:
        """Answer as soon as there are ports; once is enough."""
        if self._headers is None:
            self._headers = headers
            self._go_on()
        return True

    def open_early_media(self) -> bool:
        """Let the caller hear us before the answer, as soon as there are ports.

        A caller who wants our offer can take none before the answer (RFC 3261 13.2.1): what is
        played to him is lost until then.
        """
        if not self._wants_early_media:
            self._wants_early_media = True
            self._go_on()
        return True

    def reject(self, sip_status: int) -> bool:
        """Refuse the caller, unless he is answered."""
        is_unanswered = self.state is LegState.INVITED
        if is_unanswered:
            self.hang_up(cause_of_sip_failure(sip_status))
        return is_unanswered

    # --- what the endpoint reports ---

    def take(self, event: sip.SipEvent) -> None:
        """Follow one event of this leg's SIP call."""
        match event:
            case sip.Cancelled():
                self._end(GIVEN_UP)
            case _:
                super().take(event)

    def _acknowledged(self, answer: bytes) -> None:
        if self.state is not LegState.ACCEPTING:
            super()._acknowledged(answer)
            return
        self.state = next_state(self.state, LegEvent.ANSWER)
        self._note_answer()
        if self.call.offer or self._take_answer(answer):
            self._tell_answered(self.call.max_duration)

    # --- what a leg of this kind knows ---

    def _leave(self, before: LegState) -> None:
        super()._leave(before)
        if before is LegState.INVITED:
            status = _refusal(self._cause or FAILED_HERE)
            self.world.calls.reject(self._its_call(), status, self._now())

    def _overdue(self) -> None:
        if self._negotiation.port:
            self.hang_up(cause_of_sip_failure(_TEMPORARILY_UNAVAILABLE))
        else:
            self.media_failed("the media worker gave no ports in time")

    def _opened(self, rtp_port: int) -> None:
        self._negotiation.port = rtp_port
        self._wait(UNANSWERED_PATIENCE)
        self._go_on()

    def _call_state(self, *, is_over: bool) -> CallState:
        if self._answered_at is None and not is_over:
            return CallState.INBOUND
        return super()._call_state(is_over=is_over)

    def _go_on(self) -> None:
        """Do what was asked for, as far as it can be done by now."""
        if self.state is not LegState.INVITED or not self._negotiation.port:
            return
        if self._wants_early_media and not self._has_early_media:
            self._has_early_media = True
            if self.call.offer:
                now = self._now()
                body = self._our_answer()
                self.world.calls.ring(self._its_call(), now, status=_SESSION_PROGRESS, body=body)
            self._tell(EarlyMedia())
        if self._headers is not None:
            self._accept(self._headers)
        self.world.changed(self)

    def _accept(self, headers: tuple[tuple[str, str], ...]) -> None:
        body = self._our_answer() if self.call.offer else self._negotiation.offer()
        self.state = next_state(self.state, LegEvent.ACCEPT)
        self._deadline = None
        self.world.calls.accept(self._its_call(), body, self._now(), headers=headers)

    def _our_answer(self) -> bytes:
        """Answer the caller's offer, the same in early media and in the 200 (RFC 3261 13.2.1)."""
        if not self._answer:
            self._answer, negotiated = self._negotiation.answer(self.call.offer)
            self.media.connect(negotiated)
        return self._answer


def _refusal(cause: EndCause) -> int:
    """Say why a call that is not answered ends: the cause's own status, if it is a refusal."""
    if cause.raw_cause in _REFUSALS:
        return cause.raw_cause
    return _UNAVAILABLE if cause == FAILED_HERE else _DECLINED
