"""Media worker processes: started, spoken to, and replaced when one dies.

Each worker is a child with one end of a socket pair; see `worker.rpc` for what is said on it. A
worker that dies ends its own calls only: each of its legs is told, and a new worker is started.
"""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable
from typing import Final, cast

import structlog

from callwright.engine.media_session import WORKER_DIED
from callwright.engine.ports import MediaEvents
from callwright.worker import rpc

log: Final = structlog.get_logger()

START_PATIENCE: Final = 20.0
"""Seconds a new worker may take to say `Ready`; it imports numpy, on a slow disk, perhaps."""

RESTART_PAUSE: Final = 1.0
"""Seconds before a dead worker is replaced, so that one that cannot run does not spin."""

MAX_UNSENT_BYTES: Final = 8 << 20
"""Commands that wait in a worker's socket: so many only when it has stopped reading."""

_LOOPBACK: Final = "127.0.0.1"
_ANY: Final = "0.0.0.0"  # noqa: S104 - compared, not bound

TickReports = Callable[[int, rpc.TickReport], None]


class WorkerUnavailable(OSError):
    """A media worker did not start."""


class _Worker(asyncio.Protocol):
    """One worker process, our end of it."""

    def __init__(self, number: int, on_report: TickReports) -> None:
        self.number = number
        self.legs: dict[int, MediaEvents] = {}
        self.ready = asyncio.Event()
        self.lost = asyncio.Event()
        self._on_report = on_report
        self._frames = rpc.Frames()
        self._transport: asyncio.Transport | None = None

    def send(self, command: rpc.Command) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.write(rpc.encode(command))
        if transport.get_write_buffer_size() > MAX_UNSENT_BYTES:
            log.error("media_worker.stalled", worker=self.number)
            transport.abort()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self._frames.feed(data):
                self._take(rpc.decode_event(frame))
        except rpc.FrameError as problem:
            log.warning("media_worker.bad_frame", worker=self.number, problem=str(problem))
            if self._transport is not None:
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.lost.set()
        for leg, events in list(self.legs.items()):
            events(rpc.CommandFailed(leg, WORKER_DIED, f"media worker {self.number} died"))
        self.legs.clear()

    def _take(self, event: rpc.Event) -> None:
        match event:
            case rpc.Ready():
                self.ready.set()
            case rpc.TickReport():
                self._on_report(self.number, event)
            case _:
                events = self.legs.get(event.leg)
                if events is not None:
                    events(event)


class MediaWorkerProcesses:
    """All workers of this node; implements `engine.ports.MediaWorkers`."""

    def __init__(
        self, *, count: int, rtp_host: str, rtp_ports: range, on_report: TickReports
    ) -> None:
        """Prepare `count` workers that share the RTP ports; nothing runs before `start`."""
        self._count = count
        self._rtp_host = rtp_host
        self._ports = _split(rtp_ports, count)
        self._on_report = on_report
        self._workers: dict[int, _Worker] = {}
        self._worker_of: dict[int, _Worker] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        """Start all workers and wait until they take commands.

        Raises:
            WorkerUnavailable: one did not start in time.

        """
        started = [asyncio.Event() for _ in range(self._count)]
        self._keepers = [
            asyncio.create_task(self._keep(number, event), name=f"media worker {number}")
            for number, event in enumerate(started)
        ]
        try:
            async with asyncio.timeout(START_PATIENCE):
                for event in started:
                    await event.wait()
        except TimeoutError:
            await self.stop()
            raise WorkerUnavailable(f"no media worker within {START_PATIENCE:.0f} s") from None

    async def stop(self) -> None:
        """End all workers; legs that are still open lose their sound."""
        self._stopping = True
        for worker in self._workers.values():
            worker.close()
        await asyncio.gather(*self._keepers)

    @property
    def inner_host(self) -> str:
        """The address at which the workers hear each other."""
        return _LOOPBACK if self._rtp_host == _ANY else self._rtp_host

    def choose(self, leg: int, events: MediaEvents, *, beside: int | None = None) -> _Worker:
        """Give a new leg to the worker of the leg `beside`, or to that with the fewest legs."""
        near = None if beside is None else self._worker_of.get(beside)
        candidates = [worker for worker in self._workers.values() if not worker.lost.is_set()]
        if not candidates:
            return _nobody(leg, events)
        fewest = min(candidates, key=lambda candidate: len(candidate.legs))
        worker = fewest if near is None or near.lost.is_set() else near
        worker.legs[leg] = events
        self._worker_of[leg] = worker
        return worker

    def forget(self, leg: int) -> None:
        """Stop telling events of a leg that is closed."""
        worker = self._worker_of.pop(leg, None)
        if worker is not None:
            worker.legs.pop(leg, None)

    async def _keep(self, number: int, started: asyncio.Event) -> None:
        """Run one worker after another in this place until we stop."""
        while not self._stopping:
            worker = _Worker(number, self._on_report)
            process = await self._spawn(number, worker)
            self._workers[number] = worker
            waiting = asyncio.create_task(worker.ready.wait())
            losing = asyncio.create_task(worker.lost.wait())
            await asyncio.wait({waiting, losing}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if worker.ready.is_set():
                started.set()
            await losing
            await _end(process)
            if not self._stopping:
                log.error("media_worker.died", worker=number, exit_code=process.returncode)
                await asyncio.sleep(RESTART_PAUSE)

    async def _spawn(self, number: int, worker: _Worker) -> asyncio.subprocess.Process:
        ours, theirs = socket.socketpair()
        ports = self._ports[number]
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "callwright.worker"),
                *("--fd", str(theirs.fileno())),
                *("--rtp-host", self._rtp_host),
                *("--rtp-ports", f"{ports.start}-{ports.stop - 1}"),
                pass_fds=[theirs.fileno()],
                stdin=asyncio.subprocess.DEVNULL,
            )
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: worker, sock=ours)
        return process


def _split(ports: range, count: int) -> list[range]:
    """Divide the ports among the workers, each part beginning at an even port."""
    share = len(ports) // count // 2 * 2
    first = ports.start + ports.start % 2
    return [range(first + n * share, first + (n + 1) * share) for n in range(count)]


async def _end(process: asyncio.subprocess.Process) -> None:
    """Wait for a worker whose socket is closed; one that stays is killed."""
    try:
        async with asyncio.timeout(2.0):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _nobody(leg: int, events: MediaEvents) -> _Worker:
    """Stand in for a worker while none is alive: the leg is told that it has none."""
    asyncio.get_running_loop().call_soon(
        events, rpc.CommandFailed(leg, WORKER_DIED, "no media worker is running")
    )
    return _Worker(-1, lambda _number, _report: None)
