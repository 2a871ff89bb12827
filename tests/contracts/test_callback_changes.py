"""Changes of tasks that wait, on every kind of store: against the loop, and against each other."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Final

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallUuid,
    FinishResult,
    Task,
    TaskExtras,
    TaskState,
)
from callwright.domain.clock import UnixTime
from callwright.scheduler.retries import after_attempt, finished
from callwright.scheduler.values import AttemptBegin, AttemptEnd, Page, Revision, TaskFilter
from tests.contracts.callback_stores import NOW, CallbackStores, kept_call, wish

Run = Callable[[Coroutine[object, object, object]], Any]

LATER: Final = UnixTime(NOW + 100)


async def added(stores: CallbackStores) -> Task:
    account = await stores.account()
    queue_id = await stores.queue(account)
    (task,) = await stores.tasks.add_tasks(account, queue_id, [wish()], at=NOW) or ()
    return task


async def reread(stores: CallbackStores, task: Task) -> Task | None:
    return await stores.tasks.task(task.account_id, task.queue_id, task.task_id)


def begin(task: Task, number: int = 1) -> AttemptBegin:
    uuid = CallUuid(f"{task.task_id * 100 + number:032X}")
    return AttemptBegin(task.task_id, Attempt(number, uuid, NOW))


def renamed(task: Task, name: str = "new", **extras: Any) -> Task:
    given = replace(task.wish.extras, **extras)
    return replace(
        task,
        wish=replace(task.wish, name=name, starts_at=LATER, extras=given),
        next_try_at=LATER,
    )


def test_a_change_is_kept_and_found(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        task, store = await added(callback_stores), callback_stores.tasks
        after = renamed(task, priority=9, deadline_at=UnixTime(LATER + 1), dedup_key="k")
        assert await store.change_task(task, after) is Revision.CHANGED
        assert await reread(callback_stores, task) == after
        of = task.account_id, task.queue_id
        for wanted in (TaskFilter(name="new"), TaskFilter(starts_from=LATER)):
            assert await store.tasks(*of, wanted, Page(9)) == ([after], 1)
        assert list(await store.due_tasks(task.queue_id, at=NOW, limit=9)) == []
        assert list(await store.due_tasks(task.queue_id, at=LATER, limit=9)) == [after]

    run(scenario())


def test_what_is_not_as_it_was_is_left_alone(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        task, store = await added(callback_stores), callback_stores.tasks

        async def is_left_alone(was: Task) -> None:
            before = await reread(callback_stores, task)
            assert await store.change_task(was, renamed(was)) is Revision.OUTDATED
            assert await reread(callback_stores, task) == before

        await store.put_off({task.task_id: LATER})
        await is_left_alone(task)
        moved = replace(task, next_try_at=LATER)
        await store.begin_attempts([begin(task)])
        await is_left_alone(moved)
        executed = await reread(callback_stores, task)
        assert executed is not None
        await is_left_alone(executed)
        delayed = replace(
            after_attempt(executed, AttemptOutcome.A_BUSY, at=NOW),
            state=TaskState.DELAYED,
            next_try_at=LATER,
            finish_result=None,
            finish_comment="",
            finished_at=None,
        )
        busy = AttemptOutcome.A_BUSY
        call = kept_call(task, executed.attempts[0].call_uuid, busy, ended_at=NOW)
        end = AttemptEnd(task.task_id, 1, busy, NOW, None, delayed, call)
        await store.end_attempt(end)
        await is_left_alone(moved)
        again = await reread(callback_stores, task)
        assert again is not None
        assert await store.change_task(again, renamed(again)) is Revision.CHANGED
        over = finished(renamed(again), FinishResult.FAILED, "expired", at=LATER)
        await store.finish_waiting(over, ())
        await is_left_alone(renamed(again))
        await is_left_alone(over)
        await store.delete_task(task.account_id, task.queue_id, task.task_id)
        await is_left_alone(over)

    run(scenario())


def test_of_two_changes_at_once_one_is_outdated(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        task, store = await added(callback_stores), callback_stores.tasks
        changes = [renamed(task, f"{n}") for n in range(6)]
        said = await asyncio.gather(*(store.change_task(task, one) for one in changes))
        assert sorted(said) == [Revision.CHANGED, *[Revision.OUTDATED] * 5]
        assert await reread(callback_stores, task) == changes[said.index(Revision.CHANGED)]

    run(scenario())


def test_of_a_change_and_a_begin_at_once_one_is_first(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        task, store = await added(callback_stores), callback_stores.tasks
        revision, begun = await asyncio.gather(
            store.change_task(task, renamed(task)), store.begin_attempts([begin(task)])
        )
        after = await reread(callback_stores, task)
        assert after is not None
        assert list(begun) == [task.task_id]
        # Whichever was first: an attempt has the wish that it began with.
        assert after.state is TaskState.EXECUTED
        assert (after.wish.name == "new") is (revision is Revision.CHANGED)

    run(scenario())


def test_a_key_stays_that_of_one_task(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        task, store = await added(callback_stores), callback_stores.tasks
        keyed = [wish(extras=TaskExtras(dedup_key=key)) for key in ("k", "l")]
        of = task.account_id, task.queue_id
        k, _ = await store.add_tasks(*of, keyed, at=NOW) or ()
        assert await store.change_task(task, renamed(task, dedup_key="k")) is Revision.KEY_IN_USE
        assert await reread(callback_stores, task) == task
        assert await store.change_task(k, renamed(k)) is Revision.CHANGED
        free = renamed(k, dedup_key="m")
        assert await store.change_task(renamed(k), free) is Revision.CHANGED
        assert await store.change_task(task, renamed(task, dedup_key="k")) is Revision.CHANGED

    run(scenario())
