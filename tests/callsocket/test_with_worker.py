"""A server written with the SDK, called by a real media worker over TLS."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest

from callwright.callsocket import (
    Call,
    Digit,
    Encoding,
    Event,
    PlayOptions,
    Problem,
    SoundHeard,
    silence,
    tone,
)
from callwright.callsocket.websockets import port_of, serve
from callwright.worker import rpc
from tests.sim.authority import Authority
from tests.sim.socket_worker import SocketWorker, tell
from tests.sim.sound import share_of

LEG: Final = 1


def with_server(
    folder: Path,
    handler: Callable[[Call], Awaitable[None]],
    story: Callable[[SocketWorker], Awaitable[None]],
) -> None:
    """Tell a story of a worker that has called this handler."""
    authority = Authority()
    tls = authority.certificate().server_context()

    async def run(worker: SocketWorker) -> None:
        async with serve(handler, port=0, tls=tls) as server:
            await worker.connect(LEG, f"wss://localhost:{port_of(server)}/")
            worker.loop.execute(rpc.Listen(LEG, 5))
            await story(worker)

    tell(authority.write_trust_file(folder / "ca.pem"), run)


def heard(worker: SocketWorker) -> bytes:
    return b"".join(it.sound for it in worker.of(rpc.SoundHeard, LEG))


def test_ten_plays_at_once_are_heard_sample_by_sample_and_nothing_is_refused(
    tmp_path: Path,
) -> None:
    events: list[Event] = []
    outcomes: list[bool] = []
    # Whoever listens to the leg begins a little after the call.
    sound = silence(0.5) + tone(440, 0.5)

    async def handler(call: Call) -> None:
        plays = [call.begin_play(sound[at : at + 1600]) for at in range(0, len(sound), 1600)]
        outcomes.extend([await play.heard() for play in plays])
        await call.hang_up("CALL_REJECTED", 21)
        events.extend([event async for event in call])

    async def story(worker: SocketWorker) -> None:
        assert await worker.ended(LEG) == ("server", "CALL_REJECTED", 21)
        assert sound.strip(b"\0") in heard(worker)

    with_server(tmp_path, handler, story)
    assert outcomes == [True] * 10
    assert not [event for event in events if isinstance(event, Problem)]


def test_sound_longer_than_the_queue_never_runs_it_over_and_stops_when_it_is_told(
    tmp_path: Path,
) -> None:
    problems: list[Event] = []

    async def handler(call: Call) -> None:
        play = call.begin_play(tone(440, 60.0), PlayOptions(initial_buffer_ms=0))
        async for event in call:
            match event:
                case Digit("1"):
                    await call.abort()
                    assert not await play.heard()
                    await call.play(bytes([0xD5]) * 800, PlayOptions(Encoding.A_LAW))
                    await call.hang_up()
                case Problem():
                    problems.append(event)

    async def story(worker: SocketWorker) -> None:
        await worker.until(lambda: len(heard(worker)) > 16000)
        worker.loop.execute(rpc.Play(LEG, 2, (rpc.PlayDigits("1"),)))
        assert await worker.ended(LEG) == ("server", "NORMAL", 0)
        last = heard(worker)[8000:16000]
        assert share_of(memoryview(last).cast("h").tolist(), 440) > 0.95

    with_server(tmp_path, handler, story)
    assert problems == []


@pytest.mark.parametrize("code", [None, 1011])
def test_a_handler_that_returns_or_fails_ends_the_call(tmp_path: Path, code: int | None) -> None:
    async def handler(call: Call) -> None:
        assert code is None, "the handler fails"
        assert call.takes_digits

    async def story(worker: SocketWorker) -> None:
        ended = await worker.ended(LEG)
        assert ended == (("server", "NORMAL", 0) if code is None else ("server", "FAILED", 1011))

    with_server(tmp_path, handler, story)


def test_what_is_said_comes_frame_by_frame(tmp_path: Path) -> None:
    said = bytearray()
    is_enough = asyncio.Event()

    async def handler(call: Call) -> None:
        async for event in call:
            if isinstance(event, SoundHeard):
                assert len(event.sound) == 320
                said.extend(event.sound)
                if len(said) > 16000:
                    is_enough.set()
        assert call.ended is not None
        assert call.ended.origin == "client"

    async def story(worker: SocketWorker) -> None:
        worker.loop.execute(rpc.Play(LEG, 2, (rpc.PlayTone((425.0,), 60_000, -20.0),)))
        await is_enough.wait()
        worker.loop.execute(rpc.EndSocket(LEG))
        assert await worker.ended(LEG) == ("client", "NORMAL", 0)

    with_server(tmp_path, handler, story)
    assert share_of(memoryview(bytes(said[-8000:])).cast("h").tolist(), 425) > 0.95
