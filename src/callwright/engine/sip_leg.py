"""A leg that calls somebody over SIP: binds the endpoint and a media session to the leg's table.

The order of a call: ports from the worker, a wait until the rates let the INVITE leave, INVITE
with an offer, alerting, the answer and sound, BYE from either side, ports given back.
"""

from typing import Final

from callwright.domain.call_events import EarlyMedia, Ringing
from callwright.domain.causes import (
    CANCELLED_BY_US,
    FAILED_HERE,
    HUNG_UP_BY_US,
    EndCause,
    cause_of_sip_failure,
)
from callwright.domain.facts import CallRinging
from callwright.engine.call_leg import MEDIA_PATIENCE, LegSeat
from callwright.engine.call_plan import CallPlan, LocalRoute
from callwright.engine.capacity import Gate
from callwright.engine.dialog_leg import DialogLeg
from callwright.engine.leg import LegEvent, LegState, next_state
from callwright.engine.trunk import Trunk
from callwright.protocol.sdp.description import SdpError
from callwright.protocol.sip import events as sip
from callwright.protocol.sip.endpoint import Invitation
from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.values import HostPort

_ALERTING: Final = frozenset({180, 181, 182, 183})
"""Provisional responses that say that somebody is being alerted (RFC 3261 21.1)."""


class SipLeg(DialogLeg):
    """One outbound call."""

    def __init__(
        self, seat: LegSeat, plan: CallPlan, *, next_hop: HostPort, gate: Gate | None = None
    ) -> None:
        """Prepare; the INVITE goes to `next_hop`, through `gate`."""
        is_local = isinstance(plan.route, LocalRoute)
        super().__init__(seat, plan.identity, sip_call=None, is_local=is_local)
        self.plan = plan
        self.next_hop = next_hop
        self.gate = gate or Gate()
        self._offer = b""
        self._early_answer = b""

    def place(self) -> None:
        """Take ports and then call."""
        self._begin()
        self._wait(MEDIA_PATIENCE)
        self.media.open(beside=self.plan.beside)

    def hang_up(self, cause: EndCause) -> None:
        """End the call; of one that nobody has answered it is said that we gave it up."""
        is_unanswered = self.state in {LegState.NEW, LegState.CALLING, LegState.RINGING}
        is_given_up = is_unanswered and cause == HUNG_UP_BY_US
        super().hang_up(CANCELLED_BY_US if is_given_up else cause)

    # --- what the endpoint reports ---

    def take(self, event: sip.SipEvent) -> None:
        """Follow one event of this leg's SIP call."""
        match event:
            case sip.Progress(status=status, body=body):
                self._progress(status, body)
            case sip.Answered(body=body):
                self._answered(body or self._early_answer)
            case sip.CallFailed():
                self._failed(event)
            case _:
                super().take(event)

    def _progress(self, status: int, body: bytes) -> None:
        if self.state is LegState.CALLING and status in _ALERTING:
            self.state = next_state(self.state, LegEvent.RING)
            at = self.world.clock.unix_time()
            call_id = self.identity.call_id
            self.facts.tell(CallRinging(at=at, call_id=call_id, sip_status=status))
            self._tell(Ringing())
        if body and not self._early_answer:
            self._early_answer = body
            if self.plan.wants_early_media and self.state is LegState.RINGING:
                self._hear_early(body)

    def _hear_early(self, answer: bytes) -> None:
        """Let sound flow before the answer (RFC 3960 3.1); what can't be read is not heard."""
        try:
            self.media.connect(self._negotiation.take_answer(answer))
        except SdpError:
            return
        self._has_early_media = True
        self._tell(EarlyMedia())

    def _answered(self, body: bytes) -> None:
        self.state = next_state(self.state, LegEvent.ANSWER)
        if self.state is not LegState.ANSWERED:
            return
        self._note_answer()
        if self._take_answer(body):
            self._tell_answered(self.plan.max_duration)

    def _failed(self, event: sip.CallFailed) -> None:
        cause = cause_of_sip_failure(event.status)
        match self.plan.route:
            case LocalRoute() if self.state is LegState.CALLING and not event.is_local:
                # It has not rung: no application has refused it, our reception has, and says why.
                self.report(f"{self.identity.destination_address} is not called: {event.reason}")
            case Trunk(name=name) if event.is_local and not (event.timed_out or event.cancelled):
                self.report(f"No response to the INVITE from {name}")
            case _:
                pass
        self._end(cause)

    # --- what a leg of this kind knows ---

    def _leave(self, before: LegState) -> None:
        super()._leave(before)
        if before in {LegState.CALLING, LegState.RINGING}:
            self.world.calls.cancel(self._its_call(), self._now())

    def _overdue(self) -> None:
        if self.state is LegState.NEW and self._offer:
            self._invite()
            self.world.changed(self)
        elif self.state is LegState.NEW:
            self.media_failed("the media worker gave no ports in time")

    def _opened(self, rtp_port: int) -> None:
        """Call, now that we know where we listen."""
        self._negotiation.port = rtp_port
        self._offer = self._negotiation.offer()
        self._invite()

    def _invite(self) -> None:
        """Send the INVITE, or come again when it may leave.

        What the gate counts is what the trunk sees: the moment after it was sent.
        """
        now, free_at = self._now(), self.gate.free_at()
        if now < free_at:
            self._deadline = free_at
            return
        self.gate.note(now)
        invitation = Invitation(
            target=self.plan.target,
            next_hop=self.next_hop,
            from_uri=self.plan.from_uri,
            to_uri=self.plan.target,
            body=self._offer,
            ring_timeout=self.plan.ring_timeout,
            headers=self.plan.headers,
        )
        try:
            self.sip_call = self.world.calls.invite(invitation, now)
        except LocalSipError as problem:
            self.report(f"The call could not be written as SIP: {problem}")
            self._end(FAILED_HERE)
        else:
            self.state = next_state(self.state, LegEvent.INVITE)
        self.world.changed(self)
        self.gate.left(self._now())
