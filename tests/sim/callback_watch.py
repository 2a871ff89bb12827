"""Nodes of a scheduler that are looked after: at each look, all that must hold of all tasks."""

import asyncio
import json
import tempfile
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import ClassVar, Final, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from callwright.dispatch.ports import shard_of
from callwright.domain.callback import AttemptOutcome, Gate, Task, TaskId, TaskState, exit_status_of
from callwright.domain.clock import UnixTime
from callwright.domain.ids import IdMint
from callwright.scheduler.task_list import TaskLists
from callwright.scheduler.values import Page, QueueChange, TaskFilter
from tests.sim.callback_clients import Client, NotedStarts, new_client
from tests.sim.callback_model import (
    check_order,
    check_task,
    events_of,
    is_called_at,
    is_due,
    is_ready,
)
from tests.sim.callback_nodes import Node, OpenNodeStores
from tests.sim.clock import VirtualClock

Result = TypeVar("Result")

ALL_SHARDS: Final = frozenset(range(256))
A_WHILE: Final = 1.25
"""Seconds between looks: the loop asks about all that run once a second."""
ROUNDS: Final = 40
"""A bound on what a node does at one moment."""


class WatchedNodes(RuleBasedStateMachine):
    """Two nodes and two clients; whoever does something to them calls `look` afterwards."""

    open_stores: ClassVar[OpenNodeStores]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner, self.opened = asyncio.Runner(), AsyncExitStack()
        path = Path(self.folder.name)
        opening = type(self).open_stores(path)
        stores = self.run(self.opened.enter_async_context(opening))
        self.stores = stores[0]
        self.clock, self.starts = VirtualClock(), NotedStarts()
        mint = IdMint("2e891aea", "049136ca36e44662", 1_366_641_192)
        self.nodes = [Node(one, self.starts, mint, self.clock, path) for one in stores]
        self.clients = [self.run(new_client(self.stores)) for _ in range(2)]
        self.told: defaultdict[int, list[str]] = defaultdict(list)
        self.event_ids: set[str] = set()
        self.order = self.nodes
        self.owners: list[int | None] = []
        self.give((0, 1))

    def run(self, story: Coroutine[object, object, Result]) -> Result:
        return self.runner.run(story)

    @property
    def now(self) -> UnixTime:
        return self.clock.unix_time()

    @property
    def executed(self) -> list[Task]:
        return [task for client in self.clients for task in client.executed]

    def give(self, owners: Iterable[int | None]) -> None:
        """Give each client's shard to a node, by its number, or to none."""
        self.owners = list(owners)
        for number, node in enumerate(self.nodes):
            node.shards = frozenset(
                shard_of(client.account_id)
                for client, owner in zip(self.clients, self.owners, strict=True)
                if owner == number
            )

    def change(self, client: Client, change: QueueChange) -> None:
        of = client.account_id, client.queue_id
        assert self.run(self.stores.queues.change_queue(*of, change)) is not None
        self.look()

    def end(self, task: Task, outcome: AttemptOutcome, *, told: int) -> None:
        """End a call; one of the two nodes is told, or none."""
        ref = self.run(self.starts.hang_up(task, exit_status_of(outcome), at=self.now))
        if told < len(self.nodes):
            self.nodes[told].loop.ended(ref)

    def look(self, after: float = A_WHILE) -> None:
        """Let the nodes do what there is to do at one moment, and check every task."""
        self.clock.advance(after)
        for node in (*self.order, *self.order):
            for _ in range(ROUNDS):
                if self.run(node.loop.look()) > 0:
                    break
            else:
                raise AssertionError("a round leads to the next without an end")
        self.listen()
        for client, owner in zip(self.clients, self.owners, strict=True):
            before = client.tasks
            self.see(client)
            if owner is not None:
                self.check(client, self.nodes[owner], before)
            else:
                assert not self.begun(client)

    def see(self, client: Client) -> None:
        """Read a client's tasks, and check each by itself."""
        of = client.account_id, client.queue_id
        found, _ = self.run(self.stores.tasks.tasks(*of, TaskFilter(), Page(1000)))
        gone = client.tasks.keys() - {task.task_id for task in found}
        followed = client.series.see(found, self.now)
        assert {task.task_id for task in found} == (client.tasks.keys() - gone) | followed
        assert gone <= client.going
        for task_id in gone:
            assert self.told[task_id].index("after") == len(self.told[task_id]) - 1
        client.tasks = {task.task_id: task for task in found}
        for task in found:
            check_task(task, self.now)
            assert self.told[task.task_id] == events_of(task)
        for old in list(client.leaving.values()):
            self.see_leaving(client, old)

    def see_leaving(self, client: Client, old: Task) -> None:
        """Check that a task whose queue is gone ends with its attempt, and tells so once."""
        uuid = old.attempts[-1].call_uuid
        task = self.run(self.stores.tasks.task_of_call(client.account_id, uuid))
        told = self.told[old.task_id]
        if task is None:
            del client.leaving[old.task_id]
            assert told.index("after") == len(told) - 1
        else:
            client.leaving[old.task_id] = task
            assert len(task.attempts) == len(old.attempts), "no further attempt"
            assert told == events_of(task)

    def check(self, client: Client, node: Node, before: Mapping[TaskId, Task]) -> None:
        """Check a queue as a whole, as the node saw it that has it."""
        waiting = [task for task in client.tasks.values() if task.next_try_at is not None]
        deadlines = [task.wish.extras.deadline_at for task in waiting]
        assert all(one is None or one > self.now for one in deadlines)
        executed = [task for task in client.tasks.values() if task.state is TaskState.EXECUTED]
        begun = self.begun(client)
        assert len(executed) <= client.limit or not begun
        held = {one for one in client.extensions if node.ratio.holds(one, at=self.now)}
        is_open = client.hours is None or client.hours.is_open(self.now)
        ready = [
            task
            for task in waiting
            if is_due(task, self.now)
            and is_called_at(task.wish.extras.hours, self.now)
            and task.wish.extension_id not in held
        ]
        if not client.acts or not is_open:
            assert not begun
        elif len(executed) < client.limit:
            assert not ready, "it is due, and nothing holds it back"
        waited = [before[task.task_id] for task in begun if task.task_id in before]
        check_order([task for task in waited if is_due(task, self.now)], ready)
        self.check_shown(client, node, is_open=is_open, is_full=len(executed) >= client.limit)

    def check_shown(self, client: Client, node: Node, *, is_open: bool, is_full: bool) -> None:
        """Check the state that each task is shown in: the first gate that is shut."""
        queue = self.run(self.stores.queues.queue(client.account_id, client.queue_id))
        assert queue is not None
        lists = TaskLists(self.stores.queues, self.stores.tasks, node.ratio, self.stores.pauses)
        gates = self.run(lists.gates(queue, at=self.now))
        for task in client.tasks.values():
            shown: TaskState | Gate = task.state
            if client.acts and is_due(task, self.now):
                if not is_open:
                    shown = Gate.INTERVAL
                elif node.ratio.holds(task.wish.extension_id, at=self.now):
                    shown = Gate.ASR
                elif is_full:
                    shown = Gate.CONCURRENT_TASK
            elif client.acts and is_ready(task, self.now):
                # The called person's hours hold it back.
                shown = Gate.INTERVAL
            assert gates.shown(task) == shown

    def begun(self, client: Client) -> list[Task]:
        """Those whose attempt began at this moment."""
        return [task for task in client.executed if task.attempts[-1].started_at == self.now]

    def listen(self) -> None:
        """Take every event that waits, as a receiver does who is always there."""
        while waiting := self.run(
            self.stores.outbox.waiting_events(ALL_SHARDS, at=self.now, limit=1000)
        ):
            for one in waiting:
                body = json.loads(one.event.body)
                assert one.event.event_id not in self.event_ids, "told twice"
                self.event_ids.add(one.event.event_id)
                assert (body["event"], body["task_id"]) == (one.event.event, one.event.task_id)
                self.told[one.event.task_id].append(str(one.event.event))
                self.run(self.stores.outbox.event_told(one.event.event_id))

    def teardown(self) -> None:
        for client in self.clients:
            self.run(self.stores.queues.delete_queue(client.account_id, client.queue_id))
        self.run(self.opened.aclose())
        self.runner.close()
        self.folder.cleanup()
