"""Conferences on the command line, over real HTTP against the real front door."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callwright.cli.main import program
from callwright.domain.account import Features
from tests.sim.front_door import CLOUD_ID, FrontDoor
from tests.sim.served import Served, served


class Office:
    """A server whose customer may reserve conferences, and the rooms behind it."""

    def __init__(self, server: Served, door: FrontDoor) -> None:
        self.server, self.door = server, door

    def run(self, *arguments: str) -> Result:
        environment = {
            "CALLWRIGHT_SERVER": self.server.url,
            "CALLWRIGHT_CLOUD_ID": CLOUD_ID,
            "CALLWRIGHT_USERNAME": self.server.customer.account.username,
            "CALLWRIGHT_KEY": self.server.customer.key,
        }
        return CliRunner().invoke(program, ["conference", *arguments], env=environment)

    def enter(self, name: str, *participants: str, starts: bool = True) -> None:
        account_id = self.server.customer.account.account_id
        self.door.rooms.enter(account_id, name, *participants, starts=starts)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    doors: list[FrontDoor] = []
    with served(tmp_path, prepare=doors.append) as server:
        [door] = doors
        change = door.registry.change_features
        asyncio.run(change(server.customer.account.account_id, Features(reserved_conferences=True)))
        yield Office(server, door)


def test_a_conference_is_reserved_changed_listed_and_given_up(office: Office) -> None:
    begins = ("--start", "2099-01-31_09:15:00")
    made = office.run("reserve", "Weekly42", "--participants", "100", "--minutes", "60", *begins)
    assert (made.exit_code, made.stdout) == (0, "Weekly42 is reserved.\n"), made.output
    changed = office.run("change", "Weekly42", "--minutes", "90", "--divert", "", "--json")
    assert json.loads(changed.stdout) == "Weekly42"
    listed = office.run("list")
    assert listed.stdout == (
        "RESERVED     0 of 100  Weekly42  from 2099-01-31_09:15:00 UTC for 90 minutes\n"
    )
    assert office.run("cancel", "Weekly42").stdout == "Weekly42 is reserved no longer.\n"
    nothing = office.run("list")
    assert (nothing.stdout, nothing.stderr) == ("", "There is none.\n")


def test_a_conference_begins_now_unless_it_is_said_when(office: Office) -> None:
    # The server's clock is a year ahead of ours: a conference of now is over there.
    refused = office.run("reserve", "Weekly42", "--participants", "9", "--minutes", "60")
    assert refused.exit_code == 1
    assert "which is over" in refused.stderr


def test_rooms_in_use_are_listed_by_state(office: Office) -> None:
    office.enter("team", "1", "2")
    office.enter("lounge", "3", starts=False)
    assert office.run("list").stdout == (
        "HOLDING      1 of  40  lounge\nACTIVE       2 of  40  team\n"
    )
    shown = office.run("list", "--state", "active", "--json")
    assert list(json.loads(shown.stdout)) == ["team"]


def test_participants_are_listed_muted_and_let_out(office: Office) -> None:
    office.enter("team", "1.2.3", "4.5.6")
    assert office.run("mute", "team", "1.2.3").stdout == "1.2.3 is muted in team.\n"
    shown = office.run("participants", "team")
    assert shown.stdout == ("1.2.3  0:00:12  441908273801, muted\n4.5.6  0:00:12  441908273801\n")
    assert office.run("unmute", "team", "1.2.3").stdout == "1.2.3 is heard again in team.\n"
    assert office.run("eject", "team", "1.2.3").stdout == "1.2.3 is out of team.\n"
    left = office.run("participants", "team", "--json")
    assert list(json.loads(left.stdout)) == ["4.5.6"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("participants", "nowhere"), "there is no conference 'nowhere' (status 404)"),
        (("eject", "nowhere", "1"), "there is no conference 'nowhere' (status 404)"),
        (("cancel", "Weekly42"), "there is no reserved conference 'Weekly42' (status 404)"),
        (("reserve", "Weekly 42"), "'Weekly 42'"),
        (("reserve", "Weekly42"), "max_participants is missing"),
    ],
)
def test_mistakes_are_told_in_one_line(
    office: Office, arguments: tuple[str, ...], text: str
) -> None:
    refused = office.run(*arguments)
    assert (refused.exit_code, text in refused.stderr) == (1, True), refused.stderr
    assert refused.stderr.count("\n") == 1


def test_the_help_says_how_to_begin() -> None:
    helped = CliRunner().invoke(program, ["conference", "--help"])
    assert "callwright conference reserve Weekly42 --minutes 60 --participants 100" in helped.stdout
