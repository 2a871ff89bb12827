"""What tasks are given beyond the original API, on every kind of store."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any, Final

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CalleeHours,
    CallUuid,
    FinishResult,
    Task,
    TaskExtras,
    TaskId,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.scheduler.retries import finished
from callwright.scheduler.values import AttemptBegin, Page, TaskFilter
from tests.contracts.callback_stores import NOW, CallbackStores, wish

Run = Callable[[Coroutine[object, object, object]], Any]

ALL_SHARDS: Final = frozenset(range(256))
LATER: Final = UnixTime(NOW + 100)
OTHER: Final = CallUuid(f"{2:032X}")


def special(starts_at: UnixTime = NOW, *, a_number: str = "205", **extras: object) -> TaskWish:
    given = TaskExtras(**extras)  # type: ignore[arg-type]  # the tests name the fields
    return wish(starts_at, a_number=a_number, extras=given)


async def added(stores: CallbackStores, *wishes: TaskWish, is_on: bool = True) -> list[Task]:
    account = await stores.account()
    queue_id = await stores.queue(account, is_on=is_on)
    tasks = await stores.tasks.add_tasks(account, queue_id, wishes, at=NOW)
    assert tasks is not None
    return list(tasks)


async def add_again(stores: CallbackStores, task: Task, *wishes: TaskWish) -> list[Task]:
    tasks = await stores.tasks.add_tasks(task.account_id, task.queue_id, wishes, at=LATER)
    assert tasks is not None
    return list(tasks)


def test_extras_are_kept_as_they_were_given(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        full = special(
            deadline_at=LATER,
            priority=-100,
            dedup_key="invoice ☎",
            hours=CalleeHours("Europe/Riga", time(9), time(17, 30, 5)),
            retry_causes=(AttemptOutcome.A_BUSY, AttemptOutcome.B_BUSY),
            backoff=1.5,
        )
        (task,) = await added(callback_stores, full)
        assert task.wish == full
        of = task.account_id, task.queue_id
        assert await callback_stores.tasks.task(*of, task.task_id) == task

    run(scenario())


def test_the_higher_priority_is_due_first(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        tasks = await added(
            callback_stores,
            special(),
            special(priority=-3),
            special(UnixTime(NOW - 9), priority=-3),
            special(priority=100),
            special(UnixTime(NOW - 5)),
            special(priority=0),
            special(LATER, priority=99),
            special(priority=1),
        )
        expected = [tasks[n] for n in (3, 7, 4, 0, 5, 2, 1)]
        store, queue_id = callback_stores.tasks, tasks[0].queue_id
        for limit in (1, 3, 7, 50):
            found = await store.due_tasks(queue_id, at=NOW, limit=limit)
            assert list(found) == expected[:limit]
        assert list(await store.due_tasks(queue_id, at=LATER, limit=2)) == [tasks[3], tasks[6]]
        assert list(await store.due_tasks(queue_id, at=UnixTime(NOW - 10), limit=9)) == []

    run(scenario())


def test_a_key_is_that_of_one_unfinished_task(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        store = callback_stores.tasks
        first, same, other, plain = await added(
            callback_stores,
            special(dedup_key="k"),
            special(dedup_key="k", a_number="206"),
            special(dedup_key="K"),
            special(),
        )
        assert first == same
        assert len({first.task_id, other.task_id, plain.task_id}) == 3
        attempt = Attempt(1, CallUuid(f"{1:032X}"), NOW)
        await store.begin_attempts([AttemptBegin(first.task_id, attempt)])
        again, new = await add_again(
            callback_stores, first, special(dedup_key="k"), special(dedup_key="n")
        )
        assert (again.task_id, again.attempts) == (first.task_id, (attempt,))
        assert new.task_id > plain.task_id
        # Another queue's keys are its own; those of a deleted or finished task are free.
        elsewhere = await callback_stores.queue(first.account_id)
        (far,) = await store.add_tasks(
            first.account_id, elsewhere, [special(dedup_key="k")], at=NOW
        ) or [first]
        assert far.task_id != first.task_id
        await store.finish_waiting(
            finished(other, FinishResult.FAILED, "expired", at=LATER), events=()
        )
        await store.delete_task(new.account_id, new.queue_id, new.task_id)
        free = await add_again(
            callback_stores, first, special(dedup_key="K"), special(dedup_key="n")
        )
        assert {task.task_id for task in free}.isdisjoint({other.task_id, new.task_id})

    run(scenario())


def test_a_list_is_added_in_its_order(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        plain = [special(a_number=str(number)) for number in range(150)]
        keyed = special(dedup_key="k")
        wishes = [keyed, *plain, keyed, special(dedup_key="l"), *plain]
        tasks = await added(callback_stores, *wishes)
        assert [task.wish for task in tasks] == wishes
        assert tasks[0] == tasks[151]
        ids = [task.task_id for number, task in enumerate(tasks) if number != 151]
        assert ids == sorted(set(ids))
        of = tasks[0].account_id, tasks[0].queue_id
        assert await callback_stores.tasks.task(*of, ids[200]) == tasks[201]

    run(scenario())


def test_requests_at_once_add_a_key_once(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        (first,) = await added(callback_stores, special())
        keys = [f"k{number}" for number in range(5)]
        # In either order: neither waits for the other for ever.
        batches = [keys if number % 2 else keys[::-1] for number in range(12)]
        answers = await asyncio.gather(
            *(
                add_again(callback_stores, first, *(special(dedup_key=key) for key in batch))
                for batch in batches
            )
        )
        ids: dict[str, set[TaskId]] = {key: set() for key in keys}
        for batch, tasks in zip(batches, answers, strict=True):
            for key, task in zip(batch, tasks, strict=True):
                ids[key].add(task.task_id)
        assert [len(ids[key]) for key in keys] == [1] * len(keys)
        assert len(set.union(*ids.values())) == len(keys)

    run(scenario())


def test_waiting_tasks_expire_at_their_deadline(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        store = callback_stores.tasks
        soon, sooner, running, _, _ = await added(
            callback_stores,
            special(LATER, deadline_at=UnixTime(NOW + 9)),
            special(deadline_at=UnixTime(NOW + 5)),
            special(deadline_at=UnixTime(NOW + 5)),
            special(deadline_at=LATER),
            special(),
            is_on=False,
        )
        attempt = Attempt(1, CallUuid(f"{1:032X}"), NOW)
        await store.begin_attempts([AttemptBegin(running.task_id, attempt)])
        at = UnixTime(NOW + 9)
        assert list(await store.expired_tasks(ALL_SHARDS, at=NOW, limit=9)) == []
        assert list(await store.expired_tasks(ALL_SHARDS, at=at, limit=9)) == [sooner, soon]
        assert list(await store.expired_tasks(ALL_SHARDS, at=at, limit=1)) == [sooner]
        assert list(await store.expired_tasks(frozenset(), at=at, limit=9)) == []
        await store.finish_waiting(finished(sooner, FinishResult.FAILED, "expired", at=at), ())
        assert list(await store.expired_tasks(ALL_SHARDS, at=at, limit=9)) == [soon]

    run(scenario())


def test_what_waits_is_put_off(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        store = callback_stores.tasks
        one, two, running = await added(callback_stores, special(), special(), special())
        attempt = Attempt(1, CallUuid(f"{1:032X}"), NOW)
        await store.begin_attempts([AttemptBegin(running.task_id, attempt)])
        await store.put_off({one.task_id: LATER, running.task_id: LATER})
        await store.put_off({})
        assert list(await store.due_tasks(one.queue_id, at=NOW, limit=9)) == [two]
        found = await store.due_tasks(one.queue_id, at=LATER, limit=9)
        put_off = replace(one, next_try_at=LATER, ready_at=NOW)
        assert list(found) == [two, put_off]
        # Once more: it is ready since then all the same.
        even_later = UnixTime(LATER + 1)
        await store.put_off({one.task_id: even_later})
        of = one.account_id, one.queue_id
        assert await store.task(*of, one.task_id) == replace(put_off, next_try_at=even_later)
        await store.begin_attempts([AttemptBegin(one.task_id, replace(attempt, call_uuid=OTHER))])
        begun = await store.task(*of, one.task_id)
        assert begun is not None
        assert begun.ready_at is None

    run(scenario())


def test_a_task_becomes_due_within_the_hours_of_the_callee(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        night = UnixTime(datetime(2027, 1, 16, 23, tzinfo=UTC).timestamp())
        hours = CalleeHours("Europe/Riga", time(9), time(17))
        (task,) = await added(callback_stores, special(night, hours=hours))
        assert task.wish.starts_at == night
        assert task.next_try_at == datetime(2027, 1, 17, 7, tzinfo=UTC).timestamp()
        assert task.ready_at == night
        of = task.account_id, task.queue_id
        assert await callback_stores.tasks.task(*of, task.task_id) == task

    run(scenario())


def test_tasks_are_told_apart_by_who_holds_them_back(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        store = callback_stores.tasks
        hours = CalleeHours("Europe/Riga", time(9), time(17))
        night = UnixTime(datetime(2027, 1, 16, 23, tzinfo=UTC).timestamp())
        opening = UnixTime(datetime(2027, 1, 17, 7, tzinfo=UTC).timestamp())
        put_off, plain = await added(callback_stores, special(night, hours=hours), special(night))
        of = put_off.account_id, put_off.queue_id
        before = UnixTime(night - 1)
        for at, held in ((before, []), (night, [put_off]), (opening, [])):
            found, count = await store.tasks(*of, TaskFilter(put_off_at=at), Page(9))
            assert (list(found), count) == (held, len(held))
            found, count = await store.tasks(*of, TaskFilter(not_put_off_at=at), Page(9))
            others = [task for task in (put_off, plain) if task not in held]
            assert (list(found), count) == (others, len(others))

    run(scenario())
