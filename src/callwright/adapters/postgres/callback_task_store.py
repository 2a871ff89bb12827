"""Callback tasks and their attempts in PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from callwright.adapters.call_rows import call_columns, recording_columns
from callwright.adapters.callback_rows import (
    QUEUE_COLUMNS,
    TASK_COLUMNS,
    attempts_of,
    begin_columns,
    end_columns,
    event_columns,
    progress_columns,
    queue_of,
    task_of,
    wish_columns,
    wish_of,
)
from callwright.adapters.postgres.attempt_starts import AttemptStarts
from callwright.adapters.postgres.callback_hidden_queue import hidden_queue
from callwright.adapters.postgres.database import Connection, Database, Row, run, run_columns
from callwright.adapters.postgres.new_tasks import add_call, add_tasks, insert_tasks
from callwright.adapters.task_filters import filter_of_tasks, order_of_tasks
from callwright.domain.callback import (
    CallbackQueueId,
    CallUuid,
    ExtensionId,
    Task,
    TaskId,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.scheduler.values import (
    AttemptBegin,
    AttemptEnd,
    DueQueue,
    EventToTell,
    OpenAttempt,
    Page,
    Removal,
    Revision,
    TaskFilter,
)


class PostgresCallbackTaskStore:
    """A `CallbackTaskStore`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database
        self._starts = AttemptStarts(database)

    async def add_tasks(
        self,
        account_id: AccountId,
        queue_id: CallbackQueueId,
        wishes: Sequence[TaskWish],
        *,
        at: UnixTime,
    ) -> Sequence[Task] | None:
        """Add tasks in this order, all or none; None: there is no such queue.

        A task with the key of an unfinished one of the queue is not added: that one is returned.
        """
        of_queue = {"account_id": account_id, "queue_id": queue_id}

        async def add(connection: Connection) -> list[Task] | None:
            is_keyed = any(wish.extras.dedup_key is not None for wish in wishes)
            found = "callback_queue_hold" if is_keyed else "callback_queue_read"
            if not await run(connection, found, of_queue):
                return None
            return await add_tasks(connection, account_id, queue_id, wishes, at)

        return await self._database.write(add)

    async def add_call(
        self, account_id: AccountId, wish: TaskWish, *, at: UnixTime, known_since: UnixTime
    ) -> Task:
        """Add a callback at once, or return the one of its key; a task that nobody sees."""
        is_keyed = wish.extras.dedup_key is not None

        async def add(connection: Connection) -> Task:
            queue_id = await hidden_queue(connection, account_id, at=at, is_held=is_keyed)
            of = account_id, queue_id
            return await add_call(connection, *of, wish, at=at, known_since=known_since)

        return await self._database.write(add)

    async def tasks(
        self,
        account_id: AccountId,
        queue_id: CallbackQueueId,
        wanted: TaskFilter,
        page: Page,
    ) -> tuple[Sequence[Task], int]:
        """Return a page of a queue's tasks, and how many match in all."""
        conditions, filters = filter_of_tasks(wanted)
        asked = {**filters, "account_id": account_id, "queue_id": queue_id}
        ((count,),) = await self._database.read("callback_task_count", asked, then=conditions)
        then = conditions + order_of_tasks(wanted.sort, page)
        rows = await self._database.read("callback_task_list", asked, then=then)
        return await self._with_attempts(rows), count

    async def task(
        self, account_id: AccountId, queue_id: CallbackQueueId, task_id: TaskId
    ) -> Task | None:
        """Return a task, or None."""
        asked = {"account_id": account_id, "queue_id": queue_id, "task_id": task_id}
        tasks = await self._with_attempts(await self._database.read("callback_task_read", asked))
        return tasks[0] if tasks else None

    async def task_of_call(self, account_id: AccountId, call_uuid: CallUuid) -> Task | None:
        """Return the task that an attempt's call belongs to, or None."""
        asked = {"account_id": account_id, "call_uuid": call_uuid}
        tasks = await self._with_attempts(await self._database.read("callback_task_of_call", asked))
        return tasks[0] if tasks else None

    async def delete_task(
        self, account_id: AccountId, queue_id: CallbackQueueId, task_id: TaskId
    ) -> Removal:
        """Delete a task that is not executed."""
        asked = {"account_id": account_id, "queue_id": queue_id, "task_id": task_id}

        async def delete(connection: Connection) -> Removal:
            if await run(connection, "callback_task_delete", asked):
                return Removal.REMOVED
            is_there = await run(connection, "callback_task_read", asked)
            return Removal.IN_USE if is_there else Removal.NOT_FOUND

        return await self._database.write(delete)

    async def remove_after_attempt(
        self, account_id: AccountId, queue_id: CallbackQueueId, task_id: TaskId
    ) -> bool:
        """Have an executed task removed as soon as its attempt has ended; no further attempt."""
        asked = {"account_id": account_id, "queue_id": queue_id, "task_id": task_id}
        return bool(await self._database.write(lambda c: run(c, "callback_task_let_go", asked)))

    async def change_task(self, was: Task, changed: Task) -> Revision:
        """Write the wish and the next try of a task that waits, if it still is as it `was`."""
        asked = {"account_id": was.account_id, "queue_id": was.queue_id, "task_id": was.task_id}
        key = changed.wish.extras.dedup_key
        columns = {
            **wish_columns(changed.wish),
            "next_try_at": changed.next_try_at,
            "ready_at": changed.ready_at,
            "task_id": was.task_id,
        }

        async def change(connection: Connection) -> Revision:
            if key is not None:
                await run(connection, "callback_queue_hold", asked)
            rows = await run(connection, "callback_task_hold", asked)
            attempts = attempts_of(
                await run(connection, "callback_attempts", {"task_ids": [was.task_id]})
            )
            if not rows or task_of(rows[0], attempts.get(was.task_id, ())) != was:
                return Revision.OUTDATED
            if key is not None:
                same = await run(connection, "callback_task_of_key", {**asked, "dedup_keys": [key]})
                if any(row[0] != was.task_id for row in same):
                    return Revision.KEY_IN_USE
            is_changed = await run(connection, "callback_task_change", columns)
            return Revision.CHANGED if is_changed else Revision.OUTDATED

        return await self._database.write(change)

    async def tasks_to_end(self) -> Sequence[TaskId]:
        """Return tasks whose calls are to be hung up, whichever node has them."""
        return [TaskId(row[0]) for row in await self._database.read("callback_tasks_to_end", {})]

    async def forget_tasks(self, *, finished_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` finished tasks, and those left of deleted queues."""
        asked = {"finished_before": finished_before, "limit": limit}

        async def forget(connection: Connection) -> int:
            gone = len(await run(connection, "callback_task_forget", asked))
            left = {"limit": limit - gone}
            return gone + len(await run(connection, "callback_task_forget_deleted", left))

        return await self._database.write(forget)

    async def due_queues(self, shards: frozenset[int], *, at: UnixTime) -> Sequence[DueQueue]:
        """Return the queues that are on and have a due task, of accounts in these shards."""
        asked = {"shards": sorted(shards), "at": at}
        return [
            DueQueue(queue_of(row[:QUEUE_COLUMNS]), *row[QUEUE_COLUMNS:])
            for row in await self._database.read("callback_due_queues", asked)
        ]

    async def next_due(self, shards: frozenset[int], *, after: UnixTime) -> UnixTime | None:
        """Return when the next task of a queue that is on becomes due, or None."""
        asked = {"shards": sorted(shards), "after": after}
        ((moment,),) = await self._database.read("callback_next_due", asked)
        return None if moment is None else UnixTime(moment)

    async def due_tasks(
        self,
        queue_id: CallbackQueueId,
        *,
        at: UnixTime,
        limit: int,
        without: frozenset[ExtensionId] = frozenset(),
    ) -> Sequence[Task]:
        """Return a queue's due tasks: the highest priority, the earliest, the lowest id first."""
        held = sorted(without)
        asked = {"queue_id": queue_id, "at": at, "limit": limit, "held": held}
        return await self._with_attempts(await self._database.read("callback_due_tasks", asked))

    async def put_off(self, until: Mapping[TaskId, UnixTime]) -> None:
        """Have tasks that wait become due at another time."""
        rows = [{"task_id": task_id, "until": moment} for task_id, moment in until.items()]

        async def put_off(connection: Connection) -> None:
            for row in rows:
                await run(connection, "callback_task_put_off", row)

        await self._database.write(put_off)

    async def expired_tasks(
        self, shards: frozenset[int], *, at: UnixTime, limit: int
    ) -> Sequence[Task]:
        """Return tasks that wait though their deadline has passed, the longest ago first."""
        asked = {"shards": sorted(shards), "at": at, "limit": limit}
        return await self._with_attempts(await self._database.read("callback_tasks_expired", asked))

    async def begin_attempts(self, begins: Sequence[AttemptBegin]) -> Sequence[TaskId]:
        """Make tasks `executed`; returns those that still waited, as they were read."""
        read = [one.task_id for one in begins if one.was is not None]

        async def begin(connection: Connection) -> list[TaskId]:
            rows = await run(connection, "callback_task_wishes", {"task_ids": read})
            wishes = {task_id: wish_of(wish) for task_id, wish in rows}
            by_task = {
                one.task_id: one
                for one in begins
                if one.was is None or wishes.get(one.task_id) == one.was.wish
            }
            asked = {"task_ids": list(by_task)}
            rows = await run(connection, "callback_attempt_begin_task", asked)
            taken = {row["task_id"] for row in rows}
            begun = [one for task_id, one in by_task.items() if task_id in taken]
            # In the order of the statement's parameters.
            columns = [tuple(begin_columns(one).values()) for one in begun]
            await run_columns(connection, "callback_attempt_insert", columns)
            for one in begun:
                await _tell(connection, one.events)
            return [one.task_id for one in begun]

        return await self._database.write(begin)

    async def attempt_queued(self, task_id: TaskId, number: int, ref: ServiceRef) -> None:
        """Note the start that carries out an attempt."""
        await self._starts.note(task_id, number, ref)

    async def attempt_joined(
        self,
        task_id: TaskId,
        number: int,
        *,
        at: UnixTime,
        a_answered: str,
        events: Sequence[EventToTell],
    ) -> bool:
        """Note that A and B talk; False when that was noted before."""
        columns = {"task_id": task_id, "number": number, "at": at, "a_answered": a_answered}

        async def joined(connection: Connection) -> bool:
            if not await run(connection, "callback_attempt_joined", columns):
                return False
            await _tell(connection, events)
            return True

        return await self._database.write(joined)

    async def end_attempt(self, end: AttemptEnd) -> bool:
        """Write the outcome of an attempt and its call, and add what follows its task.

        False when it has ended before.
        """
        columns, call, task = end_columns(end), call_columns(end.call), end.task

        async def write_end(connection: Connection) -> bool:
            rows = await run(connection, "callback_attempt_end", columns)
            if not rows:
                return False
            await _tell_last_words(connection, rows[0], end.ended_at)
            settled = {**progress_columns(task), "waits": False}
            await run(connection, "callback_task_settle", settled)
            await run(connection, "callback_call_insert", call)
            if end.call.recording is not None:
                recording = recording_columns(end.call.recording)
                await run(connection, "callback_recording_insert", recording)
            is_gone = await run(connection, "callback_task_remove", {"task_id": end.task_id})
            await _tell(connection, end.told_if_gone if is_gone else end.events)
            if end.follows is not None and not is_gone:
                of = task.account_id, task.queue_id
                await insert_tasks(connection, *of, [end.follows], end.ended_at)
            return True

        return await self._database.write(write_end)

    async def finish_waiting(
        self, task: Task, events: Sequence[EventToTell], *, follows: TaskWish | None = None
    ) -> bool:
        """End a task that waits, without an attempt; False when it waits no more as it was."""
        asked = {"account_id": task.account_id, "queue_id": task.queue_id, "task_id": task.task_id}
        columns = {**progress_columns(task), "waits": True}

        async def finish(connection: Connection) -> bool:
            rows = await run(connection, "callback_task_hold", asked)
            if not rows or task_of(rows[0], ()).wish != task.wish:
                return False
            if not await run(connection, "callback_task_settle", columns):
                return False
            await _tell(connection, events)
            if follows is not None and task.finished_at is not None:
                of = task.account_id, task.queue_id
                await insert_tasks(connection, *of, [follows], task.finished_at)
            return True

        return await self._database.write(finish)

    async def open_attempts(self, shards: frozenset[int]) -> Sequence[OpenAttempt]:
        """Return what has begun and not ended, of accounts in these shards."""
        asked = {"shards": sorted(shards)}
        rows = [tuple(row) for row in await self._database.read("callback_open_attempts", asked)]
        tasks = await self._with_attempts([row[:TASK_COLUMNS] for row in rows])
        return [
            OpenAttempt(task, ServiceId(row[TASK_COLUMNS]))
            for task, row in zip(tasks, rows, strict=True)
        ]

    async def _with_attempts(self, rows: Sequence[Row | tuple[Any, ...]]) -> list[Task]:
        if not rows:
            return []
        asked = {"task_ids": [row[0] for row in rows]}
        attempts = attempts_of(await self._database.read("callback_attempts", asked))
        return [task_of(row, attempts.get(row[0], ())) for row in rows]


async def _tell_last_words(connection: Connection, ended: Row, at: UnixTime) -> None:
    """Tell of hang-ups that nobody has told of, if there are any."""
    call_uuid, has_last_words = ended
    if has_last_words:
        await run(connection, "callback_last_words_tell", {"call_uuid": call_uuid, "at": at})
        await run(connection, "callback_last_words_forget", {"call_uuid": call_uuid})


async def _tell(connection: Connection, events: Sequence[EventToTell]) -> None:
    for event in events:
        await run(connection, "callback_event_insert", event_columns(event))
