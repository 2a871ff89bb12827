"""What the dispatcher runs on an attempt's start: the task looked up, its calls, its outcome."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

import structlog

from callwright.domain.call_control import CallControl
from callwright.domain.callback import (
    AttemptOutcome,
    CallbackEvent,
    CallbackQueueId,
    Task,
    TaskId,
    exit_status_of,
)
from callwright.domain.clock import Clock
from callwright.domain.facts import FactSink, InstanceStopped
from callwright.domain.ids import ServiceRef
from callwright.domain.instance import CallbackInstance
from callwright.runner.concurrency import Jobs, Work
from callwright.runner.ports import MediaStore, SecondaryCalls
from callwright.scheduler.attempt.call_teller import CallTeller
from callwright.scheduler.attempt.call_watch import NOBODY_WATCHES
from callwright.scheduler.attempt.callees import Callees
from callwright.scheduler.attempt.extension_calls import CALL_EVENTS, ExtensionCalls
from callwright.scheduler.attempt.order import CallbackOrder
from callwright.scheduler.attempt.run import CallbackRun
from callwright.scheduler.events import event_of
from callwright.scheduler.live.values import Step, TaskStep
from callwright.scheduler.ports import (
    CallbackQueueStore,
    CallbackTaskStore,
    EventOutbox,
    EventRegistrationStore,
)
from callwright.scheduler.values import Extension

MAX_UNWANTED: Final = 10_000
"""Attempts that are to be ended once they run; they do so within moments."""

log: Final = structlog.get_logger()


class CallsToEnd(Protocol):
    """An attempt's calls, as far as somebody may want them ended."""

    def end(self, outcome: AttemptOutcome, hang_up: Callable[[Work[None]], None]) -> None:
        """End them and the attempt with this outcome; `hang_up` takes the work that does."""
        ...


@dataclass(slots=True)
class RunningAttempts:
    """The attempts whose calls are this node's, so that they can be ended."""

    _by_task: dict[TaskId, CallsToEnd] = field(default_factory=dict, init=False)
    _jobs: Jobs = field(default_factory=Jobs, init=False)
    _unwanted: OrderedDict[TaskId, None] = field(default_factory=OrderedDict, init=False)
    """To be ended as soon as they run; at the bound the oldest goes on to its own end."""
    _is_stopping: bool = field(default=False, init=False)

    def add(self, task_id: TaskId, run: CallsToEnd) -> None:
        """Know an attempt."""
        self._by_task[task_id] = run
        if task_id in self._unwanted:
            run.end(AttemptOutcome.CANCELLED, self._jobs.start)
        elif self._is_stopping:
            run.end(AttemptOutcome.INTERRUPTED, self._jobs.start)

    def remove(self, task_id: TaskId) -> None:
        """Forget it."""
        self._by_task.pop(task_id, None)
        self._unwanted.pop(task_id, None)

    def cancel(self, task_id: TaskId) -> bool:
        """Hang a task's calls up; False: none of them is here."""
        run = self._by_task.get(task_id)
        if run is None:
            return False
        run.end(AttemptOutcome.CANCELLED, self._jobs.start)
        return True

    def end(self, task_id: TaskId) -> None:
        """Hang a task's calls up, or have that done as soon as they are here."""
        if not self.cancel(task_id):
            self._unwanted[task_id] = None
            if len(self._unwanted) > MAX_UNWANTED:
                self._unwanted.popitem(last=False)

    def interrupt(self) -> None:
        """Hang up whatever runs or will: the node stops and waits no longer."""
        self._is_stopping = True
        for run in self._by_task.values():
            run.end(AttemptOutcome.INTERRUPTED, self._jobs.start)


@dataclass(frozen=True, slots=True)
class AttemptSurroundings:
    """What all attempts of a node share."""

    queues: CallbackQueueStore
    tasks: CallbackTaskStore
    callees: Callees
    media: MediaStore
    running: RunningAttempts
    clock: Clock
    over: Callable[[ServiceRef], None]
    """Called when the record of an attempt's start is on disk."""
    told: Callable[[], None]
    """Called when an event was written."""
    stepped: Callable[[TaskStep], None]
    """Called when A and B talk, and that is on disk."""
    registrations: EventRegistrationStore
    outbox: EventOutbox
    domain: str
    """Of extensions."""
    uses_legacy_types: bool = False
    """Whether events print `try_again_pause` as a text."""


@dataclass(frozen=True, slots=True)
class AttemptApplication:
    """One attempt on its primary call."""

    instance: CallbackInstance
    call: CallControl
    secondaries: SecondaryCalls
    facts: FactSink
    around: AttemptSurroundings

    async def run(self) -> int:
        """Make the attempt; returns the exit status that tells its outcome."""
        around = self.around
        task = await self._task()
        extension = None
        if task is not None:
            extension = await around.queues.extension(task.account_id, task.wish.extension_id)
        if task is None or extension is None:
            # Deleted since the start was queued.
            await self.call.hang_up()
            is_gone = task is None
            outcome = AttemptOutcome.CANCELLED if is_gone else AttemptOutcome.EXTENSION_NOT_FOUND
            status = exit_status_of(outcome)
            self.facts.tell(InstanceStopped(at=around.clock.unix_time(), exit_status=status))
            return status
        order = await around.callees.order(task, extension, len(task.attempts))
        teller = await self._teller(task, extension, order)
        run = CallbackRun(
            order=order,
            call=self.call,
            secondaries=self.secondaries,
            media=around.media,
            desk=_Desk(task, around),
            facts=self.facts,
            clock=around.clock,
            watch=NOBODY_WATCHES if teller is None else teller,
        )
        around.running.add(task.task_id, run)
        try:
            return await run.run()
        finally:
            around.running.remove(task.task_id)
            if teller is not None:
                await teller.close()

    async def finish(self) -> None:
        """Have the attempt settled: its outcome is on disk by now."""
        self.around.over(self.instance.ref)

    async def _teller(
        self, task: Task, extension: Extension, order: CallbackOrder
    ) -> CallTeller | None:
        """Return who tells extensions of the calls; None: none of them wants to know."""
        around = self.around
        concerned = {extension.extension_id, *order.extension_ids()}
        registrations = await around.registrations.of_extensions(task.account_id, concerned)
        wanted = [one for one in registrations if one.event in CALL_EVENTS]
        if not wanted:
            return None
        calls = ExtensionCalls(task, task.attempts[-1], order, extension, wanted, around.domain)
        teller = CallTeller(calls, around.outbox, around.clock, around.told)
        teller.start()
        return teller

    async def _task(self) -> Task | None:
        """Read the task that the start names."""
        queue_id, task_id, _ = (self.instance.outbound_parameters or "").split("/")
        return await self.around.tasks.task(
            self.instance.account_id, CallbackQueueId(int(queue_id)), TaskId(int(task_id))
        )


@dataclass(frozen=True, slots=True)
class _Desk:
    """Notes that an attempt's parties talk."""

    task: Task
    around: AttemptSurroundings

    async def joined(self, a_number: str) -> None:
        at, attempt = self.around.clock.unix_time(), self.task.attempts[-1]
        events = event_of(
            self.task,
            CallbackEvent.SUCCESS,
            attempt,
            at=at,
            legacy_types=self.around.uses_legacy_types,
        )
        try:
            is_new = await self.around.tasks.attempt_joined(
                self.task.task_id, attempt.number, at=at, a_answered=a_number, events=events
            )
        except Exception:
            # The store is away: the call goes on, and its exit status will tell the same.
            log.exception("callback.join_not_noted", task_id=self.task.task_id)
            return
        if is_new:
            joined = replace(attempt, joined_at=at, a_answered=a_number)
            task = replace(self.task, attempts=(*self.task.attempts[:-1], joined))
            self.around.stepped(TaskStep(Step.JOINED, task, at))
        self.around.told()
