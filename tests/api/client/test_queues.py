"""Queues of callbacks over HTTP: every field, limit, default, filter and error of section 3."""

from pathlib import Path
from typing import Any

import pytest

from tests.sim.client import Program, program_of, with_program
from tests.sim.front_door import FrontDoor

QUEUES = "/client/@me/task_scheduler"


def test_the_example_of_the_documents(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        door.clock.advance(0.75)
        body = {"name": "invoice reminders", "comment": "spring run", "concurrent_task_limit": 4}
        queue = await bob.made(f"{QUEUES}/", body)
        assert list(queue.items())[1:-1] == [
            ("name", "invoice reminders"),
            ("comment", "spring run"),
            ("status", "off"),
            ("concurrent_task_limit", 4),
            ("interval_id", None),
        ]
        for slash in ("", "/"):
            assert (await bob.ask("GET", f"{QUEUES}/{queue['id']}{slash}")).json == queue
            assert (await bob.ask("GET", QUEUES + slash)).json == [queue]

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"name": "", "comment": "", "status": "off", "concurrent_task_limit": 1}),
        ({"name": None, "status": None, "interval_id": None}, {"name": "", "status": "off"}),
        ({"status": "on"}, {"status": "on"}),
        ({"name": "n" * 255, "comment": "c" * 4000}, {"name": "n" * 255, "comment": "c" * 4000}),
        ({"concurrent_task_limit": "1000"}, {"concurrent_task_limit": 1000}),
    ],
)
def test_what_a_new_queue_is(
    tmp_path: Path, body: dict[str, Any], expected: dict[str, Any]
) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        queue = await bob.made(QUEUES, body)
        assert {name: queue[name] for name in expected} == expected

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "path", "word"),
    [
        ({"name": "n" * 256}, "name", "validation_failed"),
        ({"name": 7}, "name", "validation_failed"),
        ({"comment": "c" * 4001}, "comment", "validation_failed"),
        ({"status": "ON"}, "status", "validation_failed"),
        ({"status": True}, "status", "validation_failed"),
        ({"concurrent_task_limit": 0}, "concurrent_task_limit", "validation_failed"),
        ({"concurrent_task_limit": -1}, "concurrent_task_limit", "validation_failed"),
        ({"concurrent_task_limit": 1001}, "concurrent_task_limit", "validation_failed"),
        ({"concurrent_task_limit": "many"}, "concurrent_task_limit", "validation_failed"),
        ({"concurrent_task_limit": True}, "concurrent_task_limit", "validation_failed"),
        ({"interval_id": "x"}, "interval_id", "validation_failed"),
        ({"interval_id": 0}, "interval_id", "validation_failed"),
        ({"interval_id": 99}, "interval_id", "interval_not_found"),
        ({"interval_id": 2**70}, "interval_id", "validation_failed"),
    ],
)
def test_what_a_queue_cannot_be(tmp_path: Path, body: dict[str, Any], path: str, word: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        queue_id = await bob.queue()
        for method, target in (("POST", QUEUES), ("PUT", f"{QUEUES}/{queue_id}")):
            reply = await bob.ask(method, target, body)
            assert (reply.status, reply.json["status"]) == (400, word)
            assert [fault["path"] for fault in reply.json["errors"]] == [path]
        assert len((await bob.ask("GET", QUEUES)).json) == 1

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "new"},
        {"comment": "new"},
        {"status": "off"},
        {"concurrent_task_limit": 9},
        {"interval_id": None},
        {},
    ],
)
def test_fields_left_out_keep_their_values(tmp_path: Path, change: dict[str, Any]) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        hours = {"name": "h", "timezone": "UTC", "conditions": []}
        interval = await bob.made("/client/@me/interval", hours)
        full = {
            "name": "old",
            "comment": "old",
            "status": "on",
            "concurrent_task_limit": 3,
            "interval_id": interval["id"],
        }
        queue = await bob.made(QUEUES, full)
        wakes = door.callback_wakes
        reply = await bob.ask("PUT", f"{QUEUES}/{queue['id']}/", change)
        assert (reply.status, reply.json) == (200, queue | change)
        assert (await bob.ask("GET", f"{QUEUES}/{queue['id']}")).json == queue | change
        assert door.callback_wakes == wakes + 1

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["a", "b", "a"]),
        ("?status=on", ["b"]),
        ("?status=off", ["a", "a"]),
        ("?name=a", ["a", "a"]),
        ("?name=a&status=on", []),
        ("?order=desc&per_page=2", ["a", "b"]),
    ],
)
def test_lists_are_filtered(tmp_path: Path, query: str, names: list[str]) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        for name, status in (("a", "off"), ("b", "on"), ("a", "off")):
            await bob.queue(name=name, status=status)
        assert [one["name"] for one in (await bob.ask("GET", QUEUES + query)).json] == names

    with_program(tmp_path, story)


def test_a_queue_is_deleted_with_its_tasks(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        queue_id, wish = await bob.queue(), {"a_number": "1", "b_number": "2"}
        wish |= {"extension_id": await bob.extension()}  # type: ignore[dict-item]  # a number
        await bob.made(f"{QUEUES}/{queue_id}/tasks", {"tasks": [wish]})
        deleted = await bob.ask("DELETE", f"{QUEUES}/{queue_id}")
        assert (deleted.status, deleted.body) == (204, b"")
        for method, path in (("DELETE", ""), ("GET", ""), ("GET", "/task"), ("GET", "/task/1")):
            reply = await bob.ask(method, f"{QUEUES}/{queue_id}{path}")
            assert (reply.status, reply.json["status"]) == (404, "scheduler_not_found")

    with_program(tmp_path, story)


@pytest.mark.parametrize("named", ["0", "x", "-1", "9" * 40, "1.0", "@1", "%D9%A1"])
def test_what_names_no_queue(tmp_path: Path, named: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.queue()
        for method in ("GET", "PUT", "DELETE"):
            reply = await bob.ask(method, f"{QUEUES}/{named}", {} if method == "PUT" else None)
            assert (reply.status, reply.json["status"]) == (404, "scheduler_not_found")

    with_program(tmp_path, story)


def test_what_is_anothers_is_not_there(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        ann = await program_of(door, "ann@example.com")
        hours = {"name": "h", "timezone": "UTC", "conditions": []}
        interval = (await ann.made("/client/@me/interval", hours))["id"]
        extension, queue = await ann.extension(), await ann.queue()
        wish = {"a_number": "1", "b_number": "2", "extension_id": extension}
        [task] = await ann.made(f"{QUEUES}/{queue}/tasks", {"tasks": [wish]})
        paths = [
            f"/task_scheduler/{queue}",
            f"/task_scheduler/{queue}/task/{task['id']}",
            f"/task_scheduler/{await bob.queue()}/task/{task['id']}",
            f"/interval/{interval}",
            f"/extension/{extension}",
            "/extension/@200",
        ]
        for path in paths:
            for method in ("GET", "DELETE"):
                assert (await bob.ask(method, f"/client/@me{path}")).status == 404
        for path in ("/task_scheduler", "/interval", "/extension"):
            others = await bob.ask("GET", f"/client/{ann.account.account_id}{path}")
            assert (others.status, others.json["status"]) == (404, "client_not_found")
        refused = await bob.ask("POST", QUEUES, {"interval_id": interval})
        assert (refused.status, refused.json["status"]) == (400, "interval_not_found")
        own = f"{QUEUES}/{await bob.queue()}/tasks"
        refused = await bob.ask("POST", own, {"tasks": [wish]})
        assert (refused.status, refused.json["status"]) == (400, "extension_not_found")

    with_program(tmp_path, story)


def test_a_client_has_a_thousand_queues_at_most(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        for _n in range(1000):
            await bob.queue()
        reply = await bob.ask("POST", QUEUES, {})
        assert (reply.status, reply.json["status"]) == (400, "too_many_schedulers")

    with_program(tmp_path, story)
