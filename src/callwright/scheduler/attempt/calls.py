"""The calls of one attempt: placed, waited for, and all of them ended in the end."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import structlog

from callwright.domain.call_control import CallControl, CallIsOver, MediaFault
from callwright.domain.callback import AttemptOutcome
from callwright.domain.causes import EndCause, HangupCause
from callwright.domain.outbound_service import LONGEST_LEG
from callwright.runner.concurrency import Jobs, Work, beside, within
from callwright.runner.hold_media import RINGING_TONE, until_over
from callwright.runner.ports import CannotCall, SecondaryCalls, SecondaryOrder
from callwright.scheduler.attempt.call_watch import NOBODY_WATCHES, CallWatch
from callwright.scheduler.attempt.order import Callee

log: Final = structlog.get_logger()


class Missed(StrEnum):
    """What a call that was not answered says of its side; the values end the API's codes."""

    BUSY = "busy"
    REJECTED = "rejected"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


_BY_CAUSE: Final = {
    HangupCause.NORMAL: Missed.NO_ANSWER,
    HangupCause.NO_ANSWER: Missed.NO_ANSWER,
    HangupCause.BUSY: Missed.BUSY,
    HangupCause.CALL_REJECTED: Missed.REJECTED,
}
"""Whatever is not here has failed."""


@dataclass(slots=True)
class AttemptCalls:
    """Places the calls of one attempt and knows them until they have ended."""

    secondaries: SecondaryCalls
    ring_timeout: float
    """Seconds that each may ring."""
    watch: CallWatch = NOBODY_WATCHES
    ended_as: AttemptOutcome | None = field(default=None, init=False)
    """What `end` made of the attempt; None while nobody wants it ended."""
    _calls: list[CallControl] = field(default_factory=list, init=False)

    def add(self, callee: Callee, caller_id: str, call: CallControl) -> None:
        """Know a call that was placed elsewhere."""
        self._calls.append(call)
        self.watch.placed(callee, caller_id, call)

    async def place(self, callee: Callee, caller_id: str) -> CallControl | Missed:
        """Call somebody; says at once what cannot be called."""
        if not callee.destination:
            self.watch.not_placed(callee, caller_id)
            return Missed.FAILED
        order = SecondaryOrder(
            destination=callee.destination,
            caller_id=caller_id or callee.shown,
            ring_timeout=self.ring_timeout + 1,
            max_duration=LONGEST_LEG,
        )
        try:
            call = await self.secondaries.place(order)
        except CannotCall as refusal:
            log.info("callback.not_called", reason=str(refusal))
            self.watch.not_placed(callee, caller_id)
            return Missed.FAILED
        self.add(callee, caller_id, call)
        if self.ended_as is not None:
            # It was on its way when the others were hung up.
            await call.hang_up()
        return call

    async def ring(self, call: CallControl) -> CallControl | Missed:
        """Wait for an answer; one that does not come in time is hung up on."""
        try:
            if await within(self.ring_timeout, _is_answered(call)):
                return call
            self.watch.rang_out(call)
            await call.hang_up()
        except CallIsOver as over:
            return _said_by(over.cause)
        return Missed.NO_ANSWER

    async def reach(
        self, callee: Callee, caller_id: str, *, waiting: CallControl
    ) -> CallControl | Missed:
        """Call somebody for a party that waits, and hears it ring.

        Raises:
            CallIsOver: the one that waits has gone.

        """

        async def reached() -> CallControl | Missed:
            call = await self.place(callee, caller_id)
            return call if isinstance(call, Missed) else await self.ring(call)

        return await beside(reached(), _hears_ringing(waiting))

    def join(self, one: CallControl, other: CallControl) -> None:
        """Let two hear each other.

        Raises:
            CallIsOver: one of them has gone.
            MediaFault: their sound cannot be brought together.

        """
        one.join(other)
        self.watch.joined(one, other)

    def end(self, outcome: AttemptOutcome, hang_up: Callable[[Work[None]], None]) -> None:
        """End them all, once; `hang_up` takes the work that does."""
        if self.ended_as is not None:
            return
        self.ended_as = outcome
        for call in self._calls:
            hang_up(call.hang_up())

    async def hang_up(self, *, but: Collection[CallControl] = ()) -> None:
        """End all of them but these, and wait until they have ended."""
        jobs = Jobs()
        for call in self._calls:
            if not any(call is one for one in but):
                jobs.start(call.hang_up())
        await jobs.done()


async def _hears_ringing(call: CallControl) -> None:
    """Play a ringing tone until somebody ends that; the end of the call raises `CallIsOver`."""
    try:
        await call.play(RINGING_TONE, barge_in_on_digit=False, loops=True)
    except MediaFault as fault:
        log.warning("callback.not_announced", reason=str(fault))
    await until_over(call)


async def _is_answered(call: CallControl) -> bool:
    await call.answered()
    return True


def _said_by(cause: EndCause) -> Missed:
    return _BY_CAUSE.get(cause.hangup_cause, Missed.FAILED)
