"""Queues with many tasks, deleted: the tasks go in portions, and are as good as gone before."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

import pytest

from callwright.domain.callback import Attempt, CallUuid, Task, TaskExtras
from callwright.domain.clock import UnixTime
from callwright.scheduler.values import AttemptBegin
from tests.contracts.callback_stores import NOW, CallbackStores, wish

Run = Callable[[Coroutine[object, object, object]], Any]

ALL_SHARDS: Final = frozenset(range(256))
LATER: Final = UnixTime(NOW + 100)


def begin(task: Task) -> AttemptBegin:
    return AttemptBegin(task.task_id, Attempt(1, CallUuid(f"{task.task_id:032X}"), NOW))


async def added(stores: CallbackStores, username: str, count: int) -> list[Task]:
    """Add tasks that expire to a queue of an account's."""
    account_id = await stores.account(username)
    queue_id = await stores.queue(account_id)
    wishes = [wish(extras=TaskExtras(deadline_at=LATER))] * count
    tasks = await stores.tasks.add_tasks(account_id, queue_id, wishes, at=NOW)
    assert tasks is not None
    return list(tasks)


async def is_there(stores: CallbackStores, task: Task) -> bool:
    return await stores.tasks.task(task.account_id, task.queue_id, task.task_id) is not None


def test_a_long_queue_is_deleted_in_portions(
    callback_stores: CallbackStores, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        stores = callback_stores
        tasks = await added(stores, "bob@example.com", 9)
        [elsewhere] = await added(stores, "ann@example.com", 1)
        await stores.tasks.begin_attempts([begin(tasks[0])])
        for store in ("sqlite", "postgres"):
            module = f"callwright.adapters.{store}.callback_queue_store"
            monkeypatch.setattr(f"{module}.DELETED_AT_ONCE", 2)
            monkeypatch.setattr(f"{module}.DELETED_PORTIONS", 2)
        assert await stores.queues.delete_queue(tasks[0].account_id, tasks[0].queue_id)
        left = [task for task in tasks if await is_there(stores, task)]
        assert len(left) == 5
        assert left[0] == tasks[0]
        # They are as good as gone.
        assert await stores.tasks.begin_attempts(list(map(begin, left[1:]))) == []
        overdue = UnixTime(LATER + 1)
        expired = await stores.tasks.expired_tasks(ALL_SHARDS, at=overdue, limit=9)
        assert [task.task_id for task in expired] == [elsewhere.task_id]
        assert await stores.tasks.forget_tasks(finished_before=NOW, limit=3) == 3
        assert await stores.tasks.forget_tasks(finished_before=NOW, limit=3) == 1
        assert await is_there(stores, tasks[0])
        assert await is_there(stores, elsewhere)

    run(scenario())
