"""A media worker on an event loop with its own ticks: for legs whose far ends are real servers."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar

import uvloop

from callwright.domain.clock import Instant, UnixTime
from callwright.worker import rpc
from callwright.worker.loop import MediaLoop
from tests.sim.media import InstantDisk, SeededEntropy

E = TypeVar("E", bound=rpc.Event)

COMES_WITHIN: Final = 15.0
"""Seconds a test waits for what should come; a bound for a failure, never waited out."""

OFFERED: Final = ("v2.ws.cloud.aculab.com", "v1.ws.cloud.aculab.com", "v1.cloud.aculab.com")


class SkippingClock:
    """The machine's clock, and leaps on demand."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def now(self) -> Instant:
        return Instant(time.monotonic() + self.skipped)

    def unix_time(self) -> UnixTime:
        return UnixTime(time.time() + self.skipped)


class CountingLoop(MediaLoop):
    """Counts its ticks, and tells of each."""

    ticks = 0
    ticked: asyncio.Event | None = None

    def tick(self, now: float) -> None:
        super().tick(now)
        self.ticks += 1
        if self.ticked is not None:
            self.ticked.set()


class SocketWorker:
    """A media loop that ticks by itself, its events kept."""

    def __init__(self, trust_file: Path) -> None:
        self.events: list[rpc.Event] = []
        self.clock = SkippingClock()
        self._trust_file = str(trust_file)
        self._ticked = asyncio.Event()
        self.loop = CountingLoop(
            emit=self.events.append,
            rtp_host="127.0.0.1",
            rtp_ports=range(12000, 12040),
            clock=self.clock,
            entropy=SeededEntropy(7),
            disk=InstantDisk(),
        )
        self.loop.ticked = self._ticked

    def call(
        self,
        leg: int,
        url: str,
        *,
        address: str = "127.0.0.1",
        offered: tuple[str, ...] = OFFERED,
        trust_file: str | None = None,
        handshake_timeout: float = COMES_WITHIN,
    ) -> None:
        """Open a leg."""
        trusted = self._trust_file if trust_file is None else trust_file
        self.loop.execute(
            rpc.OpenSocketLeg(leg, url, address, "ann", offered, trusted, handshake_timeout)
        )

    async def connect(self, leg: int, url: str) -> rpc.SocketConnected:
        """Open a leg and wait for its server."""
        self.call(leg, url)
        return await self.told(rpc.SocketConnected, leg)

    async def told(self, kind: type[E], leg: int, *, times: int = 1) -> E:
        """Wait for an event of a leg, the `times`th of its kind."""
        await self.until(lambda: len(self.of(kind, leg)) >= times)
        return self.of(kind, leg)[times - 1]

    async def ended(self, leg: int) -> tuple[str, str, int]:
        """Wait for the end of a leg's call: origin, cause and raw cause."""
        ended = await self.told(rpc.SocketEnded, leg)
        return ended.origin, ended.cause, ended.raw_cause

    async def until(self, is_true: Callable[[], bool]) -> None:
        """Wait until something is true; asked after each tick."""
        async with asyncio.timeout(COMES_WITHIN):
            while not is_true():
                self._ticked.clear()
                await self._ticked.wait()

    async def ticks(self, number: int) -> None:
        """Wait until so many ticks have passed."""
        last = self.loop.ticks + number
        await self.until(lambda: self.loop.ticks >= last)

    def of(self, kind: type[E], leg: int) -> list[E]:
        """A leg's events of a kind, the oldest first."""
        return [it for it in self.events if isinstance(it, kind) and getattr(it, "leg", leg) == leg]


@asynccontextmanager
async def working(trust_file: Path) -> AsyncIterator[SocketWorker]:
    """A worker that ticks until the block is left; its bugs are raised there."""
    worker = SocketWorker(trust_file)
    ticking = asyncio.create_task(worker.loop.run())
    try:
        yield worker
    finally:
        worker.loop.stop()
        async with asyncio.timeout(COMES_WITHIN):
            await ticking


def tell(trust_file: Path, story: Callable[[SocketWorker], Awaitable[None]]) -> None:
    """Run a story with a worker, on the event loop that workers have."""

    async def run() -> None:
        async with working(trust_file) as worker:
            await story(worker)

    uvloop.run(run())
