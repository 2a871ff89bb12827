"""A call WebSocket's server down to the byte: for what no library would send.

Each connection is a coroutine of the test's, which reads and writes as it likes.
"""

import asyncio
import base64
import hashlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.sim.authority import Authority
from tests.sim.socket_worker import SocketWorker, tell

_KEY_SUFFIX: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455 1.3."""

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
FINAL: Final = 0x80


@dataclass(slots=True)
class Peer:
    """One connection, as the server sees it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    request: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    sound: list[bytes] = field(default_factory=list)
    pings: int = 0
    close_code: int | None = None

    async def accept(self, sub_protocol: str = "") -> None:
        """Make the handshake."""
        self.request = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        chosen = f"Sec-WebSocket-Protocol: {sub_protocol}\r\n" if sub_protocol else ""
        self.writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + f"Sec-WebSocket-Accept: {self._accept_key()}\r\n{chosen}\r\n".encode()
        )

    def send(self, opcode: int, payload: bytes = b"", *, first: int = FINAL) -> None:
        """Send a frame; `first` are the bits beside the opcode."""
        self.writer.write(frame(opcode, payload, first=first))

    def say(self, **message: object) -> None:
        """Send a message."""
        self.send(TEXT, json.dumps(message).encode())

    async def read(self) -> None:
        """Read one frame, note it, and answer Pings."""
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            size = int.from_bytes(await self.reader.readexactly(2), "big")
        assert second & 0x80, "a client masks what it sends"
        mask = await self.reader.readexactly(4)
        masked = await self.reader.readexactly(size)
        payload = bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked))
        match first & 0xF:
            case 1:
                self.messages.append(json.loads(payload))
            case 2:
                self.sound.append(payload)
            case 8:
                self.close_code = int.from_bytes(payload[:2], "big")
            case 9:
                self.pings += 1
                self.send(PONG, payload)

    async def read_until(self, is_true: Callable[[], bool]) -> None:
        """Read until something is true."""
        while not is_true():
            await self.read()

    async def read_to_the_end(self) -> None:
        """Read until the connection ends, however it does."""
        try:
            while True:
                await self.read()
        except (OSError, EOFError):
            return

    def kinds(self) -> list[str]:
        """The types of the messages, in order."""
        return [message["type"] for message in self.messages]

    def _accept_key(self) -> str:
        lines = dict(it.split(": ", 1) for it in self.request.split("\r\n")[1:] if it)
        key = lines["Sec-WebSocket-Key"].encode()
        return base64.b64encode(hashlib.sha1(key + _KEY_SUFFIX).digest()).decode()  # noqa: S324 - RFC 6455 4.2.2


def frame(opcode: int, payload: bytes = b"", *, first: int = FINAL) -> bytes:
    """A frame as a server sends it, unmasked."""
    size = len(payload)
    if size < 126:
        length = bytes([size])
    elif size < 1 << 16:
        length = b"\x7e" + size.to_bytes(2, "big")
    else:
        length = b"\x7f" + size.to_bytes(8, "big")
    return bytes([first | opcode]) + length + payload


Behaviour = Callable[[Peer], Awaitable[None]]


@asynccontextmanager
async def serving(behaviour: Behaviour, tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    """Serve on a loopback port, which is yielded; a behaviour's failed assertion is raised."""
    failures: list[BaseException] = []
    tasks: set[asyncio.Task[None]] = set()
    writers: list[asyncio.StreamWriter] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        writers.append(writer)
        try:
            await behaviour(Peer(reader, writer))
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        except BaseException as failure:  # noqa: BLE001 - raised again below, in the test
            failures.append(failure)
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)  # the loop's own part in it
    if failures:
        raise failures[0]


def meet(
    authority: Authority,
    trust_file: Path,
    behave: Behaviour,
    story: Callable[[SocketWorker], Awaitable[None]],
) -> None:
    """Let a worker call a server, as leg 1; both of their failures are the test's."""

    async def run(worker: SocketWorker) -> None:
        async with serving(behave, authority.certificate().server_context()) as port:
            await worker.connect(1, f"wss://localhost:{port}/")
            await story(worker)

    tell(trust_file, run)


def sending(data: bytes) -> Behaviour:
    """A server that sends this, and reads to the end."""

    async def behave(peer: Peer) -> None:
        await peer.accept()
        peer.writer.write(data)
        await peer.read_to_the_end()
        assert peer.close_code is not None or not data

    return behave
