"""The awaitable face of a leg: `CallControl` for applications.

Several handles of one application may wait on it at once; the leg's events wake them all, and each
looks whether it was meant. Keys wait in the type-ahead buffer until somebody takes them.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from callwright.domain.call_control import (
    TYPE_AHEAD_DIGITS,
    CallControl,
    CallIsOver,
    CallSnapshot,
    Hearing,
    MediaFault,
    PlayOutcome,
    RecordingCut,
    RecordingOrder,
    RecordingOutcome,
    Side,
    Sound,
    WholeCallOrder,
)
from callwright.domain.call_events import (
    Answered,
    CallEvent,
    Classified,
    Digit,
    EarlyMedia,
    Ended,
    GreetingOver,
    PlayOver,
    RecordingOver,
    Ringing,
    RoomChanged,
    SoundPiece,
)
from callwright.domain.call_parties import CallParties
from callwright.domain.causes import HUNG_UP_BY_US, EndCause
from callwright.domain.far_end import Classification, ClassificationMode, FarEnd, FarEndType
from callwright.engine.call_leg import CallLeg
from callwright.engine.hearing import SoundHearing
from callwright.engine.joining import join

VERDICT_PATIENCE: Final = 1.0
"""Seconds beyond its time that the media worker has for a verdict; it needs one tick."""

PICK_UP_PATIENCE: Final = 60.0
"""Seconds that a network may let it ring after it has said that the call is connected."""

GREETING_PATIENCE: Final = 15.0
"""Seconds to wait for the end of a greeting; the worker gives up after ten (A-71)."""


class CallHandle:
    """One call, as an application sees it. Give `take` to the leg as its listener."""

    def __init__(self) -> None:
        """Prepare a handle; `attach` it to its leg before anything else."""
        self._leg: CallLeg | None = None
        self._is_answered = False
        self._has_early_media = False
        self._far_end: FarEnd | None = None
        self._is_greeting_over = False
        self._digits: deque[str] = deque()
        self._plays: set[int] = set()
        self._interruptible: set[int] = set()
        self._barged_in: set[int] = set()
        self._plays_over: dict[int, PlayOver] = {}
        self._stop_digits: dict[int, str] = {}
        self._recordings_over: dict[int, RecordingOver] = {}
        self._hearings: dict[int, SoundHearing] = {}
        self._cause: EndCause | None = None
        self._changed = asyncio.Event()

    def attach(self, leg: CallLeg) -> None:
        """Say which leg this is the face of."""
        self._leg = leg

    def take(self, event: CallEvent) -> None:  # noqa: C901, PLR0912 - one arm an event
        """Follow the leg, and wake whoever waits."""
        match event:
            case EarlyMedia():
                self._has_early_media = True
            case Answered():
                self._is_answered = True
            case Digit(digit):
                self._pressed(digit)
            case PlayOver():
                if event.play in self._plays:
                    self._plays_over[event.play] = event
            case RecordingOver():
                if event.recording in self._stop_digits:
                    self._recordings_over[event.recording] = event
            case SoundPiece():
                self._heard(event)
            case Classified(far_end):
                self._far_end = far_end
            case GreetingOver():
                self._is_greeting_over = True
            case Ended(cause):
                self._cause = cause
                for hearing in self._hearings.values():
                    hearing.end()
            case Ringing() | RoomChanged():
                pass
        self.wake()

    @property
    def parties(self) -> CallParties:
        """Who calls whom."""
        return self.leg.identity.parties

    @property
    def leg(self) -> CallLeg:
        """The leg that this is the face of."""
        assert self._leg is not None, "attach() comes before everything else"
        return self._leg

    def snapshot(self) -> CallSnapshot:
        """Return how the call is now."""
        return self.leg.snapshot()

    async def answered(self) -> None:
        """Wait for the answer."""
        while not self._is_answered:
            await self.change()

    async def answer(self, headers: Sequence[tuple[str, str]] = ()) -> None:
        """Answer an inbound call, and wait until sound can flow; does nothing on any other."""
        self.check_not_over()
        if self.leg.answer(tuple(headers)):
            await self.answered()

    async def open_early_media(self) -> None:
        """Let an inbound call be played to before it is answered."""
        self.check_not_over()
        if self.leg.open_early_media():
            await self.early_media()

    async def early_media(self) -> None:
        """Wait until an outbound call is heard before its answer, or is answered."""
        while not (self._has_early_media or self._is_answered):
            await self.change()

    async def reject(self, sip_status: int) -> None:
        """Refuse an inbound call that is not answered, and wait until it has ended."""
        self.check_not_over()
        if self.leg.reject(sip_status):
            await self.over()

    async def classify(self, how: Classification) -> FarEnd:
        """Find out what answered; a worker that does not say in time does not know."""
        self.check_not_over()
        self._far_end, self._is_greeting_over = None, False
        mode = self.leg.classify(how)
        rings = PICK_UP_PATIENCE if mode is ClassificationMode.ANSWER_DETECT else 0.0
        within = how.timeout + rings + VERDICT_PATIENCE
        try:
            async with asyncio.timeout(within):
                while self._far_end is None:
                    await self.change()
        except TimeoutError:
            reasons = ("the media worker did not say",)
            self._far_end = FarEnd(FarEndType.UNKNOWN, within, reasons, ())
        return self._far_end

    async def greeting_over(self) -> None:
        """Wait until the answering machine that `classify` found is ready to record."""
        try:
            async with asyncio.timeout(GREETING_PATIENCE):
                while not self._is_greeting_over:
                    await self.change()
        except TimeoutError:
            self.check_not_over()

    async def play(
        self, sounds: Sequence[Sound], *, barge_in_on_digit: bool, loops: bool = False
    ) -> PlayOutcome:
        """Play these; a key that is pressed meanwhile stops them if it may."""
        self.check_not_over()
        media = self.leg.media
        play = media.play(sounds, loops=loops)
        self._plays.add(play)
        if barge_in_on_digit:
            self._interruptible.add(play)
        try:
            while play not in self._plays_over:
                await self.change()
        except asyncio.CancelledError:
            media.stop_play(play)
            raise
        finally:
            self._plays.discard(play)
            self._interruptible.discard(play)
            over = self._plays_over.pop(play, None)
            barged_in = play in self._barged_in
            self._barged_in.discard(play)
        assert over is not None, "the loop ends when it is there"
        if over.problem:
            raise MediaFault(over.problem)
        if barged_in:
            return PlayOutcome.DIGIT
        return PlayOutcome.FINISHED if over.finished else PlayOutcome.STOPPED

    def stop_play(self) -> None:
        """Stop what is being played; whoever waits for it is told."""
        self.leg.media.stop_play()

    async def next_digit(self, within: float | None) -> str | None:
        """Take the oldest waiting key, or wait for one."""
        try:
            async with asyncio.timeout(within):
                while not self._digits:
                    if within == 0:
                        self.check_not_over()
                        return None
                    await self.change()
        except TimeoutError:
            return None
        return self._digits.popleft()

    def drop_digits(self) -> None:
        """Forget the keys that wait."""
        self._digits.clear()

    async def record(self, order: RecordingOrder) -> RecordingOutcome:
        """Record until silence, a key, the time or the call's end stops it."""
        self.check_not_over()
        media = self.leg.media
        recording = media.record(order)
        self._stop_digits[recording] = order.stop_digits
        try:
            while recording not in self._recordings_over:
                await self.change()
        except asyncio.CancelledError:
            media.stop_record(recording)
            raise
        except CallIsOver as over:
            if (cut := self._recordings_over.get(recording)) is not None:
                raise RecordingCut(over.cause, _outcome(cut)) from None
            raise
        else:
            return _outcome(self._recordings_over[recording])
        finally:
            del self._stop_digits[recording]
            self._recordings_over.pop(recording, None)

    def stop_record(self) -> None:
        """Stop what `record` records; whoever waits for it is told what there is."""
        for recording in self._stop_digits:
            self.leg.media.stop_record(recording)

    def record_whole_call(self, order: WholeCallOrder) -> None:
        """Record both sides from now on."""
        self.check_not_over()
        self.leg.record_whole_call(order)

    def hear(self, side: Side) -> Hearing:
        """Listen to the call from now on."""
        media = self.leg.media
        listening = media.listen(side)
        hearing = SoundHearing(lambda: media.stop_listening(listening), self._woken)
        if self._cause is None:
            self._hearings[listening] = hearing
        else:
            hearing.end()
        return hearing

    def join(self, other: CallControl) -> None:
        """Let two calls hear each other; a call that is over is joined to none."""
        assert isinstance(other, CallHandle), "all calls of an engine have handles of its own"
        self.check_not_over()
        join(self.leg, other.leg)

    def part(self) -> None:
        """End that."""
        if self.leg.joint is not None:
            self.leg.joint.end()

    async def pause(self, seconds: float) -> None:
        """Do nothing for a while, or until the call is over."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await self.change()
        except TimeoutError:
            self.check_not_over()

    async def hang_up(self) -> None:
        """End the call and wait until it has ended."""
        self.request_end(HUNG_UP_BY_US)
        await self.over()

    def request_end(self, cause: EndCause) -> None:
        """End the call for this cause, without waiting."""
        if self._cause is None:
            self.leg.hang_up(cause)

    async def over(self) -> EndCause:
        """Wait until the call has ended, and say why."""
        while self._cause is None:
            await self._woken()
        return self._cause

    def _pressed(self, digit: str) -> None:
        """Keep a key, and stop what it stops."""
        if len(self._digits) < TYPE_AHEAD_DIGITS:
            self._digits.append(digit)
        for play in self._interruptible:
            self.leg.media.stop_play(play)
        self._barged_in |= self._interruptible
        self._interruptible.clear()
        for recording, stop_digits in self._stop_digits.items():
            if digit in stop_digits:
                self.leg.media.stop_record(recording)

    def _heard(self, piece: SoundPiece) -> None:
        hearing = self._hearings.get(piece.listening)
        if hearing is not None:
            hearing.take(piece)
            if piece.is_last:
                del self._hearings[piece.listening]

    def wake(self) -> None:
        """Let everybody who waits look again."""
        self._changed.set()

    async def change(self) -> None:
        """Wait for the leg to tell something.

        Raises:
            CallIsOver: it has ended, now or before.

        """
        self.check_not_over()
        await self._woken()
        self.check_not_over()

    async def _woken(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def check_not_over(self) -> None:
        """Raise `CallIsOver` if it is."""
        if self._cause is not None:
            raise CallIsOver(self._cause)


def _outcome(over: RecordingOver) -> RecordingOutcome:
    if over.problem:
        raise MediaFault(over.problem)
    return RecordingOutcome(over.duration, over.contains_sound)
