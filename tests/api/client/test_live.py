"""Watching queues: the beginning, the changes, the end, the slow, and those who may not."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from callwright.api.live_streams import MAX_STREAMS_OF_ACCOUNT
from callwright.api.mailbox import MAX_WAITING
from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackQueueId,
    CallUuid,
    FinishResult,
    Task,
    TaskId,
    TaskState,
)
from callwright.scheduler.live.board import LiveBoard, Watched
from callwright.scheduler.live.values import Step, TaskStep
from callwright.scheduler.printing import print_moment
from callwright.scheduler.retries import finished
from tests.sim.asgi import OpenStream
from tests.sim.client import BASE, Program, program_of, with_program
from tests.sim.front_door import FrontDoor

LIVE: Final = "/client/@me/live/"


def watch(bob: Program, queue_id: int | None = None) -> AbstractAsyncContextManager[OpenStream]:
    """Open a stream."""
    path = LIVE if queue_id is None else f"/client/@me/task_scheduler/{queue_id}/live/"
    return bob.door.client.stream(BASE + path, headers=bob.headers)


async def next_event(door: FrontDoor, stream: OpenStream) -> dict[str, Any]:
    """Wait for an event, and hold it against the document."""
    event = await stream.event()
    assert event is not None, "the stream has ended"
    door.contract.validator({"$ref": "#/components/schemas/QueueEvent"}).validate(event)
    return event


async def look(door: FrontDoor, bob: Program, queue_id: int | None = None) -> None:
    """Count, as the loop does every second."""
    account_id = bob.account.account_id
    of_queue = None if queue_id is None else CallbackQueueId(queue_id)
    progress = await door.doors.callbacks.progress.progress(
        account_id, of_queue, at=door.clock.unix_time()
    )
    board_of(door).show(Watched(account_id, of_queue), progress)


def board_of(door: FrontDoor) -> LiveBoard:
    return door.doors.callbacks.board


async def task_in(bob: Program, queue_id: int, **fields: object) -> Task:
    """Add a task."""
    body = {"a_number": "1", "b_number": "2", "extension_id": await bob.extension()} | fields
    path = f"/client/@me/task_scheduler/{queue_id}/tasks"
    (made,) = await bob.made(path, {"tasks": [body]})
    task = await bob.door.doors.callbacks.tasks.task(
        bob.account.account_id, CallbackQueueId(queue_id), TaskId(made["id"])
    )
    assert task is not None
    return task


def progress(queue_id: int, **numbers: int) -> Mapping[str, object]:
    """Return such an event; what is left out is 0."""
    none = dict.fromkeys(("waiting", "due", "executed", "success", "failed"), 0)
    return {"event": "progress", "scheduler_id": queue_id} | none | numbers


def test_a_queue_is_watched_from_its_numbers_to_its_end(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        queue_id = await bob.queue()
        task = await task_in(bob, queue_id, name="invoice")
        async with watch(bob, queue_id) as stream:
            assert await next_event(door, stream) == progress(queue_id, waiting=1, due=1)
            await look(door, bob, queue_id)
            at = door.clock.unix_time()
            attempt = Attempt(1, CallUuid("A" * 32), at)
            begun = replace(task, state=TaskState.EXECUTED, next_try_at=None, attempts=(attempt,))
            board_of(door).step(TaskStep(Step.BEGUN, begun, at, was_due_at=at))
            first = await next_event(door, stream)
            again = replace(task, state=TaskState.DELAYED, attempts=begun.attempts)
            board_of(door).step(TaskStep(Step.DELAYED, again, at, AttemptOutcome.A_BUSY))
            second = await next_event(door, stream)
            done = finished(begun, FinishResult.FAILED, "expired: a_busy", at=at)
            board_of(door).step(TaskStep(Step.FINISHED, done, at, AttemptOutcome.A_BUSY))
            last = await next_event(door, stream)
            await bob.ask("DELETE", f"/client/@me/task_scheduler/{queue_id}")
            await look(door, bob, queue_id)
            rest = await stream.events()
        assert first == {
            "event": "task",
            "change": "begun",
            "time_utc": print_moment(at),
            "scheduler_id": queue_id,
            "id": task.task_id,
            "name": "invoice",
            "status": "executed",
            "finish_result": None,
            "attempt": 1,
            "call_uuid": "A" * 32,
            "comment": "",
            "next_try_utc": None,
        }
        assert (last["change"], last["status"], last["finish_result"], last["comment"]) == (
            "finished",
            "finished",
            "failed",
            "expired: a_busy",
        )
        assert (second["change"], second["status"], second["comment"]) == (
            "delayed",
            "delayed",
            "a_busy",
        )
        assert rest == [{"event": "gone", "scheduler_id": queue_id}]
        assert board_of(door).watched == []

    with_program(tmp_path, story)


def test_all_queues_are_watched_each_by_itself(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        one, two = await bob.queue(), await bob.queue()
        async with watch(bob) as stream:
            assert [await next_event(door, stream) for _ in range(2)] == [
                progress(one),
                progress(two),
            ]
            await task_in(bob, two, start_time_utc=3600)
            await look(door, bob)
            assert await next_event(door, stream) == progress(two, waiting=1)
            three = await bob.queue()
            await bob.ask("DELETE", f"/client/@me/task_scheduler/{one}")
            await look(door, bob)
            assert await next_event(door, stream) == {"event": "gone", "scheduler_id": one}
            assert await next_event(door, stream) == progress(three)

    with_program(tmp_path, story)


def test_a_slow_reader_loses_the_oldest_and_is_told_how_many(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        queue_id = await bob.queue()
        task = await task_in(bob, queue_id)
        at = door.clock.unix_time()
        async with watch(bob, queue_id) as stream:
            await next_event(door, stream)
            stream.stop_reading()
            for number in range(MAX_WAITING + 9):
                named = replace(task, task_id=TaskId(number))
                board_of(door).step(TaskStep(Step.BEGUN, named, at))
            stream.read_again()
            missed, first = [await next_event(door, stream) for _ in range(2)]
        assert missed["event"] == "missed"
        assert first["id"] == missed["count"] > 0

    with_program(tmp_path, story)


def test_a_stream_ends_with_its_token(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        queue_id = await bob.queue()
        task = await task_in(bob, queue_id)
        async with watch(bob, queue_id) as stream:
            await next_event(door, stream)
            door.clock.advance(3600)
            board_of(door).step(TaskStep(Step.BEGUN, task, door.clock.unix_time()))
            assert (await next_event(door, stream))["event"] == "task"
            assert await stream.events() == []

    with_program(tmp_path, story)


def test_who_may_not_is_told_before_the_stream_begins(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        queue_id = await bob.queue()
        eve = await program_of(door, "eve@example.com")
        for path in (
            f"/client/@me/task_scheduler/{queue_id}/live",
            "/client/@me/task_scheduler/x/live",
        ):
            reply = await eve.ask("GET", path)
            assert (reply.status, reply.json["status"]) == (404, "scheduler_not_found")
        reply = await eve.ask("GET", f"/client/{bob.account.account_id}/live")
        assert (reply.status, reply.json["status"]) == (404, "client_not_found")
        stranger = replace(eve, token="guess")
        assert (await stranger.ask("GET", LIVE)).status == 401

    with_program(tmp_path, story)


def test_a_client_may_open_so_many_streams_and_no_more(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await bob.queue()
        async with AsyncExitStack() as streams:
            for _ in range(MAX_STREAMS_OF_ACCOUNT):
                stream = await streams.enter_async_context(watch(bob))
                await next_event(door, stream)
            refused = await bob.ask("GET", LIVE)
        assert (refused.status, refused.json["status"]) == (429, "too_many_streams")
        assert refused.headers["retry-after"] == "5"
        async with watch(bob) as stream:
            await next_event(door, stream)

    with_program(tmp_path, story)


def test_streams_end_when_the_server_stops(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await bob.queue()
        async with watch(bob) as stream:
            await next_event(door, stream)
            door.doors.live.close()
            assert await stream.events() == []

    with_program(tmp_path, story)
