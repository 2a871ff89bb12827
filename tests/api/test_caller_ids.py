"""Caller IDs through the front door: listed, proved by a call, given up."""

from pathlib import Path

import pytest

from callwright.domain.clock import UnixTime, print_datetime
from tests.sim.asgi import Reply
from tests.sim.call import FarEnd
from tests.sim.front_door import Customer, FrontDoor, at_the_door
from tests.sim.pin_line import BLOCKED, PIN, keys

NUMBER, OTHER = "443069999876", "443069999877"
PATH = "/caller_ids/v1"


async def validate(customer: Customer, number: str = NUMBER) -> Reply:
    return await customer.client.request(
        "POST", f"{PATH}/{number}/validation", headers=customer.credentials
    )


async def delete(customer: Customer, number: str = NUMBER) -> Reply:
    return await customer.client.request("DELETE", f"{PATH}/{number}", headers=customer.credentials)


def test_a_number_is_proved_listed_and_given_up(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob, ann = await door.customer(), await door.customer("ann@example.com")
        door.pin_line.far_end = FarEnd(keys=keys(PIN, at=4.0))
        expires = print_datetime(UnixTime(door.clock.unix_time() + 600.0))

        begun = await validate(bob, f"+{NUMBER}")
        assert begun.status == 202
        assert begun.json == {"number": NUMBER, "pin": PIN, "expires_datetime": expires}
        assert (await bob.get(PATH)).json == {"caller_ids": [], "under_way": [NUMBER]}
        assert (await ann.get(PATH)).json == {"caller_ids": [], "under_way": []}

        await door.pin_line.finish()
        assert (await bob.get(PATH)).json == {"caller_ids": [NUMBER], "under_way": []}
        assert (await ann.get(PATH)).json == {"caller_ids": [], "under_way": []}

        assert (await delete(bob)).status == 204
        assert (await bob.get(PATH)).json == {"caller_ids": [], "under_way": []}

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(
    ("number", "status", "text"),
    [
        ("bob", 400, "'bob'"),
        ("01908273801", 400, "telephone number"),
        ("sip:bob@example.com", 400, "is not a telephone number"),
        (f"{BLOCKED}123456", 403, f"{BLOCKED}123456 must not be called"),
    ],
)
def test_what_cannot_be_called_is_refused(
    tmp_path: Path, number: str, status: int, text: str
) -> None:
    async def story(door: FrontDoor) -> None:
        reply = await validate(await door.customer(), number)
        assert (reply.status, text in reply.text) == (status, True), reply.text
        assert door.pin_line.begun == []

    at_the_door(tmp_path, story)


def test_one_number_is_called_at_a_time(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        await validate(bob)
        reply = await validate(bob, OTHER)
        assert (reply.status, f"{NUMBER} is being called" in reply.text) == (409, True)
        assert (await validate(await door.customer("ann@example.com"))).status == 202

    at_the_door(tmp_path, story)


def test_what_is_validated_is_not_called(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        await door.doors.caller_ids.add(bob.account.username, NUMBER)
        reply = await validate(bob)
        assert (reply.status, reply.text) == (
            409,
            f"{NUMBER} is a validated caller ID already",
        )

    at_the_door(tmp_path, story)


def test_a_fourth_call_within_a_day_is_too_many(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        for _ in range(3):
            assert (await validate(bob)).status == 202
            await door.pin_line.finish()
        reply = await validate(bob)
        assert (reply.status, "3 times within 24 hours" in reply.text) == (429, True)
        assert (await validate(bob, OTHER)).status == 202

    at_the_door(tmp_path, story)


@pytest.mark.parametrize(("number", "status"), [(NUMBER, 404), ("bob", 400)])
def test_what_is_not_there_cannot_be_given_up(tmp_path: Path, number: str, status: int) -> None:
    async def story(door: FrontDoor) -> None:
        assert (await delete(await door.customer(), number)).status == status

    at_the_door(tmp_path, story)
