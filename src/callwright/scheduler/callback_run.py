"""What runs on the calls of one attempt: ring the A side, call B, join them (section 7).

The attempt's start is the call to the first A number; all others are calls beside it. Whatever
happens, every call has ended when `run` returns, and the exit status says how the attempt went.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog

from callwright.domain.call_control import CallControl, CallIsOver, KeyTones, MediaFault, SoundFile
from callwright.domain.callback import AttemptOutcome, exit_status_of
from callwright.domain.causes import EndCause, HangupCause
from callwright.domain.clock import Clock
from callwright.domain.facts import FactSink, InstanceStopped
from callwright.domain.ids import AccountId
from callwright.domain.outbound_service import LONGEST_LEG
from callwright.runner.concurrency import Jobs, Work, either, first_success, within
from callwright.runner.ports import (
    CannotCall,
    MediaNotFound,
    MediaStore,
    SecondaryCalls,
    SecondaryOrder,
)

log: Final = structlog.get_logger()

_OF_A: Final = {
    "no_answer": AttemptOutcome.A_NO_ANSWER,
    "busy": AttemptOutcome.A_BUSY,
    "rejected": AttemptOutcome.A_REJECTED,
    "failed": AttemptOutcome.A_FAILED,
}
_OF_B: Final = {
    "no_answer": AttemptOutcome.B_NO_ANSWER,
    "busy": AttemptOutcome.B_BUSY,
    "rejected": AttemptOutcome.B_REJECTED,
    "failed": AttemptOutcome.B_FAILED,
}
_BY_CAUSE: Final = {
    HangupCause.NORMAL: "no_answer",
    HangupCause.NO_ANSWER: "no_answer",
    HangupCause.BUSY: "busy",
    HangupCause.CALL_REJECTED: "rejected",
}
"""What an unanswered call says of its side; whatever is not here has failed."""

_TELLS_MOST: Final = ("busy", "rejected", "no_answer", "failed")
"""Of several A numbers, the one that tells the client most is told."""


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody to call: the number that the client gave, and what calling it calls."""

    number: str
    destination: str
    """As `service_start` takes it; empty for a number that reaches nobody here."""


@dataclass(frozen=True, slots=True)
class CallbackOrder:
    """One attempt, with everything looked up that calls need."""

    account_id: AccountId
    a_side: tuple[Callee, ...]
    """The first is who the attempt's start calls."""
    b_side: Callee
    a_caller_id: str
    b_caller_id: str
    ring_timeout: float
    """Seconds that each side may ring."""
    max_duration: float
    """Seconds from the join."""
    rings_one_by_one: bool = False
    announcement: str = ""
    """A media file that A hears before B is called; empty for none."""
    b_announcement: str = ""
    """The same at B's answer, for both."""
    b_keys: str = ""
    """Sent to B at its answer: `0-9*#` and `,`."""


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
    _calls: list[CallControl] = field(default_factory=list, init=False)
    _is_cancelled: bool = field(default=False, init=False)

    async def run(self) -> int:
        """Make the attempt; returns the exit status that tells its outcome."""
        self._calls.append(self.call)
        try:
            outcome = AttemptOutcome.CANCELLED
            if not self._is_cancelled:
                outcome = await self._attempt()
        finally:
            await self._hang_up(self._calls)
        if self._is_cancelled and outcome is not AttemptOutcome.JOINED:
            outcome = AttemptOutcome.CANCELLED
        status = exit_status_of(outcome)
        self.facts.tell(InstanceStopped(at=self.clock.unix_time(), exit_status=status))
        return status

    def cancel(self, hang_up: Callable[[Work[None]], None]) -> None:
        """End the attempt; `hang_up` takes the work that ends its calls."""
        self._is_cancelled = True
        for call in self._calls:
            hang_up(call.hang_up())

    async def _attempt(self) -> AttemptOutcome:
        found = await self._ring_a_side()
        if isinstance(found, AttemptOutcome):
            return found
        a_call, number = found
        try:
            await self._announce(a_call, self.order.announcement)
            return await self._call_b(a_call, number)
        except CallIsOver:
            return AttemptOutcome.A_HANGUP

    async def _ring_a_side(self) -> tuple[CallControl, str] | AttemptOutcome:
        """Call them at once or one by one; the first to answer wins and the others stop."""
        causes: list[str] = []
        first, *others = self.order.a_side
        if self.order.rings_one_by_one:
            winner = await self._ring(self.call, first, causes)
            for callee in others:
                if winner is None and not self._is_cancelled:
                    winner = await self._place_and_ring(callee, causes)
        else:
            winner = await first_success(
                [
                    self._ring(self.call, first, causes),
                    *(self._place_and_ring(callee, causes) for callee in others),
                ]
            )
        if winner is None:
            return _OF_A[min(causes or ["failed"], key=_TELLS_MOST.index)]
        await self._hang_up([call for call in self._calls if call is not winner[0]])
        return winner

    async def _place_and_ring(
        self, callee: Callee, causes: list[str]
    ) -> tuple[CallControl, str] | None:
        call = await self._place(callee, self.order.a_caller_id)
        if call is None:
            causes.append("failed")
            return None
        return await self._ring(call, callee, causes)

    async def _ring(
        self, call: CallControl, callee: Callee, causes: list[str]
    ) -> tuple[CallControl, str] | None:
        """Wait for an answer; notes why there was none."""
        try:
            if await within(self.order.ring_timeout, _is_answered(call)):
                return call, callee.number
            await call.hang_up()
            causes.append("no_answer")
        except CallIsOver as over:
            causes.append(_said_by(over.cause))
        return None

    async def _call_b(self, a_call: CallControl, number: str) -> AttemptOutcome:
        b_call = await self._place(self.order.b_side, self.order.b_caller_id)
        if b_call is None:
            return AttemptOutcome.B_FAILED
        try:
            answered, gone = await either(
                within(self.order.ring_timeout, _is_answered(b_call)), a_call.over()
            )
        except CallIsOver as over:
            a_is_gone = a_call.snapshot().cause is not None
            return AttemptOutcome.A_HANGUP if a_is_gone else _OF_B[_said_by(over.cause)]
        if gone is not None:
            return AttemptOutcome.A_HANGUP
        if not answered:
            return AttemptOutcome.B_NO_ANSWER
        return await self._talk(a_call, b_call, number)

    async def _talk(self, a_call: CallControl, b_call: CallControl, number: str) -> AttemptOutcome:
        try:
            if self.order.b_keys:
                await b_call.play([KeyTones(self.order.b_keys)], barge_in_on_digit=False)
            a_call.join(b_call)
        except CallIsOver:
            a_is_gone = a_call.snapshot().cause is not None
            return AttemptOutcome.A_HANGUP if a_is_gone else AttemptOutcome.B_FAILED
        except MediaFault:
            log.exception("callback.not_joined")
            return AttemptOutcome.INTERNAL_ERROR
        await self.desk.joined(number)
        jobs = Jobs()
        if self.order.b_announcement:
            for call in (a_call, b_call):
                jobs.start(self._announce_if_there(call, self.order.b_announcement))
        try:
            await within(self.order.max_duration, _first_over(a_call, b_call))
        finally:
            await jobs.end()
        return AttemptOutcome.JOINED

    async def _announce_if_there(self, call: CallControl, name: str) -> None:
        try:
            await self._announce(call, name)
        except CallIsOver:
            return

    async def _announce(self, call: CallControl, name: str) -> None:
        """Play a media file of the client; one that cannot be played costs the announcement."""
        if not name:
            return
        try:
            path = self.media.path_to_read(self.order.account_id, name)
            await call.play([SoundFile(path)], barge_in_on_digit=False)
        except (MediaNotFound, MediaFault) as fault:
            log.warning("callback.not_announced", reason=str(fault))

    async def _place(self, callee: Callee, caller_id: str) -> CallControl | None:
        if not callee.destination:
            return None
        order = SecondaryOrder(
            destination=callee.destination,
            caller_id=caller_id,
            ring_timeout=self.order.ring_timeout + 1,
            max_duration=LONGEST_LEG,
        )
        try:
            call = await self.secondaries.place(order)
        except CannotCall as refusal:
            log.info("callback.not_called", reason=str(refusal))
            return None
        self._calls.append(call)
        return call

    @staticmethod
    async def _hang_up(calls: Sequence[CallControl]) -> None:
        jobs = Jobs()
        for call in calls:
            jobs.start(call.hang_up())
        await jobs.done()


async def _is_answered(call: CallControl) -> bool:
    await call.answered()
    return True


async def _first_over(one: CallControl, other: CallControl) -> bool:
    await either(one.over(), other.over())
    return True


def _said_by(cause: EndCause) -> str:
    return _BY_CAUSE.get(cause.hangup_cause, "failed")
