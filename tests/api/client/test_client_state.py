"""The state of a client as a whole over HTTP: paused by itself, by the operator, and on again."""

from pathlib import Path
from typing import Any

import pytest

from callwright.scheduler.client_pause import ClientPause, Pauser
from callwright.scheduler.printing import print_moment
from tests.api.client.test_tasks import QUEUES, add
from tests.sim.client import Program, program_of, with_program
from tests.sim.front_door import FrontDoor

STATE = "/client/@me/task_scheduler_state"
ON: dict[str, Any] = {"status": "on", "reason": "", "paused_by": None, "paused_date_utc": None}


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_client_is_paused_and_goes_on(tmp_path: Path, slash: str) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        at = print_moment(door.clock.unix_time())
        assert (await bob.ask("GET", STATE + slash)).json == ON
        sent: dict[str, object] = {"status": "paused", "reason": "holidays"}
        reply = await bob.ask("PUT", STATE + slash, sent)
        paused = sent | {"paused_by": "client", "paused_date_utc": at}
        assert (reply.status, reply.json) == (200, paused)
        assert (await bob.ask("GET", STATE)).json == paused
        ann = await program_of(door, "ann@example.com")
        assert (await ann.ask("GET", STATE)).json == ON
        woken = door.callback_wakes
        reply = await bob.ask("PUT", STATE, {"status": "on"})
        assert (reply.status, reply.json) == (200, ON)
        assert door.callback_wakes == woken + 1

    with_program(tmp_path, story)


def test_what_the_operator_paused_stays_paused(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        pauses, account_id = door.doors.callbacks.pauses, bob.account.account_id
        at = door.clock.unix_time()
        await pauses.pause(ClientPause(account_id, Pauser.OPERATOR, "not paid", at))
        for status in ("on", "paused"):
            reply = await bob.ask("PUT", STATE, {"status": status})
            assert (reply.status, reply.json["status"]) == (409, "paused_by_operator")
        state = (await bob.ask("GET", STATE)).json
        assert (state["status"], state["paused_by"], state["reason"]) == (
            "paused",
            "operator",
            "not paid",
        )

    with_program(tmp_path, story)


def test_a_paused_client_is_as_if_its_queues_were_off(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        path = f"{QUEUES}/{await bob.queue(status='on', interval_id=await closed(bob))}"
        [task] = await add(bob, f"{path}/task", {})
        of = f"{path}/task/{task['id']}"
        assert (await bob.ask("GET", of)).json["status"] == "delayed_interval"
        await bob.ask("PUT", STATE, {"status": "paused"})
        assert (await bob.ask("GET", of)).json["status"] == "scheduled"
        assert [one["status"] for one in (await bob.ask("GET", f"{path}/task")).json] == [
            "scheduled"
        ]
        assert (await bob.ask("GET", path)).json["status"] == "on"
        call = {"src_num": ["205"], "dst_num": "206"}
        reply = await bob.ask("POST", "/extension/@200/callback/", call)
        assert (reply.status, reply.json["status"]) == (409, "client_paused")

    async def closed(bob: Program) -> int:
        never = {"name": "never", "timezone": "UTC", "conditions": []}
        interval_id: int = (await bob.made("/client/@me/interval", never))["id"]
        return interval_id

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "status"),
        ({"status": "off"}, "status"),
        ({"status": True}, "status"),
        ({"status": "paused", "reason": 7}, "reason"),
        ({"status": "paused", "reason": "x" * 256}, "reason"),
    ],
)
def test_what_is_refused(tmp_path: Path, body: dict[str, Any], path: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask("PUT", STATE, body)
        assert (reply.status, reply.json["status"]) == (400, "validation_failed")
        assert [fault["path"] for fault in reply.json["errors"]] == [path]
        assert (await bob.ask("GET", STATE)).json == ON

    with_program(tmp_path, story)
