"""Callback tasks that are added in PostgreSQL: a list of them in as many statements as one."""

from collections.abc import Sequence

from callwright.adapters.callback_rows import attempts_of, task_of, wish_columns
from callwright.adapters.postgres.database import Bindings, Connection, Row, run
from callwright.domain.callback import CallbackQueueId, Task, TaskId, TaskWish
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


async def add_tasks(
    connection: Connection,
    account_id: AccountId,
    queue_id: CallbackQueueId,
    wishes: Sequence[TaskWish],
    at: UnixTime,
) -> list[Task]:
    """Insert tasks in this order; one whose key an unfinished task has stands for that task."""
    keys = {key for wish in wishes if (key := wish.extras.dedup_key) is not None}
    asked = {"queue_id": queue_id, "dedup_keys": sorted(keys)}
    rows = await run(connection, "callback_task_of_key", asked) if keys else []
    of_key = {task.wish.extras.dedup_key: task for task in await _tasks_of(connection, rows)}
    known, new = set(of_key), []
    for wish in wishes:
        key = wish.extras.dedup_key
        if key is None or key not in known:
            new.append(wish)
            known.add(key)
    inserted = await insert_tasks(connection, account_id, queue_id, new, at)
    of_key |= {task.wish.extras.dedup_key: task for task in inserted}
    unkeyed = iter([task for task in inserted if task.wish.extras.dedup_key is None])
    return [
        next(unkeyed) if (key := wish.extras.dedup_key) is None else of_key[key] for wish in wishes
    ]


async def add_call(
    connection: Connection,
    account_id: AccountId,
    queue_id: CallbackQueueId,
    wish: TaskWish,
    *,
    at: UnixTime,
    known_since: UnixTime,
) -> Task:
    """Insert a callback at once, unless one of its key is unfinished or was made since a moment."""
    key = wish.extras.dedup_key
    if key is not None:
        asked = {"queue_id": queue_id, "dedup_key": key, "known_since": known_since}
        rows = await run(connection, "callback_task_of_call_key", asked)
        for task in await _tasks_of(connection, rows):
            return task
    (task,) = await insert_tasks(connection, account_id, queue_id, [wish], at)
    return task


async def insert_tasks(
    connection: Connection,
    account_id: AccountId,
    queue_id: CallbackQueueId,
    wishes: Sequence[TaskWish],
    at: UnixTime,
) -> list[Task]:
    """Insert tasks in this order, whatever keys they have."""
    if not wishes:
        return []
    rows = [wish_columns(wish) for wish in wishes]
    columns: Bindings = {name: [row[name] for row in rows] for name in rows[0]}
    of_all = {"account_id": account_id, "queue_id": queue_id, "created_at": at}
    ids = await run(connection, "callback_task_insert", {**columns, **of_all})
    # The order in which rows are told is nobody's promise; that of their ids is the statement's.
    return [
        Task(
            TaskId(task_id),
            account_id,
            queue_id,
            wish,
            at,
            next_try_at=row["next_try_at"],
            ready_at=row["ready_at"],
        )
        for task_id, wish, row in zip(sorted(one[0] for one in ids), wishes, rows, strict=True)
    ]


async def _tasks_of(connection: Connection, rows: Sequence[Row]) -> list[Task]:
    if not rows:
        return []
    found = await run(connection, "callback_attempts", {"task_ids": [row[0] for row in rows]})
    attempts = attempts_of(found)
    return [task_of(row, attempts.get(row[0], ())) for row in rows]
