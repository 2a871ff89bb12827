"""Every row of the table of errors (section 14): its status, its word, its headers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from callwright.api.app import build_app
from callwright.domain.callback import Attempt, CallUuid, TaskId
from callwright.domain.errors import StoreBusy, StoreUnavailable
from callwright.scheduler.values import AttemptBegin
from tests.sim.asgi import AsgiClient, Reply
from tests.sim.client import BASE, Program, with_program
from tests.sim.front_door import FrontDoor

QUEUES = "/client/@me/task_scheduler"
TASK = {"a_number": "205", "b_number": "206"}
LIMITS = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}

Prepare = Callable[[FrontDoor, Program], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Row:
    """A request, and how it is refused."""

    status: int
    word: str | None
    method: str
    path: str
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    """Of the answer; an empty value: whatever it is."""
    prepare: Prepare | None = None
    sent: dict[str, str] = field(default_factory=dict)
    """Headers of the request."""


async def running_task(door: FrontDoor, bob: Program) -> None:
    """Make queue 1 with task 1 that is attempted, and interval 1 that another queue uses."""
    extension_id = await bob.extension()
    queue_id = await bob.queue()
    wish = TASK | {"extension_id": extension_id}
    [task] = await bob.made(f"{QUEUES}/{queue_id}/tasks", {"tasks": [wish]})
    attempt = Attempt(1, CallUuid("0" * 32), door.clock.unix_time())
    await door.doors.callbacks.tasks.begin_attempts([AttemptBegin(TaskId(task["id"]), attempt)])
    times = {"start_time": "09:00:00", "end_time": "18:00:00"}
    window = {"name": "x", "timezone": "UTC", "conditions": [times]}
    interval_id = (await bob.made("/client/@me/interval", window))["id"]
    await bob.queue(interval_id=interval_id)


async def no_hour_left(door: FrontDoor, _: Program) -> None:
    door.doors.callbacks.hourly_limit.limit = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """A store of which every use fails."""

    error: type[Exception]

    def __getattr__(self, name: str) -> NoReturn:
        raise self.error(name)


def broken(error: type[Exception]) -> Prepare:
    async def prepare(door: FrontDoor, _: Program) -> None:
        store: Any = Broken(error)
        callbacks = replace(door.doors.callbacks, queues=store)
        door.client.app = build_app(replace(door.doors, callbacks=callbacks))

    return prepare


async def blocked_program(door: FrontDoor, bob: Program) -> None:
    bob.token = await door.token(await door.customer_of(bob.account), may_schedule=False)


WRONG = {"authorization": "Bearer wrong"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
SECONDS = {"retry-after": "3600"}

ROWS: tuple[Row, ...] = (
    Row(400, "validation_failed", "POST", QUEUES, {"status": "maybe"}),
    Row(400, "validation_failed", "GET", f"{QUEUES}?per_page=501"),
    Row(400, "interval_not_found", "POST", QUEUES, {"interval_id": 9}),
    Row(
        *(400, "extension_not_found", "POST", f"{QUEUES}/1/tasks"),
        {"tasks": [TASK | {"extension_id": 9}]},
        prepare=running_task,
    ),
    Row(401, None, "GET", QUEUES, headers={"www-authenticate": ""}, sent=WRONG),
    Row(403, "app_access_type_deny", "GET", QUEUES, prepare=blocked_program),
    Row(404, None, "GET", "/nothing"),
    Row(404, None, "POST", "/client/@me/task_schedulers", {}),
    Row(404, "client_not_found", "GET", "/client/99/task_scheduler"),
    Row(404, "scheduler_not_found", "GET", f"{QUEUES}/9"),
    Row(404, "task_not_found", "GET", f"{QUEUES}/1/task/9", prepare=running_task),
    Row(405, "method_not_allowed", "PATCH", QUEUES, {}, headers={"allow": "POST, GET, HEAD"}),
    Row(405, "method_not_allowed", "PUT", "/user", {}, headers={"allow": "GET, HEAD"}),
    Row(409, "task_in_progress", "DELETE", f"{QUEUES}/1/task/1", prepare=running_task),
    Row(409, "interval_in_use", "DELETE", "/client/@me/interval/1", prepare=running_task),
    Row(413, "body_too_large", "POST", QUEUES, {"name": "x" * (8 << 20)}),
    Row(415, "unsupported_media_type", "POST", QUEUES, {}, sent=FORM),
    Row(429, "rate_limit_exceeded", "GET", QUEUES, headers=SECONDS, prepare=no_hour_left),
    Row(429, "rate_limit_exceeded", "GET", "/nothing", headers=SECONDS, prepare=no_hour_left),
    Row(500, "internal_error", "GET", QUEUES, prepare=broken(RuntimeError)),
    Row(503, "unavailable", "GET", QUEUES, headers={"retry-after": ""}, prepare=broken(StoreBusy)),
    Row(
        *(503, "unavailable", "GET", QUEUES),
        headers={"retry-after": ""},
        prepare=broken(StoreUnavailable),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.status} {row.word} {row.method}")
def test_an_error_is_the_one_of_the_table(tmp_path: Path, row: Row) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        if row.prepare is not None:
            await row.prepare(door, bob)
        reply = await asked(AsgiClient(door.client.app), bob, row)
        assert (reply.status, reply.json.get("status")) == (row.status, row.word)
        assert reply.json["message"]
        assert reply.headers["content-type"] == "application/json"
        for name, value in row.headers.items():
            assert reply.headers[name] == value or not value
        # Nobody's request has no limit; anybody's answer says what is left of it.
        assert (reply.headers.keys() >= LIMITS) is (row.status != 401)
        assert bool(reply.headers.keys() & LIMITS) is (row.status != 401)

    with_program(tmp_path, story)


async def asked(client: AsgiClient, bob: Program, row: Row) -> Reply:
    body = b"" if row.body is None else json.dumps(row.body).encode()
    kind = {"content-type": "application/json"} if body else {}
    return await client.request(
        row.method, BASE + row.path, body=body, headers=bob.headers | kind | row.sent
    )


def test_what_is_not_there_is_counted_for_its_client_alone(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        async def left(method: str, path: str) -> int:
            reply = await bob.ask(method, path)
            return int(reply.headers["x-ratelimit-remaining"])

        assert [
            await left("GET", "/user"),
            await left("GET", "/nothing"),
            await left("PUT", "/user"),
            await left("GET", "/user"),
        ] == [9999, 9998, 9997, 9996]
        nobody = await door.ask(f"{BASE}/nothing")
        assert nobody.status == 404
        assert not nobody.headers.keys() & LIMITS
        elsewhere = await door.client.request("GET", "/nothing", headers=bob.headers)
        assert not elsewhere.headers.keys() & LIMITS
        assert await left("GET", "/user") == 9995

    with_program(tmp_path, story)


def test_a_long_refusal_is_packed_too(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        queue_id = await bob.queue()
        reply = await bob.door.unchecked.request(
            "POST",
            f"{BASE}{QUEUES}/{queue_id}/tasks",
            body=json.dumps({"tasks": [{}] * 50}).encode(),
            headers=bob.headers | {"content-type": "application/json", "accept-encoding": "gzip"},
        )
        assert (reply.status, reply.headers["content-encoding"]) == (400, "gzip")

    with_program(tmp_path, story)
