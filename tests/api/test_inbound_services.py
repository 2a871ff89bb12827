"""Inbound services are managed as outbound ones are; nothing is mandatory for them."""

import json
from pathlib import Path

from jsonschema import Draft7Validator

from tests.sim.front_door import DOCS, FrontDoor, at_the_door

SERVICES = "/service/v1/inbound"
MANAGEMENT = f"{DOCS}/web-services/services/inbound/management?target=service_action_tabs&tab-id="
OPTIONS = [
    "enabled",
    "description",
    "extra_channels",
    "g729",
    "call_constraints",
    "application_type",
    "uas",
    "rest",
    "fax",
    "messages",
    "access",
]


def test_a_service_is_created_without_any_configuration(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        # Neither a body nor a type of one.
        reply = await door.client.request("PUT", f"{SERVICES}/s", headers=customer.credentials)
        again = await customer.send("PUT", f"{SERVICES}/s", b"{}")

        assert (reply.status, again.status) == (201, 200)
        assert list(reply.json) == OPTIONS
        assert reply.json["application_type"] == "UAS"
        assert reply.body == again.body == (await customer.get(f"{SERVICES}/s")).body

    at_the_door(tmp_path, story)


def test_a_service_is_written_modified_listed_and_deleted(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        page = {"address": "https://apps.example.net/first"}
        configuration = {"application_type": "REST", "rest": {"first_page": page}}
        written = await customer.send("PUT", f"{SERVICES}/s", configuration)
        change = {"rest": {"call_configuration": {"early_media": True}}, "description": "Lines"}
        modified = await customer.send("PATCH", f"{SERVICES}/s", change)
        listed = await customer.get(SERVICES)
        deleted = await customer.send("DELETE", f"{SERVICES}/s")

        statuses = [reply.status for reply in (written, modified, listed, deleted)]
        assert statuses == [201, 200, 200, 204]
        rest = modified.json["rest"]
        assert rest["first_page"] == page | {"method": "POST"}
        assert rest["call_configuration"]["early_media"] is True
        assert listed.json == {
            "services": [{"name": "s", "target": page["address"], "description": "Lines"}]
        }
        assert (await customer.get(SERVICES)).json == {"services": []}

    at_the_door(tmp_path, story)


def test_a_name_may_stand_for_one_service_of_each_kind(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        [ref] = (await customer.start("s", {"to": "sip:bob@example.com"})).json

        assert (await customer.send("PUT", f"{SERVICES}/s")).status == 201
        assert (await customer.send("DELETE", f"{SERVICES}/s")).status == 204

        assert (await customer.get("/service/v1/outbound/s")).status == 200
        statuses = (await customer.get("/service_status", service_refs=ref)).json
        assert statuses[ref]["status"] == "queued"

    at_the_door(tmp_path, story)


def test_what_does_not_exist_links_to_its_own_page(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        for method, tab in (("GET", "read"), ("PATCH", "modify"), ("DELETE", "delete")):
            reply = await customer.send(method, f"{SERVICES}/s")
            assert (reply.status, reply.text) == (404, "The service name does not exist")
            assert reply.json["error"]["link"] == f"{MANAGEMENT}{tab}"

    at_the_door(tmp_path, story)


def test_a_telephone_number_is_nobodys(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.send("PUT", f"{SERVICES}/443069990123")

        assert (reply.status, reply.text) == (
            400,
            "Bad Request: the telephone number is not yours",
        )
        assert reply.json["error"]["link"] == f"{MANAGEMENT}write"

    at_the_door(tmp_path, story)


def test_a_number_of_the_accounts_own_names_a_service(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        number = "443069990123"
        await door.numbers.add(customer.account.account_id, number, at=door.clock.unix_time())

        assert (await customer.send("PUT", f"{SERVICES}/{number}")).status == 201
        caller_ids = (await customer.get("/caller_ids/v1")).json["caller_ids"]
        assert caller_ids == [number]
        refused = await customer.send("DELETE", f"/caller_ids/v1/{number}")
        assert (refused.status, number in refused.text) == (409, True)

    at_the_door(tmp_path, story)


def test_an_option_of_outbound_services_is_refused(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await customer.send("PUT", f"{SERVICES}/s", {"service_password": "p@$$w0rd"})

        assert reply.status == 400
        assert reply.text == (
            "Failed to validate configuration, Additional properties are not allowed "
            "('service_password' was unexpected)."
        )

    at_the_door(tmp_path, story)


def test_the_schema_accepts_what_the_server_accepts(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        complete = (await customer.send("PUT", f"{SERVICES}/s")).json

        schema = (await customer.get("/service/v1/schema/inbound")).json

        Draft7Validator.check_schema(schema)
        assert schema["title"] == "Inbound Service Configuration Schema"
        assert list(schema["properties"]) == OPTIONS
        assert Draft7Validator(schema).is_valid(complete)
        assert not Draft7Validator(schema).is_valid(complete | {"rest": 5})
        assert json.dumps(schema).count("answer_timeout") == 0

    at_the_door(tmp_path, story)
