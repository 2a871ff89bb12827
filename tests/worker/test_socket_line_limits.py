"""Servers on an open WebSocket that are dead, slow or too fast: they cost nobody else anything."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callwright.protocol.callsocket.session import CLOSE_PATIENCE, PING_INTERVAL, PONG_PATIENCE
from callwright.worker import rpc
from callwright.worker.socket_line import FLOOD_FRAMES, MAX_UNSENT_FRAMES
from tests.sim.authority import Authority
from tests.sim.raw_socket_server import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    Peer,
    frame,
    meet,
    sending,
    serving,
)
from tests.sim.socket_worker import SocketWorker, tell

Behaviour = Callable[[Peer], Awaitable[None]]


@pytest.mark.parametrize("answers", [True, False])
def test_a_server_without_pongs_is_given_up(
    authority: Authority, trust_file: Path, *, answers: bool
) -> None:
    peers: list[Peer] = []

    async def behave(peer: Peer) -> None:
        peers.append(peer)
        await peer.accept()
        if answers:
            await peer.read_to_the_end()
        await peer.reader.read(-1)

    async def story(worker: SocketWorker) -> None:
        worker.clock.skipped += PING_INTERVAL
        await worker.ticks(2)
        if answers:
            await worker.until(lambda: peers[0].pings == 1)
            await worker.ticks(5)
        worker.clock.skipped += PONG_PATIENCE
        await worker.ticks(2)
        if answers:
            assert worker.of(rpc.SocketEnded, 1) == []
        else:
            assert await worker.ended(1) == ("error", "FAILED", 900)

    meet(authority, trust_file, behave, story)


def test_a_server_that_never_answers_our_close_is_let_go_of(
    authority: Authority, trust_file: Path
) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.read_to_the_end()  # and it answers no Close

    async def story(worker: SocketWorker) -> None:
        worker.loop.execute(rpc.EndSocket(1))
        assert await worker.ended(1) == ("client", "NORMAL", 0)
        worker.loop.execute(rpc.CloseLeg(1))
        sockets = worker.loop._legs._sockets
        await worker.ticks(5)
        assert len(sockets._parting) == 1
        worker.clock.skipped += CLOSE_PATIENCE
        await worker.until(lambda: not sockets._parting)

    meet(authority, trust_file, behave, story)


def test_a_server_that_reads_nothing_loses_sound_and_is_warned(
    authority: Authority, trust_file: Path
) -> None:
    reads_again = asyncio.Event()
    sound: list[bytes] = []
    kinds: list[str] = []

    async def behave(peer: Peer) -> None:
        await peer.accept()
        transport = cast("asyncio.Transport", peer.writer.transport)
        transport.pause_reading()
        await reads_again.wait()
        transport.resume_reading()
        await peer.read_until(lambda: "audio_overflow_warning" in peer.kinds())
        sound.extend(peer.sound)
        kinds.extend(peer.kinds())
        await peer.read_to_the_end()

    async def story(worker: SocketWorker) -> None:
        leg = worker.loop._legs._legs[1]
        assert leg.socket is not None
        line = leg.socket._line
        assert line is not None
        assert line._transport is not None
        # What the kernel takes in both sockets is not ours to bound: all of it is used up first.
        for _ in range(60_000):
            worker.loop.tick(worker.clock.now())
            if line.frames_dropped >= 3 * MAX_UNSENT_FRAMES:
                break
            await asyncio.sleep(0)
        assert line.frames_dropped >= 3 * MAX_UNSENT_FRAMES
        unsent = line._transport.underlying_transport.get_write_buffer_size()
        assert unsent < 2 * MAX_UNSENT_FRAMES * 360
        assert worker.of(rpc.SocketEnded, 1) == []
        reads_again.set()
        await worker.until(lambda: bool(kinds))
        assert kinds.count("audio_overflow_warning") == 1
        worker.loop.execute(rpc.EndSocket(1))
        worker.loop.execute(rpc.CloseLeg(1))
        closed = await worker.told(rpc.LegClosed, 1)
        assert closed.packets_discarded == line.frames_dropped

    meet(authority, trust_file, behave, story)


FLOODS: list[tuple[str, bytes]] = [
    ("empty texts", frame(TEXT)),
    ("empty sound", frame(BINARY)),
    ("Pings", frame(PING)),
    ("Pongs", frame(PONG)),
    ("sound outside of a play", frame(BINARY, bytes(320))),
    ("fragments of nothing", frame(BINARY, first=0) + frame(0) ),
    ("plays that are begun and forgotten", frame(TEXT, b'{"type":"audio_play_start"}')
     + frame(TEXT, b'{"type":"audio_play_abort"}')),
]  # fmt: skip


@pytest.mark.parametrize("data", [it[1] for it in FLOODS], ids=[it[0] for it in FLOODS])
def test_a_flood_costs_nobody_else_a_frame(
    authority: Authority, trust_file: Path, data: bytes
) -> None:
    good: list[Peer] = []

    async def behave(peer: Peer) -> None:
        await peer.accept()
        if "GET /good" in peer.request:
            good.append(peer)
            await peer.read_to_the_end()
            return
        flood = data * (65536 // len(data))
        while not peer.writer.transport.is_closing():
            peer.writer.write(flood)
            await peer.writer.drain()

    async def run(worker: SocketWorker) -> None:
        async with serving(behave, authority.certificate().server_context()) as port:
            await worker.connect(1, f"wss://localhost:{port}/good")
            worker.call(2, f"wss://localhost:{port}/flood")
            await worker.ticks(25)
            worker.loop.execute(rpc.CloseLeg(1))
            closed = await worker.told(rpc.LegClosed, 1)
            await worker.until(lambda: good[0].close_code == 1000)
            assert len(good[0].sound) == closed.packets_sent >= 25
            assert "error" not in good[0].kinds()
            worker.loop.execute(rpc.CloseLeg(2))
            assert len(worker.of(rpc.SocketEnded, 2)) == 1

    tell(trust_file, run)


def test_frames_too_small_to_be_sound_end_the_call(authority: Authority, trust_file: Path) -> None:
    async def story(worker: SocketWorker) -> None:
        ended = await worker.told(rpc.SocketEnded, 1)
        assert (ended.origin, ended.raw_cause) == ("error", 900)
        assert str(FLOOD_FRAMES) in ended.problem

    meet(authority, trust_file, sending(frame(TEXT) * 8000), story)


def test_a_server_may_send_all_it_can_queue_at_once(authority: Authority, trust_file: Path) -> None:
    """Four plays of 250 frames: TCP holds back what is not read yet, and nothing is lost."""
    start = frame(TEXT, b'{"type":"audio_play_start","id":"p"}')
    play = start + frame(BINARY, bytes(320)) * 250 + frame(TEXT, b'{"type":"audio_play_end"}')
    kinds: list[str] = []

    async def behave(peer: Peer) -> None:
        await peer.accept()
        peer.writer.write(play * 4 + frame(TEXT, b'{"type":"audio_play_abort"}'))
        await peer.read_until(lambda: peer.kinds().count("audio_play_finished") == 4)
        kinds.extend(peer.kinds())
        await peer.read_to_the_end()

    async def story(worker: SocketWorker) -> None:
        await worker.until(lambda: bool(kinds))
        assert "error" not in kinds

    meet(authority, trust_file, behave, story)


def test_messages_that_nobody_reads_end_the_call(authority: Authority, trust_file: Path) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        transport = cast("asyncio.Transport", peer.writer.transport)
        transport.pause_reading()
        while not transport.is_closing():
            peer.writer.write(frame(TEXT, b'"' + b"x" * 1500 + b'"') * 10)
            await peer.writer.drain()

    async def story(worker: SocketWorker) -> None:
        await worker.until(lambda: bool(worker.of(rpc.SocketEnded, 1)))
        ended = worker.of(rpc.SocketEnded, 1)[0]
        assert (ended.origin, ended.cause, ended.raw_cause) == ("error", "FAILED", 900)
        assert "does not read" in ended.problem

    meet(authority, trust_file, behave, story)


MESSAGES = st.sampled_from(
    [
        b'{"type":"audio_play_start","id":"x","initial_buffer_ms":0}',
        b'{"type":"audio_play_start","channels":2,"channel":0}',
        b'{"type":"audio_start","format":"mulaw","channels":2,"channel":2}',
        b'{"type":"audio_play_end"}',
        b'{"type":"audio_play_abort"}',
        b'{"type":"call_hangup","raw_cause":5}',
        b"nonsense",
    ]
).map(lambda it: frame(TEXT, it))
SOUND = st.binary(max_size=900).map(lambda it: frame(BINARY, it))
CONTROL = st.builds(frame, st.sampled_from([PING, PONG, CLOSE]), st.binary(max_size=20))
FRAGMENTS = st.builds(
    frame, st.sampled_from([0, 1, 2, 5]), st.binary(max_size=20), first=st.sampled_from([0, 64])
)
BYTES = st.lists(
    st.one_of(MESSAGES, MESSAGES, SOUND, SOUND, CONTROL, FRAGMENTS, st.binary(max_size=30)),
    max_size=40,
).map(b"".join)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(conversations=st.lists(BYTES, min_size=5, max_size=5))
def test_whatever_servers_send_each_call_ends_once_and_the_worker_goes_on(
    authority: Authority, trust_file: Path, conversations: list[bytes]
) -> None:
    async def behave(peer: Peer) -> None:
        await peer.accept()
        peer.writer.write(conversations[int(peer.request.split(" ")[1].strip("/"))])
        await peer.read_to_the_end()

    async def story(worker: SocketWorker) -> None:
        legs = range(1, 1 + len(conversations))
        async with serving(behave, authority.certificate().server_context()) as port:
            for leg in legs:
                worker.call(leg, f"wss://localhost:{port}/{leg - 1}")
            for leg in legs:
                await worker.told(rpc.SocketConnected, leg)
            await worker.ticks(2)
            for leg in legs:
                worker.loop.execute(rpc.CloseLeg(leg))
                assert len(worker.of(rpc.SocketEnded, leg)) == 1
                assert len(worker.of(rpc.LegClosed, leg)) == 1
        assert [it for it in worker.events if isinstance(it, rpc.CommandFailed)] == []

    tell(trust_file, story)
