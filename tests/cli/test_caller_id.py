"""Caller IDs on the command line, over a real data folder."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callwright.app.wiring import open_accounts, open_caller_ids
from callwright.cli.main import program
from callwright.cli.ports import World

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
        obj=World(open_accounts=open_accounts, open_caller_ids=open_caller_ids),
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
