"""A front door on a real loopback port, in a thread of its own, for clients that block."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from tests.sim.front_door import Customer, FrontDoor, front_door

STARTS_WITHIN = 10.0
"""Seconds; a bound, never waited out."""

OnWake = Callable[[FrontDoor], Awaitable[None]]


@dataclass(slots=True)
class Served:
    """Where the server is, and the customer who asks."""

    url: str
    customer: Customer
    token: str
    """Of one of the customer's programs."""


async def _nothing(_: FrontDoor) -> None:
    """Let starts wait."""


def _unchanged(_: FrontDoor) -> None:
    """Leave the front door as it is."""


@contextmanager
def served(
    data: Path,
    *,
    service: str = "s",
    on_wake: OnWake = _nothing,
    prepare: Callable[[FrontDoor], None] = _unchanged,
) -> Iterator[Served]:
    """Serve a new installation with one customer and one service.

    `on_wake` stands for everything behind the queue: it runs after each accepted start.
    `prepare` changes the front door before it is served.
    """
    ready: Future[tuple[Served, Callable[[], object]]] = Future()

    async def run() -> None:
        loop, asked_to_stop = asyncio.get_running_loop(), asyncio.Event()
        async with front_door(data) as door, asyncio.TaskGroup() as runs:
            prepare(door)
            door.on_wake = lambda: _begin(runs, on_wake(door))
            with socket.create_server(("127.0.0.1", 0)) as bound:
                server = uvicorn.Server(_config(door))
                serving = runs.create_task(server.serve([bound]))
                url = "http://{}:{}".format(*bound.getsockname())
                customer = await door.customer_with(service)
                seen = Served(url, customer, await door.token(customer))
                ready.set_result((seen, lambda: loop.call_soon_threadsafe(asked_to_stop.set)))
                await asked_to_stop.wait()
                door.doors.live.close()
                server.should_exit = True
                await serving

    def begin() -> None:
        try:
            asyncio.run(run())
        except BaseException as problem:
            if ready.done():
                raise
            ready.set_exception(problem)

    thread = threading.Thread(target=begin)
    thread.start()
    try:
        seen, stop = ready.result(STARTS_WITHIN)
        try:
            yield seen
        finally:
            stop()
    finally:
        thread.join()


def _config(door: FrontDoor) -> uvicorn.Config:
    return uvicorn.Config(
        door.client.app,
        loop="none",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
    )


def _begin(runs: asyncio.TaskGroup, work: Awaitable[None]) -> None:
    async def run() -> None:
        await work

    runs.create_task(run())
