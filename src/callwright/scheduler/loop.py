"""The loop that attempts what is due: one a node, for the accounts in its tenure.

It keeps in memory only which attempts run; everything else is read when it is needed. It wakes
when a task was added or a queue switched on, when an attempt's calls are over, when the next task
is due, and once a second in case a wake-up was missed.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from callwright.domain.callback import AttemptOutcome, ExtensionId, Task, TaskId
from callwright.domain.callee_hours import is_within, next_opening
from callwright.domain.clock import Clock, Instant, UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationStatus
from callwright.queue.ports import QueueStore
from callwright.scheduler.attempt.attempts import Attempts
from callwright.scheduler.gates import AnswerRatio, shut_gate
from callwright.scheduler.ports import CallbackQueueStore, CallbackTaskStore
from callwright.scheduler.retries import has_expired
from callwright.scheduler.values import DueQueue, Extension

POLL_INTERVAL: Final = 1.0
"""Seconds between looks that nobody asked for: a due task starts within one (section 6.3)."""

RETRY_PAUSE: Final = 1.0
"""Seconds after a store that failed before it is asked again."""

AT_ONCE: Final = 200
"""Attempts of one queue begun in a round: other queues get their turn between."""

ASKED_AT_ONCE: Final = 500
"""Starts of one account whose state is asked for in one go."""

log: Final = structlog.get_logger()


class CallbackLoop:
    """Begins attempts within the gates and settles those that have ended."""

    def __init__(
        self,
        *,
        queues: CallbackQueueStore,
        tasks: CallbackTaskStore,
        attempts: Attempts,
        starts: QueueStore,
        shards: Callable[[], frozenset[int]],
        ratio: AnswerRatio,
        clock: Clock,
        hang_up: Callable[[TaskId], object],
    ) -> None:
        """`shards` says whose accounts this node works for at this moment.

        `hang_up` ends the calls of a task's attempt, if they are here; again does no harm.
        """
        self._queues = queues
        self._tasks = tasks
        self._attempts = attempts
        self._starts = starts
        self._shards = shards
        self._ratio = ratio
        self._clock = clock
        self._hang_up = hang_up
        self._known: frozenset[int] = frozenset()
        """Shards whose open attempts were taken up."""
        self._running: dict[ServiceRef, Task] = {}
        self._unqueued: dict[TaskId, tuple[Task, ServiceId]] = {}
        """Begun, but not known to be queued."""
        self._ended: set[ServiceRef] = set()
        """Starts that are said to be over."""
        self._all_asked_at: Instant | None = None
        """When the stores were last asked about all that run, said to be over or not."""
        self._woken = asyncio.Event()
        self._is_stopping = False

    def wake(self) -> None:
        """Say that there may be something to do; carries no data and never waits."""
        self._woken.set()

    def ended(self, ref: ServiceRef) -> None:
        """Say that an attempt's start is over; whoever is not told of is found by asking."""
        self._ended.add(ref)
        self._woken.set()

    def stop(self) -> None:
        """Begin nothing more."""
        self._is_stopping = True
        self._woken.set()

    @property
    def running(self) -> int:
        """How many attempts are under way."""
        return len(self._running) + len(self._unqueued)

    async def run(self) -> None:
        """Attempt what is due until `stop`."""
        while not self._is_stopping:
            self._woken.clear()
            try:
                pause = await self.look()
            except Exception:
                # The store is busy or broken; tasks are safe in it and wait.
                log.exception("callbacks.round_failed")
                pause = RETRY_PAUSE
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def last_look(self) -> None:
        """Settle what has ended by now: when the node stops, after its calls are over."""
        try:
            await self._settle(self._running)
        except Exception:
            # The next start of the node settles it.
            log.exception("callbacks.round_failed")

    async def look(self) -> float:
        """Do what there is to do; returns how long to wait for the next round at most."""
        shards = self._shards()
        await self._take_up(shards)
        await self._queue_starts()
        if self._is_time_for_all():
            await self._end_forced()
            self._ended.clear()
            await self._settle(list(self._running))
        else:
            await self._settle([ref for ref in self._ended if ref in self._running])
        now = self._clock.unix_time()
        more = await self._expire(shards, now)
        for due in await self._tasks.due_queues(shards, at=now):
            more = await self._begin(due) or more
        if more:
            return 0.0
        next_due = await self._tasks.next_due(shards, after=now)
        if next_due is None:
            return POLL_INTERVAL
        return min(POLL_INTERVAL, max(0.0, next_due - self._clock.unix_time()))

    async def _take_up(self, shards: frozenset[int]) -> None:
        """Learn which attempts of accounts that are new to this node have not ended."""
        new = shards - self._known
        for one in await self._tasks.open_attempts(new) if new else ():
            ref = one.task.attempts[-1].ref
            if ref is None:
                self._unqueued[one.task.task_id] = (one.task, one.service_id)
            else:
                self._running[ref] = one.task
        # Not before: a store that was away is asked again.
        self._known = shards

    async def _expire(self, shards: frozenset[int], now: UnixTime) -> bool:
        """End tasks whose deadline has passed; returns whether there may be more."""
        expired = await self._tasks.expired_tasks(shards, at=now, limit=AT_ONCE)
        for task in expired:
            await self._attempts.refuse(task, AttemptOutcome.EXPIRED)
        return len(expired) == AT_ONCE

    async def _begin(self, due: DueQueue) -> bool:
        """Begin what a queue's gates let through; returns whether more may follow at once."""
        queue, now = due.queue, self._clock.unix_time()
        window = None
        if queue.interval_id is not None:
            window = await self._queues.window(queue.account_id, queue.interval_id)
        if shut_gate(queue, window, executed=due.executed, is_held=False, at=now) is not None:
            return False
        room = min(queue.concurrent_task_limit - due.executed, AT_ONCE)
        held = self._ratio.held(at=now)
        found = await self._tasks.due_tasks(queue.queue_id, at=now, limit=room, without=held)
        open_now = await self._put_off_shut(found, now)
        extensions = await self._extensions(queue.account_id, open_now)
        fit = [
            task
            for task in open_now
            if await self._may_begin(task, extensions[task.wish.extension_id])
        ]
        begun = await self._attempts.begin(fit) if fit else []
        for task in begun:
            self._unqueued[task.task_id] = (task, due.service_id)
        await self._queue_starts()
        # Begun, put off, ended or held: none of them is found again.
        return len(found) == room

    async def _put_off_shut(self, due: Sequence[Task], now: UnixTime) -> list[Task]:
        """Put off those whose called persons may not be called now; returns the others.

        Moved to their next opening, they don't stand in the way of those that may begin.
        """
        shut = {
            task.task_id: next_opening(hours, now)
            for task in due
            if (hours := task.wish.extras.hours) is not None and not is_within(hours, now)
        }
        if shut:
            await self._tasks.put_off(shut)
        return [task for task in due if task.task_id not in shut]

    async def _extensions(
        self, account_id: AccountId, tasks: Sequence[Task]
    ) -> dict[ExtensionId, Extension | AttemptOutcome]:
        """Look up on whose behalf tasks call, each extension once."""
        ids = {task.wish.extension_id for task in tasks}
        return {one: await self._attempts.extension(account_id, one) for one in ids}

    async def _may_begin(self, task: Task, extension: Extension | AttemptOutcome) -> bool:
        if has_expired(task, self._clock.unix_time()):
            await self._attempts.refuse(task, AttemptOutcome.EXPIRED)
            return False
        if isinstance(extension, AttemptOutcome):
            await self._attempts.refuse(task, extension)
            return False
        now, extension_id = self._clock.unix_time(), task.wish.extension_id
        if self._ratio.holds(extension_id, at=now):
            return False
        self._ratio.begins(extension_id, at=now)
        return True

    async def _queue_starts(self) -> None:
        """Queue the starts of attempts that have none, many beside each other."""
        waiting = list(self._unqueued.values())
        ids = {service_id for _, service_id in waiting}
        services = {one: await self._attempts.service(one) for one in ids}
        results = await asyncio.gather(
            *(self._attempts.start(task, services[one]) for task, one in waiting),
            return_exceptions=True,
        )
        for (task, _), result in zip(waiting, results, strict=True):
            if isinstance(result, BaseException):
                log.warning(
                    "callbacks.not_queued", task_id=task.task_id, error=type(result).__name__
                )
                continue
            del self._unqueued[task.task_id]
            self._running[result] = task

    def _is_time_for_all(self) -> bool:
        """Whether now all that run are asked about, said to be over or not."""
        now = self._clock.now()
        if self._all_asked_at is not None and now < self._all_asked_at + POLL_INTERVAL:
            return False
        self._all_asked_at = now
        return True

    async def _end_forced(self) -> None:
        """Hang up what was deleted by force, perhaps at another node."""
        if self._running:
            for task_id in await self._tasks.tasks_to_end():
                self._hang_up(task_id)

    async def _settle(self, refs: Iterable[ServiceRef]) -> None:
        """Ask the queue what became of these starts, and settle those that have ended."""
        by_account: defaultdict[AccountId, list[ServiceRef]] = defaultdict(list)
        for ref in refs:
            by_account[self._running[ref].account_id].append(ref)
        for account_id, of_account in by_account.items():
            for first in range(0, len(of_account), ASKED_AT_ONCE):
                await self._settle_some(account_id, of_account[first : first + ASKED_AT_ONCE])

    async def _settle_some(self, account_id: AccountId, refs: list[ServiceRef]) -> None:
        """Settle these beside each other: each waits for its own write to be on disk."""
        known = await self._starts.status(account_id, refs)
        over = [ref for ref in refs if _is_over(known.get(ref))]
        results = await asyncio.gather(
            *(self._settle_one(account_id, ref, known.get(ref)) for ref in over),
            return_exceptions=True,
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _settle_one(
        self, account_id: AccountId, ref: ServiceRef, status: InvocationStatus | None
    ) -> None:
        uuid = self._running[ref].attempts[-1].call_uuid
        task = await self._tasks.task_of_call(account_id, uuid)
        # Another node may have settled this one, and be at the next.
        if task is not None and task.attempts[-1].call_uuid == uuid:
            outcome = await self._attempts.settle(task, status)
            if outcome is None:
                return
            self._ratio.note(
                task.wish.extension_id,
                answered=outcome in ANSWERED,
                at=self._clock.unix_time(),
            )
        del self._running[ref]


def _is_over(status: InvocationStatus | None) -> bool:
    """Whether a start has ended; so has one that the queue knows nothing of any more."""
    return status is None or status.ended_at is not None


ANSWERED: Final = frozenset(
    {
        AttemptOutcome.JOINED,
        AttemptOutcome.A_HANGUP,
        AttemptOutcome.B_NO_ANSWER,
        AttemptOutcome.B_BUSY,
        AttemptOutcome.B_REJECTED,
        AttemptOutcome.B_FAILED,
    }
)
"""Outcomes of attempts whose A side picked up."""
