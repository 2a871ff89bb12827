"""Legs whose far ends are servers, written with three libraries: sound, keys, and every end."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from callwright.media import g711
from callwright.media.frames import Samples
from callwright.media.tones import sines
from callwright.worker import rpc
from tests.sim.authority import Authority
from tests.sim.call_socket_libraries import SERVERS, WebsocketsServer
from tests.sim.call_socket_servers import CallSocketServer, SeenCall
from tests.sim.media import SteppedClock, Worker, record_command, share_at, sound_in
from tests.sim.raw_socket_server import BINARY, Peer, meet
from tests.sim.socket_worker import OFFERED, SocketWorker, tell

V2, V1 = OFFERED[0], OFFERED[2]


def heard_sound(worker: SocketWorker, leg: int) -> Samples:
    pieces = [it.sound for it in worker.of(rpc.SoundHeard, leg)]
    return np.frombuffer(b"".join(pieces), np.int16)


def hears(worker: SocketWorker, leg: int, frequency_hz: float) -> bool:
    """Whether the last half second of a leg was this tone."""
    return is_tone(heard_sound(worker, leg), frequency_hz)


def is_told(call: SeenCall, frequency_hz: float) -> bool:
    """The same of a server."""
    return is_tone(np.frombuffer(bytes(call.sound), np.int16), frequency_hz)


def is_tone(sound: Samples, frequency_hz: float) -> bool:
    last = sound[-4000:]
    return len(last) == 4000 and bool(last.any()) and share_at(last, frequency_hz) > 0.95


async def seen(worker: SocketWorker, server: CallSocketServer, number: int = 1) -> SeenCall:
    await worker.until(lambda: len(server.calls) >= number)
    return server.calls[number - 1]


@pytest.mark.parametrize("library", SERVERS)
def test_a_call_with_every_library_from_beginning_to_end(
    authority: Authority, trust_file: Path, library: type[CallSocketServer]
) -> None:
    async def story(worker: SocketWorker) -> None:
        connected = await worker.connect(1, server.url("/quiet"))
        assert connected.sub_protocol == V2
        call = await seen(worker, server)
        assert call.offered == OFFERED
        worker.loop.execute(rpc.Play(1, 2, (rpc.PlayTone((425.0,), 600, -20.0),)))
        await worker.told(rpc.PlayEnded, 1)
        worker.loop.execute(rpc.EndSocket(1))
        assert await worker.ended(1) == ("client", "NORMAL", 0)
        await worker.until(lambda: call.is_over)
        assert call.messages == [
            {"type": "call_start", "from": "ann"},
            {"type": "audio_start", "format": "16bit_PCM", "sample_rate": 8000, "channels": 1},
            {"type": "audio_end"},
            {"type": "call_end", "origin": "client", "cause": "NORMAL", "raw_cause": 0},
        ]
        assert call.close_code == 1000
        worker.loop.execute(rpc.CloseLeg(1))
        closed = await worker.told(rpc.LegClosed, 1)
        assert call.frame_sizes == [320] * closed.packets_sent
        sound = np.frombuffer(bytes(call.sound), np.int16)
        tone = sines((425.0,), -20.0, 0, 4800)
        begin = int(np.flatnonzero(sound)[0]) - int(np.flatnonzero(tone)[0])
        assert (sound[begin : begin + 4800] == tone).all(), "no frame is lost or doubled"
        assert worker.of(rpc.SocketEnded, 1) == [rpc.SocketEnded(1, "client", "NORMAL", 0)]

    with library(authority.certificate()) as server:
        tell(trust_file, story)


@pytest.mark.parametrize("library", SERVERS)
def test_what_a_server_sends_back_is_heard(
    authority: Authority, trust_file: Path, library: type[CallSocketServer]
) -> None:
    async def story(worker: SocketWorker) -> None:
        await worker.connect(1, server.url("/echo"))
        worker.loop.execute(rpc.Listen(1, 5))
        worker.loop.execute(rpc.Play(1, 2, (rpc.PlayTone((425.0,), 60_000, -20.0),)))
        await worker.told(rpc.MediaArrived, 1)
        await worker.until(lambda: hears(worker, 1, 425.0))

    with library(authority.certificate()) as server:
        tell(trust_file, story)


ENDINGS = [
    ("/hang_up?cause=BUSY&raw_cause=17", ("server", "BUSY", 17)),
    ("/hang_up?after=5", ("server", "NORMAL", 0)),
    ("/close?code=1000", ("server", "NORMAL", 1000)),
    ("/close?code=4001&after=5", ("server", "FAILED", 4001)),
    ("/vanish?after=5", ("error", "FAILED", 1006)),
    ("/huge?bytes=1601", ("error", "FAILED", 1009)),
    ("/huge?bytes=2000000", ("error", "FAILED", 1009)),
    ("/status?code=404", ("error", "FAILED", 404)),
    ("/status?code=503", ("error", "CONGESTION", 503)),
    ("/broken", ("error", "OUT_OF_ORDER", 905)),
]


@pytest.mark.parametrize("library", SERVERS)
def test_every_library_ends_calls_with_the_documented_causes(
    authority: Authority, trust_file: Path, library: type[CallSocketServer]
) -> None:
    async def story(worker: SocketWorker) -> None:
        for leg, (path, _) in enumerate(ENDINGS):
            worker.call(leg, server.url(path))
        for leg, (path, ended) in enumerate(ENDINGS):
            assert (path, await worker.ended(leg)) == (path, ended)

    with library(authority.certificate()) as server:
        tell(trust_file, story)


@pytest.mark.parametrize("library", SERVERS)
def test_what_nobody_understands_is_answered_and_the_call_goes_on(
    authority: Authority, trust_file: Path, library: type[CallSocketServer]
) -> None:
    async def story(worker: SocketWorker) -> None:
        await worker.connect(1, server.url("/garbled"))
        worker.loop.execute(rpc.Listen(1, 5))
        worker.loop.execute(rpc.Play(1, 2, (rpc.PlayTone((425.0,), 60_000, -20.0),)))
        await worker.until(lambda: hears(worker, 1, 425.0))
        call = await seen(worker, server)
        assert call.kinds().count("error") == 7

    with library(authority.certificate()) as server:
        tell(trust_file, story)


def test_what_a_server_plays_is_recorded_sample_by_sample(
    authority: Authority, trust_file: Path, tmp_path: Path
) -> None:
    sent = np.random.default_rng(1).integers(-20000, 20000, 160 * 40, np.int16)
    ready, finished = asyncio.Event(), asyncio.Event()

    async def behave(peer: Peer) -> None:
        await peer.accept()
        await ready.wait()
        peer.say(type="audio_play_start")
        for size in (2, 318, 1600, 34, 640, 320):  # frames needn't be as long as a tick
            peer.send(BINARY, sent[: size // 2].tobytes())
        for at in range(1457, len(sent), 160):
            peer.send(BINARY, sent[at : at + 160].tobytes())
        peer.say(type="audio_play_end")
        await peer.read_until(lambda: "audio_play_finished" in peer.kinds())
        finished.set()
        await peer.read_to_the_end()

    expected = np.concatenate(
        [sent[: it // 2] for it in (2, 318, 1600, 34, 640, 320)] + [sent[1457:]]
    )

    async def story(worker: SocketWorker) -> None:
        path = tmp_path / "heard.wav"
        command = record_command(path, leg=1, recording=3, max_silence=0.0)
        worker.loop.execute(command)
        ready.set()
        await worker.until(finished.is_set)
        worker.loop.execute(rpc.StopRecord(1, 3))
        await worker.told(rpc.RecordEnded, 1)
        sound = sound_in(path)
        begin = int(np.flatnonzero(sound)[0])
        assert (sound[begin : begin + len(expected)] == expected).all()

    meet(authority, trust_file, behave, story)


PAIRS = np.array([[1000, -3000], [2000, 31000], [-32768, -5]] * 200, np.int16)
LOW = np.arange(600, dtype=np.uint8)


FORMATS: list[tuple[dict[str, object], bytes, Samples]] = [
    ({}, PAIRS.tobytes(), PAIRS.reshape(-1)),
    ({"channel": 1}, PAIRS.tobytes(), PAIRS.reshape(-1)),
    ({"channels": 2, "channel": 1}, PAIRS.tobytes(), PAIRS[:, 0]),
    ({"channels": 2, "channel": 2}, PAIRS.tobytes(), PAIRS[:, 1]),
    ({"channels": 2}, PAIRS.tobytes(),
     np.clip(PAIRS.astype(int).sum(axis=1), -32768, 32767).astype(np.int16)),
    ({"format": "alaw"}, LOW.tobytes(), g711.decode(LOW, g711.Law.A)),
    ({"format": "mulaw"}, LOW.tobytes(), g711.decode(LOW, g711.Law.MU)),
    ({"format": "8bit_PCM"}, LOW.tobytes(), (LOW.astype(np.int16) - 128) * 256),
    ({"format": "mulaw", "channels": 2, "channel": 2}, LOW.tobytes(),
     g711.decode(LOW[1::2], g711.Law.MU)),
]  # fmt: skip


@pytest.mark.parametrize(("members", "data", "samples"), FORMATS)
def test_every_format_and_channel_is_heard_as_it_was_meant(
    authority: Authority,
    trust_file: Path,
    members: dict[str, object],
    data: bytes,
    samples: Samples,
) -> None:
    finished = asyncio.Event()

    async def behave(peer: Peer) -> None:
        await peer.accept()
        await peer.read_until(lambda: len(peer.sound) > 1)
        peer.say(type="audio_play_start", **members)
        for at in range(0, len(data), 1200):
            peer.send(BINARY, data[at : at + 1200])
        peer.say(type="audio_play_end")
        await peer.read_until(lambda: "audio_play_finished" in peer.kinds())
        finished.set()
        await peer.read_to_the_end()
        assert "error" not in peer.kinds()

    async def story(worker: SocketWorker) -> None:
        worker.loop.execute(rpc.Listen(1, 5))
        await worker.until(finished.is_set)
        await worker.ticks(6)  # sound goes up in pieces of five
        sound = heard_sound(worker, 1)
        begin = int(np.flatnonzero(sound)[0]) - int(np.flatnonzero(samples)[0])
        assert (sound[begin : begin + len(samples)] == samples).all()

    meet(authority, trust_file, behave, story)


def test_two_servers_hear_each_other(authority: Authority, trust_file: Path) -> None:
    async def story(worker: SocketWorker) -> None:
        await worker.connect(1, server.url("/tone?hertz=440"))
        await worker.connect(2, server.url("/tone?hertz=1000"))
        worker.loop.execute(rpc.Bridge(1, 2))
        calls = {call.path: call for call in server.calls}
        for path, hertz in (("/tone?hertz=440", 1000.0), ("/tone?hertz=1000", 440.0)):
            await worker.until(lambda: is_told(calls[path], hertz))  # noqa: B023 - awaited here

    with WebsocketsServer(authority.certificate()) as server:
        tell(trust_file, story)


def test_a_server_is_in_a_conference(authority: Authority, trust_file: Path) -> None:
    async def story(worker: SocketWorker) -> None:
        await worker.connect(1, server.url("/tone?hertz=440"))
        for leg in (2, 3):
            worker.loop.execute(rpc.OpenRoomLeg(leg, 7))
        worker.loop.execute(rpc.Bridge(1, 2))
        worker.loop.execute(rpc.Play(3, 1, (rpc.PlayTone((1000.0,), 60_000, -20.0),)))
        worker.loop.execute(rpc.Listen(3, 5))
        call = await seen(worker, server)
        await worker.until(lambda: is_told(call, 1000.0) and hears(worker, 3, 440.0))

    with WebsocketsServer(authority.certificate()) as server:
        tell(trust_file, story)


def test_calls_that_begin_at_once_are_dialled_one_after_another(
    authority: Authority, trust_file: Path
) -> None:
    async def story(worker: SocketWorker) -> None:
        sockets = worker.loop._legs._sockets
        for leg in range(1, 8):
            worker.call(leg, server.url("/quiet"))
        worker.loop.execute(rpc.EndSocket(7))
        assert await worker.ended(7) == ("client", "NORMAL", 0)
        for waiting in (7, 5, 3, 1, 0):
            assert len(sockets._to_dial) == waiting
            worker.loop.tick(worker.clock.now())
        for leg in range(1, 7):
            await worker.told(rpc.SocketConnected, leg)

    with WebsocketsServer(authority.certificate()) as server:
        tell(trust_file, story)


def test_a_worker_that_ends_says_goodbye(authority: Authority, trust_file: Path) -> None:
    async def story(worker: SocketWorker) -> None:
        await worker.connect(1, server.url("/quiet"))
        await worker.connect(2, server.url("/quiet"))

    with WebsocketsServer(authority.certificate()) as server:
        tell(trust_file, story)
        for number in (1, 2):
            call = server.wait_for_call(number)
            call.wait_until_over()
            assert call.kinds()[-2:] == ["audio_end", "call_end"]
            assert call.close_code == 1000


def connect_over_rtp(leg: int) -> rpc.Command:
    return rpc.ConnectLeg(leg, "127.0.0.1", 9, 10, "PCMU", 0, None)


REFUSED: list[tuple[rpc.Command, str]] = [
    (connect_over_rtp(1), "no packets"),
    (rpc.SetRoomLeg(1, talks=True, hears=True), "in no room"),
    (rpc.OpenSocketLeg(1, "wss://localhost/", "127.0.0.1", "", ()), "open already"),
    (rpc.EndSocket(2), "has no WebSocket"),
    (rpc.EndSocket(3), "no such leg"),
]


@pytest.mark.parametrize(("command", "problem"), REFUSED)
def test_what_a_socket_leg_cannot_do_is_refused(
    authority: Authority, trust_file: Path, command: rpc.Command, problem: str
) -> None:
    async def story(worker: SocketWorker) -> None:
        await worker.connect(1, server.url("/quiet"))
        worker.loop.execute(rpc.OpenLeg(2))
        worker.loop.execute(command)
        (failed,) = worker.of(rpc.CommandFailed, command.leg)
        assert failed.command == type(command).__name__
        assert problem in failed.problem

    with WebsocketsServer(authority.certificate()) as server:
        tell(trust_file, story)


def test_without_an_event_loop_nobody_is_called() -> None:
    worker = Worker(SteppedClock(), range(12100, 12110))
    worker.loop.execute(rpc.OpenSocketLeg(1, "wss://localhost/", "127.0.0.1", "", ()))
    (failed,) = worker.events
    assert isinstance(failed, rpc.CommandFailed)
    assert "event loop" in failed.problem
    worker.loop.execute(rpc.OpenRoomLeg(1, 7))
    assert worker.of(rpc.LegOpened) == [rpc.LegOpened(1, 0)]
    worker.loop.close()


def test_a_row_is_silent_after_a_server(authority: Authority, trust_file: Path) -> None:
    async def story(worker: SocketWorker) -> None:
        await worker.connect(1, server.url("/tone?hertz=440"))
        await worker.told(rpc.MediaArrived, 1)
        await worker.ticks(5)
        worker.loop.execute(rpc.CloseLeg(1))
        worker.loop.execute(rpc.OpenRoomLeg(2, 7))
        worker.loop.execute(rpc.Listen(2, 5))
        await worker.ticks(20)
        assert not heard_sound(worker, 2).any()
        assert worker.of(rpc.LegClosed, 1)[0].packets_sent > 4

    with WebsocketsServer(authority.certificate()) as server:
        tell(trust_file, story)
