"""Queues on the command line, over real HTTP against the real front door."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callwright.cli.main import program
from tests.sim.front_door import CLOUD_ID
from tests.sim.served import Served, served

CALLS = 3


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
    with served(tmp_path) as one:
        call = ("call", "start", "s", "sip:bob@acompany.com")
        for _ in range(CALLS):
            started = run(one, *call, "--no-follow")
            assert started.exit_code == 0, started.output
        yield one


def test_queues_are_listed_with_their_lengths(server: Served) -> None:
    listed = run(server, "queue", "list")
    printed = run(server, "queue", "list", "--json")

    assert (listed.exit_code, listed.stdout) == (0, "        3  s\n")
    assert json.loads(printed.stdout) == [{"service_name": "s", "length": CALLS}]


def test_one_queue_is_shown(server: Served) -> None:
    assert run(server, "queue", "show", "s").stdout == "3\n"
    printed = run(server, "queue", "show", "s", "--json")
    assert json.loads(printed.stdout) == {"service_name": "s", "length": CALLS}


def test_a_purge_asks_first(server: Served) -> None:
    refused = run(server, "queue", "purge", "s", typed="n\n")
    assert (refused.exit_code, run(server, "queue", "show", "s").stdout) == (1, "3\n")

    purged = run(server, "queue", "purge", "s", typed="y\n")

    assert (purged.exit_code, len(purged.stdout.splitlines())) == (0, CALLS)
    assert "3 cancelled." in purged.stderr
    nothing = run(server, "queue", "list")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "Nothing waits.\n")


def test_programs_purge_without_being_asked(server: Served) -> None:
    purged = run(server, "queue", "purge", "s", "--yes", "--json")

    assert json.loads(purged.stdout)["cancelled"] == CALLS


@pytest.mark.parametrize("command", [("show",), ("purge", "--yes")])
def test_a_service_that_is_not_there_is_named_so(server: Served, command: tuple[str, ...]) -> None:
    refused = run(server, "queue", *command, "nowhere/at all")

    assert refused.exit_code == 1
    assert "The service name does not exist (status 404)" in refused.stderr
