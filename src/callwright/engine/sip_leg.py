"""A leg over SIP: binds the endpoint and a media session to the leg's table.

The order of a call: ports from the worker, a wait until the rates let the INVITE leave, INVITE
with an offer, alerting, the answer and sound, BYE from either side, ports given back. A leg is
over when SIP and media both are, and it says so exactly once; the cause is that of whatever ended
it first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from callwright.domain.call_control import CallSnapshot, CallState
from callwright.domain.call_events import (
    Answered,
    CallEvent,
    Digit,
    Ended,
    PlayOver,
    RecordingOver,
    Ringing,
)
from callwright.domain.causes import (
    FAILED_HERE,
    HUNG_UP_BY_THEM,
    HUNG_UP_BY_US,
    EndCause,
    cause_of_sip_failure,
)
from callwright.domain.clock import Clock, Instant
from callwright.domain.facts import (
    CallAnswered,
    CallOver,
    CallPlaced,
    CallRinging,
    DigitPressed,
    ErrorReported,
    FactSink,
)
from callwright.domain.records import ErrorCode
from callwright.engine.call_plan import CallPlan
from callwright.engine.capacity import Gate
from callwright.engine.leg import LegEvent, LegState, next_state
from callwright.engine.media_session import MediaSession
from callwright.engine.ports import MediaWorkers
from callwright.protocol.sdp.description import SdpError
from callwright.protocol.sdp.offer_answer import (
    RtpCodec,
    make_answer,
    make_offer,
    read_answer,
)
from callwright.protocol.sip import events as sip
from callwright.protocol.sip.endpoint import Invitation
from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.events import SipCallId
from callwright.protocol.sip.values import HostPort
from callwright.worker import rpc

CODECS: Final = (RtpCodec("PCMA", 8), RtpCodec("PCMU", 0))
"""What we offer, in this order: A-law is what most of the world's trunks carry."""

MEDIA_PATIENCE: Final = 5.0
"""Seconds a worker may take to open or close a leg; it needs microseconds, so one that takes
this long hangs, and its calls must end rather than hang with it."""


_ALERTING: Final = frozenset({180, 181, 182, 183})
"""Provisional responses that say that somebody is being alerted (RFC 3261 21.1)."""

_NOT_ACCEPTABLE_HERE: Final = 488


class SipCalls(Protocol):
    """The part of the SIP endpoint that a leg uses."""

    def invite(self, invitation: Invitation, now: float) -> SipCallId:
        """Start a call."""
        ...

    def cancel(self, call: SipCallId, now: float) -> None:
        """Give up before the answer."""
        ...

    def hang_up(self, call: SipCallId, now: float, *, reason: str | None = None) -> None:
        """End an answered call."""
        ...

    def answer_reinvite(self, call: SipCallId, body: bytes, now: float) -> None:
        """Accept a new offer inside the call."""
        ...

    def reject_reinvite(self, call: SipCallId, status: int, now: float) -> None:
        """Refuse a new offer inside the call; the call goes on as it was."""
        ...


@dataclass(frozen=True, slots=True)
class LegWorld:
    """What all legs of one engine share."""

    calls: SipCalls
    workers: MediaWorkers
    clock: Clock
    media_host: str
    """The address that offers name for sound."""
    changed: Callable[["SipLeg"], None]
    """Called after anything that may have made the endpoint or the leg want attention."""


@dataclass(slots=True)
class SipLeg:
    """One outbound call; `leg` is the number its media worker knows it by."""

    leg: int
    plan: CallPlan
    next_hop: HostPort
    world: LegWorld
    facts: FactSink
    listener: Callable[[CallEvent], None]
    gate: Gate = field(default_factory=Gate)
    sip_call: SipCallId | None = None
    state: LegState = LegState.NEW
    media: MediaSession = field(init=False)
    _offer: bytes = b""
    _early_answer: bytes = b""
    _rtp_port: int = 0
    _version: int = 1
    _answered_at: Instant | None = None
    _over_at: Instant | None = None
    _cause: EndCause | None = None
    _deadline: Instant | None = None
    _media_closed: bool = False

    def __post_init__(self) -> None:
        """Prepare the conversation with a media worker; nothing is sent yet."""
        self.media = MediaSession(self.leg, self.world.workers, self)

    # --- verbs ---

    def place(self) -> None:
        """Take ports and then call."""
        self.facts.tell(
            CallPlaced(
                at=self.world.clock.unix_time(),
                call_id=self.plan.call_id,
                destination_address=self.plan.destination_address,
                originating_address=self.plan.originating_address,
                trunk=self.plan.trunk.name,
            )
        )
        self._wait(MEDIA_PATIENCE)
        self.media.open()

    def hang_up(self, cause: EndCause) -> None:
        """End the call, wherever it is; does nothing when it is ending already."""
        if self.state in {LegState.CLEARING, LegState.OVER}:
            return
        before, self.state = self.state, next_state(self.state, LegEvent.HANG_UP)
        self._cause = self._cause or cause
        self._deadline = None
        if before is LegState.ANSWERED:
            self.world.calls.hang_up(self._sip_call(), self._now())
        elif self.state is LegState.CLEARING:
            self.world.calls.cancel(self._sip_call(), self._now())
        else:
            self._close_media()
        self.world.changed(self)

    def snapshot(self) -> CallSnapshot:
        """Return how the call is now."""
        over = self.state is LegState.OVER and self._media_closed
        answered = self._answered_at is not None
        until = self._over_at if self._over_at is not None else self._now()
        return CallSnapshot(
            call_id=self.plan.call_id,
            state=CallState.ANSWERED if answered and not over else CallState.IDLE,
            duration=until - self._answered_at if self._answered_at is not None else 0.0,
            cause=self._cause if over else None,
        )

    def deadline(self) -> Instant | None:
        """When `handle_timer` wants to be called."""
        return self._deadline

    def handle_timer(self, now: Instant) -> None:
        """Act on what took too long: the worker, or the call itself."""
        if self._deadline is None or now < self._deadline:
            return
        self._deadline = None
        if self.state is LegState.NEW and self._offer:
            self._invite()
        elif self.state is LegState.NEW:
            self.media_failed("the media worker gave no ports in time")
        elif self.state is LegState.ANSWERED:
            self.hang_up(HUNG_UP_BY_US)
        elif self.state is LegState.OVER:
            self.media.abandon()

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
            case sip.HungUp():
                self._end(HUNG_UP_BY_THEM)
            case sip.CallEnded():
                self._end(FAILED_HERE)
            case sip.Reinvited(body=body):
                self._reinvited(body)
            case _:
                # Events of the answering side; this leg only calls.
                pass

    def _progress(self, status: int, body: bytes) -> None:
        if body and not self._early_answer:
            self._early_answer = body
        if self.state is LegState.CALLING and status in _ALERTING:
            self.state = next_state(self.state, LegEvent.RING)
            at = self.world.clock.unix_time()
            self.facts.tell(CallRinging(at=at, call_id=self.plan.call_id, sip_status=status))
            self.listener(Ringing())

    def _answered(self, body: bytes) -> None:
        self.state = next_state(self.state, LegEvent.ANSWER)
        if self.state is not LegState.ANSWERED:
            return
        self._answered_at = self._now()
        at = self.world.clock.unix_time()
        self.facts.tell(CallAnswered(at=at, call_id=self.plan.call_id))
        try:
            self.media.connect(read_answer(self._offer, body))
        except SdpError as problem:
            self._report(f"The answer's session description was refused: {problem}")
            self.hang_up(FAILED_HERE)
            return
        self._wait(self.plan.max_duration)
        self.listener(Answered(self.media.encoding))

    def _failed(self, event: sip.CallFailed) -> None:
        cause = cause_of_sip_failure(event.status)
        if event.is_local and not event.timed_out and not event.cancelled:
            self._report(f"No response to the INVITE from {self.plan.trunk.name}")
        self._end(cause)

    def _reinvited(self, offer: bytes) -> None:
        """Hold, resume and moved media: answered as offered, RFC 3264 8."""
        call = self._sip_call()
        self._version += 1
        try:
            answer, negotiated = make_answer(
                offer,
                host=self.world.media_host,
                port=self._rtp_port,
                supported=CODECS,
                session_id=self.leg,
                session_version=self._version,
            )
        except SdpError:
            self.world.calls.reject_reinvite(call, _NOT_ACCEPTABLE_HERE, self._now())
            return
        self.media.connect(negotiated)
        self.world.calls.answer_reinvite(call, answer, self._now())

    def _end(self, cause: EndCause) -> None:
        if self.state is LegState.OVER:
            return
        self.state = next_state(self.state, LegEvent.END)
        self._cause = self._cause or cause
        self._close_media()

    # --- what the media worker reports ---

    def media_opened(self, rtp_port: int) -> None:
        """Call, now that we know where we listen."""
        self._rtp_port = rtp_port
        self._offer = make_offer(
            host=self.world.media_host, port=rtp_port, codecs=CODECS, session_id=self.leg
        )
        self._invite()

    def _invite(self) -> None:
        """Send the INVITE, or come again when it may leave.

        What the gate counts is what the trunk sees: the moment after it was sent.
        """
        now, free_at = self._now(), self.gate.free_at()
        if now < free_at:
            self._deadline = free_at
            self.world.changed(self)
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
            self._report(f"The call could not be written as SIP: {problem}")
            self._end(FAILED_HERE)
        else:
            self.state = next_state(self.state, LegEvent.INVITE)
            self._deadline = None
        self.world.changed(self)
        self.gate.left(self._now())

    def media_failed(self, problem: str) -> None:
        """End the call: without sound there is nothing to say."""
        self._report(f"The media worker failed: {problem}")
        if self.state is LegState.NEW:
            self._end(FAILED_HERE)
            self.world.changed(self)
        else:
            self.hang_up(FAILED_HERE)

    def media_closed(self) -> None:
        """Tell that the leg is over, when SIP is over too."""
        self._media_closed = True
        self._deadline = None
        self._tell_over()
        self.world.changed(self)

    def digit_received(self, digit: str) -> None:
        """Pass a key on."""
        at = self.world.clock.unix_time()
        self.facts.tell(DigitPressed(at=at, call_id=self.plan.call_id, digit=digit))
        self.listener(Digit(digit))

    def play_over(self, ended: rpc.PlayEnded) -> None:
        """Pass the end of a play on."""
        self.listener(PlayOver(ended.play, ended.finished, ended.problem))

    def recording_over(self, ended: rpc.RecordEnded) -> None:
        """Pass the end of a recording on."""
        self.listener(
            RecordingOver(ended.recording, ended.duration, ended.contains_sound, ended.problem)
        )

    # --- helpers ---

    def _close_media(self) -> None:
        self._over_at = self._now()
        self.facts.tell(
            CallOver(
                at=self.world.clock.unix_time(),
                call_id=self.plan.call_id,
                cause=self._cause or FAILED_HERE,
            )
        )
        self._wait(MEDIA_PATIENCE)
        self.media.close()

    def _tell_over(self) -> None:
        if self.state is LegState.OVER:
            self.listener(Ended(self._cause or FAILED_HERE))

    def _report(self, text: str) -> None:
        at = self.world.clock.unix_time()
        self.facts.tell(ErrorReported(at=at, code=ErrorCode.CALL_FAILED, text=text))

    def _sip_call(self) -> SipCallId:
        assert self.sip_call is not None, "a leg past NEW has a SIP call"
        return self.sip_call

    def _wait(self, seconds: float) -> None:
        self._deadline = Instant(self._now() + seconds)

    def _now(self) -> Instant:
        return self.world.clock.now()
