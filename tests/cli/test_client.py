"""Applications of clients on the command line, over a real data folder."""

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


def test_an_application_is_made_listed_and_removed(data: Path) -> None:
    added = run(data, "client", "add-application", BOB, "crm", "--json")
    made = json.loads(added.stdout)
    secret = made.pop("client_secret")
    assert made == {
        "client_id": made["client_id"],
        "name": "crm",
        "grants": ["client_credentials"],
    }
    assert (len(made["client_id"]), len(secret)) == (32, 43)
    listed = run(data, "client", "list-applications", BOB, "--json")
    assert json.loads(listed.stdout) == [made]
    shown = run(data, "client", "list-applications", BOB).stdout
    assert shown == f"{made['client_id']}  crm  (client_credentials)\n"
    removed = run(data, "client", "remove-application", BOB, made["client_id"])
    assert removed.stdout == f"{made['client_id']} is no application of {BOB} any more.\n"
    nothing = run(data, "client", "list-applications", BOB)
    assert (nothing.stdout, "add-application" in nothing.stderr) == ("", True)


def test_a_person_is_shown_the_secret_once(data: Path) -> None:
    added = run(data, *("client", "add-application", BOB, "crm", "--grant", "password"))
    assert "client_secret  " in added.stdout
    assert "not shown again" in added.stderr
    secret = added.stdout.split("client_secret")[1].strip()
    listed = run(data, "client", "list-applications", BOB)
    assert secret not in listed.output
    assert "(password)" in listed.output


def test_a_public_application_has_no_secret(data: Path) -> None:
    of_people = ("--grant", "authorization_code", "--redirect-uri", "com.example.app:/back")
    added = run(data, "client", "add-application", BOB, "app", *of_people, "--public")
    assert (added.exit_code, "client_secret" in added.output) == (0, False)
    [made] = json.loads(run(data, "client", "list-applications", BOB, "--json").stdout)
    assert made == {
        "client_id": made["client_id"],
        "name": "app",
        "grants": ["authorization_code"],
        "redirect_uri": "com.example.app:/back",
    }
    with_secret = run(data, "client", "add-application", BOB, "site", *of_people, "--json")
    assert len(json.loads(with_secret.stdout)["client_secret"]) == 43


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("add-application", "x@y.z", "crm"), "x@y.z"),
        (("add-application", BOB, ""), "printable"),
        (("add-application", BOB, "a", "--public"), "an application without a secret"),
        (("add-application", BOB, "a", "--redirect-uri", "https://x/"), "and only with it"),
        (("add-application", BOB, "a", "--grant", "authorization_code"), "a redirect URI"),
        (("list-applications", "x@y.z"), "x@y.z"),
        (("remove-application", BOB, "nothing"), "'nothing' is no application"),
        (("remove-application", "x@y.z", "nothing"), "x@y.z"),
    ],
)
def test_mistakes_are_told_in_one_line(data: Path, arguments: tuple[str, ...], text: str) -> None:
    result = run(data, "client", *arguments)
    assert (result.exit_code, text in result.stderr, result.stderr.count("\n")) == (1, True, 1)
