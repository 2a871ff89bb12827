"""What every kind of leg does: its table, its facts, its sound. What it speaks is its kind's.

A leg is over when signalling and media both are, and it says so exactly once; the cause is that of
whatever ended it first.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, assert_never

from callwright.domain.call_control import CallSnapshot, CallState, WholeCallOrder
from callwright.domain.call_events import (
    Answered,
    CallEvent,
    Classified,
    Digit,
    Ended,
    GreetingOver,
    PlayOver,
    RecordingOver,
    SoundPiece,
)
from callwright.domain.causes import FAILED_HERE, HUNG_UP_BY_US, EndCause
from callwright.domain.clock import Clock, Instant
from callwright.domain.facts import (
    CallAnswered,
    CallOver,
    CallPlaced,
    DigitPressed,
    ErrorReported,
    FactSink,
    FarEndClassified,
)
from callwright.domain.far_end import Classification, ClassificationMode
from callwright.domain.records import ErrorCode
from callwright.engine import media_words
from callwright.engine.call_identity import CallIdentity
from callwright.engine.leg import LegEvent, LegState, next_state
from callwright.engine.media_session import MediaEvent, MediaSession
from callwright.engine.ports import MediaWorkers
from callwright.engine.sip_calls import SipCalls
from callwright.worker import rpc

MEDIA_PATIENCE: Final = 5.0
"""Seconds a worker may take to open or close a leg; it needs microseconds, so one that takes
this long hangs, and its calls must end rather than hang with it."""

_PICKED_UP_FIRST: Final = "tel:1"
"""Destinations whose networks may connect while it still rings: the North American numbering
plan (web services 22.3)."""


class Joint(Protocol):
    """What joins a leg to another one."""

    def end(self) -> None:
        """Part both."""
        ...


@dataclass(frozen=True, slots=True)
class LegWorld:
    """What all legs of one engine share."""

    calls: SipCalls
    workers: MediaWorkers
    clock: Clock
    media_host: str
    """The address that descriptions name for sound."""
    changed: Callable[["CallLeg"], None]
    """Called after anything that may have made the endpoint or the leg want attention."""
    new_leg: Callable[[], int]
    """Gives a number to a leg; none is given twice."""


@dataclass(frozen=True, slots=True)
class LegSeat:
    """Where a leg stands, and who hears of it."""

    leg: int
    """The number that its media worker knows it by."""
    world: LegWorld
    facts: FactSink
    listener: Callable[[CallEvent], None]


class CallLeg(ABC):
    """One call."""

    def __init__(self, seat: LegSeat, identity: CallIdentity) -> None:
        """Prepare; nothing is sent and nothing told yet."""
        self.leg = seat.leg
        self.identity = identity
        self.state = LegState.NEW
        self.media = MediaSession(seat.leg, seat.world.workers, self)
        self.joint: Joint | None = None
        self.world = seat.world
        self.facts = seat.facts
        self._listener = seat.listener
        self._cause: EndCause | None = None
        self._has_early_media = False
        self._answered_at: Instant | None = None
        self._over_at: Instant | None = None
        self._deadline: Instant | None = None
        self._media_closed = False
        self._whole_call: set[int] = set()

    @property
    def can_be_heard(self) -> bool:
        """Whether sound flows."""
        return self.state is LegState.ANSWERED or self._has_early_media

    def snapshot(self) -> CallSnapshot:
        """Return how the call is now."""
        is_over = self.state is LegState.OVER and self._media_closed
        until = self._over_at if self._over_at is not None else self._now()
        return CallSnapshot(
            call_id=self.identity.call_id,
            state=self._call_state(is_over=is_over),
            duration=until - self._answered_at if self._answered_at is not None else 0.0,
            cause=self._cause if is_over else None,
        )

    def deadline(self) -> Instant | None:
        """When `handle_timer` wants to be called."""
        return self._deadline

    def handle_timer(self, now: Instant) -> None:
        """Act on what took too long: the worker, the far end, or the call itself."""
        if self._deadline is None or now < self._deadline:
            return
        self._deadline = None
        if self.state is LegState.ANSWERED:
            self.hang_up(HUNG_UP_BY_US)
        elif self.state is LegState.OVER:
            self.media.abandon()
        else:
            self._overdue()

    # --- verbs ---

    def hang_up(self, cause: EndCause) -> None:
        """End the call, wherever it is; does nothing when it is ending already."""
        if self.state in {LegState.CLEARING, LegState.OVER}:
            return
        before, self.state = self.state, next_state(self.state, LegEvent.HANG_UP)
        self._cause = self._cause or cause
        self._deadline = None
        self._leave(before)
        if self.state is LegState.OVER:
            self._close_media()
        self.world.changed(self)

    def answer(self, headers: tuple[tuple[str, str], ...]) -> bool:  # noqa: ARG002 - inbound's
        """Answer a caller; False: there is none."""
        return False

    def open_early_media(self) -> bool:
        """Let a caller hear us before the answer; False: there is no such caller."""
        return False

    def reject(self, sip_status: int) -> bool:  # noqa: ARG002 - the same
        """Refuse a caller; False: there is none, or he has been answered."""
        return False

    def classify(self, how: Classification) -> ClassificationMode:
        """Begin to find out what answered; returns the mode that is meant."""
        mode = how.mode
        if mode is ClassificationMode.DEFAULT:
            is_early = self.identity.destination_address.startswith(_PICKED_UP_FIRST)
            mode = (
                ClassificationMode.ANSWER_DETECT if is_early else ClassificationMode.NETWORK_CONNECT
            )
        self.media.classify(mode, how.timeout)
        return mode

    def record_whole_call(self, order: WholeCallOrder) -> None:
        """Record both sides until the end."""
        self._whole_call.add(self.media.record_whole_call(order))

    # --- what a kind of leg knows ---

    @abstractmethod
    def _leave(self, before: LegState) -> None:
        """Tell the far end that we want the call to end; `state` has followed the table."""

    @abstractmethod
    def _overdue(self) -> None:
        """Act on the deadline of a call that is not answered."""

    @abstractmethod
    def _opened(self, rtp_port: int) -> None:
        """Go on, now that there is sound."""

    def _call_state(self, *, is_over: bool) -> CallState:
        is_answered = self._answered_at is not None and not is_over
        return CallState.ANSWERED if is_answered else CallState.IDLE

    # --- what the media worker reports ---

    def media_opened(self, rtp_port: int) -> None:
        """Go on with the call."""
        self._deadline = None
        self._opened(rtp_port)
        self.world.changed(self)

    def media_failed(self, problem: str) -> None:
        """End the call: without sound there is nothing to say."""
        self.report(f"The media worker failed: {problem}")
        self.hang_up(FAILED_HERE)

    def media_closed(self) -> None:
        """Tell that the leg is over, when signalling is over too."""
        self._media_closed = True
        self._deadline = None
        if self.state is LegState.OVER:
            self._tell(Ended(self._cause or FAILED_HERE))
        self.world.changed(self)

    def media_event(self, event: MediaEvent) -> None:
        """Pass on what happened in the sound."""
        at, call_id = self.world.clock.unix_time(), self.identity.call_id
        match event:
            case rpc.DigitReceived(digit=digit):
                self.facts.tell(DigitPressed(at, call_id, digit))
                self._tell(Digit(digit))
            case rpc.PlayEnded():
                self._tell(PlayOver(event.play, event.finished, event.problem))
            case rpc.RecordEnded():
                self._recording_over(event)
            case rpc.SoundHeard():
                self._tell(SoundPiece(event.listening, event.sound, event.is_last))
            case rpc.FarEndClassified():
                far_end = media_words.far_end(event)
                self.facts.tell(FarEndClassified(at, call_id, far_end))
                self._tell(Classified(far_end))
            case rpc.GreetingEnded():
                self._tell(GreetingOver())
            case rpc.SocketConnected() | rpc.SocketEnded():
                self._socket_event(event)
            case _:
                assert_never(event)

    def _socket_event(self, event: rpc.SocketConnected | rpc.SocketEnded) -> None:
        """Follow the WebSocket of a leg that has one."""
        raise AssertionError(f"{event} of a leg without a WebSocket")

    def _recording_over(self, ended: rpc.RecordEnded) -> None:
        if ended.recording in self._whole_call and ended.problem:
            self.report(f"The call could not be recorded: {ended.problem}", ErrorCode.INTERNAL)
        self._tell(
            RecordingOver(ended.recording, ended.duration, ended.contains_sound, ended.problem)
        )

    # --- helpers of all kinds ---

    def _begin(self) -> None:
        """Tell that there is a call."""
        identity = self.identity
        self.facts.tell(
            CallPlaced(
                at=self.world.clock.unix_time(),
                call_id=identity.call_id,
                destination_address=identity.destination_address,
                originating_address=identity.originating_address,
                trunk=identity.trunk,
                direction=identity.parties.direction,
                channel_type=identity.channel_type,
            )
        )

    def _note_answer(self) -> None:
        """Count from now."""
        self._answered_at = self._now()
        at = self.world.clock.unix_time()
        self.facts.tell(CallAnswered(at=at, call_id=self.identity.call_id))

    def _tell_answered(self, max_duration: float) -> None:
        """Say that sound flows, and end the call after so many seconds."""
        self._wait(max_duration)
        self._tell(Answered(self.media.encoding))

    def _end(self, cause: EndCause) -> None:
        """Follow the far end, or our wish that was carried out."""
        if self.state is LegState.OVER:
            return
        self.state = next_state(self.state, LegEvent.END)
        self._cause = self._cause or cause
        self._close_media()

    def _close_media(self) -> None:
        if self._over_at is not None:
            # The wish to end was carried out while it was uttered.
            return
        if self.joint is not None:
            self.joint.end()
        self._over_at = self._now()
        self.facts.tell(
            CallOver(
                at=self.world.clock.unix_time(),
                call_id=self.identity.call_id,
                cause=self._cause or FAILED_HERE,
            )
        )
        self._wait(MEDIA_PATIENCE)
        self.media.close()

    def report(self, text: str, code: ErrorCode = ErrorCode.CALL_FAILED) -> None:
        """Tell the customer of something that went wrong."""
        self.facts.tell(ErrorReported(at=self.world.clock.unix_time(), code=code, text=text))

    def _tell(self, event: CallEvent) -> None:
        self._listener(event)

    def _wait(self, seconds: float) -> None:
        self._deadline = Instant(self._now() + seconds)

    def _now(self) -> Instant:
        return self.world.clock.now()
