"""What all requests of clients have in common: tokens, limits, bodies, pages, packing."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.sim.asgi import Reply
from tests.sim.client import Program, with_program
from tests.sim.front_door import FrontDoor, at_the_door

QUEUES = "/client/@me/task_scheduler"


def test_whose_token_it_is(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask("GET", "/user/")
        assert (reply.status, reply.json) == (
            200,
            {
                "client_id": bob.account.account_id,
                "extension_id": None,
                "timezone": "UTC",
                "login": "bob@example.com",
            },
        )

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", "Basic Ym9iOnBhc3N3b3Jk", "Bearer \xe9"]
)
def test_a_wrong_token_opens_nothing(tmp_path: Path, authorization: str) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await door.client.request(
            "GET", "/api/ver1.0/user", headers={"authorization": authorization}
        )
        assert reply.status == 401
        assert "status" not in reply.json
        assert reply.headers["www-authenticate"].startswith("Bearer")

    at_the_door(tmp_path, story)


def test_a_token_dies_after_an_hour(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        door.clock.advance(3599.0)
        assert (await bob.ask("GET", "/user")).status == 200
        door.clock.advance(1.0)
        assert (await bob.ask("GET", "/user")).status == 401

    with_program(tmp_path, story)


def test_the_client_in_the_path_is_the_tokens(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        own = bob.account.account_id
        for client_id in ("@me", "%40me", str(own)):
            assert (await bob.ask("GET", f"/client/{client_id}/task_scheduler")).status == 200
        for client_id in (str(own + 1), "0", "x", "@you", f"0{own}"):
            reply = await bob.ask("GET", f"/client/{client_id}/task_scheduler")
            assert (reply.status, reply.json["status"]) == (404, "client_not_found")

    with_program(tmp_path, story)


def test_an_application_for_calls_alone_may_not_schedule(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        bob = Program(door, customer.account, await door.token(customer, may_schedule=False))
        reply = await bob.ask("GET", QUEUES)
        assert (reply.status, reply.json["status"]) == (403, "app_access_type_deny")

    at_the_door(tmp_path, story)


def test_every_answer_says_what_is_left_of_the_hour(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        def limits(reply: Reply) -> list[str]:
            return [reply.headers[f"x-ratelimit-{one}"] for one in ("limit", "remaining", "reset")]

        assert limits(await bob.ask("GET", "/user")) == ["10000", "9999", "3600"]
        door.clock.advance(10.5)
        assert limits(await bob.ask("GET", "/client/@me/task_scheduler/9")) == [
            *("10000", "9998", "3590")
        ]

    with_program(tmp_path, story)


def test_more_than_the_limit_is_refused_until_the_hour_is_over(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        door.doors.callbacks.hourly_limit.limit = 2
        assert [(await bob.ask("GET", "/user")).status for _ in range(3)] == [200, 200, 429]
        reply = await bob.ask("GET", QUEUES)
        assert (reply.json["status"], reply.headers["retry-after"]) == (
            "rate_limit_exceeded",
            "3600",
        )
        door.clock.advance(3599.0)
        assert (await bob.ask("GET", "/user")).status == 429
        # By now the token is as old.
        door.clock.advance(1.0)
        bob.token = await door.token(await door.customer_of(bob.account))
        assert (await bob.ask("GET", "/user")).status == 200

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "content_type", "status", "word"),
    [
        (b"", "application/json", 400, "validation_failed"),
        (b"{", "application/json", 400, "validation_failed"),
        (b"[]", "application/json", 400, "validation_failed"),
        (b'{"name": "\\ud800"}', "application/json", 400, "validation_failed"),
        (b'{"name": "\\u0000"}', "application/json", 400, "validation_failed"),
        (b'{"name": NaN}', "application/json", 400, "validation_failed"),
        (b"\xff", "application/json", 400, "validation_failed"),
        (b"name=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b" " * ((8 << 20) + 1), "application/json", 413, "body_too_large"),
        (b" " * ((8 << 20) - 2) + b"{}", "application/json", 201, None),
        (b"{}", "application/json; charset=utf-8", 201, None),
        (b"{}", "", 201, None),
        (b'{"colour": "red"}', "application/json", 201, None),
    ],
)
def test_bodies(
    tmp_path: Path, body: bytes, content_type: str, status: int, word: str | None
) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        reply = await door.client.request(
            "POST",
            f"/api/ver1.0{QUEUES}/",
            body=body,
            headers=bob.headers | ({"content-type": content_type} if content_type else {}),
        )
        assert (reply.status, reply.json.get("status") if word else None) == (status, word)

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/nothing", 404, {"message": "The path '/api/ver1.0/nothing' does not exist"}),
        (
            "PATCH",
            "/user",
            405,
            {
                "message": "Method Not Allowed: 'PATCH'; GET, HEAD was expected",
                "status": "method_not_allowed",
            },
        ),
    ],
)
def test_what_is_not_there(
    tmp_path: Path, method: str, path: str, status: int, body: dict[str, Any]
) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask(method, path)
        assert (reply.status, reply.json) == (status, body)
        assert ("allow" in reply.headers) == (status == 405)

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("accepts", "is_packed"),
    [("", False), ("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("br", False)],
)
def test_answers_are_packed_for_whoever_takes_it(
    tmp_path: Path,
    accepts: str,
    is_packed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        for _ in range(20):
            assert (await bob.ask("POST", QUEUES, {"comment": "long" * 30})).status == 201
        # Not held against the document: that is about what is in the packing.
        reply = await door.unchecked.request(
            "GET", f"/api/ver1.0{QUEUES}", headers=bob.headers | {"accept-encoding": accepts}
        )
        assert (reply.headers.get("content-encoding") == "gzip") == is_packed
        clear = gzip.decompress(reply.body) if is_packed else reply.body
        assert len(json.loads(clear)) == 20

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "ids", "headers"),
    [
        ("", list(range(50)), ("60", "1", "50")),
        ("?page=2", list(range(50, 60)), ("60", "2", "50")),
        ("?per_page=500", list(range(60)), ("60", "1", "500")),
        ("?per_page=7&page=2", list(range(7, 14)), ("60", "2", "7")),
        ("?per_page=2&order=desc", [59, 58], ("60", "1", "2")),
        ("?page=1000000000", [], ("60", "1000000000", "50")),
    ],
)
def test_pages(tmp_path: Path, query: str, ids: list[int], headers: tuple[str, ...]) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        made = [(await bob.ask("POST", QUEUES, {})).json["id"] for _ in range(60)]
        reply = await bob.ask("GET", f"{QUEUES}/{query}")
        assert [made.index(queue["id"]) for queue in reply.json] == ids
        names = ("x-total-count", "x-page", "x-per-page")
        assert tuple(reply.headers[name] for name in names) == headers

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    "query",
    [
        "?page=0",
        "?page=x",
        "?page=1000000001",
        "?per_page=501",
        "?per_page=0",
        "?order=up",
        "?status=maybe",
    ],
)
def test_wrong_pages(tmp_path: Path, query: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask("GET", QUEUES + query)
        assert (reply.status, reply.json["status"]) == (400, "validation_failed")
        [fault] = reply.json["errors"]
        assert fault["path"] == query[1:].partition("=")[0]

    with_program(tmp_path, story)
