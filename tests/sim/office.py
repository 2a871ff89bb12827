"""A program of a customer that schedules callbacks on the command line, before the front door."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from callwright.accounts.applications import ApplicationWish
from callwright.cli.main import program
from callwright.domain.callback import ExtensionId
from callwright.domain.clock import UnixTime
from callwright.scheduler.values import Extension
from tests.sim.front_door import FrontDoor
from tests.sim.served import Served, served


class Office:
    """A program of a customer who has an extension 205, and its folder."""

    def __init__(self, server: Served, door: FrontDoor, folder: Path) -> None:
        self.folder, self.door = folder, door
        self.account_id = server.customer.account.account_id
        account = server.customer.account
        made = asyncio.run(door.applications.add(account.username, ApplicationWish("office")))
        self.secret = made.secret
        self.environment = {
            "CALLWRIGHT_SERVER": server.url,
            "CALLWRIGHT_CLIENT_ID": made.application.key,
            "CALLWRIGHT_CLIENT_SECRET": made.secret,
        }
        extension = Extension(
            ExtensionId(0), account.account_id, "205", "", "", "", False, UnixTime(0.0)
        )
        assert asyncio.run(door.doors.callbacks.queues.add_extension(extension)) is not None

    def run(self, *arguments: str, **changes: str) -> Result:
        environment = self.environment | changes
        return CliRunner().invoke(program, ["schedule", *arguments], env=environment)

    def file(self, text: str, name: str = "people.csv") -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def tasks(self) -> list[dict[str, object]]:
        listed = self.run("tasks", "1", "--json").stdout
        return [json.loads(line) for line in listed.splitlines()]


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """Open one whose files are in this folder."""
    doors: list[FrontDoor] = []
    with served(folder, prepare=doors.append) as server:
        yield Office(server, doors[0], folder)
