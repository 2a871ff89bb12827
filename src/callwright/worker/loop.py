"""The 20 ms tick: what makes a packet core, sound and legs a media worker.

The loop runs in a process of its own (`python -m callwright.worker`) or inside another one's
event loop; then that process must leave the loop free every few milliseconds.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Final

from callwright.domain.clock import Clock, Instant
from callwright.media.pacer import Lateness, Pacer
from callwright.worker import rpc
from callwright.worker.legs import Legs
from callwright.worker.packets import DefaultPacketCore
from callwright.worker.ports import Entropy, PacketCore

REPORT_INTERVAL: Final = 1.0
"""Seconds between two `TickReport`s."""


class MediaLoop:
    """Carries out commands, and tells what happens through `emit`.

    `emit` is called from within `execute` and `tick`, and must not call back.
    """

    def __init__(
        self,
        *,
        emit: Callable[[rpc.Event], None],
        rtp_host: str,
        rtp_ports: range,
        clock: Clock,
        entropy: Entropy,
        disk: Executor | None = None,
    ) -> None:
        """Make ready; nothing is sent before `run` or `tick`.

        `disk` reads and writes files, one job at a time and in order; by default a thread.

        Raises:
            ValueError: `rtp_host` is no IP address, or `rtp_ports` holds no pair.

        """
        self._emit = emit
        self._clock = clock
        self._core: PacketCore = DefaultPacketCore(host=rtp_host, ports=rtp_ports, entropy=entropy)
        self._disk = disk or ThreadPoolExecutor(1, thread_name_prefix="disk")
        self._legs = Legs(core=self._core, emit=emit, disk=self._disk, clock=clock)
        self._stopping = asyncio.Event()
        self._lateness = Lateness(rpc.TICK_LATENESS_BOUNDS_MS)
        self._busy = 0.0
        self._strays_reported = 0
        self._reported_at = clock.now()

    def execute(self, command: rpc.Command) -> None:
        """Carry out a command; what can't be done is answered by an event, never raised."""
        self._legs.execute(command, self._clock.now())

    def tick(self, now: float) -> None:
        """Hear, understand, record, play and send 20 ms of every leg.

        `run` calls it on time; a test calls it by hand.
        """
        self._legs.tick(now)

    async def run(self) -> None:
        """Tick until `stop` is called; then end every leg and finish its files."""
        pacer = Pacer(self._clock.now())
        try:
            while not self._stopping.is_set():
                await self._wait(pacer.deadline - self._clock.now())
                started_at = self._clock.now()
                self._lateness.count(pacer.start_tick(started_at))
                self.tick(started_at)
                ended_at = self._clock.now()
                self._busy += ended_at - started_at
                if ended_at - self._reported_at >= REPORT_INTERVAL:
                    self._report(ended_at)
        finally:
            self.close()
            await self._legs.wait_parted()

    def stop(self) -> None:
        """Let `run` come to its end before its next tick."""
        self._stopping.set()

    def close(self) -> None:
        """End every leg now and finish its files; `run` does this by itself."""
        now = self._clock.now()
        self._legs.close_all(now)
        self._disk.shutdown(wait=True)
        self._legs.report_closed()
        self._core.shut_down(now)

    async def _wait(self, duration: float) -> None:
        # Even a late tick lets the event loop breathe: commands arrive through it.
        if duration <= 0:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(duration):
                await self._stopping.wait()
        except TimeoutError:
            pass

    def _report(self, now: Instant) -> None:
        strays = self._core.stray_packets
        self._emit(
            rpc.TickReport(
                legs=len(self._legs),
                ticks=self._lateness.ticks,
                late_counts=self._lateness.counts,
                worst_ms=self._lateness.worst_ms,
                busy_ratio=self._busy / (now - self._reported_at),
                stray_packets=strays - self._strays_reported,
            )
        )
        self._lateness = Lateness(rpc.TICK_LATENESS_BOUNDS_MS)
        self._busy, self._reported_at, self._strays_reported = 0.0, now, strays
