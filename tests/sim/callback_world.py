"""A client of the scheduler, two nodes of which one has him, and a clock that stands."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from callwright.dispatch.ports import shard_of
from callwright.domain.callback import AttemptOutcome, Task, TaskWish, exit_status_of
from callwright.domain.ids import IdMint
from callwright.scheduler.values import Page, TaskFilter
from tests.sim.callback_clients import Client, NotedStarts, new_client
from tests.sim.callback_nodes import Node, OpenNodeStores
from tests.sim.callback_watch import ALL_SHARDS
from tests.sim.clock import VirtualClock


@dataclass(slots=True)
class World:
    """Two nodes, of which the first has the client, and the calls."""

    nodes: list[Node]
    client: Client
    starts: NotedStarts
    clock: VirtualClock

    def give(self, owner: int) -> None:
        """Give the client's shard to one of the nodes."""
        for number, node in enumerate(self.nodes):
            mine = frozenset({shard_of(self.client.account_id)})
            node.shards = mine if number == owner else frozenset()

    async def add(self, count: int, *, extension: int = 0, **fields: object) -> list[Task]:
        """Add tasks that are due."""
        client, now = self.client, self.clock.unix_time()
        wish = TaskWish("205", "206", client.extensions[extension], now)
        wishes = [replace(wish, **fields)] * count  # type: ignore[arg-type]  # the tests name them
        tasks = self.nodes[0].stores.tasks
        added = await tasks.add_tasks(client.account_id, client.queue_id, wishes, at=now)
        assert added is not None
        return list(added)

    async def look(self, node: Node, *, after: float = 1.25) -> None:
        """Have a node do what there is to do at one moment."""
        self.clock.advance(after)
        while await node.loop.look() == 0.0:
            pass

    async def tasks(self) -> Sequence[Task]:
        """Read the client's tasks, by id."""
        of = self.client.account_id, self.client.queue_id
        found, _ = await self.nodes[0].stores.tasks.tasks(*of, TaskFilter(), Page(1000))
        return found

    async def end(self, task: Task, outcome: AttemptOutcome) -> None:
        """End a task's call; nobody is told."""
        at = self.clock.unix_time()
        await self.starts.hang_up(task, exit_status_of(outcome), at=at)

    async def told(self) -> list[str]:
        """Take the events that wait."""
        events: list[str] = []
        outbox, now = self.nodes[0].stores.outbox, self.clock.unix_time()
        while waiting := await outbox.waiting_events(ALL_SHARDS, at=now, limit=100):
            for one in waiting:
                events.append(str(one.event.event))
                await outbox.event_told(one.event.event_id)
        return events


Story = Callable[[World], Awaitable[None]]


async def played(open_stores: OpenNodeStores, folder: Path, story: Story) -> None:
    """Play a story on stores of this kind."""
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(open_stores(folder))
        clock, starts = VirtualClock(), NotedStarts()
        mint = IdMint("2e891aea", "049136ca36e44662", 1_366_641_192)
        nodes = [Node(one, starts, mint, clock, folder) for one in stores]
        client = await new_client(stores[0])
        world = World(nodes, client, starts, clock)
        world.give(0)
        try:
            await story(world)
        finally:
            await stores[0].queues.delete_queue(client.account_id, client.queue_id)
