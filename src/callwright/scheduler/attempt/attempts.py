"""Attempts from their begin to their end: written down, queued as starts, settled by their outcome.

Every step may be repeated: after a crash, the next start of the node repeats the one that was cut.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackEvent,
    CallUuid,
    ExtensionId,
    FinishResult,
    Task,
    TaskState,
    outcome_of,
)
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationState, InvocationStatus
from callwright.domain.outbound_service import OutboundService
from callwright.domain.service_start import ServiceStart
from callwright.queue.intake import Intake
from callwright.queue.ports import Once
from callwright.scheduler.attempt.callees import Callees
from callwright.scheduler.events import event_of
from callwright.scheduler.history.call_of_attempt import CallsOfAttempts
from callwright.scheduler.live.values import Step, TaskStep
from callwright.scheduler.ports import CallbackQueueStore, CallbackTaskStore
from callwright.scheduler.retries import after_attempt, finished, shown_to
from callwright.scheduler.series import next_wish
from callwright.scheduler.values import AttemptBegin, AttemptEnd, EventToTell, Extension
from callwright.services.catalogue import Catalogue

UUID_BYTES: Final = 16

ONCE_PREFIX: Final = "\x01callback "
"""Of the `unique_id` of an attempt's start. No request's begins so: it is printable."""


def mint_call_uuid(random_bytes: Callable[[int], bytes]) -> CallUuid:
    """Name a new call."""
    return CallUuid(random_bytes(UUID_BYTES).hex().upper())


@dataclass(frozen=True, slots=True)
class Attempts:
    """What is done with attempts, one by one."""

    queues: CallbackQueueStore
    tasks: CallbackTaskStore
    callees: Callees
    calls: CallsOfAttempts
    catalogue: Catalogue
    intake: Intake
    clock: Clock
    random_bytes: Callable[[int], bytes]
    told: Callable[[], None]
    """Called when events may have been written."""
    stepped: Callable[[TaskStep], None]
    """Called when a task has begun, waits again or is finished, and that is on disk."""
    uses_legacy_types: bool = False
    """Whether events print `try_again_pause` as a text."""

    async def begin(self, tasks: Sequence[Task]) -> list[Task]:
        """Write down that these are attempted now; returns those that were still waiting."""
        at = self.clock.unix_time()
        begun = {task.task_id: self._begun(task, at) for task in tasks}
        begins = []
        for task in tasks:
            now = begun[task.task_id]
            events = self._before(now, at)
            begins.append(AttemptBegin(task.task_id, now.attempts[-1], events, was=task))
        taken = await self.tasks.begin_attempts(begins)
        self.told()
        for task in tasks:
            if task.task_id in taken:
                step = TaskStep(Step.BEGUN, begun[task.task_id], at, was_due_at=task.next_try_at)
                self.stepped(step)
        return [begun[task_id] for task_id in taken]

    async def service(self, service_id: ServiceId) -> OutboundService:
        """Return the hidden service that attempts of a queue are starts of."""
        return await self.catalogue.outbound_service(service_id)

    async def start(self, task: Task, service: OutboundService) -> ServiceRef:
        """Queue the start of a task's newest attempt; when it was queued before, find it."""
        attempt = task.attempts[-1]
        extension = await self.queues.extension(task.account_id, task.wish.extension_id)
        to, caller_id = "", ""
        if extension is not None:
            order = await self.callees.order(task, extension, attempt.number)
            first = order.a_side[0]
            to, caller_id = first.destination, order.a_caller_id or first.shown
        name = f"{ONCE_PREFIX}{task.task_id}.{attempt.number}"
        parameters = f"{task.queue_id}/{task.task_id}/{attempt.number}"
        start = ServiceStart(to=to, caller_id=caller_id, outbound_parameters=parameters)
        # What is called may have changed since; the attempt is the same one.
        once = Once(name, hashlib.sha256(name.encode()).digest())
        accepted = await self.intake.start(service, [start], once=once)
        (ref,) = accepted.service_refs
        await self.tasks.attempt_queued(task.task_id, attempt.number, ref)
        return ref

    async def settle(self, task: Task, status: InvocationStatus | None) -> AttemptOutcome | None:
        """Write down how the newest attempt of a task ended, if its start has ended.

        `status` is what the queue knows of the start; None: it knows nothing any more.
        """
        attempt = task.attempts[-1]
        outcome = AttemptOutcome.INTERRUPTED if status is None else _outcome(status)
        if outcome is None:
            return None
        if attempt.joined_at is not None:
            # They talked, whatever became of the call afterwards.
            outcome = AttemptOutcome.JOINED
        at = self.clock.unix_time()
        ended = replace(attempt, ended_at=at, outcome=outcome)
        after = replace(after_attempt(task, outcome, at=at), attempts=(*task.attempts[:-1], ended))
        events: tuple[EventToTell, ...] = ()
        if outcome is AttemptOutcome.JOINED and attempt.joined_at is None:
            # The store was away when they were joined.
            events += self._event(task, CallbackEvent.SUCCESS, attempt, at)
        is_last = after.state is TaskState.FINISHED
        last = after if is_last else finished(after, FinishResult.FAILED, str(outcome), at=at)
        last_events = events + self._event(last, CallbackEvent.AFTER, ended, at)
        call = await self.calls.call(task, ended, None if status is None else status.instance_id)
        end = AttemptEnd(
            task_id=task.task_id,
            number=attempt.number,
            outcome=outcome,
            ended_at=at,
            a_answered=attempt.a_answered,
            task=after,
            call=call,
            events=last_events if is_last else events,
            told_if_gone=last_events,
            follows=next_wish(after, at=at) if is_last else None,
        )
        if await self.tasks.end_attempt(end):
            step = Step.FINISHED if is_last else Step.DELAYED
            self.stepped(TaskStep(step, after, at, outcome))
        self.told()
        return outcome

    async def refuse(self, task: Task, outcome: AttemptOutcome) -> None:
        """End a task that can never be attempted."""
        at = self.clock.unix_time()
        number = len(task.attempts) + 1
        nobody = Attempt(number, CallUuid(""), at)
        done = finished(task, FinishResult.FAILED, str(outcome), at=at)
        events = self._event(done, CallbackEvent.AFTER, nobody, at)
        if await self.tasks.finish_waiting(done, events, follows=next_wish(done, at=at)):
            self.stepped(TaskStep(Step.FINISHED, done, at, outcome))
        self.told()

    async def extension(
        self, account_id: AccountId, extension_id: ExtensionId
    ) -> Extension | AttemptOutcome:
        """Return on whose behalf a task calls, or why it cannot."""
        extension = await self.queues.extension(account_id, extension_id)
        if extension is None:
            return AttemptOutcome.EXTENSION_NOT_FOUND
        return AttemptOutcome.EXTENSION_BLOCKED if extension.is_blocked else extension

    def _begun(self, task: Task, at: UnixTime) -> Task:
        number = len(task.attempts) + 1
        named = task.wish.call_uuid if number == 1 else None
        attempt = Attempt(
            number,
            named or mint_call_uuid(self.random_bytes),
            at,
            src_ani=shown_to(task.wish.src_ani_numbers, number),
            dst_ani=shown_to(task.wish.dst_ani_numbers, number),
        )
        return replace(
            task,
            state=TaskState.EXECUTED,
            next_try_at=None,
            ready_at=None,
            attempts=(*task.attempts, attempt),
        )

    def _before(self, task: Task, at: UnixTime) -> tuple[EventToTell, ...]:
        attempt = task.attempts[-1]
        event = CallbackEvent.BEFORE if attempt.number == 1 else CallbackEvent.BEFORE_AGAIN
        return self._event(task, event, attempt, at)

    def _event(
        self, task: Task, event: CallbackEvent, attempt: Attempt, at: UnixTime
    ) -> tuple[EventToTell, ...]:
        return event_of(task, event, attempt, at=at, legacy_types=self.uses_legacy_types)


def _outcome(status: InvocationStatus) -> AttemptOutcome | None:
    """Return how a start's attempt ended; None while it waits or runs."""
    match status.state:
        case InvocationState.QUEUED | InvocationState.RUNNING:
            return None
        case InvocationState.COMPLETED:
            return outcome_of(status.exit_status or 0)
        case InvocationState.COULD_NOT_RUN:
            return AttemptOutcome.A_FAILED
        case InvocationState.CANCELLED:
            return AttemptOutcome.CANCELLED
