"""Durable service starts a second over real HTTP, beside a bare framework in the same run.

A real `callwright serve` takes the starts: authenticated, checked, on disk before the answer.
Its floor is a Starlette route under the same uvicorn, which reads the body and answers the same
bytes. The load comes from a process of its own over connections that are kept. Every second row
is the floor's, so that a busy machine slows both.

    python bench/service_start.py [--seconds 3] [--rounds 3]
"""

import argparse
import asyncio
import base64
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlencode, urlsplit

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

CONNECTIONS: Final = (1, 8, 64, 256)
WARM_UP: Final = 0.5
"""Seconds of load before each measurement."""

CALL: Final = {"to": "443069990123", "from": "443069999876", "token": "job 17"}
BODY: Final = urlencode({"rest_calls": json.dumps(CALL)}).encode()
COMMAND: Final = (sys.executable, "-m", "callwright")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the load goes, and the whole request."""

    host: str
    port: int
    request: bytes


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run of load came to."""

    rate: float
    p99_ms: float


def main() -> None:
    """Measure and print the table."""
    arguments = _arguments()
    with (
        tempfile.TemporaryDirectory() as folder,
        _callwright(Path(folder)) as starts,
        _echo() as echo,
    ):
        print(f"{'connections':>11} {'starts/s':>9} {'p99 ms':>7} {'bare/s':>8} {'ratio':>6}")
        for connections in CONNECTIONS:
            floors, durable = [], []
            for _ in range(arguments.rounds):
                floors.append(_load(echo, connections, arguments.seconds))
                durable.append(_load(starts, connections, arguments.seconds))
            floor = statistics.median(one.rate for one in floors)
            rate = statistics.median(one.rate for one in durable)
            p99 = statistics.median(one.p99_ms for one in durable)
            print(f"{connections:11} {rate:9.0f} {p99:7.1f} {floor:8.0f} {rate / floor:6.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median is printed")
    return parser.parse_args()


@contextmanager
def _callwright(data: Path) -> Iterator[Target]:
    """Run a server whose account may start many calls and place next to none."""
    environment = os.environ | {"CALLWRIGHT_MEDIA_WORKERS": "1", "CALLWRIGHT_LOG_LEVEL": "error"}
    ports = ("--http", "127.0.0.1:0", "--sip", "127.0.0.1:0")
    with subprocess.Popen(
        [*COMMAND, "serve", "--data", str(data), *ports, "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["http"]
        try:
            yield _target(url, *_service(data, url))
        finally:
            process.terminate()


def _service(data: Path, url: str) -> tuple[str, str]:
    """Make an account and a service; return its credentials."""
    account = _command("account", "create", "bench@example.com", "--data", str(data))
    _command("account", "limits", account["username"], "--cps", "0.001", "--data", str(data))
    identity = ("--username", account["username"], "--key", account["api_access_key"])
    page = ("--first-page", "http://127.0.0.1:9/", "--password", "bench")
    _run("service", "write", "bench", *page, "--server", url, *identity)
    return f"{account['cloud_id']}/{account['username']}/bench", "bench"


def _run(*arguments: str) -> str:
    done = subprocess.run([*COMMAND, *arguments], check=True, capture_output=True, text=True)
    return done.stdout


def _command(*arguments: str) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(_run(*arguments, "--json"))
    return printed


@contextmanager
def _echo() -> Iterator[Target]:
    """Run the floor."""
    bound = socket.create_server(("127.0.0.1", 0))
    process = multiprocessing.get_context("fork").Process(target=_serve_echo, args=(bound,))
    process.start()
    host, port = bound.getsockname()
    bound.close()
    try:
        yield _target(f"http://{host}:{port}", "bench", "bench")
    finally:
        process.terminate()
        process.join()


def _serve_echo(bound: socket.socket) -> None:
    async def answer(request: Request) -> JSONResponse:
        await request.body()
        return JSONResponse(["2e891aea_0.1366641192.77832"])

    app = Starlette(routes=[Route("/service_start", answer, methods=["POST"])])
    config = uvicorn.Config(
        app,
        loop="none",
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
    )
    uvloop.run(uvicorn.Server(config).serve([bound]))


def _target(url: str, user: str, password: str) -> Target:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    head = (
        "POST /service_start HTTP/1.1\r\n"
        f"Host: {parts.netloc}\r\nAuthorization: Basic {token}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(BODY)}\r\n\r\n"
    )
    return Target(parts.hostname, parts.port, head.encode() + BODY)


def _load(target: Target, connections: int, seconds: float) -> Measured:
    """Send load from a process of its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_send_load, args=(theirs, target, connections, seconds))
    process.start()
    theirs.close()  # so that a child that fails ends the wait
    measured: Measured = ours.recv()
    process.join()
    return measured


def _send_load(result: Connection, target: Target, connections: int, seconds: float) -> None:
    async def run() -> Measured:
        await _connections(target, connections, WARM_UP)
        latencies = await _connections(target, connections, seconds)
        latencies.sort()
        return Measured(len(latencies) / seconds, latencies[len(latencies) * 99 // 100] * 1000)

    result.send(uvloop.run(run()))


async def _connections(target: Target, connections: int, seconds: float) -> list[float]:
    loop = asyncio.get_running_loop()
    until = time.perf_counter() + seconds
    clients = [_Client(target.request, until) for _ in range(connections)]
    for client in clients:
        await loop.create_connection(lambda client=client: client, target.host, target.port)  # type: ignore[misc]
    for client in clients:
        client.begin()
    await asyncio.gather(*(client.done for client in clients))
    return [latency for client in clients for latency in client.latencies]


@dataclass(slots=True, eq=False)
class _Client(asyncio.Protocol):
    """One kept connection: asks, waits for the whole answer, asks again."""

    request: bytes
    until: float
    latencies: list[float] = field(default_factory=list)
    done: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    _received: bytes = b""
    _asked_at: float = 0.0
    _transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def begin(self) -> None:
        assert self._transport is not None
        self._asked_at = time.perf_counter()
        self._transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(self._received.decode()))
            return
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) < size:
            return
        now = time.perf_counter()
        self.latencies.append(now - self._asked_at)
        self._received = b""
        if now < self.until:
            self.begin()
            return
        assert self._transport is not None
        self._transport.close()
        self.done.set_result(None)

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the server closed the connection"))


if __name__ == "__main__":
    main()
