"""Caller IDs on the command line, over a real data folder."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from callwright.app.wiring import (
    open_accounts,
    open_applications,
    open_caller_ids,
    open_client_pauses,
    open_numbers,
    open_webhook_secrets,
)
from callwright.cli.main import program
from callwright.cli.ports import World
from tests.sim.call import FarEnd
from tests.sim.front_door import CLOUD_ID, FrontDoor
from tests.sim.pin_line import PIN, keys
from tests.sim.served import Served, served

BOB = "bob@example.com"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    result = run(tmp_path, "account", "create", BOB)
    assert result.exit_code == 0, result.output
    return tmp_path


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        program,
        [*arguments, "--data", str(data)],
        obj=World(
            open_accounts,
            open_caller_ids,
            open_numbers,
            open_applications,
            open_webhook_secrets,
            open_client_pauses,
        ),
    )


def test_numbers_are_added_listed_and_removed(data: Path) -> None:
    added = run(data, "caller-id", "add", BOB, "+44 1908 273801".replace(" ", "-"))
    assert added.stdout == f"{BOB} may show 441908273801.\n"
    run(data, "caller-id", "add", BOB, "15550100")
    assert run(data, "caller-id", "list", BOB).stdout == "15550100\n441908273801\n"
    removed = run(data, "caller-id", "remove", BOB, "15550100", "--json")
    assert json.loads(removed.stdout) == {"caller_id": "15550100"}
    assert json.loads(run(data, "caller-id", "list", BOB, "--json").stdout) == ["441908273801"]


def test_an_empty_list_says_how_to_add_one(data: Path) -> None:
    listed = run(data, "caller-id", "list", BOB)
    assert (listed.stdout, "callwright caller-id add" in listed.stderr) == ("", True)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("add", BOB, "bob"), "'bob'"),
        (("add", "x@y.z", "15550100"), "x@y.z"),
        (("remove", BOB, "15550100"), "15550100 is no caller ID"),
        (("list", "x@y.z"), "x@y.z"),
    ],
)
def test_mistakes_are_told_in_one_line(data: Path, arguments: tuple[str, ...], text: str) -> None:
    result = run(data, "caller-id", *arguments)
    assert (result.exit_code, text in result.stderr, result.stderr.count("\n")) == (1, True, 1)


def validate(server: Served, *arguments: str) -> Result:
    environment = {
        "CALLWRIGHT_SERVER": server.url,
        "CALLWRIGHT_CLOUD_ID": CLOUD_ID,
        "CALLWRIGHT_USERNAME": server.customer.account.username,
        "CALLWRIGHT_KEY": server.customer.key,
    }
    return CliRunner().invoke(program, ["caller-id", "validate", *arguments], env=environment)


def keyed(door: FrontDoor) -> None:
    """Whoever is called keys the PIN."""
    door.pin_line.far_end = FarEnd(keys=keys(PIN, at=4.0))
    door.pin_line.runs_at_once = True


def not_keyed(door: FrontDoor) -> None:
    """Whoever is called says nothing."""
    door.pin_line.runs_at_once = True


def test_a_number_is_validated_through_the_server(tmp_path: Path) -> None:
    with capture_logs(), served(tmp_path, prepare=keyed) as server:
        result = validate(server, "+441908273801")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"441908273801 is being called. Key this PIN there: {PIN}",
        "441908273801 is a validated caller ID.",
    ]


def test_a_call_on_which_nobody_keys_is_a_failure(tmp_path: Path) -> None:
    with capture_logs(), served(tmp_path, prepare=not_keyed) as server:
        result = validate(server, "441908273801", "--json")
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert told[0]["pin"] == PIN
    assert told[1] == {"number": "441908273801", "verdict": "not validated"}
    assert result.exit_code == 1


def test_a_call_without_end_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callwright.cli.caller_id.LOOK_INTERVAL", 0.0)
    monkeypatch.setattr("callwright.cli.caller_id.LOOKS", 3)
    with served(tmp_path) as server:
        result = validate(server, "441908273801")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "Waiting for the end of the call ...",
        "441908273801 is still being called. Nobody waits for it here any more.",
    ]


def test_what_the_server_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        result = validate(server, "bob")
    assert (result.exit_code, "'bob'" in result.stderr) == (1, True)
