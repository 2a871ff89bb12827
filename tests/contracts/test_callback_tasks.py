"""Callback tasks, their attempts and their events, on every kind of store."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Final

import pytest

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackEvent,
    CallUuid,
    EventUrls,
    ExtensionId,
    FinishResult,
    RetryRule,
    Task,
    TaskId,
    TaskState,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceRef
from callwright.scheduler.retries import after_attempt, finished
from callwright.scheduler.values import (
    AttemptBegin,
    AttemptEnd,
    Busy,
    EventToTell,
    Page,
    Removal,
    TaskFilter,
)
from callwright.scheduler.webhooks.values import TryResult
from tests.contracts.callback_stores import NOW, CallbackStores, kept_call, wish

Run = Callable[[Coroutine[object, object, object]], Any]

ALL_SHARDS: Final = frozenset(range(256))
LATER: Final = UnixTime(NOW + 100)
ALL: Final = Page(9)


def uuid(task: Task, number: int = 1) -> CallUuid:
    return CallUuid(f"{task.task_id * 100 + number:032X}")


def event(task: Task, name: str, kind: CallbackEvent = CallbackEvent.BEFORE) -> EventToTell:
    url = "http://example.org/hook"
    return EventToTell(name, task.task_id, task.account_id, url, kind, b'{"x": 1}', NOW)


def begin(task: Task, *events: EventToTell, number: int = 1) -> AttemptBegin:
    attempt = Attempt(number, uuid(task, number), NOW, src_ani="371", dst_ani=None)
    return AttemptBegin(task.task_id, attempt, events)


def end(task: Task, outcome: AttemptOutcome, *events: EventToTell, number: int = 1) -> AttemptEnd:
    after = after_attempt(task, outcome, at=LATER)
    call = kept_call(task, uuid(task, number), outcome, ended_at=LATER)
    return AttemptEnd(task.task_id, number, outcome, LATER, "205", after, call, events)


async def added(stores: CallbackStores, *wishes: Any, is_on: bool = True) -> list[Task]:
    account = await stores.account()
    queue_id = await stores.queue(account, is_on=is_on)
    tasks = await stores.tasks.add_tasks(account, queue_id, wishes or [wish()], at=NOW)
    assert tasks is not None
    return list(tasks)


async def reread(stores: CallbackStores, task: Task) -> Task | None:
    return await stores.tasks.task(task.account_id, task.queue_id, task.task_id)


def test_a_task_is_kept_as_it_was_asked_for(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        full = wish(
            LATER,
            name="invoice ☎",
            retry=RetryRule(3, 900, 5, 120),
            urls=EventUrls(after="https://example.org/a"),
            callback_params={"extended_a_numbers": ["206"], "x": {"y": [1, None, True]}},
            variables={"invoice": "7781"},
            src_ani_numbers=("1", "2"),
        )
        first, second = await added(callback_stores, full, wish())
        assert first.wish == full
        assert first.task_id < second.task_id
        assert first.next_try_at == LATER
        assert await reread(callback_stores, first) == first
        elsewhere = replace(first, account_id=AccountId(first.account_id + 1))
        assert await reread(callback_stores, elsewhere) is None

    run(scenario())


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (TaskFilter(), [0, 1, 2, 3]),
        (TaskFilter(name="one"), [1]),
        (TaskFilter(a_number="206"), [2]),
        (TaskFilter(b_number="nobody"), []),
        (TaskFilter(extension_id=ExtensionId(9)), [3]),
        (TaskFilter(states=frozenset({TaskState.EXECUTED})), [0]),
        (TaskFilter(states=frozenset({TaskState.EXECUTED, TaskState.SCHEDULED})), [0, 1, 2, 3]),
        (TaskFilter(due_by=NOW), [2, 3]),
        (TaskFilter(not_due_by=NOW), [0, 1]),
        (TaskFilter(starts_from=LATER), [1]),
        (TaskFilter(starts_to=LATER), [0, 2, 3]),
        (TaskFilter(finish_result=FinishResult.SUCCESS), []),
        (TaskFilter(sort="start_time_utc"), [0, 2, 3, 1]),
        (TaskFilter(sort="status"), [0, 1, 2, 3]),
    ],
)
def test_tasks_are_filtered(
    callback_stores: CallbackStores, run: Run, wanted: TaskFilter, expected: list[int]
) -> None:
    async def scenario() -> None:
        tasks = await added(
            callback_stores,
            wish(),
            wish(LATER, name="one"),
            wish(a_number="206"),
            wish(extension_id=ExtensionId(9)),
        )
        await callback_stores.tasks.begin_attempts([begin(tasks[0])])
        of = tasks[0].account_id, tasks[0].queue_id
        ids = [task.task_id for task in tasks]
        found, count = await callback_stores.tasks.tasks(*of, wanted, Page(10))
        assert [ids.index(task.task_id) for task in found] == expected
        assert count == len(expected)
        part, count = await callback_stores.tasks.tasks(*of, wanted, Page(1, 1))
        assert [ids.index(task.task_id) for task in part] == expected[1:2]
        assert count == len(expected)
        later = replace(wanted, after_id=tasks[0].task_id)
        found, count = await callback_stores.tasks.tasks(*of, later, Page(10))
        assert [ids.index(task.task_id) for task in found] == [one for one in expected if one > 0]
        assert count == len(found)
        if wanted == TaskFilter():
            turned, _ = await callback_stores.tasks.tasks(*of, wanted, Page(9, descending=True))
            assert [ids.index(task.task_id) for task in turned] == expected[::-1]

    run(scenario())


def test_due_tasks_come_in_order_and_from_queues_that_are_on(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        stores, tasks = callback_stores, callback_stores.tasks
        late, early, same, future = await added(
            stores, wish(), wish(UnixTime(NOW - 5)), wish(), wish(LATER)
        )
        off = await stores.queue(late.account_id, is_on=False)
        await tasks.add_tasks(late.account_id, off, [wish()], at=NOW)
        (due,) = await tasks.due_queues(ALL_SHARDS, at=NOW)
        assert (due.queue.queue_id, due.executed) == (late.queue_id, 0)
        assert await tasks.due_queues(frozenset(), at=NOW) == []
        found = await tasks.due_tasks(late.queue_id, at=NOW, limit=9)
        assert list(found) == [early, late, same]
        assert list(await tasks.due_tasks(late.queue_id, at=NOW, limit=1)) == [early]
        held = frozenset({early.wish.extension_id, ExtensionId(77)})
        of_others = await tasks.due_tasks(late.queue_id, at=NOW, limit=9, without=held)
        assert list(of_others) == []
        free = await tasks.due_tasks(
            late.queue_id, at=NOW, limit=1, without=held - {early.wish.extension_id}
        )
        assert list(free) == [early]
        assert await tasks.next_due(ALL_SHARDS, after=NOW) == future.next_try_at
        assert await tasks.next_due(ALL_SHARDS, after=LATER) is None
        assert await tasks.next_due(frozenset(), after=NOW) is None

    run(scenario())


def test_an_attempt_from_its_begin_to_the_next(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        stores, tasks = callback_stores, callback_stores.tasks
        (task,) = await added(stores, wish(retry=RetryRule(try_count=2)))
        one = begin(task, event(task, "e1"))
        assert list(await tasks.begin_attempts([one, one])) == [task.task_id]
        assert await tasks.begin_attempts([one]) == []
        running = await reread(stores, task)
        assert running == replace(
            task, state=TaskState.EXECUTED, next_try_at=None, attempts=(one.attempt,)
        )
        assert await tasks.due_queues(ALL_SHARDS, at=LATER) == []
        (open_attempt,) = await tasks.open_attempts(ALL_SHARDS)
        assert open_attempt.task == running
        assert await tasks.open_attempts(frozenset()) == []
        await tasks.attempt_queued(task.task_id, 1, ServiceRef("ref"))
        assert await tasks.task_of_call(task.account_id, uuid(task)) is not None
        assert await tasks.task_of_call(AccountId(999), uuid(task)) is None

        ended = end(running, AttemptOutcome.A_BUSY)
        assert await tasks.end_attempt(ended) is True
        assert await tasks.end_attempt(ended) is False
        after = await reread(stores, task)
        assert after is not None
        assert (after.state, after.next_try_at) == (TaskState.DELAYED, LATER + 60)
        assert after.attempts == (
            replace(
                one.attempt,
                ref=ServiceRef("ref"),
                ended_at=LATER,
                a_answered="205",
                outcome=AttemptOutcome.A_BUSY,
            ),
        )
        assert await tasks.open_attempts(ALL_SHARDS) == []

    run(scenario())


def test_a_joined_attempt_is_told_once(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        stores, tasks = callback_stores, callback_stores.tasks
        (task,) = await added(stores)
        await tasks.begin_attempts([begin(task)])
        success = event(task, "s", CallbackEvent.SUCCESS)
        for expected in (True, False):
            told = await tasks.attempt_joined(
                task.task_id, 1, at=LATER, a_answered="206", events=[success]
            )
            assert told is expected
        running = await reread(stores, task)
        assert running is not None
        assert running.attempts[0].joined_at == LATER
        after = event(task, "a", CallbackEvent.AFTER)
        await tasks.end_attempt(
            replace(end(running, AttemptOutcome.JOINED, after), a_answered=None)
        )
        finished_task = await reread(stores, task)
        assert finished_task is not None
        assert finished_task.finish_result is FinishResult.SUCCESS
        assert finished_task.attempts[0].a_answered == "206"
        (waiting,) = await stores.outbox.waiting_events(ALL_SHARDS, at=LATER, limit=9)
        assert waiting.event == success
        await stores.outbox.event_told("s")
        (waiting,) = await stores.outbox.waiting_events(ALL_SHARDS, at=LATER, limit=9)
        assert waiting.event == after

    run(scenario())


def test_tasks_are_deleted_but_not_while_they_run(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        stores, tasks = callback_stores, callback_stores.tasks
        waiting, running = await added(stores, wish(), wish())
        of = waiting.account_id, waiting.queue_id
        await tasks.begin_attempts([begin(running)])
        assert await tasks.delete_task(*of, waiting.task_id) is Removal.REMOVED
        assert await tasks.delete_task(*of, waiting.task_id) is Removal.NOT_FOUND
        assert await tasks.delete_task(*of, running.task_id) is Removal.IN_USE
        assert await tasks.begin_attempts([begin(waiting)]) == []
        assert await tasks.remove_after_attempt(*of, waiting.task_id) is False
        assert await tasks.tasks_to_end() == []
        assert await tasks.remove_after_attempt(*of, running.task_id) is True
        assert await tasks.tasks_to_end() == [running.task_id]
        after = event(running, "a", CallbackEvent.AFTER)
        now = await reread(stores, running)
        assert now is not None
        ended = end(now, AttemptOutcome.B_BUSY, event(running, "told of a task that stays"))
        assert await tasks.end_attempt(replace(ended, told_if_gone=(after,))) is True
        assert await reread(stores, running) is None
        assert await tasks.tasks_to_end() == []
        [told] = await stores.outbox.waiting_events(ALL_SHARDS, at=LATER, limit=9)
        assert told.event == after

    run(scenario())


def test_a_deleted_queue_lets_its_attempt_end(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        stores, tasks = callback_stores, callback_stores.tasks
        (task,) = await added(stores, wish(retry=RetryRule(try_count=9)))
        await tasks.begin_attempts([begin(task)])
        assert await stores.queues.delete_queue(task.account_id, task.queue_id) is True
        assert await tasks.tasks_to_end() == [], "its call is not cut off"
        (one,) = await tasks.open_attempts(ALL_SHARDS)
        assert await tasks.end_attempt(end(one.task, AttemptOutcome.B_BUSY)) is True
        assert await reread(stores, task) is None
        assert await tasks.due_queues(ALL_SHARDS, at=UnixTime(LATER + 1000)) == []

    run(scenario())


def test_a_waiting_task_can_be_finished(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        stores, tasks = callback_stores, callback_stores.tasks
        (task,) = await added(stores)
        done = finished(task, FinishResult.FAILED, "extension_blocked", at=LATER)
        assert await tasks.finish_waiting(done, [event(task, "a", CallbackEvent.AFTER)]) is True
        assert await tasks.finish_waiting(done, [event(task, "b", CallbackEvent.AFTER)]) is False
        assert await reread(stores, task) == done
        assert len(await stores.outbox.waiting_events(ALL_SHARDS, at=LATER, limit=9)) == 1
        assert await tasks.forget_tasks(finished_before=LATER, limit=9) == 0
        assert await tasks.forget_tasks(finished_before=UnixTime(LATER + 1), limit=9) == 1
        assert await reread(stores, task) is None

    run(scenario())


def test_events_of_a_task_wait_for_each_other(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        stores, outbox = callback_stores, callback_stores.outbox
        one, two = await added(stores, wish(), wish())
        await stores.tasks.begin_attempts([begin(one, event(one, "1a"), event(one, "1b"))])
        await stores.tasks.begin_attempts([begin(two, event(two, "2a"))])

        async def waiting(at: UnixTime) -> list[tuple[str, int]]:
            found = await outbox.waiting_events(ALL_SHARDS, at=at, limit=9)
            return [(told.event.event_id, told.tries) for told in found]

        assert await waiting(NOW) == [("1a", 0), ("2a", 0)]
        assert await outbox.waiting_events(frozenset(), at=NOW, limit=9) == []
        assert len(await outbox.waiting_events(ALL_SHARDS, at=NOW, limit=1)) == 1
        await outbox.event_put_off("1a", until=LATER, failure=TryResult(500, ""))
        assert await waiting(NOW) == [("2a", 0)]
        await stores.tasks.attempt_joined(
            one.task_id, 1, at=NOW, a_answered="205", events=[event(one, "1c")]
        )
        assert await waiting(NOW) == [("2a", 0)]
        assert await waiting(LATER) == [("2a", 0), ("1a", 1)]
        await outbox.event_told("1a")
        await outbox.event_told("2a")
        assert await waiting(LATER) == [("1b", 0)]
        await outbox.event_told("1b")
        assert await waiting(LATER) == [("1c", 0)]

    run(scenario())


def test_events_for_the_busy_are_left_out(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        stores = callback_stores
        one, two = await added(stores, wish(), wish())
        slow = replace(event(one, "slow"), url="https://slow.example.org:8443/a?b=1")
        fast = replace(event(two, "fast"), url="https://fast.example.org/")
        await stores.tasks.begin_attempts([begin(one, slow), begin(two, fast)])

        async def told(busy: Busy) -> list[str]:
            found = await stores.outbox.waiting_events(ALL_SHARDS, at=LATER, limit=9, busy=busy)
            return [waiting.event.event_id for waiting in found]

        assert await told(Busy()) == ["slow", "fast"]
        assert await told(Busy(receivers=frozenset({slow.receiver}))) == ["fast"]
        assert await told(Busy(receivers=frozenset({slow.receiver, fast.receiver}))) == []
        assert await told(Busy(accounts=frozenset({one.account_id}))) == []

    run(scenario())


def test_ids_of_tasks_are_never_used_again(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        (task,) = await added(callback_stores)
        of = task.account_id, task.queue_id
        await callback_stores.tasks.delete_task(*of, task.task_id)
        again = await callback_stores.tasks.add_tasks(*of, [wish()], at=NOW)
        assert again is not None
        assert again[0].task_id > task.task_id
        assert await callback_stores.tasks.delete_task(*of, TaskId(2**62)) is Removal.NOT_FOUND

    run(scenario())
