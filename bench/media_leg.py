"""What a leg costs: CPU for each leg and tick, against the kernel's own price.

A leg plays a tone, listens for keys in the sound, and records into a file. The far ends are plain
sockets in a process of their own, so that only the worker's CPU is counted. The floor is one
`sendto` and one `recv` of 172 bytes on loopback, measured in the same run.

    .venv/bin/python bench/media_leg.py --legs 100 200 400 --seconds 4
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import gc
import multiprocessing
import random
import socket
import tempfile
import time
from pathlib import Path
from typing import Final

from callwright.media.frames import TICK
from callwright.media.pacer import Lateness, Pacer
from callwright.media.tones import sines
from callwright.media.wav import Encoding, WavWriter
from callwright.worker import rpc
from callwright.worker.loop import MediaLoop
from callwright.worker.machine import MachineClock

PACKET_BYTES: Final = 172
GOAL_US: Final = 25.0
"""On a machine where the floor is 3.0 µs; elsewhere read the ratio."""
PORTS: Final = range(20000, 30000)
WARM_UP: Final = 1.0


class Chance:
    """Cheap chance: nobody attacks a benchmark."""

    def below(self, limit: int, /) -> int:
        """Return a number below the limit."""
        return random.randrange(limit)


def floor_us(rounds: int = 20_000) -> float:
    """Microseconds of CPU for one packet's way through the kernel, out and in."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as near,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far,
    ):
        far.bind(("127.0.0.1", 0))
        target, packet = far.getsockname(), bytes(PACKET_BYTES)
        started = time.process_time()
        for _ in range(rounds):
            near.sendto(packet, target)
            far.recv(2048)
        return (time.process_time() - started) / rounds * 1e6


def far_ends(ports: list[int], sockets: list[socket.socket], duration: float) -> None:
    """Send every leg a packet each tick, and throw away what comes."""
    pacer = Pacer(time.monotonic())
    end = time.monotonic() + duration
    sequence = 0
    # A voiced sound: keeps the detectors from having nothing to do.
    frames = [bytes(random.choices(range(256), k=160)) for _ in range(50)]
    while time.monotonic() < end:
        time.sleep(max(0.0, pacer.deadline - time.monotonic()))
        pacer.start_tick(time.monotonic())
        sequence += 1
        header = b"\x80\x00" + (sequence & 0xFFFF).to_bytes(2, "big")
        header += (sequence * 160 & 0xFFFFFFFF).to_bytes(4, "big")
        for number, (port, far) in enumerate(zip(ports, sockets, strict=True)):
            packet = header + number.to_bytes(4, "big") + frames[(sequence + number) % 50]
            far.sendto(packet, ("127.0.0.1", port))
            try:
                while True:
                    far.recv(2048)
            except BlockingIOError:
                pass


def measure(legs: int, seconds: float, folder: Path) -> tuple[float, Lateness, rpc.LegClosed]:
    """CPU microseconds a leg-tick, how late ticks were, and one leg's statistics."""
    events: list[rpc.Event] = []
    loop = MediaLoop(
        emit=events.append,
        rtp_host="127.0.0.1",
        rtp_ports=PORTS,
        clock=MachineClock(),
        entropy=Chance(),
    )
    ports, sockets = _open(loop, legs, events, folder)
    far = multiprocessing.get_context("fork").Process(
        target=far_ends, args=(ports, sockets, WARM_UP + seconds + 1.0), daemon=True
    )
    far.start()
    gc.collect()
    gc.freeze()
    _run(loop, WARM_UP)
    started = time.process_time()
    lateness = _run(loop, seconds)
    spent = time.process_time() - started
    loop.execute(rpc.CloseLeg(0))
    far.terminate()
    far.join()
    loop.close()
    for opened in sockets:
        opened.close()
    gc.unfreeze()
    closed = next(event for event in events if isinstance(event, rpc.LegClosed))
    return spent / legs / lateness.ticks * 1e6, lateness, closed


def _open(
    loop: MediaLoop, legs: int, events: list[rpc.Event], folder: Path
) -> tuple[list[int], list[socket.socket]]:
    prompt = folder / "prompt.wav"
    with prompt.open("wb") as stream:
        writer = WavWriter(stream, Encoding.PCMU)
        writer.write(sines((440.0,), -12.0, 0, 8000 * 20))
        writer.close()
    ports, sockets = [], []
    for leg in range(legs):
        far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        far.bind(("127.0.0.1", 0))
        far.setblocking(False)
        port = far.getsockname()[1]
        loop.execute(rpc.OpenLeg(leg))
        opened = events.pop()
        assert isinstance(opened, rpc.LegOpened), opened
        ports.append(opened.rtp_port)
        sockets.append(far)
        loop.execute(rpc.ConnectLeg(leg, "127.0.0.1", port, port, "PCMU", 0, 101))
        loop.execute(rpc.Play(leg, 1, (rpc.PlayFile(str(prompt)),), loops=True))
        path = str(folder / f"{leg}.wav")
        loop.execute(rpc.Record(leg, 1, path, "PCMU", 3600.0, 0.0, 0.0, starts_with_sound=False))
    return ports, sockets


def _run(loop: MediaLoop, seconds: float) -> Lateness:
    """Tick for a while, without an event loop: what is measured is the worker's own work."""
    pacer, lateness = Pacer(time.monotonic()), Lateness(rpc.TICK_LATENESS_BOUNDS_MS)
    end = time.monotonic() + seconds
    while pacer.deadline < end:
        time.sleep(max(0.0, pacer.deadline - time.monotonic()))
        now = time.monotonic()
        lateness.count(pacer.start_tick(now))
        loop.tick(now)
    return lateness


def main() -> None:
    """Print one line for each number of legs."""
    parser = argparse.ArgumentParser(description="CPU of a media leg, a tick of 20 ms.")
    parser.add_argument("--legs", type=int, nargs="+", default=[100, 200, 400])
    parser.add_argument("--seconds", type=float, default=4.0)
    arguments = parser.parse_args()
    print("play + key detection + recording, PCMU, plain Python packet core")
    print(f"{'legs':>5} {'µs a leg-tick':>14} {'floor µs':>9} {'ratio':>6} {'legs a core':>12}"
          f" {'late > 5 ms':>12} {'lost':>5}")  # fmt: skip
    for legs in arguments.legs:
        with tempfile.TemporaryDirectory() as folder:
            floor = floor_us()
            cost, lateness, closed = measure(legs, arguments.seconds, Path(folder))
        late = sum(lateness.counts[rpc.TICK_LATENESS_BOUNDS_MS.index(5.0) + 1 :])
        print(
            f"{legs:>5} {cost:>14.1f} {floor:>9.2f} {cost / floor:>6.1f} {TICK * 1e6 / cost:>12.0f}"
            f" {late:>7} of {lateness.ticks} {closed.packets_lost:>5}"
        )
    print(f"goal: at most {GOAL_US:.0f} µs where the floor is 3.0, a ratio of {GOAL_US / 3.0:.1f}")


if __name__ == "__main__":
    main()
