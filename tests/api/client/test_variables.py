"""Client variables over HTTP, and the requests that refer to them (sections 2.2 and 12.1)."""

from pathlib import Path
from typing import Any, Final

import pytest

from callwright.domain.callback import CallUuid
from callwright.scheduler.values import ClientVariable
from tests.sim.client import Program, program_of, with_program
from tests.sim.front_door import FrontDoor

VARIABLES: Final = "/client/@me/variable"
GOOD: Final[dict[str, Any]] = {"src_num": ["200"], "dst_num": "+37120000001"}


async def keep(bob: Program, **values: str) -> None:
    """Make variables."""
    for name, value in values.items():
        await bob.made(VARIABLES, {"name": name, "value": value})


def test_a_variable_is_made_read_changed_and_deleted(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        made = {"name": "BOSS", "value": "+37120000001"}
        assert await bob.made(f"{VARIABLES}/", made) == made
        for path in (f"{VARIABLES}/BOSS", f"{VARIABLES}/BOSS/"):
            assert (await bob.ask("GET", path)).json == made
        changed = await bob.ask("PUT", f"{VARIABLES}/BOSS", {"value": ""})
        assert (changed.status, changed.json) == (200, {"name": "BOSS", "value": ""})
        same = await bob.ask("PUT", f"{VARIABLES}/BOSS", made)
        assert (same.status, same.json) == (200, made)
        assert (await bob.ask("DELETE", f"{VARIABLES}/BOSS")).status == 204
        for method, body in (("GET", None), ("PUT", {"value": "x"}), ("DELETE", None)):
            reply = await bob.ask(method, f"{VARIABLES}/BOSS", body)
            assert (reply.status, reply.json["status"]) == (404, "variable_not_found")

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, ["name", "value"]),
        ({"name": "A"}, ["value"]),
        ({"name": "A", "value": None}, ["value"]),
        ({"name": "A", "value": 7}, ["value"]),
        ({"name": "A", "value": "x" * 201}, ["value"]),
        ({"name": "", "value": "x"}, ["name"]),
        ({"name": "A B", "value": "x"}, ["name"]),
        ({"name": "Ä", "value": "x"}, ["name"]),
        ({"name": "A" * 65, "value": "x"}, ["name"]),
        ({"name": 7, "value": "x"}, ["name"]),
        ({"name": "A\n", "value": "x"}, ["name"]),
    ],
)
def test_what_is_refused(tmp_path: Path, body: dict[str, Any], paths: list[str]) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask("POST", VARIABLES, body)
        assert (reply.status, reply.json["status"]) == (400, "validation_failed")
        assert [fault["path"] for fault in reply.json["errors"]] == paths

    with_program(tmp_path, story)


def test_the_longest_there_may_be(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        longest = {"name": "A" * 64, "value": "☎" * 200}
        assert await bob.made(VARIABLES, longest) == longest
        assert (await bob.ask("GET", f"{VARIABLES}/{'A' * 64}")).json == longest

    with_program(tmp_path, story)


def test_a_change_that_is_refused(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await keep(bob, A="x")
        for body, path in (({}, "value"), ({"name": "B", "value": "y"}, "name")):
            reply = await bob.ask("PUT", f"{VARIABLES}/A", body)
            assert (reply.status, reply.json["errors"][0]["path"]) == (400, path)
        assert (await bob.ask("GET", f"{VARIABLES}/A")).json["value"] == "x"

    with_program(tmp_path, story)


@pytest.mark.parametrize("name", ["B", "a", "%00", "A%00", "A%20B", "{A}", "A" * 65])
def test_what_names_none(tmp_path: Path, name: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await keep(bob, A="x")
        reply = await bob.ask("GET", f"{VARIABLES}/{name}")
        assert (reply.status, reply.json["status"]) == (404, "variable_not_found")

    with_program(tmp_path, story)


def test_a_name_is_one_variables_and_there_are_a_thousand(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await keep(bob, A="x")
        taken = await bob.ask("POST", VARIABLES, {"name": "A", "value": "y"})
        assert (taken.status, taken.json["status"]) == (409, "variable_exists")
        for number in range(999):
            one = ClientVariable(bob.account.account_id, f"N{number}", "")
            await door.doors.callbacks.variables.add_variable(one, most=1000)
        full = await bob.ask("POST", VARIABLES, {"name": "B", "value": "y"})
        assert (full.status, full.json["status"]) == (400, "too_many_variables")

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["A", "B", "C"]),
        ("?order=desc", ["C", "B", "A"]),
        ("?page=2&per_page=2", ["C"]),
    ],
)
def test_lists(tmp_path: Path, query: str, names: list[str]) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        eve = await program_of(door, "eve@example.com")
        await keep(eve, E="x")
        await keep(bob, B="2", A="1", C="3")
        listed = await bob.ask("GET", f"{VARIABLES}{query}")
        assert [one["name"] for one in listed.json] == names
        assert listed.headers["x-total-count"] == "3"

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    "named", ["@{DESK}", "@%7BDESK%7D", "%40%7bDESK%7d", "@{ID}", "@{ID}/", "@{DESK}/"]
)
def test_a_path_names_an_extension_by_a_variable(tmp_path: Path, named: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await keep(bob, ID=str(await bob.extension()), DESK="@200")
        assert (await bob.ask("GET", f"/client/@me/extension/{named}")).status == 200
        reply = await bob.ask("POST", f"/extension/{named.rstrip('/')}/callback/", GOOD)
        assert reply.status == 201

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("named", "word"),
    [
        ("@{NOBODY}", "variable_not_found"),
        ("@{}", "variable_not_found"),
        ("@{%00}", "variable_not_found"),
        ("@{BAD}", "extension_not_found"),
        ("@{AGAIN}", "extension_not_found"),
        ("{DESK}", "extension_not_found"),
        ("@{DESK", "extension_not_found"),
    ],
)
def test_a_path_that_names_none(tmp_path: Path, named: str, word: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.extension()
        await keep(bob, DESK="@200", BAD="nobody", AGAIN="@{DESK}")
        reply = await bob.ask("GET", f"/client/@me/extension/{named}")
        assert (reply.status, reply.json["status"]) == (404, word)

    with_program(tmp_path, story)


def test_a_callback_refers_to_variables(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await bob.extension()
        await keep(bob, BOSS="+37120000001", NAME="Billing", WAIT="45")
        body = {
            "src_num": ["200", "$cv(BOSS)"],
            "dst_num": "$cv(BOSS)",
            "caller_id_name": "The $cv(NAME)",
            "wait_for_pickup": "$cv(WAIT)",
            "variables": {"invoice": "$cv(NAME) 7781"},
            "dedup_key": "$cv(NAME)",
        }
        named = await bob.made("/extension/@200/callback", body)
        tasks = door.doors.callbacks.tasks
        task = await tasks.task_of_call(bob.account.account_id, CallUuid(named["call_id"]))
        assert task is not None
        wish = task.wish
        assert (wish.a_number, wish.b_number) == ("200", "+37120000001")
        assert wish.callback_params == {
            "extended_a_numbers": ["+37120000001"],
            "caller_id_name": "The Billing",
            "wait_for_pickup": "45",
        }
        assert (wish.variables, wish.extras.dedup_key) == ({"invoice": "Billing 7781"}, "Billing")

    with_program(tmp_path, story)


def test_tasks_refer_to_variables(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        extension = await bob.extension()
        await keep(bob, A="205", URL="https://crm.example.org", ID=str(extension), DESK="@200")
        path = f"/client/@me/task_scheduler/{await bob.queue()}/tasks"
        wish = {
            "name": "for $cv(A)",
            "a_number": "$cv(A)",
            "b_number": "$cv(A)$cv(A)",
            "url_after": "$cv(URL)/done",
            "callback_params": {"extended_a_numbers": ["$cv(A)"], "caller_id_name": "$cv(A)"},
            "variables": {"a": "$cv(A)"},
        }
        ids = ["@{ID}", "@{DESK}", "$cv(ID)", "$cv(DESK)"]
        made = await bob.made(path, {"tasks": [wish | {"extension_id": one} for one in ids]})
        for task in made:
            assert task["extension_id"] == extension
            assert {name: task[name] for name in wish} == {
                "name": "for 205",
                "a_number": "205",
                "b_number": "205205",
                "url_after": "https://crm.example.org/done",
                "callback_params": {"extended_a_numbers": ["205"], "caller_id_name": "205"},
                "variables": {"a": "205"},
            }
        change = {"b_number": "$cv(A)", "extension_id": "@{DESK}"}
        changed = await bob.ask("PUT", f"{path}/{made[0]['id']}", change)
        assert (changed.status, changed.json["b_number"]) == (200, "205"), changed.body

    with_program(tmp_path, story)


def test_an_unknown_variable_is_named_with_its_place(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        extension = await bob.extension()
        tasks = f"/client/@me/task_scheduler/{await bob.queue()}/tasks"
        good = {"a_number": "205", "b_number": "206", "extension_id": extension}
        for path, body, place, reference in (
            ("/extension/@200/callback", GOOD | {"dst_num": "$cv(BOSS)"}, "dst_num", "$cv(BOSS)"),
            (
                tasks,
                {"tasks": [good, good | {"b_number": "+$cv(BOSS)"}]},
                "tasks[1].b_number",
                "$cv(BOSS)",
            ),
            (
                tasks,
                {"tasks": [good | {"extension_id": "@{BOSS}"}]},
                "tasks[0].extension_id",
                "@{BOSS}",
            ),
        ):
            reply = await bob.ask("POST", path, body)
            assert (reply.status, reply.json["status"]) == (400, "variable_not_found")
            [fault] = reply.json["errors"]
            assert fault == {
                "path": place,
                "message": f"'{reference}': the client has no such variable",
            }
        assert door.callback_wakes == 0

    with_program(tmp_path, story)


def test_a_value_is_checked_like_what_it_stands_for(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.extension()
        await keep(bob, BAD="nobody", LONG="1" * 33)
        for reference in ("$cv(BAD)", "$cv(LONG)"):
            body = GOOD | {"dst_num": reference}
            reply = await bob.ask("POST", "/extension/@200/callback", body)
            assert (reply.status, reply.json["status"]) == (400, "validation_failed")
            assert [fault["path"] for fault in reply.json["errors"]] == ["dst_num"]

    with_program(tmp_path, story)
