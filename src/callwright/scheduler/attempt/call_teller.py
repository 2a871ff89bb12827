"""Tells extensions of an attempt's calls as they happen: watches the calls, writes events beside.

The calls never wait for it. What it could not write, because the store was away or the process
died, is told when the attempt is settled: as each `dial-*` is written, so is the `hangup` that
follows if nobody writes a better one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from callwright.domain.call_control import CallControl, CallIsOver, CallState
from callwright.domain.clock import Clock
from callwright.runner.concurrency import Inbox, Jobs, pause
from callwright.scheduler.attempt.call_status import CallStatus, status_at_end
from callwright.scheduler.attempt.extension_calls import ExtensionCalls, HangUp, Leg
from callwright.scheduler.attempt.order import Callee
from callwright.scheduler.ports import EventOutbox
from callwright.scheduler.values import EventToTell

RETRY_PAUSE: Final = 1.0
"""Seconds after a store that failed before it is asked again."""

LAST_GRACE: Final = 5.0
"""Seconds that the last events have once all calls are over: then the attempt ends without."""

log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Step:
    """Something that happened: what is told of it, and what is told if nothing else ever is."""

    events: list[EventToTell]
    last_words: list[EventToTell] = field(default_factory=list)


@dataclass(slots=True)
class _Watched:
    """A call, and what was told of it."""

    leg: Leg
    call: CallControl
    has_rung_out: bool = False
    is_bridged: bool = False
    is_recorded: bool = False
    is_answer_told: bool = False
    is_end_told: bool = False


@dataclass(slots=True)
class CallTeller:
    """A `CallWatch` of one attempt."""

    calls: ExtensionCalls
    outbox: EventOutbox
    clock: Clock
    told: Callable[[], None]
    """Called when an event was written."""
    _watched: list[_Watched] = field(default_factory=list, init=False)
    _legs: int = field(default=0, init=False)
    _steps: Inbox[_Step] = field(default_factory=Inbox, init=False)
    _followers: Jobs = field(default_factory=Jobs, init=False)
    _writer: Jobs = field(default_factory=Jobs, init=False)

    def start(self) -> None:
        """Begin to write; `close` waits for it."""
        self._writer.start(self._write())

    def placed(self, callee: Callee, caller_id: str, call: CallControl) -> None:
        """Tell of a call that begins, and follow it."""
        self._catch_up()
        watched = _Watched(self._leg(callee, caller_id), call)
        self._watched.append(watched)
        self._tell_dialled(watched.leg)
        self._followers.start(self._follow(call))

    def not_placed(self, callee: Callee, caller_id: str) -> None:
        """Tell of a call that never was."""
        self._catch_up()
        leg = self._leg(callee, caller_id)
        self._tell_dialled(leg)
        has_no_telephone = callee.extension is not None and not callee.destination
        status = CallStatus.UNAVAILABLE if has_no_telephone else CallStatus.CONGESTION
        self._tell_hung_up(leg, HangUp(status, is_bridged=False, duration=0.0))

    def rang_out(self, call: CallControl) -> None:
        """Know why a call is given up."""
        for watched in self._of(call):
            watched.has_rung_out = True

    def joined(self, one: CallControl, other: CallControl) -> None:
        """Know who talked."""
        self._catch_up()
        at, cut = self.clock.unix_time(), HangUp(CallStatus.ANSWER, is_bridged=True, duration=None)
        for watched in (*self._of(one), *self._of(other)):
            watched.is_bridged = True
            if not watched.is_end_told:
                self._steps.put(_Step([], self.calls.hung_up(watched.leg, cut, at)))

    def recorded(self, call: CallControl) -> None:
        """Know which part has the recording."""
        for watched in self._of(call):
            watched.is_recorded = True

    async def close(self) -> None:
        """Write what is left; the calls are over. What is not written in time is settled later."""
        try:
            await self._followers.done(LAST_GRACE)
            self._catch_up()
            self._steps.close()
            await self._writer.done(LAST_GRACE)
        finally:
            await self._followers.end()
            await self._writer.end()

    def _leg(self, callee: Callee, caller_id: str) -> Leg:
        self._legs += 1
        return Leg(self._legs, callee, caller_id, self._remote_number(callee))

    def _remote_number(self, callee: Callee) -> str:
        """Return the public number of whom a callee is to talk to: who waits for him, or B."""
        order = self.calls.order
        waits = [one.leg.callee for one in self._watched if _is_talking(one.call)]
        if any(callee is one for one in order.a_side):
            waits = [order.b_side]
        return next((one.number for one in waits if one.is_public), "")

    def _of(self, call: CallControl) -> list[_Watched]:
        return [one for one in self._watched if one.call is call]

    async def _follow(self, call: CallControl) -> None:
        try:
            await call.answered()
            self._catch_up()
        except CallIsOver:
            pass
        await call.over()
        self._catch_up()

    def _catch_up(self) -> None:
        """Tell what has happened to the calls by now, before what happens next."""
        for watched in self._watched:
            now = watched.call.snapshot()
            is_answered = now.state is CallState.ANSWERED or now.duration > 0
            if is_answered and not watched.is_answer_told:
                watched.is_answer_told = True
                self._tell_answered(watched.leg)
            if now.cause is not None and not watched.is_end_told:
                watched.is_end_told = True
                status = CallStatus.ANSWER
                if not is_answered:
                    status = status_at_end(
                        now.cause,
                        rang_out=watched.has_rung_out,
                        is_telephone=watched.leg.callee.extension is not None,
                    )
                how = HangUp(status, watched.is_bridged, now.duration, watched.is_recorded)
                self._tell_hung_up(watched.leg, how)

    def _tell_dialled(self, leg: Leg) -> None:
        at = self.clock.unix_time()
        cut = HangUp(CallStatus.CONGESTION, is_bridged=False, duration=None)
        self._steps.put(_Step(self.calls.dialled(leg, at), self.calls.hung_up(leg, cut, at)))

    def _tell_answered(self, leg: Leg) -> None:
        at = self.clock.unix_time()
        cut = HangUp(CallStatus.ANSWER, is_bridged=False, duration=None)
        self._steps.put(_Step(self.calls.answered(leg, at), self.calls.hung_up(leg, cut, at)))

    def _tell_hung_up(self, leg: Leg, how: HangUp) -> None:
        self._steps.put(_Step(self.calls.hung_up(leg, how, self.clock.unix_time())))

    async def _write(self) -> None:
        while (step := await self._steps.take()) is not None:
            events, last_words = list(step.events), {one.event_id: one for one in step.last_words}
            while self._steps.waiting:
                more = self._steps.waiting.popleft()
                events += more.events
                last_words |= {one.event_id: one for one in more.last_words}
            for event in events:
                last_words.pop(event.event_id, None)
            await self._write_down(events, list(last_words.values()))

    async def _write_down(self, events: list[EventToTell], last_words: list[EventToTell]) -> None:
        while events or last_words:
            try:
                await self.outbox.tell_of_call(events, last_words=last_words)
            except Exception:
                # The store is away: the calls go on, and it is asked again until they are over.
                log.exception("callback.events_not_written", task_id=self.calls.task.task_id)
                await pause(RETRY_PAUSE)
            else:
                self.told()
                return


def _is_talking(call: CallControl) -> bool:
    now = call.snapshot()
    return now.state is CallState.ANSWERED and now.cause is None
