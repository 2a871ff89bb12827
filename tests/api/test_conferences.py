"""Conferences through the front door: reserved, listed, and a hand on those who are in them."""

from pathlib import Path
from typing import Any

import pytest

from callwright.domain.account import Features
from callwright.domain.clock import UnixTime, print_datetime
from tests.sim.asgi import Reply
from tests.sim.front_door import Customer, FrontDoor, at_the_door

BEGINS_IN = 600.0
PARTICIPANT = "049136ca36e44662.209560.914358273"


async def organiser(door: FrontDoor, username: str = "bob@example.com") -> Customer:
    """Make an account that may reserve conferences."""
    customer = await door.customer(username)
    features = Features(reserved_conferences=True)
    await door.registry.change_features(customer.account.account_id, features)
    return customer


def wish(door: FrontDoor, **changes: str) -> dict[str, str]:
    """Return the parameters of a conference that begins in ten minutes."""
    begins = print_datetime(UnixTime(door.clock.unix_time() + BEGINS_IN))
    return {
        "conference_name": "Weekly42",
        "max_participants": "350",
        "start_time": begins,
        "duration": "60",
    } | changes


async def create(door: FrontDoor, customer: Customer, **changes: str) -> Reply:
    return await customer.get("/conference_reservation_create", **wish(door, **changes))


async def listed(customer: Customer, **parameters: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await customer.get("/conference_list", **parameters)).json
    return answer


def test_a_conference_is_reserved_listed_changed_and_given_up(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await organiser(door)
        await bob.send("PUT", "/service/v1/inbound/lobby", {"application_type": "REST"})
        made = await create(door, bob, divert="lobby")
        assert (made.status, made.json) == (200, "Weekly42")
        told = {
            "state": "RESERVED",
            "reserved": "true",
            "max_participants": 350,
            "participants": 0,
            "start_time": wish(door)["start_time"],
            "duration": 60,
            "divert": "lobby",
        }
        assert await listed(bob) == {"Weekly42": told}

        changes = {"conference_name": "Weekly42", "duration": "30", "divert": ""}
        changed = await bob.get("/conference_reservation_modify", **changes)
        assert (changed.status, changed.json) == (200, "Weekly42")
        assert await listed(bob) == {"Weekly42": told | {"duration": 30, "divert": ""}}

        for status in (200, 404):
            path = "/conference_reservation_remove"
            gone = await bob.get(path, conference_name="Weekly42")
            assert gone.status == status
        assert await listed(bob) == {}

    at_the_door(tmp_path, story)


def test_states_follow_the_time_and_the_room(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await organiser(door)
        account_id = bob.account.account_id
        await create(door, bob)

        async def state() -> str:
            told: str = (await listed(bob))["Weekly42"]["state"]
            return told

        states = [await state()]
        door.clock.seconds += BEGINS_IN
        states.append(await state())
        door.rooms.enter(account_id, "Weekly42", "1", starts=False)
        states.append(await state())
        door.rooms.enter(account_id, "Weekly42", "1", "2", starts=True)
        states.append(await state())
        door.rooms.close(account_id, "Weekly42")
        door.clock.seconds += 3600
        states.append(await state())
        assert states == ["RESERVED", "HOLDING", "HOLDING", "ACTIVE", "COMPLETED"]

        door.rooms.enter(account_id, "Weekly42", "1", starts=False)
        again = (await listed(bob))["Weekly42"]
        assert (again["state"], again["reserved"]) == ("HOLDING", "false")

    at_the_door(tmp_path, story)


def test_the_list_shows_the_states_that_are_asked_for(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await organiser(door)
        await create(door, bob)
        door.rooms.enter(bob.account.account_id, "team room", "1", "2", starts=True)
        door.rooms.enter(bob.account.account_id, "lounge", "3", starts=False)
        assert list(await listed(bob)) == ["Weekly42", "lounge", "team room"]
        assert list(await listed(bob, state="active/RESERVED")) == ["Weekly42", "team room"]
        assert list(await listed(bob, state="COMPLETED")) == []
        ann = await door.customer("ann@example.com")
        assert await listed(ann) == {}
        wrong = await bob.get("/conference_list", state="busy")
        assert (wrong.status, wrong.json["error"]["code"]) == (400, "0002")
        assert "'busy'" in wrong.text

    at_the_door(tmp_path, story)


BAD = [
    ({"conference_name": ""}, "0001", "conference_name is missing"),
    ({"conference_name": "Weekly 42"}, "0002", "'Weekly 42'"),
    ({"conference_name": "x" * 48}, "0002", "1 to 47 letters and digits"),
    ({"max_participants": ""}, "0001", "max_participants is missing"),
    ({"max_participants": "0"}, "0004", "max_participants is 0"),
    ({"max_participants": "351"}, "0002", "'351': a whole number of 1 to 350"),
    ({"max_participants": "many"}, "0002", "'many'"),
    ({"duration": ""}, "0001", "duration is missing"),
    ({"duration": "0"}, "0004", "duration is 0"),
    ({"duration": "1441"}, "0002", "'1441'"),
    ({"start_time": ""}, "0001", "start_time is missing"),
    ({"start_time": "2026-02-30_10:00:00"}, "0002", "'2026-02-30_10:00:00'"),
    ({"start_time": "2026-02-03 10:00:00"}, "0002", "YYYY-MM-DD_hh:mm:ss"),
    ({"start_time": "1999-02-03_10:00:00"}, "0002", "1999-02-03_11:00:00, which is over"),
    ({"divert": "no/service"}, "0002", "'no/service'"),
    ({"divert": "nowhere"}, "0002", "'nowhere': the name of an inbound service"),
]


@pytest.mark.parametrize(("changes", "code", "text"), BAD)
def test_what_cannot_be_reserved_is_refused(
    tmp_path: Path, changes: dict[str, str], code: str, text: str
) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await organiser(door)
        refused = await create(door, bob, **changes)
        assert (refused.status, refused.json["error"]["code"]) == (400, code)
        assert text in refused.text
        assert await listed(bob) == {}

    at_the_door(tmp_path, story)


def test_a_name_is_reserved_once_by_each_account(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob, ann = await organiser(door), await organiser(door, "ann@example.com")
        statuses = [(await create(door, customer)).status for customer in (bob, bob, ann)]
        assert statuses == [200, 409, 200]
        door.clock.seconds += BEGINS_IN + 3600
        assert (await create(door, bob)).status == 200

    at_the_door(tmp_path, story)


def test_an_account_has_reserved_conferences_on_request_only(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        refused = await create(door, await door.customer())
        assert (refused.status, "not enabled" in refused.text) == (403, True)

    at_the_door(tmp_path, story)


def test_it_is_too_late_for_some_changes(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await organiser(door)
        await create(door, bob)

        async def modify(**changes: str) -> Reply:
            path = "/conference_reservation_modify"
            return await bob.get(path, conference_name="Weekly42", **changes)

        door.clock.seconds += BEGINS_IN
        later = print_datetime(UnixTime(door.clock.unix_time() + 60))
        moved = await modify(start_time=later)
        assert (moved.status, "has begun" in moved.text) == (409, True)
        assert (await modify(max_participants="5")).status == 200
        door.clock.seconds += 600
        assert (await modify(duration="10")).status == 400
        door.clock.seconds += 3600
        over = await modify(duration="600")
        assert (over.status, "is over" in over.text) == (409, True)
        unknown = await bob.get("/conference_reservation_modify", conference_name="Monthly")
        assert (unknown.status, "'Monthly'" in unknown.text) == (404, True)

    at_the_door(tmp_path, story)


def test_participants_are_listed_changed_and_let_out(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await door.customer()
        door.rooms.enter(bob.account.account_id, "team", PARTICIPANT, "other", starts=True)

        async def seen() -> dict[str, Any]:
            reply = await bob.get("/conference_participant_list", conference_name="team")
            told: dict[str, Any] = reply.json
            return told

        told = {
            "application_instance_id": f"instance.{PARTICIPANT}",
            "from": "441908273801",
            "talker": "true",
            "muted": "false",
            "destroy_on_exit": "false",
            "duration": 12.35,
        }
        assert list(await seen()) == [PARTICIPANT, "other"]
        assert (await seen())[PARTICIPANT] == told
        whom = {"conference_name": "team", "participant": PARTICIPANT}
        path = "/conference_participant_set_options"
        changed = await bob.get(path, **whom, muted="TRUE", destroy_on_exit="true")
        assert (changed.status, changed.json) == (200, PARTICIPANT)
        assert (await seen())[PARTICIPANT] == told | {"muted": "true", "destroy_on_exit": "true"}
        await bob.get(path, **whom, talker="false", muted="false")
        assert (await seen())[PARTICIPANT]["talker"] == "false"

        out = await bob.get("/conference_participant_eject", **whom)
        assert (out.status, out.json, list(await seen())) == (200, PARTICIPANT, ["other"])

    at_the_door(tmp_path, story)


NOBODY = [
    ("list", {"conference_name": "nowhere"}, 404, "'nowhere'"),
    ("list", {}, 400, "conference_name is missing"),
    ("eject", {"conference_name": "nowhere", "participant": "1"}, 404, "'nowhere'"),
    ("eject", {"conference_name": "team", "participant": "7"}, 404, "participant '7'"),
    ("eject", {"conference_name": "team"}, 400, "participant is missing"),
    (
        "set_options",
        {"conference_name": "team", "participant": "7", "muted": "true"},
        404,
        "participant '7'",
    ),
    ("set_options", {"conference_name": "team", "participant": "1"}, 400, "nothing is to change"),
    (
        "set_options",
        {"conference_name": "team", "participant": "1", "muted": "yes"},
        400,
        "muted is 'yes': true or false",
    ),
]


@pytest.mark.parametrize(("operation", "parameters", "status", "text"), NOBODY)
def test_nobody_has_a_hand_on_what_is_not_there(
    tmp_path: Path, operation: str, parameters: dict[str, str], status: int, text: str
) -> None:
    async def story(door: FrontDoor) -> None:
        bob, ann = await door.customer(), await door.customer("ann@example.com")
        door.rooms.enter(bob.account.account_id, "team", "1", starts=False)
        refused = await bob.get(f"/conference_participant_{operation}", **parameters)
        assert (refused.status, text in refused.text) == (status, True), refused.text
        # Another account's room of that name is another room.
        theirs = {"conference_name": "team", "participant": "1", "muted": "true"}
        of_ann = await ann.get(f"/conference_participant_{operation}", **theirs)
        assert of_ann.status == 404

    at_the_door(tmp_path, story)


def test_nobody_is_in_a_reserved_conference_yet(tmp_path: Path) -> None:
    async def story(door: FrontDoor) -> None:
        bob = await organiser(door)
        await create(door, bob)
        reply = await bob.get("/conference_participant_list", conference_name="Weekly42")
        assert (reply.status, reply.json) == (200, {})

    at_the_door(tmp_path, story)
