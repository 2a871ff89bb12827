"""The awaitable face of a leg: `CallControl` for applications.

One application holds a handle and awaits one thing at a time; the leg's events wake it. Keys
wait in the type-ahead buffer until somebody takes them.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from callwright.domain.call_control import (
    TYPE_AHEAD_DIGITS,
    CallIsOver,
    CallSnapshot,
    MediaFault,
    PlayOutcome,
    RecordingCut,
    RecordingOrder,
    RecordingOutcome,
    Sound,
)
from callwright.domain.call_events import (
    Answered,
    CallEvent,
    Digit,
    Ended,
    PlayOver,
    RecordingOver,
    Ringing,
)
from callwright.domain.causes import HUNG_UP_BY_US, EndCause
from callwright.engine.sip_leg import SipLeg


class CallHandle:
    """One call, as an application sees it. Give `take` to the leg as its listener."""

    def __init__(self) -> None:
        """Prepare a handle; `attach` it to its leg before anything else."""
        self._leg: SipLeg | None = None
        self._is_answered = False
        self._digits: deque[str] = deque()
        self._plays_over: dict[int, PlayOver] = {}
        self._recordings_over: dict[int, RecordingOver] = {}
        self._cause: EndCause | None = None
        self._changed = asyncio.Event()

    def attach(self, leg: SipLeg) -> None:
        """Say which leg this is the face of."""
        self._leg = leg

    def take(self, event: CallEvent) -> None:
        """Follow the leg, and wake whoever waits."""
        match event:
            case Answered():
                self._is_answered = True
            case Digit(digit):
                if len(self._digits) < TYPE_AHEAD_DIGITS:
                    self._digits.append(digit)
            case PlayOver():
                self._plays_over[event.play] = event
            case RecordingOver():
                self._recordings_over[event.recording] = event
            case Ended(cause):
                self._cause = cause
            case Ringing():
                pass
        self._changed.set()

    def snapshot(self) -> CallSnapshot:
        """Return how the call is now."""
        return self._its_leg().snapshot()

    async def answered(self) -> None:
        """Wait for the answer."""
        while not self._is_answered:
            await self._change()

    async def play(self, sounds: Sequence[Sound], *, barge_in_on_digit: bool) -> PlayOutcome:
        """Play these; a key that is pressed meanwhile stops them if it may."""
        self._check_not_over()
        waiting = len(self._digits)
        leg = self._its_leg()
        play = leg.media.play(sounds)
        stopped = False
        try:
            while play not in self._plays_over:
                await self._change()
                if barge_in_on_digit and not stopped and len(self._digits) > waiting:
                    stopped = True
                    leg.media.stop_play(play)
        except asyncio.CancelledError:
            leg.media.stop_play(play)
            raise
        over = self._plays_over.pop(play)
        if over.problem:
            raise MediaFault(over.problem)
        return PlayOutcome.DIGIT if stopped else PlayOutcome.FINISHED

    async def next_digit(self, within: float | None) -> str | None:
        """Take the oldest waiting key, or wait for one."""
        try:
            async with asyncio.timeout(within):
                while not self._digits:
                    if within == 0:
                        self._check_not_over()
                        return None
                    await self._change()
        except TimeoutError:
            return None
        return self._digits.popleft()

    def drop_digits(self) -> None:
        """Forget the keys that wait."""
        self._digits.clear()

    async def record(self, order: RecordingOrder) -> RecordingOutcome:
        """Record until silence, a key, the time or the call's end stops it."""
        self._check_not_over()
        leg = self._its_leg()
        recording = leg.media.record(order)
        seen = len(self._digits)
        try:
            while recording not in self._recordings_over:
                await self._change()
                if any(digit in order.stop_digits for digit in list(self._digits)[seen:]):
                    leg.media.stop_record(recording)
                seen = len(self._digits)
        except asyncio.CancelledError:
            leg.media.stop_record(recording)
            raise
        except CallIsOver as over:
            if (cut := self._recordings_over.pop(recording, None)) is not None:
                raise RecordingCut(over.cause, _outcome(cut)) from None
            raise
        return _outcome(self._recordings_over.pop(recording))

    async def pause(self, seconds: float) -> None:
        """Do nothing for a while, or until the call is over."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await self._change()
        except TimeoutError:
            self._check_not_over()

    async def hang_up(self) -> None:
        """End the call and wait until it has ended."""
        self.request_end(HUNG_UP_BY_US)
        await self.over()

    def request_end(self, cause: EndCause) -> None:
        """End the call for this cause, without waiting."""
        if self._cause is None:
            self._its_leg().hang_up(cause)

    async def over(self) -> EndCause:
        """Wait until the call has ended, and say why."""
        while self._cause is None:
            self._changed.clear()
            await self._changed.wait()
        return self._cause

    async def _change(self) -> None:
        """Wait for the leg to tell something.

        Raises:
            CallIsOver: it has ended, now or before.

        """
        self._check_not_over()
        self._changed.clear()
        await self._changed.wait()
        if self._cause is not None:
            raise CallIsOver(self._cause)

    def _check_not_over(self) -> None:
        if self._cause is not None:
            raise CallIsOver(self._cause)

    def _its_leg(self) -> SipLeg:
        assert self._leg is not None, "attach() comes before everything else"
        return self._leg


def _outcome(over: RecordingOver) -> RecordingOutcome:
    if over.problem:
        raise MediaFault(over.problem)
    return RecordingOutcome(over.duration, over.contains_sound)
