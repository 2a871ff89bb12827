"""What runs on the calls of one attempt: ring the A side, call B, join them (section 7).

The attempt's start is the call to the first A number; all others are calls beside it. Whatever
happens, every call has ended when `run` returns, and the exit status says how the attempt went.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog

from callwright.domain.call_control import (
    CallControl,
    CallIsOver,
    KeyTones,
    MediaFault,
    RecordingMode,
    SoundFile,
    WholeCallOrder,
)
from callwright.domain.callback import AttemptOutcome, exit_status_of
from callwright.domain.clock import Clock
from callwright.domain.facts import FactSink, InstanceStopped
from callwright.runner.concurrency import Work, first_success
from callwright.runner.ports import MediaNotFound, MediaStore, SecondaryCalls
from callwright.scheduler.attempt.call_watch import NOBODY_WATCHES, CallWatch
from callwright.scheduler.attempt.calls import AttemptCalls, Missed
from callwright.scheduler.attempt.conversation import Conversation, Party
from callwright.scheduler.attempt.order import CallbackOrder, Callee

log: Final = structlog.get_logger()

_OF_A: Final[Mapping[Missed, AttemptOutcome]] = {
    Missed.NO_ANSWER: AttemptOutcome.A_NO_ANSWER,
    Missed.BUSY: AttemptOutcome.A_BUSY,
    Missed.REJECTED: AttemptOutcome.A_REJECTED,
    Missed.FAILED: AttemptOutcome.A_FAILED,
}
_OF_B: Final[Mapping[Missed, AttemptOutcome]] = {
    Missed.NO_ANSWER: AttemptOutcome.B_NO_ANSWER,
    Missed.BUSY: AttemptOutcome.B_BUSY,
    Missed.REJECTED: AttemptOutcome.B_REJECTED,
    Missed.FAILED: AttemptOutcome.B_FAILED,
}

_TELLS_MOST: Final = (Missed.BUSY, Missed.REJECTED, Missed.NO_ANSWER, Missed.FAILED)
"""Of several A numbers, the one that tells the client most is told."""


class AttemptDesk(Protocol):
    """Who knows the attempt, and is told when A and B talk."""

    async def joined(self, a_number: str) -> None:
        """Note that they talk."""
        ...


@dataclass(slots=True)
class CallbackRun:
    """One attempt, from its first ring to its last hang-up."""

    order: CallbackOrder
    call: CallControl
    """To the first of the A side."""
    secondaries: SecondaryCalls
    media: MediaStore
    desk: AttemptDesk
    facts: FactSink
    clock: Clock
    watch: CallWatch = NOBODY_WATCHES
    _calls: AttemptCalls = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the call that there is."""
        order = self.order
        self._calls = AttemptCalls(self.secondaries, order.ring_timeout, self.watch)
        self._calls.add(order.a_side[0], order.a_caller_id, self.call)

    async def run(self) -> int:
        """Make the attempt; returns the exit status that tells its outcome."""
        outcome = self._calls.ended_as
        try:
            if outcome is None:
                outcome = await self._attempt()
        finally:
            await self._calls.hang_up()
        if outcome is not AttemptOutcome.JOINED:
            outcome = self._calls.ended_as or outcome
        status = exit_status_of(outcome)
        self.facts.tell(InstanceStopped(at=self.clock.unix_time(), exit_status=status))
        return status

    def end(self, outcome: AttemptOutcome, hang_up: Callable[[Work[None]], None]) -> None:
        """End the attempt, with this outcome unless they talk; `hang_up` takes the work."""
        self._calls.end(outcome, hang_up)

    async def _attempt(self) -> AttemptOutcome:
        a = await self._ring_a_side()
        if isinstance(a, AttemptOutcome):
            return a
        try:
            await self._announce(a.call, self.order.announcement)
            return await self._call_b(a)
        except CallIsOver:
            return AttemptOutcome.A_HANGUP

    async def _ring_a_side(self) -> Party | AttemptOutcome:
        """Call them at once or one by one; the first to answer wins and the others stop."""
        missed: list[Missed] = []
        first, *others = self.order.a_side
        if self.order.rings_one_by_one:
            winner = await self._ring_first(first, missed)
            for callee in others:
                if winner is None and self._calls.ended_as is None:
                    winner = await self._place_and_ring(callee, missed)
        else:
            winner = await first_success(
                [
                    self._ring_first(first, missed),
                    *(self._place_and_ring(callee, missed) for callee in others),
                ]
            )
        if winner is None:
            return _OF_A[min(missed or [Missed.FAILED], key=_TELLS_MOST.index)]
        await self._calls.hang_up(but=[winner.call])
        return winner

    async def _ring_first(self, callee: Callee, missed: list[Missed]) -> Party | None:
        return _party(callee, await self._calls.ring(self.call), missed)

    async def _place_and_ring(self, callee: Callee, missed: list[Missed]) -> Party | None:
        placed = await self._calls.place(callee, self.order.a_caller_id)
        rung = placed if isinstance(placed, Missed) else await self._calls.ring(placed)
        return _party(callee, rung, missed)

    async def _call_b(self, a: Party) -> AttemptOutcome:
        """Call B and have them talk; raises `CallIsOver` when A goes before that."""
        callee = self.order.b_side
        reached = await self._calls.reach(callee, self.order.b_caller_id, waiting=a.call)
        if isinstance(reached, Missed):
            return _OF_B[reached]
        return await self._talk(a, Party(callee, reached))

    async def _talk(self, a: Party, b: Party) -> AttemptOutcome:
        try:
            if self.order.b_keys:
                await b.call.play([KeyTones(self.order.b_keys)], barge_in_on_digit=False)
            self._calls.join(a.call, b.call)
        except CallIsOver:
            a_is_gone = a.call.snapshot().cause is not None
            return AttemptOutcome.A_HANGUP if a_is_gone else AttemptOutcome.B_FAILED
        except MediaFault:
            log.exception("callback.not_joined")
            return AttemptOutcome.INTERNAL_ERROR
        self._record(b.call)
        await self.desk.joined(a.callee.number)
        await Conversation(self.order, self._calls, self._announce, a, b).run()
        return AttemptOutcome.JOINED

    def _record(self, call: CallControl) -> None:
        """Record what B says and hears, which is A; a call goes on that cannot be recorded."""
        if not self.order.recording:
            return
        try:
            path = self.media.path_to_write(self.order.account_id, self.order.recording)
            call.record_whole_call(
                WholeCallOrder(path, RecordingMode.SEPARATE, eliminates_dtmf=False)
            )
            self.watch.recorded(call)
        except CallIsOver:
            return
        except (MediaNotFound, OSError) as fault:
            log.warning("callback.not_recorded", reason=type(fault).__name__)

    async def _announce(self, call: CallControl, name: str) -> None:
        """Play a media file of the client; one that cannot be played costs the announcement."""
        if not name:
            return
        try:
            path = self.media.path_to_read(self.order.account_id, name)
            await call.play([SoundFile(path)], barge_in_on_digit=False)
        except (MediaNotFound, MediaFault) as fault:
            log.warning("callback.not_announced", reason=str(fault))


def _party(callee: Callee, rung: CallControl | Missed, missed: list[Missed]) -> Party | None:
    """Return who answered; notes why nobody did."""
    if isinstance(rung, Missed):
        missed.append(rung)
        return None
    return Party(callee, rung)
