"""Queues watched on the command line, over real HTTP against the real front door."""

import asyncio
import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callwright.accounts.applications import ApplicationWish
from callwright.cli.main import program
from callwright.cli.scheduler_client import ApplicationKey, Json, SchedulerClient, speak_as
from tests.sim.front_door import FrontDoor
from tests.sim.installation import COMMAND
from tests.sim.served import served


class Office:
    """A program of a customer who has a queue without tasks."""

    def __init__(self, url: str, door: FrontDoor, username: str) -> None:
        self.door = door
        made = asyncio.run(door.applications.add(username, ApplicationWish("office")))
        self.key = ApplicationKey(url, made.application.key, made.secret)
        assert self.run("new", "empty").exit_code == 0

    @property
    def environment(self) -> dict[str, str]:
        """What the commands read."""
        return {
            "CALLWRIGHT_SERVER": self.key.url,
            "CALLWRIGHT_CLIENT_ID": self.key.client_id,
            "CALLWRIGHT_CLIENT_SECRET": self.key.client_secret,
        }

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(program, ["schedule", *arguments], env=self.environment)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    doors: list[FrontDoor] = []
    with served(tmp_path, prepare=doors.append) as server:
        yield Office(server.url, doors[0], server.customer.account.username)


def test_a_queue_is_watched_until_nothing_is_left(office: Office) -> None:
    watched = office.run("watch", "1", "--until-done")
    assert watched.exit_code == 0, watched.output
    bar = "[########################] 0/0  0 calling, 0 waiting (0 due), 0 success, 0 failed"
    assert watched.stdout == f"{bar}\n"
    printed = office.run("watch", "1", "--until-done", "--json").stdout
    assert json.loads(printed)["event"] == "progress"


def test_a_terminal_shows_a_bar_that_stays_in_its_line(office: Office) -> None:
    ours, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    done = subprocess.run(
        [*COMMAND, "schedule", "watch", "1", "--until-done"],
        env=environment | office.environment,
        stdout=terminal,
        check=False,
        timeout=60,
    )
    os.close(terminal)
    shown = os.read(ours, 1000)
    os.close(ours)
    assert done.returncode == 0
    assert shown == b"\r\x1b[2K[########################] 0/0  0 calli\r\n"


def test_what_cannot_be_watched_is_explained(office: Office) -> None:
    unknown = office.run("watch", "9")
    assert (unknown.exit_code, "(status 404)" in unknown.stderr) == (1, True)
    assert office.run("watch", "--until-done").exit_code == 2


def test_a_stream_that_ended_is_opened_again_with_a_new_token(office: Office) -> None:
    async def next_progress(server: SchedulerClient) -> list[Json]:
        # A server that stops ends each stream after its first events.
        office.door.doors.live.close()
        events = []
        async with aclosing(server.watch(1, reopen_pause=0.0)) as stream:
            async for event in stream:
                events.append(event)
                if len(events) == 3:
                    return events
                if len(events) == 2:
                    office.door.clock.advance(3600)
        return events

    async def story() -> list[Json]:
        async with speak_as(office.key) as server:
            return await next_progress(server)

    assert [event["event"] for event in asyncio.run(story())] == ["progress"] * 3
