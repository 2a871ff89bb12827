"""Writing and reading services: the published examples, and everything refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from callwright.domain.account import AccountType
from tests.sim.front_door import DOCS, SERVICE, FrontDoor, at_the_door

PAGES = "http://11.222.33.44:50080/my_"
MANAGEMENT = f"{DOCS}/web-services/services/outbound/management?target=service_action_tabs&tab-id="
HINT = (
    "For REST, you must provide a first_page, a service_password and you can not enable fax "
    "receive."
)

# The published examples 1 to 3 of Write: what is sent, the status, what is said in the answer.
UAS = {
    "description": "This is my outbound UAS service",
    "service_password": "p@$$w0rd",
    "uas": {"application_name": "my_uas_app"},
}
REST = {
    "service_password": "p@$$w0rd",
    "description": "This is my outbound REST service",
    "application_type": "REST",
    "rest": {
        "first_page": {"address": f"{PAGES}first_page"},
        "final_page": {"address": f"{PAGES}final_page"},
    },
}
REPLACING = {
    "service_password": "p@$$w0rd",
    "application_type": "REST",
    "rest": {
        "first_page": {"address": f"{PAGES}first_page"},
        "error_page": {"address": f"{PAGES}error_page"},
    },
}
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


def shown(configuration: dict[str, Any]) -> dict[str, Any]:
    """Return the options that the published examples print out."""
    rest = configuration["rest"]
    return {
        name: configuration[name]
        for name in OPTIONS
        if name not in {"call_constraints", "rest", "fax"}
    } | {
        "rest": {
            name: rest[name]
            for name in rest
            if name not in {"authentication", "call_recording", "call_configuration"}
        }
    }


def page(address: str | None) -> dict[str, str | None]:
    return {"address": address, "method": "POST"}


def test_the_published_examples_of_writing(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        uas = await customer.write("MyFirstOutboundService", UAS)
        created = await customer.write("MySecondOutboundService", REST)
        replaced = await customer.write("MySecondOutboundService", REPLACING)

        assert (uas.status, created.status, replaced.status) == (201, 201, 200)
        assert [list(reply.json) for reply in (uas, created, replaced)] == [OPTIONS] * 3
        assert uas.json["uas"] == {
            "application_name": "my_uas_app",
            "application_parameters": None,
        }
        assert shown(created.json) == {
            "enabled": True,
            "service_password": "p@$$w0rd",
            "description": "This is my outbound REST service",
            "extra_channels": 0,
            "g729": False,
            "application_type": "REST",
            "uas": {"application_name": None, "application_parameters": None},
            "rest": {
                "first_page": page(f"{PAGES}first_page"),
                "final_page": page(f"{PAGES}final_page"),
                "error_page": page(None),
                "api_version": "2.0",
                "application_parameters": None,
                "tts_voice": "English UK Female Polly Amy",
                "max_call_duration": 240,
                "answer_timeout": 30,
            },
        }
        assert replaced.json["description"] is None
        assert replaced.json["rest"]["final_page"] == page(None)
        assert replaced.json["rest"]["error_page"] == page(f"{PAGES}error_page")

    at_the_door(tmp_path, story)


def test_what_was_written_is_read_as_it_was_answered(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        written = await customer.write("a.B-c_9+", REST)

        read = await customer.get("/service/v1/outbound/a.B-c_9+")

        assert (read.status, read.body) == (200, written.body)

    at_the_door(tmp_path, story)


def test_the_published_error_of_a_service_that_does_not_exist(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.get("/service/v1/outbound/MyWakeUpCallService")

        assert reply.status == 404
        assert reply.json == {
            "error": {
                "code": "HTTP 404",
                "text": "The service name does not exist",
                "datetime": "2027-01-15_08:16:40",
                "link": f"{MANAGEMENT}read",
            },
            "request": {
                "url": "/service/v1/outbound/MyWakeUpCallService",
                "datetime": "2027-01-15_08:16:40",
            },
        }

    at_the_door(tmp_path, story)


def test_the_published_error_of_an_incomplete_configuration(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.write(
            "MyExampleOutboundService",
            {"description": "This is my outbound REST service", "application_type": "REST"},
        )

        assert reply.status == 400
        error = reply.json["error"]
        assert list(error) == ["code", "text", "details", "datetime", "link"]
        assert (error["code"], error["text"], error["link"]) == (
            "HTTP 400",
            "Failed to validate configuration, see details for more information.",
            f"{MANAGEMENT}write",
        )
        assert error["details"] == [
            f"service_password None is not of type 'string'. {HINT}",
            f"rest.first_page.address None is not of type 'string'. {HINT}",
        ]

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
        assert (await customer.get("/service/v1/outbound/s")).status == 404

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("name", ["a%20b", "n" * 65, "%C3%A9", "a:b", "a%00"])
def test_a_name_that_no_service_can_have_is_refused(tmp_path: Path, name: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.write(name)

        assert (reply.status, reply.text) == (400, "Bad Request: invalid service name")

    at_the_door(tmp_path, story)


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_a_configuration_is_sent_as_json(tmp_path: Path, media_type: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        headers = customer.credentials | ({"content-type": media_type} if media_type else {})

        reply = await door.client.request(
            "PUT", "/service/v1/outbound/s", body=json.dumps(SERVICE).encode(), headers=headers
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

        assert (await other.get("/service/v1/outbound/s")).status == 404
        assert (await other.write("s")).status == 201

    at_the_door(tmp_path, story)
