"""What the loop owes each task, in stories that months of chance come upon too seldom."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from callwright.domain.callback import (
    AttemptOutcome,
    CallbackEvent,
    EventUrls,
    ExtensionId,
    RetryRule,
    TaskState,
)
from callwright.scheduler.gates import AsrRule
from callwright.scheduler.values import QueueChange
from tests.sim.callback_nodes import (
    OpenNodeStores,
    postgres_node_stores,
    sqlite_node_stores,
)
from tests.sim.callback_world import Story, World, played

NODE_STORES: list[OpenNodeStores] = [sqlite_node_stores, postgres_node_stores]


@pytest.fixture(params=NODE_STORES, ids=["sqlite", "postgresql"])
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Story], None]:
    """Play a story on both kinds of store."""
    return lambda story: asyncio.run(played(request.param, tmp_path, story))


def test_the_last_attempt_of_a_deleted_queue_is_told_though_more_were_allowed(
    play: Callable[[Story], None],
) -> None:
    async def story(world: World) -> None:
        node, client = world.nodes[0], world.client
        urls = EventUrls(*(f"http://example.org/{event}" for event in CallbackEvent))
        await world.add(1, retry=RetryRule(3, 0), urls=urls)
        await world.look(node)
        [task] = await world.tasks()
        assert await node.stores.queues.delete_queue(client.account_id, client.queue_id)
        await world.end(task, AttemptOutcome.B_BUSY)
        await world.look(node)
        assert await world.told() == ["before", "after"]
        assert await world.tasks() == []
        assert len(world.starts.by_attempt) == 1

    play(story)


def test_a_node_that_lost_a_client_leaves_its_next_attempt_alone(
    play: Callable[[Story], None],
) -> None:
    async def story(world: World) -> None:
        old, new = world.nodes
        await world.add(1, retry=RetryRule(5, 0))
        await world.look(old)
        world.give(1)
        await world.look(new)
        [task] = await world.tasks()
        await world.end(task, AttemptOutcome.B_BUSY)
        await world.look(new)
        await world.look(old)
        [task] = await world.tasks()
        assert task.state is TaskState.EXECUTED
        assert [attempt.outcome for attempt in task.attempts] == [AttemptOutcome.B_BUSY, None]

    play(story)


def test_an_extension_that_is_held_holds_nobody_else(play: Callable[[Story], None]) -> None:
    async def story(world: World) -> None:
        node = world.nodes[0]
        node.rule = AsrRule(attempts=1, minimum_share=0.5, hold=600.0)
        node.revive()
        await world.add(1)
        await world.look(node)
        [failed] = await world.tasks()
        await world.end(failed, AttemptOutcome.A_BUSY)
        await world.look(node)
        await world.add(3, extension=0)
        [free] = await world.add(1, extension=1)
        await world.look(node)
        [begun] = [task for task in await world.tasks() if task.state is TaskState.EXECUTED]
        assert begun.task_id == free.task_id

    play(story)


@pytest.mark.parametrize("is_blocked", [True, False])
def test_tasks_that_can_never_be_begun_hold_nobody(
    play: Callable[[Story], None],
    is_blocked: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async def story(world: World) -> None:
        node, client = world.nodes[0], world.client
        queues = node.stores.queues
        change = QueueChange(concurrent_task_limit=1)
        await queues.change_queue(client.account_id, client.queue_id, change)
        await world.add(3, extension=1)
        [good] = await world.add(1)
        extension = await queues.extension(client.account_id, client.extensions[1])
        assert extension is not None
        if is_blocked:
            assert await queues.change_extension(replace(extension, is_blocked=True))
        else:
            assert await queues.delete_extension(client.account_id, extension.extension_id)
        await world.look(node)
        *failed, begun = await world.tasks()
        assert (begun.task_id, begun.state) == (good.task_id, TaskState.EXECUTED)
        comment = "extension_blocked" if is_blocked else "extension_not_found"
        assert {task.finish_comment for task in failed} == {comment}

    play(story)


def test_an_unknown_extension_is_no_reason_to_stop(play: Callable[[Story], None]) -> None:
    async def story(world: World) -> None:
        await world.add(1, extension_id=ExtensionId(999_999))
        await world.look(world.nodes[0])
        [task] = await world.tasks()
        assert (task.state, task.finish_comment) == (TaskState.FINISHED, "extension_not_found")

    play(story)
