"""What every path has in common: how requests are found, bounded and refused."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from starlette.types import Message

from callwright.api.app import WebServices, build_app
from callwright.api.doors import Doors
from callwright.api.exchange import MAX_BODY, Answer, Exchange
from callwright.api.routes import SERVICE_STATUS
from callwright.domain.errors import StoreBusy, StoreUnavailable
from tests.sim.asgi import AsgiClient
from tests.sim.front_door import DOCS, FrontDoor, at_the_door

PRIVATE = "443069990123-marked"


def test_an_error_object_has_every_documented_member(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await door.ask("/service_status?service_refs=1")

        assert reply.status == 401
        assert reply.headers["content-type"] == "application/json"
        assert reply.json == {
            "error": {
                "code": "HTTP 401",
                "text": "Unauthorized: the credentials are missing or wrong",
                "datetime": "2027-01-15_08:16:40",
                "link": f"{DOCS}/web-services/services/outbound/starting",
            },
            "request": {"url": "/service_status", "datetime": "2027-01-15_08:16:40"},
        }

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("GET", "/service/v1", 404),
        ("GET", "/service/v1/conference/a", 404),
        ("GET", "/service_start/", 404),
        ("POST", "/%00", 404),
        ("DELETE", "/service_start", 405),
        ("HEAD", "/service_start", 405),
        ("PATCH", "/service/v1/outbound", 405),
        ("PUT", "/service/v1/outbound/a/queue", 405),
        ("POST", "/service/v1/inbound/a", 405),
        ("OPTIONS", "/live/v1/events", 405),
        ("BREW", "/", 405),
    ],
)
def test_unknown_paths_and_methods_are_refused(
    tmp_path: Path, method: str, target: str, status: int
) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await door.ask(target, method)

        assert (reply.status, reply.code) == (status, f"HTTP {status}")

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_slash_in_a_name_is_part_of_it(tmp_path: Path, method: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        reply = await customer.client.request(
            method,
            "/service/v1/outbound/a%2Fb",
            body=b"{}",
            headers=customer.credentials | {"content-type": "application/json"},
        )
        assert reply.status in {400, 404}
        assert "path" not in reply.json["error"]["text"]

    at_the_door(tmp_path, story)


def test_the_head_of_a_stream_ends_at_once(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        reply = await customer.client.request(
            "HEAD", "/live/v1/events", headers=customer.credentials
        )
        assert (reply.status, reply.body) == (200, b"")

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("/service_start", "GET, POST"),
        ("/service/v1/outbound", "GET, HEAD"),
        ("/service/v1/inbound/a", "GET, PUT, PATCH, DELETE, HEAD"),
        ("/healthz", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(tmp_path: Path, target: str, allowed: str) -> None:
    async def story(door: FrontDoor) -> None:
        assert (await door.ask(target, "BREW")).headers["allow"] == allowed

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("target", ["//service_status", "/service//v1///outbound/a"])
def test_doubled_slashes_find_their_way_and_are_told_as_asked(tmp_path: Path, target: str) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await door.ask(target)

        assert reply.status == 401
        assert reply.json["request"]["url"] == target

    at_the_door(tmp_path, story)


def test_head_is_get_where_asking_starts_nothing(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        assert (await door.ask("/healthz", "HEAD")).status == 200

    at_the_door(tmp_path, story)


BIG = b"service_refs=" + b"x" * MAX_BODY


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BIG, {}),
        ([BIG[:1000], BIG[1000:]], {}),
        (b"small", {"content-length": str(MAX_BODY + 1)}),
    ],
)
def test_a_body_over_a_mebibyte_is_refused_unread(
    tmp_path: Path, body: bytes | list[bytes], headers: dict[str, str]
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await door.client.request(
            "POST", "/service_status", body=body, headers=customer.credentials | headers
        )

        assert (reply.status, reply.headers["connection"]) == (413, "close")
        assert str(MAX_BODY) in reply.text

    at_the_door(tmp_path, story)


def test_a_body_of_a_mebibyte_in_pieces_is_read(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        whole = BIG[:MAX_BODY]

        reply = await door.client.request(
            "POST",
            "/service_status",
            body=[whole[:7], whole[7:]],
            headers=customer.credentials | {"content-type": "application/x-www-form-urlencoded"},
        )

        assert reply.status == 200

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [(StoreBusy("full"), 503, "1"), (StoreUnavailable("disk"), 503, "5")],
)
def test_a_store_that_takes_nothing_is_not_the_callers_fault(
    tmp_path: Path, error: Exception, status: int, retry_after: str
) -> None:
    async def story(door: FrontDoor) -> None:
        async def fail(_: Doors, __: Exchange) -> Answer:
            raise error

        app = WebServices(door.doors, (replace(SERVICE_STATUS, handler=fail),))
        reply = await AsgiClient(app).request("GET", "/service_status")

        assert (reply.status, reply.headers["retry-after"]) == (status, retry_after)

    at_the_door(tmp_path, story)


def test_a_bug_costs_one_request_and_tells_nothing_private(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        async def fail(_: Doors, __: Exchange) -> Answer:
            raise KeyError(PRIVATE)

        app = WebServices(door.doors, (replace(SERVICE_STATUS, handler=fail),))
        with structlog.testing.capture_logs() as logs:
            reply = await AsgiClient(app).request("GET", f"/service_status?service_refs={PRIVATE}")

        [line] = logs
        assert reply.status == 500
        assert line["incident"] in reply.text
        assert (line["event"], line["operation"]) == ("http.internal_error", "service_status")
        assert any("test_app.py" in place for place in line["places"])
        assert PRIVATE not in reply.body.decode()
        assert PRIVATE not in json.dumps(logs, default=str)

    at_the_door(tmp_path, story)


def test_a_client_that_goes_while_sending_is_not_answered(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        scope: dict[str, Any] = {
            "type": "http",
            "method": "POST",
            "path": "/service_status",
            "query_string": b"",
            "headers": [
                (name.encode(), value.encode()) for name, value in customer.credentials.items()
            ],
        }
        await build_app(door.doors)(scope, receive, send)

        assert sent == []

    at_the_door(tmp_path, story)


def test_web_sockets_are_closed(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await build_app(door.doors)({"type": "websocket", "path": "/"}, receive, send)

        assert sent == [{"type": "websocket.close", "code": 1000}]

    at_the_door(tmp_path, story)
