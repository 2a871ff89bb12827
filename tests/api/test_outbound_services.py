"""Writing and reading services: the published examples, and everything refused."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from callwright.domain.account import AccountType
from callwright.services.defaults import lay_over
from tests.sim.front_door import DOCS, PASSWORD, SERVICE, FrontDoor, at_the_door

MANAGEMENT = f"{DOCS}/web-services/services/outbound/management?target=service_action_tabs&tab-id="
SERVICES = "/service/v1/outbound"
HINT = (
    "For REST, you must provide a first_page, a service_password and you can not enable fax "
    "receive."
)

CALL = {"to": "sip:bob@example.com"}
OPTIONS = [
    "enabled",
    "service_password",
    "description",
    "extra_channels",
    "g729",
    "call_constraints",
    "application_type",
    "uas",
    "rest",
    "fax",
]


def test_what_was_written_is_read_as_it_was_answered(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        written = await customer.write("a.B-c_9+")

        read = await customer.get(f"{SERVICES}/a.B-c_9+")

        assert (read.status, read.body) == (200, written.body)

    at_the_door(tmp_path, story)


def test_a_single_error_stands_in_the_text(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.write("s", SERVICE | {"service_password": None})

        assert reply.text == (
            "Failed to validate configuration, service_password None is not of type 'string'. "
            f"{HINT}"
        )
        assert "details" not in reply.json["error"]

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{", "Bad Request: the body is not valid JSON"),
        (b'{"enabled": NaN}', "Bad Request: the body is not valid JSON"),
        (b'{"enabled": true, "enabled": false}', "Bad Request: the body is not valid JSON"),
        (b"\xff", "Bad Request: the body is not valid JSON"),
        (b"[" * 10_000, "Bad Request: the body is not valid JSON"),
        (b"[]", "Bad Request: the configuration is not a JSON object"),
        (b"", "Failed to validate configuration"),
    ],
)
def test_a_body_that_is_no_configuration_is_refused(tmp_path: Path, body: bytes, text: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.write("s", body)

        assert reply.status == 400
        assert reply.text.startswith(text)
        assert (await customer.get(f"{SERVICES}/s")).status == 404

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    "name", ["a%20b", "n" * 65, "n" * 10_240, "%C3%A9", "a:b", "a%00", "a%2Fqueue", "%2E%2E"]
)
def test_a_name_that_no_service_can_have_is_refused(tmp_path: Path, name: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.write(name)

        assert (reply.status, reply.text) == (400, "Bad Request: invalid service name")
        for method in ("GET", "PATCH", "DELETE"):
            reply = await customer.send(method, f"{SERVICES}/{name}")
            assert (reply.status, reply.text) == (404, "The service name does not exist")

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_configuration_is_sent_as_json(tmp_path: Path, media_type: str, method: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        headers = customer.credentials | ({"content-type": media_type} if media_type else {})

        reply = await door.client.request(
            method, f"{SERVICES}/s", body=json.dumps(SERVICE).encode(), headers=headers
        )

        assert reply.status == 415
        assert repr(media_type) in reply.text

    at_the_door(tmp_path, story)


def test_the_schema_is_draft_07_and_accepts_what_the_server_accepts(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        complete = (await customer.write("s")).json

        schema = (await customer.get("/service/v1/schema/outbound")).json

        Draft7Validator.check_schema(schema)
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
        assert list(schema["properties"]) == OPTIONS
        assert Draft7Validator(schema).is_valid(complete)
        assert not Draft7Validator(schema).is_valid(complete | {"service_password": None})

    at_the_door(tmp_path, story)


def test_services_of_others_do_not_exist(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        await door.customer_with("s")
        other = await door.customer("eve@example.com", AccountType.PREMIUM)

        assert (await other.get(f"{SERVICES}/s")).status == 404
        assert (await other.write("s")).status == 201

    at_the_door(tmp_path, story)


def test_services_are_listed_by_name(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        assert (await customer.get(SERVICES)).json == {"services": []}
        await customer.write("night", SERVICE | {"description": "Night calls", "enabled": False})
        uas = {"service_password": "p", "uas": {"application_name": "my_uas_app"}}
        await customer.write("Day", uas)
        await customer.send("PUT", "/service/v1/inbound/evening")

        reply = await customer.get(SERVICES)

        assert reply.body == (
            b'{"services":[{"name":"Day","target":"my_uas_app","description":null},'
            b'{"name":"night","target":"http://11.222.33.44:50080/my_first_page",'
            b'"description":"Night calls"}]}'
        )

    at_the_door(tmp_path, story)


def test_a_change_is_merged_checked_and_then_in_force(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        before = (await customer.write("s")).json

        reply = await customer.send("PATCH", f"{SERVICES}/s", {"rest": {"answer_timeout": 45}})
        refused = await customer.send("PATCH", f"{SERVICES}/s", {"enabled": False, "fax": 1})

        assert reply.status == 200
        assert reply.json == before | {"rest": before["rest"] | {"answer_timeout": 45}}
        assert list(reply.json) == OPTIONS
        assert (refused.status, refused.text) == (
            400,
            "Failed to validate configuration, fax 1 is not of type 'object'.",
        )
        assert refused.json["error"]["link"] == f"{MANAGEMENT}modify"
        assert (await customer.get(f"{SERVICES}/s")).body == reply.body

    at_the_door(tmp_path, story)


def test_a_changed_password_is_needed_at_once(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        assert (await customer.start("s", CALL)).status == 200

        await customer.send("PATCH", f"{SERVICES}/s", {"service_password": "another"})

        assert (await customer.start("s", CALL)).status == 401
        await customer.send("PATCH", f"{SERVICES}/s", {"service_password": PASSWORD})
        assert (await customer.start("s", CALL)).status == 200
        await customer.send("DELETE", f"{SERVICES}/s")
        assert (await customer.start("s", CALL)).status == 401

    at_the_door(tmp_path, story)


def test_a_deletion_purges_the_queue_and_is_answered_with_nothing(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        await customer.write("other")
        refs = (await customer.start("s", [CALL, CALL])).json
        [kept] = (await customer.start("other", CALL)).json

        reply = await customer.send("DELETE", f"{SERVICES}/s")

        assert (reply.status, reply.body) == (204, b"")
        # RFC 9110 8.6: an answer without content has no length either.
        assert set(reply.headers) == {"cache-control"}
        statuses = (
            await customer.get("/service_status", service_refs="/".join([*refs, kept]))
        ).json
        states = {ref: status["status"] for ref, status in statuses.items()}
        assert states == {refs[0]: "cancelled", refs[1]: "cancelled", kept: "queued"}
        again = await customer.send("DELETE", f"{SERVICES}/s")
        assert (again.status, again.text) == (404, "The service name does not exist")
        assert again.json["error"]["link"] == f"{MANAGEMENT}delete"
        assert (await customer.write("s")).status == 201

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("target", [SERVICES, f"{SERVICES}/s", "/service/v1/schema/outbound"])
def test_head_is_get_without_the_body(tmp_path: Path, target: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        got, head = await customer.get(target), await customer.send("HEAD", target)

        assert (head.status, head.headers) == (got.status, got.headers)

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "a%20b", b"{", 400),
        ("PATCH", "nobody", b"{", 404),
        ("PATCH", "s", b"{", 400),
        ("PATCH", "s", b"[]", 400),
        ("PUT", "s", b" " * (1024 * 1024 + 1), 413),
        ("POST", "s", b"{}", 405),
        ("PUT", "s/queue", b"{}", 405),
    ],
)
def test_the_first_thing_that_is_wrong_is_told(
    tmp_path: Path, method: str, path: str, body: bytes, status: int
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        assert (await customer.send(method, f"{SERVICES}/{path}", body)).status == status

    at_the_door(tmp_path, story)


def test_services_of_others_cannot_be_changed(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        other = await door.customer("eve@example.com", AccountType.PREMIUM)

        for method in ("PATCH", "DELETE"):
            assert (await other.send(method, f"{SERVICES}/s", b"{}")).status == 404
        assert (await other.get(SERVICES)).json == {"services": []}
        assert (await customer.get(f"{SERVICES}/s")).status == 200

    at_the_door(tmp_path, story)


def test_a_schema_says_what_the_account_may(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        for account_type, cps in ((AccountType.DEVELOPER, 1.0), (AccountType.PREMIUM, 20.0)):
            customer = await door.customer(f"{account_type}@example.com", account_type)
            schema = (await customer.get("/service/v1/schema/outbound")).json
            assert schema["definitions"]["cps"]["maximum"] == cps
            assert schema["properties"]["extra_channels"]["maximum"] == 3
            assert schema["properties"]["g729"]["const"] is False

    at_the_door(tmp_path, story)


def test_of_many_changes_at_once_none_is_lost(tmp_path: Path) -> None:
    changes: list[dict[str, Any]] = [
        {"description": "new"},
        {"enabled": False},
        {"extra_channels": 3},
        {"rest": {"answer_timeout": 45}},
        {"rest": {"max_call_duration": 7}},
        {"rest": {"error_page": {"method": "GET"}}},
        {"call_constraints": {"blocked_prefixes": ["882"]}},
        {"fax": {"modems": ["v29"]}},
    ]

    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        replies = await asyncio.gather(
            *(customer.send("PATCH", f"{SERVICES}/s", change) for change in changes)
        )

        assert {reply.status for reply in replies} == {200}
        after = (await customer.get(f"{SERVICES}/s")).json
        for change in changes:
            assert lay_over(after, change) == after

    at_the_door(tmp_path, story)


def test_of_many_first_writes_one_creates(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        replies = await asyncio.gather(*(customer.write("s") for _ in range(8)))

        assert sorted(reply.status for reply in replies) == [200] * 7 + [201]

    at_the_door(tmp_path, story)
