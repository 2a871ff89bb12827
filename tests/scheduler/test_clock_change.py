"""Check 10 of the specification: nine o'clock is nine o'clock, on both sides of a clock change."""

import asyncio
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from callwright.domain.callback import Gate, TaskState
from callwright.domain.clock import UnixTime
from callwright.scheduler.task_list import TaskLists
from callwright.scheduler.values import QueueChange
from tests.sim.callback_model import Hours
from tests.sim.callback_nodes import OpenNodeStores, postgres_node_stores, sqlite_node_stores
from tests.sim.callback_world import World, played

RIGA = "Europe/Riga"
OFFICE = Hours(RIGA, None, (time(9), time(18)))
DAYS = [
    # the local day, and nine o'clock there in UTC
    ("2027-03-27", "07:00:00"),
    ("2027-03-28", "06:00:00"),  # summer time has come in the night before
    ("2027-03-29", "06:00:00"),
    ("2027-10-30", "06:00:00"),
    ("2027-10-31", "07:00:00"),  # and is over
    ("2027-11-01", "07:00:00"),
]


@pytest.mark.parametrize("stores", [sqlite_node_stores, postgres_node_stores])
@pytest.mark.parametrize(("day", "nine_utc"), DAYS)
def test_check_10_a_task_due_a_second_before_nine_waits_for_nine(
    tmp_path: Path, stores: OpenNodeStores, day: str, nine_utc: str
) -> None:
    async def story(world: World) -> None:
        node, client = world.nodes[0], world.client
        queues = node.stores.queues
        interval = await queues.add_window(OFFICE.window(client.account_id))
        change = QueueChange(interval=(interval.interval_id,))
        queue = await queues.change_queue(client.account_id, client.queue_id, change)
        assert queue is not None
        nine = UnixTime(datetime.fromisoformat(f"{day}T{nine_utc}+00:00").timestamp())
        assert datetime.fromtimestamp(nine, tz=UTC).astimezone(ZoneInfo(RIGA)).hour == 9
        world.clock.advance(nine - 1 - world.clock.unix_time())
        await world.add(1)
        await world.look(node, after=0.0)
        [waiting] = await world.tasks()
        lists = TaskLists(queues, node.stores.tasks, node.ratio, node.stores.pauses)
        gates = await lists.gates(queue, at=world.clock.unix_time())
        assert gates.shown(waiting) is Gate.INTERVAL
        assert waiting.attempts == ()
        await world.look(node, after=1.0)
        [begun] = await world.tasks()
        assert begun.state is TaskState.EXECUTED
        assert begun.attempts[0].started_at == nine

    asyncio.run(played(stores, tmp_path, story))
