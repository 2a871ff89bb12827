"""The published examples of starting, watching and queueing, request and answer.

Restated, with the names that a server draws itself (references, instances) taken from its own
answers. What a client compares byte for byte is compared so: the members, their order, their
types; between them JSON allows any space, and we send none.
"""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from callwright.domain.clock import UnixTime
from callwright.domain.ids import CallId, InstanceId, ServiceRef
from callwright.domain.records import Adr, InstanceRecord
from callwright.queue.ports import Intent
from tests.sim.asgi import Reply, basic
from tests.sim.front_door import PASSWORD, Customer, FrontDoor, at_the_door

REST = "MyOutboundService"
UAS = "MyUasService"
INSTANCE = InstanceId("049136ca36e44662.200476")
ENDED = UnixTime(1366710198.0)
JOB = "452f1997-73ac-4b40-aaa9-f5516fe6b119"

REST_CALLS = (
    '[ { "to" : "441908283800", "from" : "441908283801", "token" : "token1", '
    '"outbound_parameters" : "some user data" }, { "to" : "sip:bob@acompany.com", '
    '"token" : "token2", "extra_sip_headers": [ { "name": "X-AccountInfo", '
    '"value": "bob/123456789" } ] } ]'
)
STRANGER = "2e891aea_0.1366641192.77834"
"""A reference of another installation."""


async def ask(customer: Customer, target: str, *, service: str = "", method: str = "GET") -> Reply:
    credentials = basic(f"{customer.user}/{service}", PASSWORD) if service else customer.credentials
    return await customer.client.request(method, target, headers=credentials)


async def the_customer(door: FrontDoor) -> Customer:
    customer = await door.customer_with(REST)
    uas = {"service_password": PASSWORD, "uas": {"application_name": "outbound_test"}}
    assert (await customer.write(UAS, uas)).status == 201
    return customer


async def starting_rest(customer: Customer) -> tuple[Reply, list[str]]:
    reply = await ask(customer, f"/service_start?rest_calls={quote(REST_CALLS)}", service=REST)
    return reply, json.loads(reply.body)


async def starting_uas(customer: Customer) -> tuple[Reply, list[str]]:
    target = "/service_start?outbound_parameters=destinationForApp1,destinationForApp2&delimiter=,"
    reply = await ask(customer, target, service=UAS)
    return reply, json.loads(reply.body)


@pytest.mark.parametrize("start", [starting_rest, starting_uas])
def test_service_start_answers_a_list_of_references(
    tmp_path: Path, start: Callable[[Customer], Awaitable[tuple[Reply, list[str]]]]
) -> None:
    async def story(door: FrontDoor) -> None:
        reply, (first, second) = await start(await the_customer(door))

        assert reply.status == 200
        assert reply.headers["content-type"] == "application/json"
        assert reply.body == f'["{first}","{second}"]'.encode()
        # As the sample's: one prefix, numbers one after another.
        prefix, _, number = first.rpartition(".")
        assert second == f"{prefix}.{int(number) + 1}"

    at_the_door(tmp_path, story)


def test_a_uas_start_queues_each_string(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        await starting_uas(await the_customer(door))
        [waiting] = await door.queue.waiting()
        claims = await door.queue.claim(waiting.service_id, limit=9, at=door.clock.unix_time())

        assert [claim.start.outbound_parameters for claim in claims] == [
            "destinationForApp1",
            "destinationForApp2",
        ]

    at_the_door(tmp_path, story)


def test_service_cancel(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await the_customer(door)
        _, (ref, _) = await starting_rest(customer)

        reply = await ask(customer, f"/service_cancel?service_refs={ref}/{STRANGER}")

        assert reply.body == f'{{"{ref}":"success","{STRANGER}":"unknown"}}'.encode()

    at_the_door(tmp_path, story)


async def run_one(door: FrontDoor, ref: str) -> None:
    """Complete a claimed start with exit status 0."""
    started = ServiceRef(ref)
    call_id = CallId(f"{INSTANCE}.914358273")
    await door.queue.intend(Intent(started, INSTANCE, call_id, ENDED))
    adr = Adr(INSTANCE, started, REST, started_at=ENDED, stopped_at=ENDED, exit_status=0)
    await door.queue.finish(started, exit_status=0, record=InstanceRecord(adr, ()), at=ENDED)


def test_service_status(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await the_customer(door)
        _, (completed, refused) = await starting_rest(customer)
        [waiting] = await door.queue.waiting()
        await door.queue.claim(waiting.service_id, limit=2, at=ENDED)
        await run_one(door, completed)
        await door.queue.refuse(ServiceRef(refused), reason="No UAS is connected", at=ENDED)

        reply = await ask(customer, f"/service_status?service_refs={completed}/{refused}")

        assert (
            reply.body
            == (
                f'{{"{completed}":{{"status":"completed 0","application_status_eta":1366710198,'
                f'"application_instance_id":"{INSTANCE}"}},'
                f'"{refused}":{{"status":"couldnotrun No UAS is connected",'
                '"application_status_eta":0,"application_instance_id":""}}'
            ).encode()
        )

    at_the_door(tmp_path, story)


def test_job_status(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await the_customer(door)
        start = f"/service_start?rest_calls={quote(REST_CALLS)}&unique_id={JOB}"
        first, second = (await ask(customer, start, service=REST)).json

        # The sample spells the parameter `unqiue_id` and ends in a comma; neither is meant.
        reply = await ask(customer, f"/job_status?unique_id={JOB}")

        assert reply.body == (
            f'{{"queued":2,"service_refs":["{first}","{second}"],"count":2}}'.encode()
        )

    at_the_door(tmp_path, story)


def test_outbound_queues(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("service-name-2")
        await customer.write("service-name-1")
        call = {"to": "sip:bob@acompany.com"}
        await customer.start("service-name-2", [call] * 112)
        await customer.start("service-name-1", [call] * 78)

        reply = await ask(customer, "/service/v1/outbound_queues")

        assert reply.body == (
            b'[{"service_name":"service-name-1","length":78},'
            b'{"service_name":"service-name-2","length":112}]'
        )

    at_the_door(tmp_path, story)


# The documents print the two forms of credentials under each other's name: both are taken.
@pytest.mark.parametrize("service", ["", "example-service"])
def test_a_single_queue(tmp_path: Path, service: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("example-service")
        call = {"to": "sip:bob@acompany.com"}
        refs = (await customer.start("example-service", [call] * 12)).json
        target = "/service/v1/outbound/example-service/queue"

        length = await ask(customer, target, service=service)
        purge = await ask(customer, target, service=service, method="DELETE")

        assert length.body == b'{"service_name":"example-service","length":12}'
        listed = ",".join(f'"{ref}"' for ref in refs)
        assert purge.status == 200
        assert (
            purge.body
            == (
                f'{{"service_name":"example-service","cancelled":12,"service_refs":[{listed}]}}'
            ).encode()
        )

    at_the_door(tmp_path, story)


def test_an_address_with_a_doubled_slash_is_the_same(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await the_customer(door)

        reply = await ask(customer, f"//service_status?service_refs={STRANGER}")

        assert reply.json[STRANGER]["status"] == "unknown"

    at_the_door(tmp_path, story)
