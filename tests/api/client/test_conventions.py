"""What holds for every request: slashes, ids, times, digits in strings (sections 2.1 to 2.5)."""

import gzip
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from callwright.api.app import build_app
from callwright.api.client.operations import CLIENT_OPERATIONS
from callwright.api.operations import Operation
from tests.sim.asgi import Reply
from tests.sim.client import Program, with_program
from tests.sim.front_door import FrontDoor

QUEUES = "/client/@me/task_scheduler"
NUMBERS = {"a_number": "205", "b_number": "206"}


def target(operation: Operation) -> str:
    """Fill the path's parameters with things that are not there."""
    path = operation.path.replace("{client_id}", "@me")
    return re.sub(r"{\w+}", "987654", path)


def has_an_end(operation: Operation) -> bool:
    return all(one.media_type != "text/event-stream" for one in operation.successes.values())


WITH_AN_END = [one for one in CLIENT_OPERATIONS if has_an_end(one)]


@pytest.mark.parametrize("operation", WITH_AN_END, ids=lambda one: one.name)
def test_a_slash_at_the_end_makes_no_difference(tmp_path: Path, operation: Operation) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        async def ask(path: str) -> Reply:
            return await door.client.request(operation.methods[0], path, headers=bob.headers)

        plain, slashed = await ask(target(operation)), await ask(f"{target(operation)}/")
        assert slashed.status == plain.status
        assert "location" not in slashed.headers
        assert slashed.headers["content-type"] == plain.headers["content-type"]
        assert re.sub(rb"\d+", b"", slashed.body) == re.sub(rb"\d+", b"", plain.body)

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("2036-03-02 07:00:00", "2036-03-02 07:00:00"),
        ("2036-03-02 07: 00: 00", "2036-03-02 07:00:00"),
        ("2036-03-02T07:00:00Z", "2036-03-02 07:00:00"),
        ("2036-03-02T07:00:00", "2036-03-02 07:00:00"),
        ("2036-03-02T07:00:00+02:00", "2036-03-02 05:00:00"),
        ("2036-03-01T22:30:00-03:30", "2036-03-02 02:00:00"),
        ("2016-03-02 07:00:00", "2016-03-02 07:00:00"),
        ("0001-01-01 00:00:00", "0001-01-01 00:00:00"),
        ("2036-03-02 07:00:00.9", "2036-03-02 07:00:00"),
    ],
)
def test_times_are_read_in_every_form_and_printed_in_one(
    tmp_path: Path, sent: str, stored: str
) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        wish = NUMBERS | {"extension_id": await bob.extension(), "start_time_utc": sent}
        [task] = await bob.made(f"{QUEUES}/{await bob.queue()}/tasks", {"tasks": [wish]})
        assert task["start_time_utc"] == stored

    with_program(tmp_path, story)


def test_integers_may_be_digits_in_strings_and_are_answered_as_numbers(tmp_path: Path) -> None:
    times = {"start_time": "09:00:00", "end_time": "18:00:00"}
    days = {"start_dow": "2", "end_dow": "6"}

    async def story(_: FrontDoor, bob: Program) -> None:
        window = {"name": "x", "timezone": "UTC", "conditions": [times | days]}
        interval = await bob.made("/client/@me/interval", window)
        assert interval["conditions"] == [times | {"start_dow": 2, "end_dow": 6}]
        fields: dict[str, Any] = {"concurrent_task_limit": 4, "interval_id": interval["id"]}
        queue = await bob.made(QUEUES, {name: str(value) for name, value in fields.items()})
        assert {name: queue[name] for name in fields} == fields
        numbers: dict[str, Any] = {
            "extension_id": await bob.extension(),
            "try_count": 2,
            "try_again_pause": 30,
            "try_count_caller": 3,
            "try_again_pause_caller": 0,
            "priority": -7,
        }
        wish = NUMBERS | {name: str(value) for name, value in numbers.items()}
        [task] = await bob.made(f"{QUEUES}/{queue['id']}/tasks", {"tasks": [wish]})
        assert {name: task[name] for name in numbers} == numbers
        changed = await bob.ask("PUT", f"{QUEUES}/{queue['id']}", {"concurrent_task_limit": "5"})
        assert changed.json["concurrent_task_limit"] == 5

    with_program(tmp_path, story)


def test_a_packed_body_is_refused_as_such(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        headers = bob.headers | {"content-type": "application/json", "content-encoding": "gzip"}
        path = "/api/ver1.0" + QUEUES
        reply = await door.client.request(
            "POST", path, headers=headers, body=gzip.compress(b'{"name": "q"}')
        )
        assert (reply.status, reply.json["status"]) == (415, "unsupported_media_type")
        assert reply.json["message"].startswith("Content-Encoding 'gzip'")

    with_program(tmp_path, story)


@pytest.mark.parametrize("path", [QUEUES, f"{QUEUES}/1", f"{QUEUES}/1/task", "/user"])
def test_whatever_can_be_got_has_a_head(tmp_path: Path, path: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.queue()
        got, head = [await bob.ask(method, path) for method in ("GET", "HEAD")]
        # Its body is cut off by the server below.
        assert (head.status, head.headers.keys()) == (got.status, got.headers.keys())

    with_program(tmp_path, story)


@pytest.mark.parametrize("wrong", [1.0, True, "1.0", " 1", "", "one", [1], {}, "\uff11"])
def test_nothing_else_is_an_integer(tmp_path: Path, wrong: object) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask("POST", QUEUES, {"concurrent_task_limit": wrong})
        assert reply.status == 400
        [fault] = reply.json["errors"]
        assert fault["path"] == "concurrent_task_limit"

    with_program(tmp_path, story)


def test_task_ids_are_unique_in_the_server_and_never_used_again(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        wish = NUMBERS | {"extension_id": await bob.extension()}
        queues = [await bob.queue(), await bob.queue()]
        seen: set[int] = set()
        for _round in range(3):
            for queue_id in queues:
                [task] = await bob.made(f"{QUEUES}/{queue_id}/tasks", {"tasks": [wish]})
                assert task["id"] not in seen
                seen.add(task["id"])
                gone = await bob.ask("DELETE", f"{QUEUES}/{queue_id}/task/{task['id']}")
                assert gone.status == 204

    with_program(tmp_path, story)


@pytest.mark.parametrize(("legacy", "printed"), [(False, 60), (True, "60")])
def test_pauses_are_texts_only_for_whoever_wants_that(
    tmp_path: Path,
    legacy: bool,  # noqa: FBT001 - a column of the table
    printed: object,
) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        callbacks = replace(door.doors.callbacks, uses_legacy_types=legacy)
        door.client.app = build_app(replace(door.doors, callbacks=callbacks))
        wish = NUMBERS | {"extension_id": await bob.extension()}
        path = f"{QUEUES}/{await bob.queue()}/task"
        [task] = await bob.made(path, {"tasks": [wish]})
        assert task["try_again_pause"] == printed
        assert (await bob.ask("GET", f"{path}/{task['id']}")).json == task

    with_program(tmp_path, story)
