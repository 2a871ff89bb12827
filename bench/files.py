"""Files to and from a server, beside a bare file server in the same run.

A real `callwright serve` takes and sends files: authenticated, multipart, checked, synced, renamed.
Its floor is a Starlette application under the same uvicorn, which writes the bare body to a file
and syncs it, and sends files with Starlette's own answer. Every second row is the floor's, so that
a busy machine slows both. Before that, one file of 100 MiB goes there and
back, and the most memory that the server had is compared with what it had until then. Last, a
folder of files is listed.

    python bench/files.py [--rounds 3]
"""

import argparse
import base64
import http.client
import json
import multiprocessing
import os
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

MIB: Final = 1 << 20
SIZES: Final = ((100_000, 200), (MIB, 100), (10 * MIB, 20))
"""Bytes of a file, and how many go by in one measurement: a prompt, a minute of sound, ten."""

CONNECTIONS: Final = (1, 8)
LISTED: Final = 5000
COMMAND: Final = (sys.executable, "-m", "callwright")
BOUNDARY: Final = "a-boundary"


@dataclass(frozen=True, slots=True)
class Target:
    """A server, and how it is asked."""

    host: str
    port: int
    process: int
    headers: dict[str, str]
    put: Callable[[str, bytes], tuple[str, str, bytes, dict[str, str]]]
    get: Callable[[str], str]

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
        connection.connect()
        assert connection.sock is not None
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def upload(self, connection: http.client.HTTPConnection, name: str, content: bytes) -> None:
        """Send a file."""
        method, path, body, headers = self.put(name, content)
        connection.request(method, path, body, self.headers | headers)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text

    def download(self, connection: http.client.HTTPConnection, name: str) -> int:
        """Read a file; returns its size."""
        connection.request("GET", self.get(name), headers=self.headers)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        size = 0
        while content := answer.read(MIB):
            size += len(content)
        return size

    @property
    def peak_mb(self) -> float:
        """The most memory that the server ever had."""
        status = Path(f"/proc/{self.process}/status").read_text("ascii")
        [peak] = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(peak.split()[1]) / 1024


def main() -> None:
    """Measure and print the tables."""
    rounds = _arguments().rounds
    with (
        tempfile.TemporaryDirectory() as folder,
        _callwright(Path(folder) / "data") as files,
        _bare(Path(folder) / "bare") as bare,
    ):
        # First, as a peak is never forgotten.
        _measure_memory(files)
        print(f"{'what':>8} {'MB':>6} {'conn.':>5} {'MB/s':>7} {'bare':>7} {'ratio':>6}")
        for size, count in SIZES:
            for connections in CONNECTIONS:
                how = (size, count, connections, rounds)
                _print_row("upload", _uploads, (files, bare), how)
                _print_row("download", _downloads, (files, bare), how)
        _list(files)


def wav(size: int) -> bytes:
    """A wav file of this size that is silent."""
    head = b"RIFF" + struct.pack("<I", size - 8) + b"WAVEfmt " + struct.pack("<I", 16)
    head += struct.pack("<HHIIHH", 1, 1, 8000, 16_000, 2, 16) + b"data"
    return (head + struct.pack("<I", size - 44)).ljust(size, b"\0")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--rounds", type=int, default=3, help="of which the median is printed")
    return parser.parse_args()


Load = Callable[[Target, int, int, int], float]


def _print_row(
    what: str, load: Load, targets: tuple[Target, Target], how: tuple[int, int, int, int]
) -> None:
    size, count, connections, rounds = how
    rates: list[list[float]] = [[], []]
    for _ in range(rounds):
        for target, found in zip(targets, rates, strict=True):
            found.append(load(target, size, count, connections))
    ours, floor = (statistics.median(found) for found in rates)
    print(
        f"{what:>8} {size / 1e6:6.1f} {connections:5} {ours / 1e6:7.1f} {floor / 1e6:7.1f} "
        f"{ours / floor:6.2f}"
    )


def _uploads(target: Target, size: int, count: int, connections: int) -> float:
    content = wav(size)

    def one(number: int) -> None:
        connection = target.connect()
        for turn in range(count // connections):
            target.upload(connection, f"{number}-{turn}-{size}.wav", content)
        connection.close()

    return _rate(one, size * (count // connections) * connections, connections)


def _downloads(target: Target, size: int, count: int, connections: int) -> float:
    def one(number: int) -> None:
        connection = target.connect()
        for turn in range(count // connections):
            assert target.download(connection, f"{number}-{turn}-{size}.wav") == size
        connection.close()

    return _rate(one, size * (count // connections) * connections, connections)


def _rate(one: Callable[[int], None], size: int, connections: int) -> float:
    began_at = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(one, range(connections)))
    return size / (time.perf_counter() - began_at)


def _measure_memory(files: Target) -> None:
    connection = files.connect()
    files.upload(connection, "small.wav", wav(1000))
    before = files.peak_mb
    files.upload(connection, "large.wav", wav(100 * MIB))
    assert files.download(connection, "large.wav") == 100 * MIB
    print(f"100 MiB there and back: {before:.0f} MB of memory, {files.peak_mb:.0f} at most")


def _list(files: Target) -> None:
    """List many files; beside it, what it costs to look at their names alone."""
    connection = files.connect()
    for number in range(LISTED):
        files.upload(connection, f"many/{number}.wav", wav(100))
    began_at = time.perf_counter()
    connection.request("GET", "/file_list?filetype=media&prefix=many/", headers=files.headers)
    listed = json.loads(connection.getresponse().read())
    seconds = time.perf_counter() - began_at
    assert len(listed) == LISTED
    print(f"list of {LISTED} files: {seconds * 1e6 / LISTED:.0f} µs a file")


@contextmanager
def _callwright(data: Path) -> Iterator[Target]:
    environment = os.environ | {"CALLWRIGHT_MEDIA_WORKERS": "1", "CALLWRIGHT_LOG_LEVEL": "error"}
    ports = ("--http", "127.0.0.1:0", "--sip", "127.0.0.1:0")
    with subprocess.Popen(
        [*COMMAND, "serve", "--data", str(data), *ports, "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        parts = urlsplit(json.loads(process.stdout.readline())["http"])
        assert parts.hostname is not None
        assert parts.port is not None
        try:
            made = _account(data)
            user = f"{made['cloud_id']}/{made['username']}:{made['api_access_key']}"
            token = base64.b64encode(user.encode()).decode()
            yield Target(
                parts.hostname,
                parts.port,
                process.pid,
                {"Authorization": f"Basic {token}"},
                _form,
                lambda name: f"/file_get?filetype=media&filename={name}",
            )
        finally:
            process.terminate()


def _account(data: Path) -> dict[str, Any]:
    command = [*COMMAND, "account", "create", "ann@example.com", "--data", str(data), "--json"]
    made: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=-1).stdout)
    return made


def _form(name: str, content: bytes) -> tuple[str, str, bytes, dict[str, str]]:
    parts = {"filetype": "media", "filename": name}
    head = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in parts.items()
    )
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return (
        "POST",
        "/file_write",
        body,
        {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
    )


@contextmanager
def _bare(folder: Path) -> Iterator[Target]:
    folder.mkdir()
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve_bare, args=(folder, theirs), daemon=True)
    process.start()
    port = ours.recv()
    assert process.pid is not None
    try:
        yield Target(
            "127.0.0.1",
            port,
            process.pid,
            {},
            lambda name, content: ("PUT", f"/{name}", content, {}),
            lambda name: f"/{name}",
        )
    finally:
        process.terminate()
        process.join()


def _serve_bare(folder: Path, parent: Connection) -> None:
    async def put(request: Request) -> Response:
        path = folder / request.path_params["name"]
        with path.with_suffix(".part").open("wb") as file:
            async for piece in request.stream():
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        path.with_suffix(".part").replace(path)
        return Response()

    async def get(request: Request) -> Response:
        return FileResponse(folder / request.path_params["name"])

    app = Starlette(
        routes=[
            Route("/{name}", put, methods=["PUT"]),
            Route("/{name}", get, methods=["GET"]),
        ]
    )
    with socket.create_server(("127.0.0.1", 0), backlog=100) as bound:
        parent.send(bound.getsockname()[1])
        config = uvicorn.Config(
            app, loop="none", http="httptools", log_config=None, access_log=False
        )
        uvloop.run(uvicorn.Server(config).serve([bound]))


if __name__ == "__main__":
    main()
