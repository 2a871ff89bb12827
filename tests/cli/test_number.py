"""Telephone numbers on the command line, over a real data folder."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

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

ANN, BOB = "ann@example.com", "bob@example.com"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for username in (ANN, BOB):
        result = run(tmp_path, "account", "create", username)
        assert result.exit_code == 0, result.output
    assert run(tmp_path, "number", "add", ANN, "15550199").exit_code == 0
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
    added = run(data, "number", "add", BOB, "+44-1908-273801")
    assert added.stdout == f"{BOB} owns 441908273801.\n"
    assert json.loads(run(data, "number", "add", BOB, "15550100", "--json").stdout) == {
        "number": "15550100"
    }
    assert run(data, "number", "list", BOB).stdout == "15550100\n441908273801\n"
    assert run(data, "caller-id", "list", BOB).stdout == "15550100\n441908273801\n"
    removed = run(data, "number", "remove", BOB, "15550100")
    assert removed.stdout == f"{BOB} owns 15550100 no longer.\n"
    assert json.loads(run(data, "number", "list", BOB, "--json").stdout) == ["441908273801"]


def test_an_empty_list_says_how_to_add_one(data: Path) -> None:
    listed = run(data, "number", "list", BOB)
    assert (listed.stdout, "callwright number add" in listed.stderr) == ("", True)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("number", "add", BOB, "bob"), "'bob'"),
        (("number", "add", BOB, "15550199"), "15550199 is a number of another account"),
        (("number", "add", "x@y.z", "15550100"), "x@y.z"),
        (("number", "remove", BOB, "15550100"), "15550100 is no number of"),
        (("number", "list", "x@y.z"), "x@y.z"),
        (("caller-id", "remove", ANN, "15550199"), f"15550199 is a number of {ANN}"),
    ],
)
def test_mistakes_are_told_in_one_line(data: Path, arguments: tuple[str, ...], text: str) -> None:
    result = run(data, *arguments)
    assert (result.exit_code, text in result.stderr, result.stderr.count("\n")) == (1, True, 1)
