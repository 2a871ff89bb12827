"""Attempts whose store goes away at a bad moment: nothing is forgotten, nothing is left untold."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from callwright.domain.callback import (
    AttemptOutcome,
    CallbackEvent,
    EventUrls,
    ExtensionId,
    FinishResult,
    Task,
    TaskId,
    exit_status_of,
)
from callwright.domain.clock import UnixTime
from callwright.domain.errors import StoreUnavailable
from callwright.domain.ids import InstanceId
from callwright.domain.invocation import InvocationState, InvocationStatus
from callwright.scheduler.attempt.attempts import Attempts
from callwright.scheduler.gates import AnswerRatio
from callwright.scheduler.live.values import Step, TaskStep
from callwright.scheduler.loop import POLL_INTERVAL, CallbackLoop
from callwright.scheduler.ports import CallbackTaskStore
from callwright.scheduler.values import Extension, OpenAttempt
from tests.contracts.callback_stores import CallbackStores, sqlite_callback_stores, wish
from tests.sim.callback_attempts import attempts_on
from tests.sim.clock import VirtualClock
from tests.sim.memory_queue import MemoryQueueStore

ALL_SHARDS = frozenset(range(256))


@dataclass(frozen=True, slots=True)
class AwayOnce:
    """A store that cannot say what is open the first time it is asked."""

    tasks: CallbackTaskStore
    asked: list[frozenset[int]]

    async def open_attempts(self, shards: frozenset[int]) -> Sequence[OpenAttempt]:
        self.asked.append(shards)
        if len(self.asked) == 1:
            raise StoreUnavailable("away")
        return await self.tasks.open_attempts(shards)

    def __getattr__(self, name: str) -> object:
        return getattr(self.tasks, name)


@dataclass(frozen=True, slots=True)
class World:
    """A task that is due, and what attempts it."""

    stores: CallbackStores
    starts: MemoryQueueStore
    clock: VirtualClock
    attempts: Attempts
    task: Task


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


@pytest.fixture
def world(runner: asyncio.Runner, tmp_path: Path) -> Iterator[World]:
    stack = AsyncExitStack()
    stores = runner.run(stack.enter_async_context(sqlite_callback_stores(tmp_path)))
    yield runner.run(_world(stores, tmp_path))
    runner.run(stack.aclose())


async def _world(stores: CallbackStores, folder: Path) -> World:
    clock, starts = VirtualClock(), MemoryQueueStore()
    account_id = await stores.account()
    queue_id = await stores.queue(account_id)
    extension = Extension(
        ExtensionId(0), account_id, "205", "", "", "", False, UnixTime(0.0), "tel:441908273800"
    )
    made = await stores.queues.add_extension(extension)
    assert made is not None
    wanted = wish(
        clock.unix_time(),
        extension_id=made.extension_id,
        urls=EventUrls(success="http://example.org/s", after="http://example.org/a"),
    )
    tasks = await stores.tasks.add_tasks(account_id, queue_id, [wanted], at=clock.unix_time())
    assert tasks is not None
    attempts = attempts_on(stores, starts, clock, folder)
    return World(stores, starts, clock, attempts, tasks[0])


def test_a_join_that_could_not_be_noted_is_told_at_the_end(
    world: World, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        (begun,) = await world.attempts.begin([world.task])
        status = InvocationStatus(
            InvocationState.COMPLETED,
            InstanceId("x"),
            exit_status_of(AttemptOutcome.JOINED),
            ended_at=world.clock.unix_time(),
        )
        assert await world.attempts.settle(begun, status) is AttemptOutcome.JOINED
        told = []
        outbox, now = world.stores.outbox, world.clock.unix_time()
        while waiting := await outbox.waiting_events(ALL_SHARDS, at=now, limit=1):
            told.append(waiting[0].event.event)
            await outbox.event_told(waiting[0].event.event_id)
        assert told == [CallbackEvent.SUCCESS, CallbackEvent.AFTER]
        task = await world.stores.tasks.task(begun.account_id, begun.queue_id, begun.task_id)
        assert task is not None
        assert task.finish_result is FinishResult.SUCCESS

    runner.run(scenario())


def test_a_store_that_was_away_is_asked_again_what_is_open(
    world: World, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        # Begun by a node that died before it queued the start.
        await world.attempts.begin([world.task])
        store = AwayOnce(world.stores.tasks, [])
        loop = CallbackLoop(
            queues=world.stores.queues,
            tasks=store,  # type: ignore[arg-type]  # the rest of the port is the real store's
            attempts=world.attempts,
            starts=world.starts,
            shards=lambda: ALL_SHARDS,
            ratio=AnswerRatio(None),
            clock=world.clock,
            hang_up=lambda _task_id: None,
        )
        with pytest.raises(StoreUnavailable):
            await loop.look()
        assert loop.running == 0
        await loop.look()
        assert loop.running == 1
        assert store.asked == [ALL_SHARDS, ALL_SHARDS]
        await loop.look()
        assert len(store.asked) == 2

    runner.run(scenario())


@pytest.mark.parametrize(("legacy", "printed"), [(True, "60"), (False, 60)])
def test_events_print_the_pause_as_the_operator_wants_it(
    world: World, runner: asyncio.Runner, *, legacy: bool, printed: object
) -> None:
    async def scenario() -> None:
        attempts = replace(world.attempts, uses_legacy_types=legacy)
        every = EventUrls(*("http://example.org/x",) * 4)
        task = replace(world.task, wish=replace(world.task.wish, urls=every))
        await world.stores.tasks.change_task(world.task, task)
        (begun,) = await attempts.begin([task])
        status = InvocationStatus(
            InvocationState.COMPLETED,
            InstanceId("x"),
            exit_status_of(AttemptOutcome.JOINED),
            ended_at=world.clock.unix_time(),
        )
        await attempts.settle(begun, status)
        outbox, now = world.stores.outbox, world.clock.unix_time()
        pauses = {}
        while waiting := await outbox.waiting_events(ALL_SHARDS, at=now, limit=1):
            event = waiting[0].event
            pauses[str(event.event)] = json.loads(event.body)["task"]["try_again_pause"]
            await outbox.event_told(event.event_id)
        assert pauses == dict.fromkeys(["before", "success", "after"], printed)

    runner.run(scenario())


def test_a_forced_end_is_seen_within_a_second_by_who_has_the_call(
    world: World, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        hung_up: list[TaskId] = []
        loop = CallbackLoop(
            queues=world.stores.queues,
            tasks=world.stores.tasks,
            attempts=world.attempts,
            starts=world.starts,
            shards=lambda: ALL_SHARDS,
            ratio=AnswerRatio(None),
            clock=world.clock,
            hang_up=hung_up.append,
        )
        await loop.look()
        assert loop.running == 1
        # Asked for at another node, which can do no more than write it down.
        task = world.task
        of = task.account_id, task.queue_id, task.task_id
        assert await world.stores.tasks.remove_after_attempt(*of)
        await loop.look()
        assert hung_up == [], "the store is asked once a second"
        world.clock.advance(POLL_INTERVAL)
        await loop.look()
        assert hung_up == [task.task_id]
        world.clock.advance(POLL_INTERVAL)
        await loop.look()
        assert hung_up == [task.task_id] * 2, "until it is over"

    runner.run(scenario())


def test_steps_are_told_once_when_they_are_on_disk(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        steps = list[TaskStep]()
        attempts = replace(world.attempts, stepped=steps.append)
        task = world.task
        world.clock.advance(5)
        (begun,) = await attempts.begin([task])
        assert await attempts.begin([task]) == []
        now = world.clock.unix_time()
        status = InvocationStatus(
            InvocationState.COMPLETED,
            InstanceId("x"),
            exit_status_of(AttemptOutcome.B_BUSY),
            ended_at=now,
        )
        for _ in range(2):
            assert await attempts.settle(begun, status) is AttemptOutcome.B_BUSY
        await attempts.refuse(task, AttemptOutcome.EXPIRED)
        first, last = steps
        assert (first.step, first.task, first.at) == (Step.BEGUN, begun, now)
        assert first.was_due_at == task.next_try_at == now - 5
        assert (last.step, last.outcome) == (Step.FINISHED, AttemptOutcome.B_BUSY)
        assert last.task.finish_comment == "b_busy"

    runner.run(scenario())


def test_a_task_that_is_refused_is_finished(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        steps = list[TaskStep]()
        attempts = replace(world.attempts, stepped=steps.append)
        await attempts.refuse(world.task, AttemptOutcome.EXPIRED)
        (step,) = steps
        assert (step.step, step.outcome, step.task.attempts) == (
            Step.FINISHED,
            AttemptOutcome.EXPIRED,
            (),
        )

    runner.run(scenario())
