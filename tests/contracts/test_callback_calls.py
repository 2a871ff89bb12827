"""Callbacks at once, on every kind of store: tasks of a queue that nobody sees."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

import pytest

from callwright.domain.callback import Attempt, CallUuid, FinishResult, Task, TaskExtras, TaskWish
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.ports import CallbackTaskStore
from callwright.scheduler.retries import finished
from callwright.scheduler.values import AttemptBegin, Page, QueueChange
from callwright.services.ports import ServiceKind
from tests.contracts.callback_stores import NOW, CallbackStores, wish

Run = Callable[[Coroutine[object, object, object]], Any]

ALL_SHARDS: Final = frozenset(range(256))
NONE: Final = TaskExtras()


def call(number: int = 1, extras: TaskExtras = NONE) -> TaskWish:
    return wish(call_uuid=name(number), call_api_id=name(number + 1000), extras=extras)


async def add(
    tasks: CallbackTaskStore,
    account_id: AccountId,
    wish: TaskWish,
    *,
    at: UnixTime = NOW,
    known_since: UnixTime = NOW,
) -> Task:
    return await tasks.add_call(account_id, wish, at=at, known_since=known_since)


def name(number: int) -> CallUuid:
    return CallUuid(f"{number:032X}")


def test_it_is_due_at_once_in_a_queue_that_is_on(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        tasks = callback_stores.tasks
        bob = await callback_stores.account()
        task = await add(tasks, bob, call())
        assert (task.wish, task.account_id, task.created_at) == (call(), bob, NOW)
        (due,) = await tasks.due_queues(ALL_SHARDS, at=NOW)
        assert due.queue.queue_id == task.queue_id
        assert (due.queue.is_on, due.queue.concurrent_task_limit) == (True, 1000)
        assert await tasks.due_tasks(task.queue_id, at=NOW, limit=9) == [task]
        again = await add(tasks, bob, call(2))
        assert again.queue_id == task.queue_id
        hidden = await callback_stores.services.of_account(bob, kind=ServiceKind.CALLBACK)
        assert [one.service_id for one in hidden] == [due.service_id]

    run(scenario())


def test_its_queue_is_nobodys_to_see_or_change(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        queues, tasks = callback_stores.queues, callback_stores.tasks
        bob = await callback_stores.account()
        task = await add(tasks, bob, call())
        hidden = task.queue_id
        own = await callback_stores.queue(bob)
        assert own != hidden
        listed, count = await queues.queues(bob, Page(9), is_on=None, name=None)
        assert ([one.queue_id for one in listed], count) == ([own], 1)
        assert await queues.queue(bob, hidden) is None
        assert await queues.change_queue(bob, hidden, QueueChange(is_on=False)) is None
        assert await queues.delete_queue(bob, hidden) is False
        assert await tasks.add_tasks(bob, hidden, [wish()], at=NOW) is None
        keyed = wish(extras=TaskExtras(dedup_key="k"))
        assert await tasks.add_tasks(bob, hidden, [keyed], at=NOW) is None
        assert await tasks.task(bob, hidden, task.task_id) == task

    run(scenario())


def test_its_call_is_known_before_and_after_it_begins(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        tasks = callback_stores.tasks
        bob, eve = await callback_stores.account(), await callback_stores.account("eve@example.com")
        task = await add(tasks, bob, call())
        assert await tasks.task_of_call(bob, name(1)) == task
        assert await tasks.task_of_call(eve, name(1)) is None
        assert await tasks.task_of_call(bob, name(2)) is None
        attempt = Attempt(1, name(1), NOW)
        assert await tasks.begin_attempts([AttemptBegin(task.task_id, attempt)]) == [task.task_id]
        begun = await tasks.task_of_call(bob, name(1))
        assert begun is not None
        assert begun.attempts == (attempt,)

    run(scenario())


def test_a_key_makes_one_of_two(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        tasks = callback_stores.tasks
        bob, eve = await callback_stores.account(), await callback_stores.account("eve@example.com")
        keyed = TaskExtras(dedup_key="invoice 7781")

        async def added(account_id: AccountId, number: int) -> CallUuid | None:
            task = await add(tasks, account_id, call(number, extras=keyed))
            return task.wish.call_uuid

        # Eight at once, the first ones of the account: they make its queue as well.
        at_once = await asyncio.gather(*(added(bob, number) for number in range(1, 9)))
        assert len(set(at_once)) == 1
        assert await added(eve, 9) == name(9)
        plain = await add(tasks, bob, call(10))
        assert plain.wish.call_uuid == name(10)

    run(scenario())


def test_a_key_is_known_for_a_while_after_the_end(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        tasks = callback_stores.tasks
        bob = await callback_stores.account()
        keyed = TaskExtras(dedup_key="invoice 7781")
        later = UnixTime(NOW + 100)
        first = await add(tasks, bob, call(1, extras=keyed))
        unfinished = await add(tasks, bob, call(2, extras=keyed), at=later, known_since=later)
        assert unfinished == first
        done = finished(first, FinishResult.FAILED, "expired", at=later)
        assert await tasks.finish_waiting(done, ())
        known = await add(tasks, bob, call(3, extras=keyed), at=later, known_since=NOW)
        assert known == done
        new = await add(tasks, bob, call(4, extras=keyed), at=later, known_since=later)
        assert new.wish.call_uuid == name(4)
        newest = await add(tasks, bob, call(5, extras=keyed), at=later, known_since=NOW)
        assert newest == new

    run(scenario())


def test_no_two_calls_have_one_name(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        bob = await callback_stores.account()
        await add(callback_stores.tasks, bob, call())
        with pytest.raises(Exception, match=r"(?i)unique"):
            await add(callback_stores.tasks, bob, call())

    run(scenario())
