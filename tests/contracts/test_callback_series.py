"""Series of tasks on every kind of store: what follows comes with the end, and once."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallUuid,
    FinishResult,
    Recurrence,
    Task,
    TaskExtras,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.scheduler.retries import after_attempt, finished
from callwright.scheduler.series import next_wish
from callwright.scheduler.values import AttemptBegin, AttemptEnd, Page, TaskFilter
from tests.contracts.callback_stores import NOW, CallbackStores, kept_call, wish

Run = Callable[[Coroutine[object, object, object]], Any]

LATER: Final = UnixTime(NOW + 100)
SERIES: Final = Recurrence(
    "FREQ=DAILY;COUNT=9",
    datetime.fromtimestamp(NOW, tz=UTC).replace(tzinfo=None, microsecond=0),
    position=1,
    exceptions=(date(2027, 1, 17),),
    timezone="UTC",
)


async def added(stores: CallbackStores, **extras: Any) -> Task:
    account = await stores.account()
    queue_id = await stores.queue(account)
    given = TaskExtras(recurrence=SERIES, **extras)
    (task,) = await stores.tasks.add_tasks(account, queue_id, [wish(extras=given)], at=NOW) or ()
    return task


async def all_of(stores: CallbackStores, task: Task) -> list[Task]:
    of = task.account_id, task.queue_id
    series = TaskFilter(recurrence_id=task.task_id)
    tasks, count = await stores.tasks.tasks(*of, series, Page(9))
    every, _ = await stores.tasks.tasks(*of, TaskFilter(), Page(9))
    assert (len(tasks), list(every)) == (count, list(tasks))
    return list(tasks)


def uuid(task: Task) -> CallUuid:
    return CallUuid(f"{task.task_id:032X}")


def begin(task: Task, *, was: Task | None = None) -> AttemptBegin:
    return AttemptBegin(task.task_id, Attempt(1, uuid(task), NOW), was=was)


def end(task: Task, follows: TaskWish | None) -> AttemptEnd:
    busy = AttemptOutcome.B_BUSY
    after = after_attempt(task, busy, at=LATER)
    call = kept_call(task, uuid(task), busy, ended_at=LATER)
    return AttemptEnd(task.task_id, 1, busy, LATER, "205", after, call, follows=follows)


def test_what_follows_an_attempt_is_there_once(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        store = callback_stores.tasks
        task = await added(callback_stores, dedup_key="k")
        follows = next_wish(task, at=LATER)
        assert follows is not None
        await store.begin_attempts([begin(task)])
        ends = [store.end_attempt(end(task, follows)) for _ in range(4)]
        assert sorted(await asyncio.gather(*ends)) == [False, False, False, True]
        first, second = await all_of(callback_stores, task)
        assert first.finish_result is FinishResult.FAILED
        assert (second.wish, second.created_at) == (follows, LATER)
        assert second.next_try_at == follows.starts_at
        # The key goes on with the series.
        again = wish(extras=TaskExtras(dedup_key="k"))
        of = task.account_id, task.queue_id
        assert await store.add_tasks(*of, [again], at=LATER) == [second]

    run(scenario())


def test_what_follows_a_task_that_was_never_tried_is_there_once(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        task, store = await added(callback_stores), callback_stores.tasks
        over = finished(task, FinishResult.FAILED, "expired", at=LATER)
        follows = next_wish(over, at=LATER)
        ends = [store.finish_waiting(over, (), follows=follows) for _ in range(4)]
        assert sorted(await asyncio.gather(*ends)) == [False, False, False, True]
        first, second = await all_of(callback_stores, task)
        assert (first.finish_comment, second.wish) == ("expired", follows)

    run(scenario())


def test_a_series_ends_with_a_task_that_is_deleted(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        task, store = await added(callback_stores), callback_stores.tasks
        await store.begin_attempts([begin(task)])
        assert await store.remove_after_attempt(task.account_id, task.queue_id, task.task_id)
        assert await store.end_attempt(end(task, next_wish(task, at=LATER)))
        assert await all_of(callback_stores, task) == []

    run(scenario())


def test_a_series_ends_with_its_queue(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        task, store = await added(callback_stores), callback_stores.tasks
        await store.begin_attempts([begin(task)])
        assert await callback_stores.queues.delete_queue(task.account_id, task.queue_id)
        assert await store.end_attempt(end(task, next_wish(task, at=LATER)))
        assert await all_of(callback_stores, task) == []

    run(scenario())


def test_what_was_changed_since_it_was_read_is_neither_begun_nor_ended(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        task, store = await added(callback_stores), callback_stores.tasks
        moved = replace(
            task, wish=replace(task.wish, starts_at=LATER, a_number="206"), next_try_at=LATER
        )
        await store.change_task(task, moved)
        assert list(await store.begin_attempts([begin(task, was=task)])) == []
        over = finished(task, FinishResult.FAILED, "expired", at=LATER)
        assert not await store.finish_waiting(over, (), follows=next_wish(over, at=LATER))
        assert await all_of(callback_stores, task) == [moved]
        assert list(await store.begin_attempts([begin(task, was=moved)])) == [task.task_id]

    run(scenario())
