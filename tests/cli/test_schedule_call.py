"""Callbacks at once and variables on the command line, against the real front door."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callwright.accounts.applications import ApplicationWish
from callwright.cli.main import program
from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallUuid,
    ExtensionId,
    FinishResult,
    Task,
)
from callwright.domain.clock import UnixTime
from callwright.scheduler.retries import finished
from callwright.scheduler.values import AttemptBegin, AttemptEnd, Extension
from tests.sim.front_door import FrontDoor
from tests.sim.served import Served, served

CALL = ("call", "--extension", "@205", "--a", "205", "--b", "+37120000001")


class Office:
    """A program of a customer who has an extension 205."""

    def __init__(self, server: Served, door: FrontDoor, folder: Path) -> None:
        self.folder, self.door = folder, door
        self.account = server.customer.account
        made = asyncio.run(door.applications.add(self.account.username, ApplicationWish("office")))
        self.environment = {
            "CALLWRIGHT_SERVER": server.url,
            "CALLWRIGHT_CLIENT_ID": made.application.key,
            "CALLWRIGHT_CLIENT_SECRET": made.secret,
        }
        extension = Extension(
            ExtensionId(0), self.account.account_id, "205", "", "", "", False, UnixTime(0.0)
        )
        assert asyncio.run(door.doors.callbacks.queues.add_extension(extension)) is not None

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(program, ["schedule", *arguments], env=self.environment)

    def task(self, call_uuid: str) -> Task:
        tasks = self.door.doors.callbacks.tasks
        named = CallUuid(call_uuid)
        task = asyncio.run(tasks.task_of_call(self.account.account_id, named))
        assert task is not None
        return task


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    doors: list[FrontDoor] = []
    with served(tmp_path, prepare=doors.append) as server:
        yield Office(server, doors[0], tmp_path)


async def end_when_asked(door: FrontDoor, outcome: AttemptOutcome) -> None:
    """Make the attempt of whatever is due, as the loop and the calls do."""
    callbacks, now = door.doors.callbacks, door.clock.unix_time()
    tasks, is_joined = callbacks.tasks, outcome is AttemptOutcome.JOINED
    for due in await tasks.due_queues(frozenset(range(256)), at=now):
        for task in await tasks.due_tasks(due.queue.queue_id, at=now, limit=9):
            assert task.wish.call_uuid is not None
            attempt = Attempt(1, task.wish.call_uuid, now)
            await tasks.begin_attempts([AttemptBegin(task.task_id, attempt)])
            if is_joined:
                await tasks.attempt_joined(task.task_id, 1, at=now, a_answered="205", events=())
            result = FinishResult.SUCCESS if is_joined else FinishResult.FAILED
            done = finished(task, result, "" if is_joined else str(outcome), at=now)
            joined_at = now if is_joined else None
            ended = replace(attempt, ended_at=now, outcome=outcome, joined_at=joined_at)
            call = await callbacks.history.made_of.call(task, ended, None)
            end = AttemptEnd(task.task_id, 1, outcome, now, None, done, call)
            await tasks.end_attempt(end)


def test_a_call_is_named(office: Office) -> None:
    made = office.run(*CALL, "--a", "206", "--field", "wait_for_pickup=20")
    assert made.exit_code == 0, made.output
    wish = office.task(made.stdout.strip()).wish
    assert (wish.a_number, wish.b_number) == ("205", "+37120000001")
    assert wish.callback_params == {"extended_a_numbers": ["206"], "wait_for_pickup": "20"}
    more = ("--field", "variables.invoice=7781", "--field", "allow_public_transfer=false")
    named = json.loads(office.run(*CALL, *more, "--json").stdout)
    wish = office.task(named["call_id"]).wish
    assert (wish.variables, wish.call_api_id) == ({"invoice": "7781"}, named["call_api_id"])
    assert wish.callback_params["allow_public_transfer"] is False


@pytest.mark.parametrize(
    ("outcome", "status", "lines"),
    [
        (AttemptOutcome.JOINED, 0, ["205 and +37120000001 talk", "bridged, 0 s in all"]),
        (AttemptOutcome.B_BUSY, 1, ["busy, 0 s in all"]),
        (AttemptOutcome.A_FAILED, 1, ["failed, 0 s in all"]),
    ],
)
def test_a_call_is_watched_to_its_end(
    office: Office, outcome: AttemptOutcome, status: int, lines: list[str]
) -> None:
    made: list[asyncio.Task[None]] = []
    office.door.on_callback_wake = lambda: made.append(
        asyncio.get_running_loop().create_task(end_when_asked(office.door, outcome))
    )
    watched = office.run(*CALL, "--wait")
    assert watched.exit_code == status, watched.output
    first, *others = watched.stdout.splitlines()
    assert first.startswith("Call ")
    assert [line[23:] for line in others] == lines
    as_json = office.run(*CALL, "--wait", "--json")
    assert as_json.exit_code == status
    assert json.loads(as_json.stdout)["to_username"] == "+37120000001"
    assert [one.exception() for one in made] == [None, None]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--extension", "@9"), 1, "no such extension (status 404)"),
        (("--b", "nobody"), 1, "dst_num: 'nobody': 1 to 32 digits"),
        (("--b", "$cv(BOSS)"), 1, "dst_num: '$cv(BOSS)': the client has no such variable"),
        (("--field", "wait_for_pickup=1"), 1, "wait_for_pickup: '1': must be between 5 and 120"),
        (("--field", "wait_for_pickup"), 2, "NAME=VALUE was expected"),
        (("--field", "callback_params.x=1"), 2, "NAME=VALUE was expected"),
        (("--field", "variables.=1"), 2, "NAME=VALUE was expected"),
    ],
)
def test_a_refusal_is_explained(
    office: Office, arguments: tuple[str, ...], status: int, said: str
) -> None:
    refused = office.run(*CALL, *arguments)
    assert refused.exit_code == status
    assert said in refused.stderr


def test_variables_are_set_listed_used_and_removed(office: Office) -> None:
    nothing = office.run("variable", "list")
    assert (nothing.stdout, "no variable yet" in nothing.stderr) == ("", True)
    assert office.run("variable", "set", "BOSS", "+37120000009").stdout == "$cv(BOSS) is set.\n"
    assert office.run("variable", "set", "DESK_1", "205").exit_code == 0
    assert office.run("variable", "set", "BOSS", "+37120000001").exit_code == 0
    listed = office.run("variable", "list")
    assert listed.stdout == "BOSS    +37120000001\nDESK_1  205\n"
    shown = json.loads(office.run("variable", "list", "--json").stdout)
    assert shown[1] == {"name": "DESK_1", "value": "205"}
    made = office.run("call", "--extension", "@205", "--a", "205", "--b", "$cv(BOSS)")
    assert office.task(made.stdout.strip()).wish.b_number == "+37120000001"
    assert office.run("variable", "remove", "BOSS").stdout == "$cv(BOSS) is removed.\n"
    again = office.run("variable", "remove", "BOSS")
    assert (again.exit_code, "no such variable" in again.stderr) == (1, True)
    odd = office.run("variable", "set", "A B", "x")
    assert (odd.exit_code, "letters, digits and _" in odd.stderr) == (1, True)


def test_a_file_refers_to_variables(office: Office) -> None:
    office.run("new", "q")
    office.run("variable", "set", "DESK", "@205")
    office.run("variable", "set", "BOSS", "+37120000001")
    people = office.folder / "people.csv"
    people.write_text(
        "a_number,b_number,extension_id\n205,$cv(BOSS),@{DESK}\n205,$cv(NOBODY),@{DESK}\n"
        "205,nobody,@{DESK}\n",
        encoding="utf-8",
    )
    for more in (("--dry-run",), ()):
        done = office.run("import", str(people), "--queue", "1", *more)
        assert done.exit_code == 1
        assert done.stdout.startswith("1 "), done.output
        assert "row 3: b_number: '$cv(NOBODY)': the client has no such variable" in done.stderr
        assert "row 4: b_number: 'nobody'" in done.stderr
