"""Extensions over HTTP (section 12.2), and `destination`, which is ours."""

from pathlib import Path
from typing import Any

import pytest

from tests.sim.call_history import DOMAIN
from tests.sim.client import Program, with_program
from tests.sim.front_door import FrontDoor

EXTENSIONS = "/client/@me/extension"


@pytest.mark.parametrize("name", ["200", "0003*200"])
def test_an_extension_is_made_read_changed_and_deleted(tmp_path: Path, name: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        made = await bob.made(f"{EXTENSIONS}/", {"name": name})
        client_id = bob.account.account_id
        assert made == {
            "id": made["id"],
            "client_id": client_id,
            "name": f"{client_id:04d}*200",
            "type": "phone",
            "status": "active",
            "label": "",
            "caller_id_name": "",
            "caller_id_number": "",
            "destination": "",
            "domain": DOMAIN,
            "create_date": made["create_date"],
            "extension_group_id": None,
        }
        for named in (f"{made['id']}", f"{made['id']}/", "@200", "@200/", "%40200"):
            assert (await bob.ask("GET", f"{EXTENSIONS}/{named}")).json == made
        change = {
            "status": "blocked",
            "label": "Ann",
            "caller_id_name": "Billing",
            "caller_id_number": "+443069990123",
            "destination": "sip:ann@example.com",
        }
        reply = await bob.ask("PUT", f"{EXTENSIONS}/@200", change)
        assert (reply.status, reply.json) == (200, made | change)
        cleared = {"caller_id_number": "", "destination": "", "status": "active"}
        reply = await bob.ask("PUT", f"{EXTENSIONS}/@200", cleared | {"name": "201"})
        assert reply.json == made | change | cleared | {"name": f"{client_id:04d}*201"}
        assert (await bob.ask("DELETE", f"{EXTENSIONS}/@200")).status == 404
        assert (await bob.ask("DELETE", f"{EXTENSIONS}/@201")).status == 204
        assert (await bob.ask("GET", EXTENSIONS)).json == []

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "name"),
        ({"name": 200}, "name"),
        ({"name": "ann"}, "name"),
        ({"name": "0003*"}, "name"),
        ({"name": "1" * 21}, "name"),
        ({"name": "200", "type": "queue"}, "type"),
        ({"name": "200", "status": "on"}, "status"),
        ({"name": "200", "label": "x" * 256}, "label"),
        ({"name": "200", "caller_id_name": 7}, "caller_id_name"),
        ({"name": "200", "caller_id_number": "ann"}, "caller_id_number"),
        ({"name": "200", "destination": "nobody"}, "destination"),
        ({"name": "200", "destination": "tel:0"}, "destination"),
    ],
)
def test_what_is_refused(tmp_path: Path, body: dict[str, Any], path: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask("POST", EXTENSIONS, body)
        assert (reply.status, reply.json["status"]) == (400, "validation_failed")
        assert [fault["path"] for fault in reply.json["errors"]] == [path]

    with_program(tmp_path, story)


def test_a_number_is_one_extensions(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.extension("200")
        other = await bob.extension("201")
        for method, path in (("POST", EXTENSIONS), ("PUT", f"{EXTENSIONS}/{other}")):
            reply = await bob.ask(method, path, {"name": "200"})
            assert (reply.status, reply.json["status"]) == (409, "extension_exists")

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["200", "201", "202"]),
        ("?type=phone", ["200", "201", "202"]),
        ("?type=ivr", []),
        ("?page=2&per_page=2", ["202"]),
        ("?order=desc", ["202", "201", "200"]),
    ],
)
def test_lists(tmp_path: Path, query: str, numbers: list[str]) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        for number in ("200", "201", "202"):
            await bob.extension(number)
        listed = (await bob.ask("GET", EXTENSIONS + query)).json
        assert [one["name"].partition("*")[2] for one in listed] == numbers

    with_program(tmp_path, story)


@pytest.mark.parametrize("named", ["@9", "@", "@ann", "x", "0", "9" * 40])
def test_what_names_none(tmp_path: Path, named: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.extension()
        reply = await bob.ask("GET", f"{EXTENSIONS}/{named}")
        assert (reply.status, reply.json["status"]) == (404, "extension_not_found")

    with_program(tmp_path, story)
