"""What servers do wrong on an open WebSocket, byte by byte, and what it costs: one call at most."""

import asyncio
import resource
import socket
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.sim.authority import Authority
from tests.sim.raw_socket_server import (
    BINARY,
    CLOSE,
    FINAL,
    PING,
    PONG,
    TEXT,
    Peer,
    frame,
    meet,
    sending,
)
from tests.sim.socket_worker import SocketWorker

Behaviour = Callable[[Peer], Awaitable[None]]


START = frame(TEXT, b'{"type":"audio_play_start","id":"p"}')
FINISHED = {"type": "audio_play_finished", "id": "p"}

BROKEN: list[tuple[str, bytes, int]] = [
    ("a text of 1601 bytes", frame(TEXT, b" " * 1601), 1009),
    ("sound of 1601 bytes", frame(BINARY, bytes(1601)), 1009),
    ("sound of 16 kB", frame(BINARY, bytes(16 * 1024)), 1009),
    ("fragments of 1601 bytes", frame(BINARY, bytes(1600), first=0) + frame(0, b"x", first=0),
     1009),
    ("a text that is no UTF-8", frame(TEXT, b'{"type":"\xff"}'), 1007),
    ("a reserved bit", frame(TEXT, b"{}", first=FINAL | 0x40), 1002),
    ("a fragment of nothing", frame(0, b"x"), 1002),
    ("two messages at once", frame(TEXT, b"x", first=0) + frame(BINARY, b"x"), 1002),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code"), [it[1:] for it in BROKEN], ids=[it[0] for it in BROKEN])
def test_a_limit_that_is_broken_ends_the_call_with_a_goodbye(
    authority: Authority, trust_file: Path, data: bytes, code: int
) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        peer.writer.write(START + data)
        await peer.read_until(lambda: peer.close_code is not None)
        assert peer.close_code == code
        assert peer.messages[-3:] == [
            FINISHED,
            {"type": "audio_end"},
            {"type": "call_end", "origin": "error", "cause": "FAILED", "raw_cause": code},
        ]

    async def story(worker: SocketWorker) -> None:
        assert await worker.ended(1) == ("error", "FAILED", code)

    meet(authority, trust_file, behave, story)


NO_WEBSOCKET: list[tuple[str, bytes, int]] = [
    ("more than 16 kB", frame(BINARY, bytes(16 * 1024 + 1)), 1009),
    ("2 GB announced", b"\x82\x7f" + (1 << 31).to_bytes(8, "big"), 1009),
    ("all there is announced", b"\x81\x7f" + ((1 << 63) - 1).to_bytes(8, "big"), 1009),
    ("a length that is negative", b"\x82\x7f" + b"\xff" * 8, 1002),
    ("a length that is too long", b"\x82\x7e\x00\x01x", 1002),
    ("a masked frame", b"\x82\x81mask\x00", 1002),
    ("an unknown kind", frame(3, b"x"), 1002),
    ("a Ping in fragments", frame(PING, b"x", first=0), 1002),
    ("a Ping of 126 bytes", b"\x89\x7e\x00\x7e" + bytes(126), 1002),
    ("a Close of one byte", frame(CLOSE, b"\x03"), 1002),
    ("a Close with a code of nobody's", frame(CLOSE, b"\x03\xec"), 1002),
    ("a Close with no text", frame(CLOSE, b"\x03\xe8\xff"), 1007),
    ("HTTP", b"HTTP/1.1 200 OK\r\n\r\n", 1002),
]


@pytest.mark.parametrize(
    ("data", "code"), [it[1:] for it in NO_WEBSOCKET], ids=[it[0] for it in NO_WEBSOCKET]
)
def test_what_is_no_websocket_ends_the_call(
    authority: Authority, trust_file: Path, data: bytes, code: int
) -> None:
    async def story(worker: SocketWorker) -> None:
        assert await worker.ended(1) == ("error", "FAILED", code)

    meet(authority, trust_file, sending(data), story)


def test_gigabytes_are_not_kept(authority: Authority, trust_file: Path) -> None:
    piece = bytes(1 << 20)

    async def behave(peer: Peer) -> None:
        await peer.accept()
        peer.writer.write(b"\x82\x7f" + (1 << 40).to_bytes(8, "big"))
        while not peer.writer.transport.is_closing():
            peer.writer.write(piece)
            await peer.writer.drain()

    async def story(worker: SocketWorker) -> None:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert await worker.ended(1) == ("error", "FAILED", 1009)
        await worker.ticks(10)
        grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown_kb < 64 * 1024

    meet(authority, trust_file, behave, story)


async def vanish(peer: Peer) -> None:
    await peer.accept()
    await peer.read_until(lambda: len(peer.sound) > 2)
    peer.writer.transport.abort()


async def end_of_file(peer: Peer) -> None:
    await peer.accept()
    await peer.read_until(lambda: len(peer.sound) > 2)
    peer.writer.close()


async def reset(peer: Peer) -> None:
    await peer.accept()
    await peer.read_until(lambda: len(peer.sound) > 2)
    opened: socket.socket = peer.writer.get_extra_info("socket")
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.writer.transport.abort()


@pytest.mark.parametrize("behave", [vanish, end_of_file, reset])
def test_a_connection_that_ends_without_a_word_is_1006(
    authority: Authority, trust_file: Path, behave: Behaviour
) -> None:
    async def story(worker: SocketWorker) -> None:
        assert await worker.ended(1) == ("error", "FAILED", 1006)

    meet(authority, trust_file, behave, story)


@pytest.mark.parametrize(
    ("payload", "cause", "raw_cause", "answer"),
    [
        (b"\x03\xe8", "NORMAL", 1000, 1000),
        (b"\x03\xe9bye", "NORMAL", 1001, 1001),
        (b"\x03\xf3", "FAILED", 1011, 1011),
        (b"\x0f\xa1", "FAILED", 4001, 4001),
        (b"\x13\x87", "FAILED", 4999, 4999),
        (b"", "NORMAL", 1005, 1000),
    ],
)
def test_a_close_frame_is_answered_and_its_code_is_the_raw_cause(
    authority: Authority, trust_file: Path, payload: bytes, cause: str, raw_cause: int, answer: int
) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        peer.send(CLOSE, payload)
        await peer.read_to_the_end()
        assert peer.close_code == answer
        assert "call_end" not in peer.kinds()

    async def story(worker: SocketWorker) -> None:
        assert await worker.ended(1) == ("server", cause, raw_cause)

    meet(authority, trust_file, behave, story)


def test_a_ping_is_answered_with_what_it_carries(authority: Authority, trust_file: Path) -> None:
    done = asyncio.Event()

    async def behave(peer: Peer) -> None:
        await peer.accept()
        peer.send(PING, b"hello")
        first, mask, data = 0, b"", b""
        while first != FINAL | PONG:
            first, second = await peer.reader.readexactly(2)
            size = second & 0x7F
            if size == 126:
                size = int.from_bytes(await peer.reader.readexactly(2), "big")
            mask = await peer.reader.readexactly(4)
            data = await peer.reader.readexactly(size)
        assert bytes(it ^ mask[at % 4] for at, it in enumerate(data)) == b"hello"
        done.set()
        await peer.read_to_the_end()

    async def story(worker: SocketWorker) -> None:
        await worker.until(done.is_set)

    meet(authority, trust_file, behave, story)
