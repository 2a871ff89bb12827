"""A client's program before the front door, with its token."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callwright.domain.account import Account
from tests.sim.asgi import Reply
from tests.sim.front_door import FrontDoor, front_door

BASE = "/api/ver1.0"


@dataclass(slots=True)
class Program:
    """Requests as a client's program makes them."""

    door: FrontDoor
    account: Account
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """The header with the token."""
        return {"authorization": f"Bearer {self.token}"}

    async def ask(self, method: str, path: str, body: object = None) -> Reply:
        """Send a request; a body goes as JSON."""
        sent = b"" if body is None else json.dumps(body).encode()
        headers = self.headers | ({"content-type": "application/json"} if sent else {})
        return await self.door.client.request(method, BASE + path, body=sent, headers=headers)

    async def made(self, path: str, body: object) -> Any:
        """Create something and return it."""
        reply = await self.ask("POST", path, body)
        assert reply.status == 201, reply.body
        return reply.json

    async def extension(self, number: str = "200", **fields: object) -> int:
        """Create an extension and return its id."""
        made = await self.made("/client/@me/extension/", {"name": number} | fields)
        extension_id: int = made["id"]
        return extension_id

    async def queue(self, **fields: object) -> int:
        """Create a queue and return its id."""
        queue_id: int = (await self.made("/client/@me/task_scheduler/", fields))["id"]
        return queue_id


async def program_of(door: FrontDoor, username: str = "bob@example.com") -> Program:
    """Create an account with a program that has a token."""
    customer = await door.customer(username)
    return Program(door, customer.account, await door.token(customer))


def with_program(data: Path, story: Callable[[FrontDoor, Program], Awaitable[None]]) -> None:
    """Run a story of one client in an event loop of its own."""

    async def run() -> None:
        async with front_door(data) as door:
            await story(door, await program_of(door))

    asyncio.run(run())
