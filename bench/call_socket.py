"""What a leg on a call WebSocket costs, and how evenly its sound leaves.

Cost: CPU for each leg and tick, with and without TLS. A leg plays a prompt, hears what an echo
server sends back, and listens for keys in it. The floor is the same frames in a bare picows loop,
which knows nothing of sound, against the same server in the same run.

Timing: 100 calls at once; a server notes when the kernel received each frame, and compares every
sample with what was played. How late the worker's ticks were in the same run is printed beside
it: on a machine that has other things to do, that is what is measured (`chrt -f 1` helps).

    .venv/bin/python bench/call_socket.py --legs 25 100 --seconds 4
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import asyncio
import gc
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect
from work.call_sockets import FRAME_BYTES, Certificates, Heard, certificates, echoing, listening
from work.media import Chance

from callwright.media.frames import FRAME_SAMPLES, TICK, Samples
from callwright.media.pacer import Pacer
from callwright.media.wav import Encoding, WavWriter
from callwright.worker import rpc, socket_leg
from callwright.worker.loop import MediaLoop
from callwright.worker.machine import MachineClock, keep_freed_memory
from callwright.worker.trust import Trust

GOAL_US: Final = 30.0
"""A leg and tick with TLS."""

GOAL_JITTER_MS: Final = 3.0
"""The 99th percentile of how far two frames' distance is from 20 ms."""

WARM_UP: Final = 1.0
PROMPT_FRAMES: Final = 1000
"""Twenty seconds of noise: no two frames are the same."""


class Sink(WSListener):
    """Takes what comes, as any client must."""

    def on_ws_frame(self, _transport: WSTransport, frame: WSFrame) -> None:
        """Copy a frame."""
        frame.get_payload_as_bytes()


async def floor(port: int, context: ssl.SSLContext | None, legs: int, seconds: float) -> float:
    """CPU seconds a connection and tick of a bare picows loop."""
    url = f"{'wss' if context else 'ws'}://localhost:{port}/"
    lines = [(await ws_connect(Sink, url, ssl_context=context))[0] for _ in range(legs)]
    frame = bytes(FRAME_BYTES)
    for line in lines:
        line.send(WSMsgType.TEXT, b"{}")

    async def run(duration: float) -> float:
        pacer = Pacer(time.monotonic())
        end, began = time.monotonic() + duration, time.process_time()
        ticks = 0
        while pacer.deadline < end:
            await asyncio.sleep(max(0.0, pacer.deadline - time.monotonic()))
            pacer.start_tick(time.monotonic())
            ticks += 1
            for line in lines:
                line.send(WSMsgType.BINARY, frame)
        return (time.process_time() - began) / ticks

    await run(WARM_UP)
    spent = await run(seconds)
    for line in lines:
        line.disconnect(graceful=False)
    await asyncio.sleep(TICK)
    return spent / legs


def noise() -> Samples:
    """The prompt: noise that is the same in every run, and nowhere silent."""
    samples = np.random.default_rng(7).integers(100, 9000, PROMPT_FRAMES * FRAME_SAMPLES)
    return samples.astype(np.int16)


def prompt_beside(trust_file: Path) -> Path:
    """The prompt's file, made when it is wanted first."""
    path = trust_file.with_name("prompt.wav")
    if not path.exists():
        with path.open("wb") as stream:
            writer = WavWriter(stream, Encoding.PCM16)
            writer.write(noise())
            writer.close()
    return path


class TimedLoop(MediaLoop):
    """Notes when its ticks begin, by the clock that the kernel stamps segments with."""

    def tick(self, now: float) -> None:
        """Tick."""
        self.began_ns.append(time.time_ns())
        super().tick(now)

    @cached_property
    def began_ns(self) -> list[int]:
        """Every tick's beginning."""
        return []


class Calls:
    """A worker that calls one server many times."""

    def __init__(self) -> None:
        self.events: list[rpc.Event] = []
        self.loop = TimedLoop(
            emit=self.events.append,
            rtp_host="127.0.0.1",
            rtp_ports=range(20000, 20002),
            clock=MachineClock(),
            entropy=Chance(),
        )
        self._running = asyncio.create_task(self.loop.run())

    async def connect(self, port: int, trust_file: Path, legs: int) -> None:
        """Call, and play the prompt on each leg."""
        for leg in range(legs):
            url = f"wss://localhost:{port}/"
            self.loop.execute(
                rpc.OpenSocketLeg(leg, url, "127.0.0.1", "bench", (), str(trust_file))
            )
        while self.count(rpc.SocketConnected) < legs:  # noqa: ASYNC110 - a program at a terminal
            await asyncio.sleep(TICK)
        prompt = rpc.PlayFile(str(prompt_beside(trust_file)))
        for leg in range(legs):
            self.loop.execute(rpc.Play(leg, 1, (prompt,), loops=True))

    def count(self, kind: type[rpc.Event]) -> int:
        """How many events of a kind there were."""
        return sum(isinstance(it, kind) for it in self.events)

    async def close(self) -> None:
        """End every call."""
        self.loop.stop()
        await self._running


async def cost(
    port: int, trust_file: Path, legs: int, seconds: float
) -> tuple[float, rpc.TickReport]:
    """CPU seconds a leg and tick of a worker, and how punctual it was in the worst second."""
    calls = Calls()
    await calls.connect(port, trust_file, legs)
    await asyncio.sleep(WARM_UP)
    gc.collect()
    gc.freeze()
    calls.events.clear()
    began = time.process_time()
    await asyncio.sleep(seconds)
    spent = time.process_time() - began
    reports = [it for it in calls.events if isinstance(it, rpc.TickReport)]
    await calls.close()
    gc.unfreeze()
    assert not calls.count(rpc.CommandFailed)
    return spent / (seconds / TICK) / legs, max(reports, key=lambda it: it.worst_ms)


@dataclass
class Timing:
    """How evenly sound left, in milliseconds: percentiles 50, 99, 99.9 and 100."""

    distances: list[float]
    """How far two frames of a call were from being 20 ms apart."""
    delays: list[float]
    """How far a frame's delay after its tick's beginning was from its call's usual one: what
    remains when the machine's part in being late is taken away."""
    frames: int
    wrong: int
    """Frames lost, doubled or changed."""


async def times(
    take: Callable[[], list[Heard]], port: int, trust_file: Path, legs: int, seconds: float
) -> Timing:
    """Play to so many calls, and see how it arrived."""
    calls = Calls()
    await calls.connect(port, trust_file, legs)
    await asyncio.sleep(WARM_UP)
    gc.collect()
    gc.freeze()
    await asyncio.sleep(seconds)
    await calls.close()
    gc.unfreeze()
    return timing(await asyncio.to_thread(take), calls.loop.began_ns, round(seconds / TICK))


def timing(heard: list[Heard], ticks_ns: list[int], last: int) -> Timing:
    """Compare what was heard with what was played, and the last frames with the clock."""
    distances, delays, wrong = list[float](), list[float](), 0
    prompt, ticks = noise(), np.array(ticks_ns)
    for one in heard:
        at = np.array(one.at_ns[-last:])
        distances += (abs(np.diff(at) / 1e6 - TICK * 1000)).tolist()
        delay = (at - ticks[np.searchsorted(ticks, at) - 1]) / 1e6
        delays += abs(delay - np.median(delay)).tolist()
        sound = np.frombuffer(b"".join(one.frames), np.int16)
        begin = int(np.flatnonzero(sound)[0])
        differs = sound[begin:] != np.resize(prompt, len(sound) - begin)
        wrong += len(set((np.flatnonzero(differs) // FRAME_SAMPLES).tolist()))
    frames = sum(len(one.frames) for one in heard)
    return Timing(_percentiles(distances), _percentiles(delays), frames, wrong)


def _percentiles(values: list[float]) -> list[float]:
    return [float(it) for it in np.percentile(values, [50, 99, 99.9, 100])]


async def punctuality(seconds: float) -> list[float]:
    """How late the ticks of a worker without calls are at the same time, in milliseconds."""
    calls = Calls()
    await asyncio.sleep(seconds)
    await calls.close()
    began = np.array(calls.loop.began_ns)
    return _percentiles((abs(np.diff(began) / 1e6 - TICK * 1000)).tolist())


def without_tls() -> None:
    """Let legs connect in clear, for this program's sake alone: nobody can be called so."""

    async def dial(
        command: rpc.OpenSocketLeg, listener: Callable[[str], WSListener], _trust: Trust
    ) -> tuple[WSTransport, WSListener]:
        url = command.url.replace("wss://", "ws://")
        return await ws_connect(
            lambda: listener(""),
            url,
            enable_auto_pong=False,
            max_frame_size=16384,
            read_buffer_init_size=4096,
        )

    vars(socket_leg)["dial"] = dial


def print_costs(found: Certificates, legs: list[int], seconds: float, *, has_tls: bool) -> None:
    """One line for each number of legs."""
    server = found.server_context() if has_tls else None
    client = ssl.create_default_context(cafile=found.trust_file) if has_tls else None
    with echoing(server) as port:
        for number in legs:
            bare = uvloop.run(floor(port, client, number, seconds)) * 1e6
            spent, worst = uvloop.run(cost(port, found.trust_file, number, seconds))
            spent *= 1e6
            print(
                f"{'TLS' if has_tls else 'clear':>6} {number:>5} {spent:>14.1f} {bare:>9.1f}"
                f" {spent / bare:>6.2f} {TICK * 1e6 / spent:>12.0f} {worst.worst_ms:>14.1f}"
            )


def print_times(found: Certificates, legs: int, seconds: float) -> None:
    """How evenly frames leave."""
    idle = uvloop.run(punctuality(seconds))
    with listening(found.server_context(), legs) as take:
        port = int(str(take()))
        seen = uvloop.run(times(take, port, found.trust_file, legs, seconds))
    print(f"\n{legs} calls with TLS: {seen.frames} frames, {seen.wrong} lost, doubled or changed")
    print(f"{'ms off, by the kernel clock':>44} {'p50':>6} {'p99':>6} {'p99.9':>6} {'worst':>6}")
    for name, values in (
        ("two frames of a call, off 20 ms apart", seen.distances),
        ("two ticks of a worker without calls", idle),
        ("a frame after its tick, off the usual delay", seen.delays),
    ):
        print(f"{name:>44} " + " ".join(f"{it:>6.2f}" for it in values))
    print(f"goal: p99 below {GOAL_JITTER_MS:.0f} ms, none lost or doubled\n")


def main() -> None:
    """Print costs, then times."""
    parser = argparse.ArgumentParser(description="CPU and timing of call WebSockets.")
    parser.add_argument("--legs", type=int, nargs="+", default=[25, 100])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--calls", type=int, default=100, help="at once, for the timing")
    arguments = parser.parse_args()
    keep_freed_memory()
    print(f"{'':>6} {'legs':>5} {'µs a leg-tick':>14} {'bare µs':>9} {'ratio':>6}"
          f" {'legs a core':>12} {'worst tick ms':>14}")  # fmt: skip
    with certificates() as found:
        print_costs(found, arguments.legs, arguments.seconds, has_tls=True)
        print_times(found, arguments.calls, arguments.seconds)
        without_tls()
        print_costs(found, arguments.legs, arguments.seconds, has_tls=False)
    print(f"goal: at most {GOAL_US:.0f} µs a leg-tick with TLS")


if __name__ == "__main__":
    main()
