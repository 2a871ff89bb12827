"""A worker without its own time: hand-stepped ticks, files at once, chance that repeats."""

import random
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec
import numpy as np

from callwright.domain.clock import Instant, UnixTime
from callwright.media.frames import TICK, Samples
from callwright.media.wav import WavReader
from callwright.worker import rpc
from callwright.worker.loop import MediaLoop

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", bound=rpc.Event)


class SteppedClock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> Instant:
        return Instant(self.seconds)

    def unix_time(self) -> UnixTime:
        return UnixTime(1_700_000_000 + self.seconds)


class SeededEntropy:
    """Chance that is the same in every run."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def below(self, limit: int, /) -> int:
        return self._random.randrange(limit)


class InstantDisk(Executor):
    """Does every job before `submit` returns."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except OSError as problem:
            future.set_exception(problem)
        except Exception as problem:  # noqa: BLE001 - an executor keeps what its job raises
            future.set_exception(problem)
        return future


class Worker:
    """A media loop on loopback, its events kept."""

    def __init__(self, clock: SteppedClock, ports: range, disk: Executor | None = None) -> None:
        self.events: list[rpc.Event] = []
        self._clock = clock
        self.loop = MediaLoop(
            emit=self.events.append,
            rtp_host="127.0.0.1",
            rtp_ports=ports,
            clock=clock,
            entropy=SeededEntropy(ports.start),
            disk=disk or InstantDisk(),
        )

    def open(self, leg: int, *, reports_speech: bool = False) -> int:
        """Open a leg and return its port."""
        self.loop.execute(rpc.OpenLeg(leg, reports_speech))
        opened = self.events.pop()
        assert isinstance(opened, rpc.LegOpened)
        return opened.rtp_port

    def connect(
        self, leg: int, port: int, *, encoding: str = "PCMU", telephone_event: int | None = 101
    ) -> None:
        """Connect a leg to a port on loopback."""
        payload_type = {"PCMU": 0, "PCMA": 8}[encoding]
        self.loop.execute(
            rpc.ConnectLeg(
                leg, "127.0.0.1", port, port + 1, encoding, payload_type, telephone_event
            )
        )

    def open_in_room(self, leg: int, room: int, *, talks: bool = True, hears: bool = True) -> None:
        """Open a leg in a room."""
        self.loop.execute(rpc.OpenRoomLeg(leg, room, talks, hears))
        assert self.events.pop() == rpc.LegOpened(leg, 0)

    def say(self, leg: int, frequency_hz: float, duration_ms: int = 60_000) -> None:
        """Let a leg play a tone, by which it is known."""
        tone = rpc.PlayTone((frequency_hz,), duration_ms, -20.0)
        self.loop.execute(rpc.Play(leg, leg, (tone,)))

    def of(self, kind: type[E]) -> list[E]:
        """Every event of a kind, the oldest first."""
        return [event for event in self.events if isinstance(event, kind)]


def run(clock: SteppedClock, seconds: float, *workers: Worker) -> None:
    """Step the workers, one tick each in turn."""
    for _ in range(round(seconds / TICK)):
        clock.seconds += TICK
        for worker in workers:
            worker.loop.tick(clock.now())


NEAR_PORTS = range(11000, 11060)
FAR_PORTS = range(11100, 11160)


class Pair:
    """A near and a far worker, with connected legs: 1 in the near one, 2 in the far one."""

    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.near = Worker(self.clock, NEAR_PORTS)
        self.far = Worker(self.clock, FAR_PORTS)

    def connect(self, *, encoding: str = "PCMU", telephone_event: int | None = 101) -> None:
        self.line(1, 2, encoding=encoding, telephone_event=telephone_event)

    def line(
        self,
        near_leg: int,
        far_leg: int,
        *,
        encoding: str = "PCMU",
        telephone_event: int | None = 101,
    ) -> None:
        """Open a leg in each worker and connect them; a far end of a call and our side of it."""
        near = self.near.open(near_leg)
        far = self.far.open(far_leg, reports_speech=True)
        self.near.connect(near_leg, far, encoding=encoding, telephone_event=telephone_event)
        self.far.connect(far_leg, near, encoding=encoding, telephone_event=telephone_event)

    def heard_by(self, far_leg: int, path: Path, seconds: float) -> Samples:
        """What a far end hears from now on."""
        command = record_command(path, leg=far_leg, recording=far_leg, starts_with_sound=False)
        self.far.loop.execute(msgspec.structs.replace(command, max_silence=0.0))
        self.run(seconds)
        self.far.loop.execute(rpc.StopRecord(far_leg, far_leg))
        return sound_in(path)

    def run(self, seconds: float) -> None:
        run(self.clock, seconds, self.near, self.far)


def record_command(path: Path, **changes: object) -> rpc.Record:
    command = rpc.Record(
        leg=2,
        recording=9,
        path=str(path),
        encoding="PCM16",
        max_duration=10.0,
        max_silence=0.5,
        max_initial_silence=0.0,
    )
    for name, value in changes.items():
        command = msgspec.structs.replace(command, **{name: value})
    return command


def sound_in(path: Path) -> Samples:
    with path.open("rb") as stream:
        return WavReader(stream).read(1 << 20)


def share_at(samples: Samples, frequency_hz: float) -> float:
    """How much of the power lies within 20 Hz of a frequency, 0 to 1."""
    spectrum = np.abs(np.fft.rfft(samples.astype(float))) ** 2
    places = np.fft.rfftfreq(len(samples), 1 / 8000)
    return float(spectrum[abs(places - frequency_hz) < 20].sum() / spectrum.sum())
