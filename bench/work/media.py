"""What the benchmarks of sound share: far ends, a worker without an event loop, and the floor."""

import gc
import multiprocessing
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from callwright.media.pacer import Lateness, Pacer
from callwright.worker import rpc
from callwright.worker.loop import MediaLoop
from callwright.worker.machine import MachineClock, keep_freed_memory

PACKET_BYTES: Final = 172
PORTS: Final = range(20000, 30000)


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


class Bench:
    """A worker whose legs are connected to plain sockets."""

    def __init__(self) -> None:
        keep_freed_memory()  # as a worker's own process does
        self.events: list[rpc.Event] = []
        self.loop = MediaLoop(
            emit=self.events.append,
            rtp_host="127.0.0.1",
            rtp_ports=PORTS,
            clock=MachineClock(),
            entropy=Chance(),
        )
        self._ports: list[int] = []
        self._sockets: list[socket.socket] = []

    def connect(self, leg: int) -> None:
        """Open a leg with a far end of its own."""
        far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        far.bind(("127.0.0.1", 0))
        far.setblocking(False)
        port = far.getsockname()[1]
        self.loop.execute(rpc.OpenLeg(leg))
        opened = self.events.pop()
        assert isinstance(opened, rpc.LegOpened), opened
        self._ports.append(opened.rtp_port)
        self._sockets.append(far)
        self.loop.execute(rpc.ConnectLeg(leg, "127.0.0.1", port, port, "PCMU", 0, 101))

    @contextmanager
    def talking(self, seconds: float) -> Iterator[None]:
        """Let the far ends talk for a while, in a process of their own."""
        far = multiprocessing.get_context("fork").Process(
            target=_talk, args=(self._ports, self._sockets, seconds), daemon=True
        )
        far.start()
        gc.collect()
        gc.freeze()
        yield
        far.terminate()
        far.join()
        gc.unfreeze()

    def run(self, seconds: float) -> tuple[float, Lateness]:
        """Tick for a while; the CPU seconds a tick, and how late the ticks were.

        Without an event loop: what is measured is the worker's own work.
        """
        pacer, lateness = Pacer(time.monotonic()), Lateness(rpc.TICK_LATENESS_BOUNDS_MS)
        end = time.monotonic() + seconds
        started = time.process_time()
        while pacer.deadline < end:
            time.sleep(max(0.0, pacer.deadline - time.monotonic()))
            now = time.monotonic()
            lateness.count(pacer.start_tick(now))
            self.loop.tick(now)
        return (time.process_time() - started) / lateness.ticks, lateness

    def close(self) -> None:
        """End every leg."""
        self.loop.close()
        for opened in self._sockets:
            opened.close()


def late_ticks(lateness: Lateness) -> int:
    """How many ticks were more than 5 ms late."""
    return sum(lateness.counts[rpc.TICK_LATENESS_BOUNDS_MS.index(5.0) + 1 :])


def _talk(ports: list[int], sockets: list[socket.socket], seconds: float) -> None:
    """Send every leg a packet each tick, and throw away what comes."""
    pacer = Pacer(time.monotonic())
    end = time.monotonic() + seconds
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
