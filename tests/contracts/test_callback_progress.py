"""How many tasks of a queue are how far, in every kind of store."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackQueueId,
    CallUuid,
    FinishResult,
    RetryRule,
    Task,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.live.values import QueueProgress
from callwright.scheduler.retries import after_attempt, finished
from callwright.scheduler.values import AttemptBegin, AttemptEnd
from tests.contracts.callback_stores import NOW, CallbackStores, kept_call, wish

Run = Callable[[Coroutine[object, object, object]], Any]

LATER: Final = UnixTime(NOW + 100)


async def begun(stores: CallbackStores, task: Task) -> Task:
    """Begin a task's next attempt."""
    uuid = CallUuid(f"{task.task_id:032X}")
    await stores.tasks.begin_attempts([AttemptBegin(task.task_id, Attempt(1, uuid, NOW))])
    running = await stores.tasks.task(task.account_id, task.queue_id, task.task_id)
    assert running is not None
    return running


async def ended(stores: CallbackStores, task: Task, outcome: AttemptOutcome) -> None:
    """End a task's attempt."""
    running = await begun(stores, task)
    after = after_attempt(running, outcome, at=NOW)
    call = kept_call(running, running.attempts[0].call_uuid, outcome, ended_at=NOW)
    await stores.tasks.end_attempt(AttemptEnd(task.task_id, 1, outcome, NOW, None, after, call))


async def numbers(
    stores: CallbackStores, account_id: AccountId, queue_id: CallbackQueueId, at: UnixTime
) -> tuple[int, ...]:
    """Return how far one queue is."""
    (one,) = await stores.progress.progress(account_id, queue_id, at=at)
    assert one.queue_id == queue_id
    return one.waiting, one.due, one.executed, one.succeeded, one.failed


def test_a_queue_s_tasks_are_counted_by_how_far_they_are(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def story() -> None:
        stores = callback_stores
        bob = await stores.account()
        queue_id = await stores.queue(bob)
        assert await numbers(stores, bob, queue_id, NOW) == (0, 0, 0, 0, 0)
        again = RetryRule(try_count=2, try_again_pause=60)
        wanted = [wish(), wish(), wish(LATER), wish(retry=again), wish(), wish(), wish()]
        tasks = await stores.tasks.add_tasks(bob, queue_id, wanted, at=NOW)
        assert tasks is not None
        assert await numbers(stores, bob, queue_id, NOW) == (7, 6, 0, 0, 0)

        await begun(stores, tasks[1])
        await ended(stores, tasks[3], AttemptOutcome.A_BUSY)
        await ended(stores, tasks[4], AttemptOutcome.JOINED)
        await ended(stores, tasks[5], AttemptOutcome.B_BUSY)
        done = finished(tasks[6], FinishResult.FAILED, "expired", at=NOW)
        assert await stores.tasks.finish_waiting(done, [])
        assert await numbers(stores, bob, queue_id, NOW) == (3, 1, 1, 1, 2)
        assert await numbers(stores, bob, queue_id, LATER) == (3, 3, 1, 1, 2)

    run(story())


def test_all_queues_of_an_account_are_counted_and_no_others(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def story() -> None:
        stores = callback_stores
        bob, eve = await stores.account(), await stores.account("eve@example.com")
        empty, full = await stores.queue(bob), await stores.queue(bob, is_on=False)
        gone, others = await stores.queue(bob), await stores.queue(eve)
        for account_id, queue_id in ((bob, full), (bob, gone), (eve, others)):
            await stores.tasks.add_tasks(account_id, queue_id, [wish()], at=NOW)
        await stores.queues.delete_queue(bob, gone)

        assert list(await stores.progress.progress(bob, None, at=NOW)) == [
            QueueProgress(empty, 0, 0, 0, 0, 0),
            QueueProgress(full, 1, 1, 0, 0, 0),
        ]
        for queue_id in (gone, others, CallbackQueueId(999)):
            assert list(await stores.progress.progress(bob, queue_id, at=NOW)) == []

    run(story())
