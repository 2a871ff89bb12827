"""Callback tasks and their attempts in SQLite."""

import json
from collections.abc import Mapping, Sequence

import apsw

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
from callwright.adapters.sqlite.callback_hidden_queue import hidden_queue
from callwright.adapters.sqlite.database import Database, Row, run
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


class SqliteCallbackTaskStore:
    """A `CallbackTaskStore`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

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

        def add(connection: apsw.Connection) -> list[Task] | None:
            if not run(connection, "callback_queue_read", of_queue):
                return None
            return [_add(connection, account_id, queue_id, wish, at) for wish in wishes]

        return await self._database.write(add)

    async def add_call(
        self, account_id: AccountId, wish: TaskWish, *, at: UnixTime, known_since: UnixTime
    ) -> Task:
        """Add a callback at once, or return the one of its key; a task that nobody sees."""

        def add(connection: apsw.Connection) -> Task:
            queue_id = hidden_queue(connection, account_id, at=at)
            return _add(connection, account_id, queue_id, wish, at, known_since=known_since)

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
        ((count,),) = await self._database.survey("callback_task_count", asked, then=conditions)
        then = conditions + order_of_tasks(wanted.sort, page)
        rows = await self._database.survey("callback_task_list", asked, then=then)
        return self._with_attempts(rows), count

    async def task(
        self, account_id: AccountId, queue_id: CallbackQueueId, task_id: TaskId
    ) -> Task | None:
        """Return a task, or None."""
        asked = {"account_id": account_id, "queue_id": queue_id, "task_id": task_id}
        tasks = self._with_attempts(self._database.read("callback_task_read", asked))
        return tasks[0] if tasks else None

    async def task_of_call(self, account_id: AccountId, call_uuid: CallUuid) -> Task | None:
        """Return the task that an attempt's call belongs to, or None."""
        asked = {"account_id": account_id, "call_uuid": call_uuid}
        tasks = self._with_attempts(self._database.read("callback_task_of_call", asked))
        return tasks[0] if tasks else None

    async def delete_task(
        self, account_id: AccountId, queue_id: CallbackQueueId, task_id: TaskId
    ) -> Removal:
        """Delete a task that is not executed."""
        asked = {"account_id": account_id, "queue_id": queue_id, "task_id": task_id}

        def delete(connection: apsw.Connection) -> Removal:
            if run(connection, "callback_task_delete", asked):
                return Removal.REMOVED
            is_there = run(connection, "callback_task_read", asked)
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

        def change(connection: apsw.Connection) -> Revision:
            rows = run(connection, "callback_task_read", asked)
            attempts = attempts_of(
                run(connection, "callback_attempts", {"task_ids": json.dumps([was.task_id])})
            )
            if not rows or task_of(rows[0], attempts.get(was.task_id, ())) != was:
                return Revision.OUTDATED
            if key is not None:
                same = run(connection, "callback_task_of_key", {**asked, "dedup_key": key})
                if any(row[0] != was.task_id for row in same):
                    return Revision.KEY_IN_USE
            is_changed = run(connection, "callback_task_change", columns)
            return Revision.CHANGED if is_changed else Revision.OUTDATED

        return await self._database.write(change)

    async def tasks_to_end(self) -> Sequence[TaskId]:
        """Return tasks whose calls are to be hung up, whichever node has them."""
        return [TaskId(row[0]) for row in self._database.read("callback_tasks_to_end", {})]

    async def forget_tasks(self, *, finished_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` finished tasks, and those left of deleted queues."""
        asked = {"finished_before": finished_before, "limit": limit}

        def forget(connection: apsw.Connection) -> int:
            gone = len(run(connection, "callback_task_forget", asked))
            left = {"limit": limit - gone}
            return gone + len(run(connection, "callback_task_forget_deleted", left))

        return await self._database.write(forget)

    async def due_queues(self, shards: frozenset[int], *, at: UnixTime) -> Sequence[DueQueue]:
        """Return the queues that are on and have a due task, of accounts in these shards."""
        asked = {"shards": json.dumps(sorted(shards)), "at": at}
        return [
            DueQueue(queue_of(row[:QUEUE_COLUMNS]), *row[QUEUE_COLUMNS:])
            for row in self._database.read("callback_due_queues", asked)
        ]

    async def next_due(self, shards: frozenset[int], *, after: UnixTime) -> UnixTime | None:
        """Return when the next task of a queue that is on becomes due, or None."""
        asked = {"shards": json.dumps(sorted(shards)), "after": after}
        ((moment,),) = self._database.read("callback_next_due", asked)
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
        held = json.dumps(sorted(without))
        asked = {"queue_id": queue_id, "at": at, "limit": limit, "held": held}
        return self._with_attempts(self._database.read("callback_due_tasks", asked))

    async def put_off(self, until: Mapping[TaskId, UnixTime]) -> None:
        """Have tasks that wait become due at another time."""
        rows = [{"task_id": task_id, "until": moment} for task_id, moment in until.items()]

        def put_off(connection: apsw.Connection) -> None:
            for row in rows:
                run(connection, "callback_task_put_off", row)

        await self._database.write(put_off)

    async def expired_tasks(
        self, shards: frozenset[int], *, at: UnixTime, limit: int
    ) -> Sequence[Task]:
        """Return tasks that wait though their deadline has passed, the longest ago first."""
        asked = {"shards": json.dumps(sorted(shards)), "at": at, "limit": limit}
        return self._with_attempts(self._database.read("callback_tasks_expired", asked))

    async def begin_attempts(self, begins: Sequence[AttemptBegin]) -> Sequence[TaskId]:
        """Make tasks `executed`; returns those that still waited, as they were read."""
        read = [one.task_id for one in begins if one.was is not None]

        def begin(connection: apsw.Connection) -> list[TaskId]:
            rows = run(connection, "callback_task_wishes", {"task_ids": json.dumps(read)})
            wishes = {task_id: wish_of(wish) for task_id, wish in rows}
            as_read = [
                one for one in begins if one.was is None or wishes.get(one.task_id) == one.was.wish
            ]
            return [one.task_id for one in as_read if _begin(connection, one)]

        return await self._database.write(begin)

    async def attempt_queued(self, task_id: TaskId, number: int, ref: ServiceRef) -> None:
        """Note the start that carries out an attempt."""
        columns = {"task_id": task_id, "number": number, "ref": ref}
        await self._database.write(lambda c: run(c, "callback_attempt_queued", columns))

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

        def joined(connection: apsw.Connection) -> bool:
            if not run(connection, "callback_attempt_joined", columns):
                return False
            _tell(connection, events)
            return True

        return await self._database.write(joined)

    async def end_attempt(self, end: AttemptEnd) -> bool:
        """Write the outcome of an attempt and its call, and add what follows its task.

        False when it has ended before.
        """
        columns, call, task = end_columns(end), call_columns(end.call), end.task

        def write_end(connection: apsw.Connection) -> bool:
            rows = run(connection, "callback_attempt_end", columns)
            if not rows:
                return False
            _tell_last_words(connection, rows[0], end.ended_at)
            run(connection, "callback_task_settle", {**progress_columns(end.task), "waits": False})
            run(connection, "callback_call_insert", call)
            if end.call.recording is not None:
                recording = recording_columns(end.call.recording)
                run(connection, "callback_recording_insert", recording)
            is_gone = run(connection, "callback_task_remove", {"task_id": end.task_id})
            _tell(connection, end.told_if_gone if is_gone else end.events)
            if end.follows is not None and not is_gone:
                of = task.account_id, task.queue_id
                _insert(connection, *of, end.follows, end.ended_at)
            return True

        return await self._database.write(write_end)

    async def finish_waiting(
        self, task: Task, events: Sequence[EventToTell], *, follows: TaskWish | None = None
    ) -> bool:
        """End a task that waits, without an attempt; False when it waits no more as it was."""
        asked = {"account_id": task.account_id, "queue_id": task.queue_id, "task_id": task.task_id}
        columns = {**progress_columns(task), "waits": True}

        def finish(connection: apsw.Connection) -> bool:
            rows = run(connection, "callback_task_read", asked)
            if not rows or task_of(rows[0], ()).wish != task.wish:
                return False
            if not run(connection, "callback_task_settle", columns):
                return False
            _tell(connection, events)
            if follows is not None and task.finished_at is not None:
                of = task.account_id, task.queue_id
                _insert(connection, *of, follows, task.finished_at)
            return True

        return await self._database.write(finish)

    async def open_attempts(self, shards: frozenset[int]) -> Sequence[OpenAttempt]:
        """Return what has begun and not ended, of accounts in these shards."""
        asked = {"shards": json.dumps(sorted(shards))}
        rows = self._database.read("callback_open_attempts", asked)
        tasks = self._with_attempts([row[:TASK_COLUMNS] for row in rows])
        return [
            OpenAttempt(task, ServiceId(row[TASK_COLUMNS]))
            for task, row in zip(tasks, rows, strict=True)
        ]

    def _with_attempts(self, rows: Sequence[Row]) -> list[Task]:
        if not rows:
            return []
        asked = {"task_ids": json.dumps([row[0] for row in rows])}
        attempts = attempts_of(self._database.read("callback_attempts", asked))
        return [task_of(row, attempts.get(row[0], ())) for row in rows]


def _add(
    connection: apsw.Connection,
    account_id: AccountId,
    queue_id: CallbackQueueId,
    wish: TaskWish,
    at: UnixTime,
    *,
    known_since: UnixTime | None = None,
) -> Task:
    """Insert a task, unless one of its key is there: unfinished, or a call made since a moment."""
    if wish.extras.dedup_key is not None:
        asked = {"queue_id": queue_id, "dedup_key": wish.extras.dedup_key}
        found = "callback_task_of_key"
        if known_since is not None:
            asked["known_since"], found = known_since, "callback_task_of_call_key"
        for row in run(connection, found, asked):
            attempts = run(connection, "callback_attempts", {"task_ids": json.dumps([row[0]])})
            return task_of(row, attempts_of(attempts).get(row[0], ()))
    return _insert(connection, account_id, queue_id, wish, at)


def _insert(
    connection: apsw.Connection,
    account_id: AccountId,
    queue_id: CallbackQueueId,
    wish: TaskWish,
    at: UnixTime,
) -> Task:
    columns = {
        **wish_columns(wish),
        "account_id": account_id,
        "queue_id": queue_id,
        "created_at": at,
    }
    ((task_id,),) = run(connection, "callback_task_insert", columns)
    due_at, ready_at = columns["next_try_at"], columns["ready_at"]
    return Task(
        TaskId(task_id), account_id, queue_id, wish, at, next_try_at=due_at, ready_at=ready_at
    )


def _begin(connection: apsw.Connection, begin: AttemptBegin) -> bool:
    if not run(connection, "callback_attempt_begin_task", {"task_id": begin.task_id}):
        return False
    run(connection, "callback_attempt_insert", begin_columns(begin))
    _tell(connection, begin.events)
    return True


def _tell_last_words(connection: apsw.Connection, ended: Row, at: UnixTime) -> None:
    """Tell of hang-ups that nobody has told of, if there are any."""
    call_uuid, has_last_words = ended
    if has_last_words:
        run(connection, "callback_last_words_tell", {"call_uuid": call_uuid, "at": at})
        run(connection, "callback_last_words_forget", {"call_uuid": call_uuid})


def _tell(connection: apsw.Connection, events: Sequence[EventToTell]) -> None:
    for event in events:
        run(connection, "callback_event_insert", event_columns(event))
