"""Services on the command line, over real HTTP against the real front door."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callwright.cli.main import program
from tests.sim.front_door import CLOUD_ID, FIRST_PAGE
from tests.sim.served import Served, served


def run(server: Served, *arguments: str, typed: str = "") -> Result:
    environment = {
        "CALLWRIGHT_SERVER": server.url,
        "CALLWRIGHT_CLOUD_ID": CLOUD_ID,
        "CALLWRIGHT_USERNAME": server.customer.account.username,
        "CALLWRIGHT_KEY": server.customer.key,
    }
    return CliRunner().invoke(program, arguments, env=environment, input=typed)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "data") as one:
        yield one


def test_services_are_listed_with_their_targets(server: Served) -> None:
    run(server, "service", "modify", "s", "--set", "description=Appointments")

    listed = run(server, "service", "list")
    printed = run(server, "service", "list", "--json")

    assert listed.stdout.split() == ["s", FIRST_PAGE, "Appointments"]
    assert json.loads(printed.stdout) == [
        {"name": "s", "target": FIRST_PAGE, "description": "Appointments"}
    ]


def test_options_are_changed_one_by_one(server: Served, tmp_path: Path) -> None:
    before = json.loads(run(server, "service", "show", "s").stdout)
    file = tmp_path / "options.json"
    file.write_text('{"rest": {"max_call_duration": 5}, "description": "from a file"}')

    modified = run(
        server,
        *("service", "modify", "s", "--file", str(file), "--set", "rest.answer_timeout=45"),
        *("--set", "description=from here", "--set", "rest.final_page.address=null"),
        *("--set", 'call_constraints.blocked_prefixes=["882"]'),
    )

    after = json.loads(modified.stdout)
    assert modified.stderr == "s was modified.\n"
    assert after == json.loads(run(server, "service", "show", "s").stdout)
    assert after["rest"] == before["rest"] | {"answer_timeout": 45, "max_call_duration": 5}
    assert after["description"] == "from here"
    assert after["call_constraints"]["blocked_prefixes"] == ["882"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((), "--set OPTION=VALUE"),
        (("--set", "description"), "OPTION=VALUE was expected"),
        (("--set", "=1"), "OPTION=VALUE was expected"),
        (("--set", "rest..x=1"), "OPTION=VALUE was expected"),
        (("--set", "rest=1", "--set", "rest.x=1"), "rest has another value already"),
        (("--set", "enabld=true"), "('enabld' was unexpected)"),
        (("--set", "enabled=5", "--set", "fax.send=5"), "\n  fax.send 5 is not of type 'boolean'."),
    ],
)
def test_a_wrong_change_is_refused_with_advice(
    server: Served, arguments: tuple[str, ...], text: str
) -> None:
    result = run(server, "service", "modify", "s", *arguments)

    assert result.exit_code != 0
    assert text in result.stderr


def test_a_service_is_deleted_once_that_is_meant(server: Served) -> None:
    refused = run(server, "service", "delete", "s", typed="n\n")
    assert refused.exit_code == 1
    assert run(server, "service", "show", "s").exit_code == 0

    deleted = run(server, "service", "delete", "s", "--yes")
    again = run(server, "service", "delete", "s", "--yes")
    listed = run(server, "service", "list")

    assert (deleted.exit_code, deleted.stderr) == (0, "s was deleted.\n")
    assert again.exit_code == 1
    assert "The service name does not exist (status 404)" in again.stderr
    assert (listed.stdout, "no service yet" in listed.stderr) == ("", True)


def test_a_name_with_a_slash_is_a_name(server: Served) -> None:
    result = run(server, "service", "delete", "s/queue", "--yes")

    assert "The service name does not exist (status 404)" in result.stderr
