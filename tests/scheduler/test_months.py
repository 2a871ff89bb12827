"""The loop, its stores and virtual months: whatever comes, tasks are tried as they asked for."""

import asyncio
import tempfile
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from callwright.domain.callback import (
    AttemptOutcome,
    CalleeHours,
    EventUrls,
    ExtensionId,
    FinishResult,
    RetryRule,
    Task,
    TaskExtras,
    TaskState,
    TaskWish,
    exit_status_of,
)
from callwright.domain.callee_hours import next_opening
from callwright.domain.clock import UnixTime
from callwright.scheduler.gates import AnswerRatio
from callwright.scheduler.loop import CallbackLoop
from callwright.scheduler.values import Extension, Page, QueueChange, TaskFilter
from tests.contracts.callback_stores import CallbackStores, sqlite_callback_stores
from tests.contracts.stores import intent_of, record_of
from tests.sim.callback_attempts import attempts_on
from tests.sim.clock import VirtualClock
from tests.sim.memory_queue import MemoryQueueStore

Result = TypeVar("Result")

ALL_SHARDS: Final = frozenset(range(256))
LIMIT: Final = 2
DAY: Final = 86_400
A_SIDE: Final = frozenset(
    {
        AttemptOutcome.A_NO_ANSWER,
        AttemptOutcome.A_BUSY,
        AttemptOutcome.A_REJECTED,
        AttemptOutcome.A_FAILED,
    }
)
OUTCOMES: Final = (
    AttemptOutcome.JOINED,
    AttemptOutcome.A_BUSY,
    AttemptOutcome.A_NO_ANSWER,
    AttemptOutcome.B_BUSY,
    AttemptOutcome.B_NO_ANSWER,
    AttemptOutcome.INTERRUPTED,
)

clock_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
hours = st.builds(
    CalleeHours,
    st.sampled_from(["Europe/Riga", "America/Havana", "Australia/Lord_Howe"]),
    clock_times,
    clock_times,
).filter(lambda one: one.call_from != one.call_to)
pauses = st.sampled_from([0, 60, 7_200, DAY])
retries = st.builds(RetryRule, st.integers(1, 4), pauses, st.integers(0, 4), pauses)
causes = st.lists(st.sampled_from(OUTCOMES[1:]), unique=True).map(tuple)


class CallbacksOverMonths(RuleBasedStateMachine):
    """Adds, waits, ends calls and starts anew; looks after each step at all tasks."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner, self.opened = asyncio.Runner(), AsyncExitStack()
        path = Path(self.folder.name)
        self.stores: CallbackStores = self.run(
            self.opened.enter_async_context(sqlite_callback_stores(path))
        )
        self.clock, self.starts = VirtualClock(), MemoryQueueStore()
        self.account_id = self.run(self.stores.account())
        self.queue_id = self.run(self.stores.queue(self.account_id, limit=LIMIT))
        self.is_on = True
        extension = Extension(
            ExtensionId(0), self.account_id, "205", "", "", "", False, UnixTime(0.0), "tel:4419082"
        )
        made = self.run(self.stores.queues.add_extension(extension))
        assert made is not None
        self.extension_id = made.extension_id
        self.attempts = attempts_on(self.stores, self.starts, self.clock, path)
        self.loop = self.new_loop()

    def new_loop(self) -> CallbackLoop:
        return CallbackLoop(
            queues=self.stores.queues,
            tasks=self.stores.tasks,
            attempts=self.attempts,
            starts=self.starts,
            shards=lambda: ALL_SHARDS,
            ratio=AnswerRatio(None),
            clock=self.clock,
            hang_up=lambda _task_id: None,
        )

    def run(self, story: Coroutine[object, object, Result]) -> Result:
        return self.runner.run(story)

    @property
    def now(self) -> UnixTime:
        return self.clock.unix_time()

    def tasks(self) -> Sequence[Task]:
        of = self.account_id, self.queue_id
        found, _ = self.run(self.stores.tasks.tasks(*of, TaskFilter(), Page(1000)))
        return found

    @rule(
        delay=st.sampled_from([0, 30, DAY, 40 * DAY]),
        retry=retries,
        life=st.none() | st.sampled_from([10, 3_600, 3 * DAY, 90 * DAY]),
        priority=st.none() | st.integers(-2, 2),
        key=st.none() | st.sampled_from("kl"),
        called=st.none() | hours,
        again=st.none() | causes,
        backoff=st.none() | st.sampled_from([1.0, 1.5, 10.0]),
    )
    def add(
        self,
        delay: int,
        retry: RetryRule,
        life: int | None,
        priority: int | None,
        key: str | None,
        called: CalleeHours | None,
        again: tuple[AttemptOutcome, ...] | None,
        backoff: float | None,
    ) -> None:
        starts_at = UnixTime(self.now + delay)
        deadline = None if life is None else UnixTime(starts_at + life)
        wish = TaskWish(
            "205",
            "+37120000001",
            self.extension_id,
            starts_at,
            retry=retry,
            urls=EventUrls(after="http://example.org/after"),
            extras=TaskExtras(deadline, priority, key, called, again, backoff),
        )
        before = {task.task_id: task for task in self.tasks()}
        of = self.account_id, self.queue_id
        added = self.run(self.stores.tasks.add_tasks(*of, [wish], at=self.now))
        assert added is not None
        (task,) = added
        same = [
            one
            for one in before.values()
            if one.wish.extras.dedup_key == key is not None and one.state is not TaskState.FINISHED
        ]
        assert [task] == same if same else task.task_id not in before
        self.look()

    @rule(seconds=st.sampled_from([1, 60, 3_600, DAY / 2, DAY, 30 * DAY]))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.look()

    @precondition(lambda self: self.loop.running)
    @rule(outcome=st.sampled_from(OUTCOMES), which=st.integers(0, LIMIT - 1))
    def end_a_call(self, outcome: AttemptOutcome, which: int) -> None:
        running = [task for task in self.tasks() if task.state is TaskState.EXECUTED]
        attempt = running[which % len(running)].attempts[-1]
        assert attempt.ref is not None
        for waiting in self.run(self.starts.waiting()):
            self.run(self.starts.claim(waiting.service_id, limit=LIMIT, at=self.now))
        self.run(self.starts.intend(intent_of(attempt.ref)))
        self.run(
            self.starts.finish(
                attempt.ref,
                exit_status=exit_status_of(outcome),
                record=record_of(attempt.ref),
                at=self.now,
            )
        )
        self.loop.ended(attempt.ref)
        self.look()

    @rule()
    def turn(self) -> None:
        self.is_on = not self.is_on
        change = QueueChange(is_on=self.is_on)
        self.run(self.stores.queues.change_queue(self.account_id, self.queue_id, change))
        self.look()

    @rule()
    def start_anew(self) -> None:
        self.loop = self.new_loop()
        self.look()

    def look(self) -> None:
        """Let the loop do what there is to do, at a moment of its own, and check every task."""
        self.clock.advance(0.25)
        while self.run(self.loop.look()) == 0.0:
            pass
        tasks = self.tasks()
        for task in tasks:
            check_task(task, self.now)
        executed = [task for task in tasks if task.state is TaskState.EXECUTED]
        assert len(executed) == self.loop.running <= LIMIT
        ready = [task for task in tasks if is_ready(task, self.now)]
        begun = [task for task in executed if task.attempts[-1].started_at == self.now]
        if self.is_on:
            assert not ready or len(executed) == LIMIT
            assert all(rank(one) <= rank(other) for one in begun for other in ready)
        else:
            assert not begun
        told = self.run(self.stores.outbox.waiting_events(ALL_SHARDS, at=self.now, limit=1000))
        finished = {task.task_id for task in tasks if task.state is TaskState.FINISHED}
        assert {one.event.task_id for one in told} == finished

    def teardown(self) -> None:
        self.run(self.opened.aclose())
        self.runner.close()
        self.folder.cleanup()


def check_task(task: Task, now: UnixTime) -> None:
    """Check all there is to say of a task from its wish and its attempts alone."""
    rule, extras = task.wish.retry, task.wish.extras
    ended = [attempt for attempt in task.attempts if attempt.ended_at is not None]
    of_a = [attempt.outcome in A_SIDE and rule.try_count_caller > 0 for attempt in ended]
    assert task.tries_made == of_a.count(False)
    assert task.caller_tries_made == (len(ended) if rule.try_count_caller else 0)
    assert task.tries_made <= rule.try_count
    assert task.caller_tries_made <= rule.try_count_caller
    earliest = task.wish.starts_at
    for number, attempt in enumerate(task.attempts):
        assert attempt.started_at >= earliest
        assert extras.deadline_at is None or attempt.started_at < extras.deadline_at
        assert is_called_at(extras.hours, attempt.started_at)
        if attempt.ended_at is not None:
            pause = rule.try_again_pause_caller if of_a[number] else rule.try_again_pause
            grown = min(pause * (extras.backoff or 1) ** number, 864_000)
            earliest = UnixTime(attempt.ended_at + grown)
    if task.next_try_at is not None:
        assert task.next_try_at >= earliest
        assert extras.deadline_at is None or extras.deadline_at > now
    last = ended[-1].outcome if ended else None
    is_over = (
        task.tries_made == rule.try_count
        or (rule.try_count_caller > 0 and task.caller_tries_made == rule.try_count_caller)
        or (
            last is not None and extras.retry_causes is not None and last not in extras.retry_causes
        )
    )
    if last is AttemptOutcome.JOINED:
        assert task.finish_result is FinishResult.SUCCESS
    elif is_over:
        assert (task.finish_result, task.finish_comment) == (FinishResult.FAILED, last)
    elif task.state is TaskState.FINISHED:
        assert task.finish_result is FinishResult.FAILED
        assert extras.deadline_at is not None
        if task.finish_comment == "expired":
            assert extras.deadline_at <= now
        else:
            # Ended with an attempt whose next would have come too late.
            assert task.finish_comment == f"expired: {last}"
            hours = extras.hours
            next_try_at = earliest if hours is None else next_opening(hours, earliest)
            assert extras.deadline_at <= next_try_at


def is_called_at(of: CalleeHours | None, at: UnixTime) -> bool:
    if of is None:
        return True
    local = datetime.fromtimestamp(at, tz=UTC).astimezone(ZoneInfo(of.timezone)).time()
    if of.call_from < of.call_to:
        return of.call_from <= local < of.call_to
    return local >= of.call_from or local < of.call_to


def is_ready(task: Task, now: UnixTime) -> bool:
    is_due = task.next_try_at is not None and task.next_try_at <= now
    return is_due and is_called_at(task.wish.extras.hours, now)


def rank(task: Task) -> int:
    return -(task.wish.extras.priority or 0)


TestCallbacksOverMonths = CallbacksOverMonths.TestCase
TestCallbacksOverMonths.settings = settings(max_examples=20, stateful_step_count=40, deadline=None)
