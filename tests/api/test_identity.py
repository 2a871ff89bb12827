"""Who is let in, and how little those learn who are not."""

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest

from callwright.api.throttle import MAX_FAILURES
from tests.sim.asgi import ADDRESS, Reply, basic
from tests.sim.front_door import PASSWORD, FrontDoor, at_the_door

START = "/service_start"
STATUS = "/service_status?service_refs=1"
USER = "1-2-0/bob@example.com"
RIGHT_KEY, KEY_SHAPED = "right key", "A" * 22

WRONG: list[tuple[str, Mapping[str, str]]] = [
    (STATUS, {}),
    (STATUS, {"authorization": ""}),
    (STATUS, {"authorization": "Bearer abc"}),
    (STATUS, {"authorization": "Basic"}),
    (STATUS, {"authorization": "Basic %%%"}),
    (STATUS, {"authorization": "Basic " + base64.b64encode(b"\xff\xfe:x").decode()}),
    (STATUS, {"authorization": "Basic " + base64.b64encode(b"no colon").decode()}),
    (STATUS, {"authorization": "Basic " + "A" * 100_000}),
    (STATUS, basic(USER, "wrong")),
    (STATUS, basic(USER, KEY_SHAPED)),
    (STATUS, basic(USER, "")),
    (STATUS, basic("1-2-0/nobody@example.com", RIGHT_KEY)),
    (STATUS, basic("0-2-0/bob@example.com", RIGHT_KEY)),
    (STATUS, basic("bob@example.com", RIGHT_KEY)),
    (STATUS, basic(f"{USER}/s", RIGHT_KEY)),
    (STATUS, basic(f"{USER}/s", PASSWORD)),
    (STATUS, basic(f"{USER}/s/more", PASSWORD)),
    (START, basic(USER, RIGHT_KEY)),
    (START, basic(f"{USER}/s", RIGHT_KEY)),
    (START, basic(f"{USER}/s", "wrong")),
    (START, basic(f"{USER}/S", PASSWORD)),
    (START, basic(f"{USER}/unknown", PASSWORD)),
    (START, basic("1-2-0/nobody@example.com/s", PASSWORD)),
    (START, basic("0-2-0/bob@example.com/s", PASSWORD)),
]


def with_key(headers: Mapping[str, str], key: str) -> Mapping[str, str]:
    """Put the account's key where a row of the table asks for the right one."""
    value = headers.get("authorization", "")
    scheme, _, encoded = value.partition(" ")
    try:
        username, _, password = base64.b64decode(encoded).decode().partition(":")
    except ValueError:
        return headers
    return basic(username, key) if scheme == "Basic" and password == RIGHT_KEY else headers


@pytest.mark.parametrize(("target", "headers"), WRONG)
def test_wrong_credentials_are_refused_alike(
    tmp_path: Path, target: str, headers: Mapping[str, str]
) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")

        reply = await door.client.request("GET", target, headers=with_key(headers, customer.key))

        assert refusal(reply) == (
            401,
            'Basic realm="Callwright", charset="UTF-8"',
            "HTTP 401",
            "Unauthorized: the credentials are missing or wrong",
        )

    at_the_door(tmp_path, story)


def refusal(reply: Reply) -> tuple[int, str, str, str]:
    return reply.status, reply.headers["www-authenticate"], reply.code, reply.text


@pytest.mark.parametrize("username", [USER, USER.upper()])
def test_the_username_is_compared_without_case(tmp_path: Path, username: str) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()

        reply = await door.client.request("GET", STATUS, headers=basic(username, customer.key))

        assert reply.status == 200

    at_the_door(tmp_path, story)


def test_a_changed_password_opens_and_the_old_one_does_not(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer_with("s")
        call = {"to": "sip:bob@example.com"}
        assert (await customer.start("s", call)).status == 200

        await customer.write(
            "s",
            {
                "service_password": "another",
                "application_type": "REST",
                "rest": {"first_page": {"address": "http://a.example/"}},
            },
        )

        assert (await customer.start("s", call)).status == 401

    at_the_door(tmp_path, story)


def test_who_guesses_is_locked_out_for_a_minute(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        for number in range(MAX_FAILURES):
            wrong = basic(USER, f"guess {number}")
            assert (await door.client.request("GET", STATUS, headers=wrong)).status == 401

        locked = await customer.get("/service_status", service_refs="1")
        elsewhere = await door.client.request(
            "GET", STATUS, headers=customer.credentials, address="192.0.2.99"
        )
        door.clock.advance(60.0)
        later = await customer.get("/service_status", service_refs="1")

        assert (locked.status, locked.headers["retry-after"]) == (429, "60")
        assert (elsewhere.status, later.status) == (200, 200)

    at_the_door(tmp_path, story)


def test_clients_that_wait_for_the_challenge_are_not_locked_out(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        customer = await door.customer()
        for _ in range(3 * MAX_FAILURES):
            assert (await door.ask(STATUS, address=ADDRESS)).status == 401

        assert (await customer.get("/service_status", service_refs="1")).status == 200

    at_the_door(tmp_path, story)
