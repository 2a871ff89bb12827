"""Starting calls: what is accepted, what is refused, and that nothing refused is queued."""

import json
import logging
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import structlog

from callwright.domain.account import AccountType
from callwright.domain.service_start import ServiceStart, SipHeader
from tests.sim.asgi import basic
from tests.sim.front_door import PASSWORD, SERVICE, Customer, FrontDoor, at_the_door

CALL = {"to": "443069990123", "from": "443069999876"}
SIP_CALL = {"to": "sip:bob@acompany.com"}

SEED_CALLS = (
    '[ { "to" : "441908283800", "from" : "441908283801", "token" : "token1", '
    '"outbound_parameters" : "some user data" }, { "to" : "sip:bob@acompany.com", '
    '"token" : "token2", "extra_sip_headers": [ { "name": "X-AccountInfo", '
    '"value": "bob/123456789" } ] } ]'
)
"""The published example."""


async def claimed(door: FrontDoor) -> list[ServiceStart]:
    [waiting] = await door.queue.waiting()
    claims = await door.queue.claim(waiting.service_id, limit=10, at=door.clock.unix_time())
    return [claim.start for claim in claims]


def test_the_published_example_is_queued_as_it_says(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("MyOutboundService")

        reply = await door.client.request(
            "GET",
            f"/service_start?rest_calls={quote(SEED_CALLS)}",
            headers=basic(f"{customer.user}/MyOutboundService", PASSWORD),
        )

        first, second = reply.json
        assert reply.status == 200
        assert int(second.rpartition(".")[2]) == int(first.rpartition(".")[2]) + 1
        assert await claimed(door) == [
            ServiceStart("441908283800", "441908283801", "token1", "some user data"),
            ServiceStart(
                "sip:bob@acompany.com",
                token="token2",
                extra_sip_headers=(SipHeader("X-AccountInfo", "bob/123456789"),),
            ),
        ]
        assert door.wakes == 1

    at_the_door(tmp_path, story)


async def by_query(customer: Customer) -> Any:
    return await customer.client.request(
        "GET",
        f"/service_start?{urlencode({'rest_calls': json.dumps(CALL)})}",
        headers=basic(f"{customer.user}/s", PASSWORD),
    )


async def by_query_of_post(customer: Customer) -> Any:
    return await customer.client.request(
        "POST",
        f"//service_start?{urlencode({'rest_calls': json.dumps(CALL)})}",
        headers=basic(f"{customer.user}/s", PASSWORD),
    )


async def by_form(customer: Customer) -> Any:
    return await customer.start("s", CALL)


async def by_the_alias(customer: Customer) -> Any:
    return await customer.post_start("s", {"outbound_parameters": json.dumps(CALL)})


async def by_both_names(customer: Customer) -> Any:
    return await customer.post_start(
        "s", {"rest_calls": json.dumps(CALL), "outbound_parameters": "rubbish"}
    )


async def by_multipart(customer: Customer) -> Any:
    body = (
        '--xyz\r\nContent-Disposition: form-data; name="rest_calls"\r\n\r\n'
        f"{json.dumps(CALL)}\r\n--xyz--\r\n"
    )
    return await customer.client.request(
        "POST",
        "/service_start?rest_calls=rubbish",
        body=body.encode(),
        headers=basic(f"{customer.user}/s", PASSWORD)
        | {"content-type": "multipart/form-data; boundary=xyz"},
    )


@pytest.mark.parametrize(
    "ask", [by_query, by_query_of_post, by_form, by_the_alias, by_both_names, by_multipart]
)
def test_calls_may_stand_wherever_parameters_may(tmp_path: Path, ask: Any) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await ask(await door.customer_with("s"))

        assert (reply.status, len(reply.json)) == (200, 1)
        assert await claimed(door) == [ServiceStart("443069990123", "443069999876")]

    at_the_door(tmp_path, story)


DEEP = "[" * 10_000 + "]" * 10_000

REFUSED: list[tuple[str, str, str]] = [
    ("not json", "0002", "not json"),
    ("", "0002", "rest_calls"),
    ("NaN", "0002", "NaN"),
    ('{"to": NaN}', "0002", "NaN"),
    ('{"to": "sip:a@b", "to": "sip:c@d"}', "0002", "'to'"),
    ('"443069990123"', "0002", "443069990123"),
    ("17", "0002", "17"),
    (DEEP, "0002", "rest_calls"),
    ("[]", "0004", "[]"),
    (json.dumps([SIP_CALL] * 1001), "0002", "1001"),
    (json.dumps([SIP_CALL, 5]), "0002", "5"),
    ("{}", "0001", "to is missing"),
    ('{"to": ""}', "0001", "to is missing"),
    ('{"to": null, "from": "443069999876"}', "0001", "to is missing"),
    ('{"to": 443069990123}', "0002", "443069990123"),
    ('{"to": "443069990123"}', "0001", "from is missing"),
    ('{"to": "tel:443069990123", "from": ""}', "0001", "from is missing"),
    ('{"to": "0443069990123", "from": "1"}', "0002", "0443069990123"),
    ('{"to": "12345", "from": "443069999876"}', "0002", "12345"),
    ('{"to": "1234567890123456", "from": "443069999876"}', "0002", "1234567890123456"),
    ('{"to": "nobody"}', "0002", "nobody"),
    ('{"to": "wss:no where"}', "0002", "wss:no where"),
    (json.dumps(SIP_CALL | {"token": "t" * 5001}), "0002", "5000"),
    (json.dumps(SIP_CALL | {"outbound_parameters": "p" * 5001}), "0002", "5000"),
    (json.dumps(SIP_CALL | {"extra_sip_headers": [{"name": "To", "value": "x"}]}), "0002", "'To'"),
    (
        json.dumps(SIP_CALL | {"extra_sip_headers": [{"name": "X-A", "value": "x\r\nTo: y"}]}),
        "0002",
        "To: y",
    ),
    (json.dumps([CALL, {"to": "12345", "from": "443069999876"}]), "0002", "12345"),
]
"""Everything wrong that the issue names, and more: what is sent, the code, what is quoted."""


@pytest.mark.parametrize(("calls", "code", "quoted"), REFUSED)
def test_wrong_calls_are_refused_by_value_and_nothing_is_queued(
    tmp_path: Path, calls: str, code: str, quoted: str
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        reply = await customer.start("s", calls)

        assert (reply.status, reply.code) == (400, code)
        assert quoted in reply.text
        assert len(reply.text) < 400
        link = reply.json["error"]["link"]
        assert link.endswith(f"/web-services/web-service-errors?error={code}")
        assert (await door.queued(), door.wakes) == (0, 0)

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("parameters", "code", "text"),
    [
        ({}, "0001", "rest_calls is missing"),
        ({"rest_calls": json.dumps(CALL), "unique_id": ""}, "0002", "unique_id ''"),
        ({"rest_calls": json.dumps(CALL), "unique_id": "é"}, "0002", "unique_id 'é'"),
    ],
)
def test_wrong_parameters_are_refused_by_name(
    tmp_path: Path, parameters: dict[str, str], code: str, text: str
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        reply = await customer.post_start("s", parameters)

        assert (reply.status, reply.code) == (400, code)
        assert text in reply.text
        assert await door.queued() == 0

    at_the_door(tmp_path, story)


def test_the_longest_token_is_accepted(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        assert (await customer.start("s", SIP_CALL | {"token": "é" * 5000})).status == 200

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("account_type", "calls", "status"),
    [
        (AccountType.DEVELOPER, [SIP_CALL], 403),
        (AccountType.DEVELOPER, SIP_CALL, 200),
        (AccountType.PRODUCTION, [SIP_CALL], 200),
        (AccountType.PREMIUM, [SIP_CALL] * 1000, 200),
    ],
)
def test_lists_are_for_those_who_pay(
    tmp_path: Path, account_type: AccountType, calls: object, status: int
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer(account_type=account_type)
        await customer.write("s")

        reply = await customer.start("s", calls)

        expected = len(calls) if isinstance(calls, list) else 1
        assert reply.status == status
        assert await door.queued() == (expected if status == 200 else 0)

    at_the_door(tmp_path, story)


def test_a_disabled_service_takes_no_starts(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        await customer.write("s", SERVICE | {"enabled": False})

        reply = await customer.start("s", SIP_CALL)

        assert (reply.status, reply.text) == (403, "Service is disabled")
        assert await door.queued() == 0

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "body", "name"),
    [
        ("?rest_calls={}&rest_calls={}", b"", "rest_calls"),
        ("", b"rest_calls={}&rest_calls={}", "rest_calls"),
        ("?unique_id=a&rest_calls={}&unique_id=a", b"", "unique_id"),
        ("?x&x", b"rest_calls={}", "x"),
    ],
)
def test_a_parameter_given_twice_is_refused(
    tmp_path: Path, query: str, body: bytes, name: str
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        reply = await door.client.request(
            "POST",
            f"/service_start{query}",
            body=body,
            headers=basic(f"{customer.user}/s", PASSWORD)
            | {"content-type": "application/x-www-form-urlencoded"},
        )

        assert (reply.status, reply.code) == (400, "0003")
        assert f"'{name}' appears more than once" in reply.text
        assert await door.queued() == 0

    at_the_door(tmp_path, story)


def test_a_service_that_calls_conferences_takes_bare_names_as_rooms(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        rest = {
            "first_page": {"address": "http://a.example/"},
            "call_configuration": {"call_type": "conference"},
        }
        await customer.write("s", SERVICE | {"rest": rest})

        assert (await customer.start("s", {"to": "myConference"})).status == 200

    at_the_door(tmp_path, story)


def test_private_values_reach_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    marked = "marked4430699901"

    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        with structlog.testing.capture_logs() as logs, caplog.at_level(logging.DEBUG):
            call = {"to": f"sip:{marked}@b", "token": marked, "outbound_parameters": marked}
            assert (await customer.start("s", call)).status == 200
            await customer.start("s", {"to": marked})
            await customer.start("s", marked, unique_id=marked)
            await customer.write("s", {"service_password": marked, "no": marked})
            await door.client.request(
                "GET", f"/service_status?service_refs={marked}", headers=basic(marked, marked)
            )

        assert marked not in json.dumps(logs, default=str)
        assert marked not in caplog.text

    at_the_door(tmp_path, story)
