"""Calling windows over HTTP (section 5)."""

from pathlib import Path
from typing import Any

import pytest

from tests.sim.client import Program, with_program
from tests.sim.front_door import FrontDoor

INTERVALS = "/client/@me/interval"
HOURS: dict[str, Any] = {
    "name": "office hours",
    "timezone": "Europe/Riga",
    "conditions": [
        {"start_dow": 2, "end_dow": 6, "start_time": "09:00:00", "end_time": "18:00:00"},
        {"month": 12, "start_mday": 1, "end_mday": 24},
        {"start_datetime": "2036-01-01 00:00:00", "end_datetime": "2036-01-02 00:00:00"},
        {"sched_start_date": "2036-01-05", "sched_active_days": 2, "sched_skip_days": 2},
    ],
}


def test_an_interval_is_made_read_changed_and_deleted(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        made = await bob.made(f"{INTERVALS}/", HOURS)
        named = f"{INTERVALS}/{made['id']}"
        assert made == HOURS | {"id": made["id"]}
        for slash in ("", "/"):
            assert (await bob.ask("GET", named + slash)).json == made
            assert (await bob.ask("GET", INTERVALS + slash)).json == [made]
        for change in ({"name": "night"}, {"timezone": "UTC", "conditions": []}, {}):
            made |= change
            reply = await bob.ask("PUT", f"{named}/", change)
            assert (reply.status, reply.json) == (200, made)
        assert door.callback_wakes == 3
        assert (await bob.ask("DELETE", named)).status == 204
        for method in ("GET", "PUT", "DELETE"):
            reply = await bob.ask(method, named, {} if method == "PUT" else None)
            assert (reply.status, reply.json["status"]) == (404, "interval_not_found")

    with_program(tmp_path, story)


def test_an_interval_that_a_queue_uses_stays(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        interval_id = (await bob.made(INTERVALS, HOURS))["id"]
        queue = await bob.queue(interval_id=interval_id)
        reply = await bob.ask("DELETE", f"{INTERVALS}/{interval_id}")
        assert (reply.status, reply.json["status"]) == (409, "interval_in_use")
        await bob.ask("PUT", f"/client/@me/task_scheduler/{queue}", {"interval_id": None})
        assert (await bob.ask("DELETE", f"{INTERVALS}/{interval_id}")).status == 204

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"timezone": "Europe/Nowhere"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"conditions": None}, "conditions"),
        ({"conditions": {}}, "conditions"),
        ({"conditions": [{"start_dow": 8, "end_dow": 9}]}, "conditions[0].start_dow"),
        ({"conditions": [{}, {"start_time": "09:00:00"}]}, "conditions[1].start_time"),
    ],
)
def test_what_is_refused(tmp_path: Path, change: dict[str, Any], path: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask("POST", INTERVALS, HOURS | change)
        assert (reply.status, reply.json["status"]) == (400, "validation_failed")
        assert reply.json["errors"][0]["path"] == path
        assert (await bob.ask("GET", INTERVALS)).json == []

    with_program(tmp_path, story)


def test_lists_have_pages(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        made = [(await bob.made(INTERVALS, HOURS))["id"] for _ in range(5)]
        reply = await bob.ask("GET", f"{INTERVALS}?order=desc&per_page=2&page=2")
        assert [one["id"] for one in reply.json] == made[::-1][2:4]
        assert reply.headers["x-total-count"] == "5"

    with_program(tmp_path, story)
