"""Far ends for the benchmark of call WebSockets: an echo, and an ear with the kernel's clock.

Both run in processes of their own, so that only the worker's CPU is counted.
"""

import asyncio
import base64
import hashlib
import multiprocessing
import select
import socket
import ssl
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import trustme
import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_create_server

KEY_SUFFIX: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""RFC 6455 1.3."""

SO_TIMESTAMPNS: Final = 35
"""Linux: when a segment came, by the kernel's clock; Python has no name for it."""

FRAME_BYTES: Final = 320


@dataclass(frozen=True)
class Certificates:
    """A server's, and the file that its clients trust."""

    chain: Path
    trust_file: Path

    def server_context(self) -> ssl.SSLContext:
        """What a server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain)
        return context


@contextmanager
def certificates() -> Iterator[Certificates]:
    """Make an authority and a server's certificate, for as long as the block lasts."""
    authority = trustme.CA()
    made = authority.issue_cert("localhost")
    with tempfile.TemporaryDirectory() as folder:
        found = Certificates(Path(folder) / "server.pem", Path(folder) / "ca.pem")
        made.private_key_and_cert_chain_pem.write_to_path(str(found.chain))
        authority.cert_pem.write_to_path(str(found.trust_file))
        yield found


class Echo(WSListener):
    """Begins a play with the first message and sends every frame of sound back."""

    def __init__(self) -> None:
        super().__init__()
        self._plays = False

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take a frame."""
        if frame.msg_type == WSMsgType.BINARY:
            transport.send(WSMsgType.BINARY, frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif not self._plays:
            self._plays = True
            transport.send(WSMsgType.TEXT, b'{"type":"audio_play_start"}')


@contextmanager
def echoing(context: ssl.SSLContext | None) -> Iterator[int]:
    """An echo server on a port of loopback."""

    def run(told: Connection) -> None:
        async def serve() -> None:
            server = await ws_create_server(lambda _: Echo(), "127.0.0.1", 0, ssl=context)
            told.send(server.sockets[0].getsockname()[1])
            await asyncio.Event().wait()

        uvloop.run(serve())

    with _process(run) as told:
        yield told.recv()


@dataclass
class Heard:
    """One connection as the ear heard it."""

    at_ns: list[int] = field(default_factory=list)
    """When each frame's segment came."""
    frames: list[bytes] = field(default_factory=list)


@contextmanager
def listening(context: ssl.SSLContext | None, calls: int) -> Iterator[Callable[[], list[Heard]]]:
    """An ear for so many calls: yields its port as a first answer, then what it heard."""

    def run(told: Connection) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=calls) as door:
            told.send(door.getsockname()[1])
            told.send(_listen(door, context, calls))

    with _process(run) as told:
        yield told.recv


class _Ear:
    """A connection: bytes in, frames out, and when they came."""

    def __init__(self, opened: socket.socket, context: ssl.SSLContext | None) -> None:
        opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        opened.setblocking(False)
        self.socket = opened
        self.heard = Heard()
        self.is_over = False
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls: ssl.SSLObject | None = None
        if context is not None:
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._is_open = False
        self._pending = bytearray()

    def read(self) -> None:
        """Read one piece, which is one frame unless we are late."""
        data, ancillary, _, _ = self.socket.recvmsg(16384, 256)
        if not data:
            self.is_over = True
            return
        # The first segment may have come before the kernel was asked to note it.
        seconds, nanoseconds = struct.unpack("qq", ancillary[0][2]) if ancillary else (0, 0)
        self._pending += self._decrypted(data)
        if not self._is_open and b"\r\n\r\n" in self._pending:
            self._accept()
        while self._is_open and self._take(seconds * 10**9 + nanoseconds):
            pass
        if written := self._outgoing.read():
            self.socket.sendall(written)

    def _decrypted(self, data: bytes) -> bytes:
        if self._tls is None:
            return data
        self._incoming.write(data)
        plain = b""
        try:
            while piece := self._tls.read(16384):
                plain += piece
        except ssl.SSLWantReadError:
            return plain
        return plain

    def _accept(self) -> None:
        head, _, rest = bytes(self._pending).partition(b"\r\n\r\n")
        self._pending[:] = rest
        key = next(it for it in head.split(b"\r\n") if it.lower().startswith(b"sec-websocket-key"))
        digest = hashlib.sha1(key.split(b": ")[1] + KEY_SUFFIX).digest()  # noqa: S324 - RFC 6455 4.2.2
        answer = (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
        )
        self._is_open = True
        if self._tls is None:
            self.socket.sendall(answer)
        else:
            self._tls.write(answer)

    def _take(self, at_ns: int) -> bool:
        if len(self._pending) < 4:
            return False
        size, start = self._pending[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(self._pending[2:4], "big"), 4
        end = start + 4 + size
        if len(self._pending) < end:
            return False
        if self._pending[0] & 0xF == 2:
            mask = bytes(self._pending[start : start + 4]) * (size // 4)
            masked = int.from_bytes(self._pending[start + 4 : end])
            self.heard.frames.append((masked ^ int.from_bytes(mask)).to_bytes(size))
            self.heard.at_ns.append(at_ns)
        elif self._pending[0] & 0xF == 8:
            self.is_over = True
        del self._pending[:end]
        return True


def _listen(door: socket.socket, context: ssl.SSLContext | None, calls: int) -> list[Heard]:
    ears: dict[int, _Ear] = {}
    poll = select.epoll()
    poll.register(door, select.EPOLLIN)
    over = 0
    while over < calls:
        for descriptor, _ in poll.poll():
            if descriptor == door.fileno():
                ear = _Ear(door.accept()[0], context)
                ears[ear.socket.fileno()] = ear
                poll.register(ear.socket, select.EPOLLIN)
                continue
            ear = ears[descriptor]
            ear.read()
            if ear.is_over:
                over += 1
                poll.unregister(descriptor)
    return [ear.heard for ear in ears.values()]


@contextmanager
def _process(run: Callable[[Connection], None]) -> Iterator[Connection]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=run, args=(there,), daemon=True)
    process.start()
    try:
        yield here
    finally:
        process.terminate()
        process.join()
