"""PUT of a task over HTTP: in both spellings, while it waits and no longer."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from callwright.domain.callback import FinishResult, TaskId
from callwright.scheduler.retries import finished
from tests.api.client.test_tasks import EVENINGS, QUEUES, add, begin
from tests.sim.client import Program, program_of, with_program
from tests.sim.front_door import FrontDoor


@pytest.mark.parametrize("word", ["task", "tasks"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_waiting_task_is_changed(tmp_path: Path, word: str, slash: str) -> None:
    change = {"start_time_utc": "2036-03-02 07:00:00", "try_count": 3, "name": "b"}

    async def story(door: FrontDoor, bob: Program) -> None:
        path = f"{QUEUES}/{await bob.queue(status='on')}/{word}"
        [task] = await add(bob, path, {"variables": {"a": "b"}})
        woken = door.callback_wakes
        reply = await bob.ask("PUT", f"{path}/{task['id']}{slash}", change)
        changed = {**task, **change, "next_try_utc": change["start_time_utc"]}
        assert (reply.status, reply.json) == (200, changed)
        assert (await bob.ask("GET", f"{path}/{task['id']}")).json == changed
        assert door.callback_wakes == woken + 1
        reply = await bob.ask("PUT", f"{path}/{task['id']}{slash}", {})
        assert (reply.status, reply.json) == (200, changed)

    with_program(tmp_path, story)


def test_what_waits_no_more_is_not_changed(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        queue_id = await bob.queue()
        path = f"{QUEUES}/{queue_id}/task"
        running, done = await add(bob, path, {}, {})
        await begin(door, running["id"])
        store = door.doors.callbacks.tasks
        task = await store.task(bob.account.account_id, queue_id, TaskId(done["id"]))  # type: ignore[arg-type]  # as it is printed
        assert task is not None
        over = finished(task, FinishResult.FAILED, "expired", at=door.clock.unix_time())
        await store.finish_waiting(replace(over), ())
        for one, word in ((running, "task_in_progress"), (done, "task_finished")):
            reply = await bob.ask("PUT", f"{path}/{one['id']}", {"name": "b"})
            assert (reply.status, reply.json["status"]) == (409, word)
            assert (await bob.ask("GET", f"{path}/{one['id']}")).json["name"] == ""

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "path", "word"),
    [
        ({"try_count": 51}, "try_count", "validation_failed"),
        ({"extension_id": 999}, "extension_id", "extension_not_found"),
        ({"url_after": "http://10.0.0.8/"}, "url_after", "validation_failed"),
    ],
)
def test_what_is_refused(tmp_path: Path, body: dict[str, Any], path: str, word: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        tasks = f"{QUEUES}/{await bob.queue()}/task"
        [task] = await add(bob, tasks)
        reply = await bob.ask("PUT", f"{tasks}/{task['id']}", body)
        assert (reply.status, reply.json["status"]) == (400, word)
        assert [fault["path"] for fault in reply.json["errors"]] == [path]
        assert (await bob.ask("GET", f"{tasks}/{task['id']}")).json == task

    with_program(tmp_path, story)


def test_the_key_of_another_task_is_refused(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        tasks = f"{QUEUES}/{await bob.queue()}/task"
        tasks_there = await add(bob, tasks, {"dedup_key": "k"}, {})
        task = tasks_there[1]
        reply = await bob.ask("PUT", f"{tasks}/{task['id']}", {"dedup_key": "k"})
        assert (reply.status, reply.json["status"]) == (409, "dedup_key_in_use")

    with_program(tmp_path, story)


def test_tasks_of_others_and_of_nobody_are_not_found(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        tasks = f"{QUEUES}/{await bob.queue()}/task"
        [task] = await add(bob, tasks)
        ann = await program_of(door, "ann@example.com")
        asked: tuple[tuple[Program, str, str], ...] = (
            (bob, f"{tasks}/{task['id'] + 1}", "task_not_found"),
            (bob, f"{QUEUES}/999/task/{task['id']}", "scheduler_not_found"),
            (ann, f"{tasks}/{task['id']}", "scheduler_not_found"),
        )
        for who, named, word in asked:
            reply = await who.ask("PUT", named, {"name": "b"})
            assert (reply.status, reply.json["status"]) == (404, word)

    with_program(tmp_path, story)


def test_a_series_is_made_changed_and_listed(tmp_path: Path) -> None:
    series = {
        "start_time_utc": "2036-03-03 07:00:00",
        "timezone": "Europe/Riga",
        "recurrence": "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10",
        "recurrence_except": ["2036-03-10"],
    }

    async def story(_: FrontDoor, bob: Program) -> None:
        path = f"{QUEUES}/{await bob.queue()}/task"
        other, task = await add(bob, path, {}, series)
        place = {"recurrence_id": task["id"], "occurrence": 1, "recurrence_missed": 0}
        assert task | series | place == task
        assert other.keys().isdisjoint({"recurrence", "occurrence", "timezone"})
        for change in (
            {"start_time_utc": "2036-03-04 07:00:00"},
            {"recurrence": "FREQ=DAILY", "start_time_utc": "2036-03-05 07:00:00"},
        ):
            changed = (await bob.ask("PUT", f"{path}/{task['id']}", change)).json
            assert changed == task | change | {"next_try_utc": change["start_time_utc"]}
            task = changed
        listed = await bob.ask("GET", f"{path}?recurrence_id={task['id']}")
        assert listed.json == [task]
        assert (await bob.ask("GET", f"{path}?recurrence_id=x")).status == 400

    with_program(tmp_path, story)


def test_other_hours_let_a_task_go_or_hold_it_back(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        tasks = f"{QUEUES}/{await bob.queue(status='on')}/task"
        [task] = await add(bob, tasks, EVENINGS)
        named = f"{tasks}/{task['id']}"
        shown = (await bob.ask("GET", named)).json
        # Eight in the evening in Riga, which is two hours ahead.
        evening = "2027-01-15 18:00:00"
        assert (shown["status"], shown["next_try_utc"]) == ("delayed_interval", evening)
        assert (await bob.ask("PUT", named, {"call_from": "10:00"})).status == 200
        shown = (await bob.ask("GET", named)).json
        assert (shown["status"], shown["next_try_utc"]) == ("scheduled", task["start_time_utc"])
        assert (await bob.ask("PUT", named, {"call_from": "20:00"})).status == 200
        shown = (await bob.ask("GET", named)).json
        assert (shown["status"], shown["next_try_utc"]) == ("delayed_interval", evening)

    with_program(tmp_path, story)
