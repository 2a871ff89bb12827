"""Media workers without sound: they obey the commands of `worker.rpc` and answer at once.

What takes time, the end of a play or a recording, happens when the test says so.
"""

from dataclasses import dataclass, field

from callwright.engine.media_session import WORKER_DIED
from callwright.engine.ports import MediaEvents
from callwright.worker import rpc


@dataclass(slots=True, eq=False)
class SilentWorker:
    """One of them; implements `engine.ports.MediaWorker`."""

    workers: "SilentWorkers"
    legs: set[int] = field(default_factory=set)

    def send(self, command: rpc.Command) -> None:
        self.workers.send(command)


@dataclass(slots=True)
class SilentWorkers:
    """Implements `engine.ports.MediaWorkers`."""

    is_alive: bool = True
    answers: bool = True
    """Whether it answers at all; a hanging worker does not."""
    count: int = 1
    commands: list[rpc.Command] = field(default_factory=list)
    legs: dict[int, MediaEvents] = field(default_factory=dict)
    inner_host: str = "127.0.0.1"
    _workers: list[SilentWorker] = field(init=False)

    def __post_init__(self) -> None:
        self._workers = [SilentWorker(self) for _ in range(self.count)]

    def choose(self, leg: int, events: MediaEvents, *, beside: int | None = None) -> SilentWorker:
        near = [worker for worker in self._workers if beside in worker.legs]
        worker = min(near or self._workers, key=lambda one: len(one.legs))
        worker.legs.add(leg)
        self.legs[leg] = events
        return worker

    def forget(self, leg: int) -> None:
        del self.legs[leg]
        for worker in self._workers:
            worker.legs.discard(leg)

    def send(self, command: rpc.Command) -> None:
        """Carry a command out."""
        self.commands.append(command)
        if not self.answers:
            return
        match command:
            case rpc.OpenLeg(leg=leg) | rpc.OpenRoomLeg(leg=leg) | rpc.OpenSocketLeg(leg=leg) if (
                not self.is_alive
            ):
                self.tell(rpc.CommandFailed(leg, type(command).__name__, "no ports are left"))
            case rpc.OpenLeg(leg=leg):
                self.tell(rpc.LegOpened(leg, 16384 + 2 * leg))
            case rpc.EndSocket(leg=leg, cause=cause, raw_cause=raw_cause):
                self.tell(rpc.SocketEnded(leg, "client", cause, raw_cause))
            case rpc.OpenRoomLeg(leg=leg) | rpc.OpenSocketLeg(leg=leg):
                self.tell(rpc.LegOpened(leg, 0))
            case rpc.StopPlay(leg=leg, play=play):
                self.tell(rpc.PlayEnded(leg, play, finished=False, duration=0.5))
            case rpc.StopRecord(leg=leg, recording=recording):
                self._recorded(leg, recording, "stopped")
            case rpc.StopListening(leg=leg, listening=listening):
                self.tell(rpc.SoundHeard(leg, listening, b"", is_last=True))
            case rpc.CloseLeg(leg=leg):
                self._close(leg)
            case _:
                pass

    def tell(self, event: rpc.Event) -> None:
        """Report something of a leg."""
        assert not isinstance(event, rpc.Ready | rpc.TickReport)
        self.legs[event.leg](event)

    def die(self) -> None:
        """End as a killed process does: every leg is told."""
        for leg, events in list(self.legs.items()):
            events(rpc.CommandFailed(leg, WORKER_DIED, "media worker 0 died"))

    def sent(self, kind: type[rpc.Command]) -> list[rpc.Command]:
        """The commands of one kind so far."""
        return [command for command in self.commands if isinstance(command, kind)]

    def _recorded(self, leg: int, recording: int, ended_by: str) -> None:
        self.tell(
            rpc.RecordEnded(leg, recording, duration=1.5, contains_sound=True, ended_by=ended_by)
        )

    def _close(self, leg: int) -> None:
        for command in self.commands:
            if isinstance(command, rpc.Record) and command.leg == leg:
                self._recorded(leg, command.recording, "closed")
        self.tell(rpc.LegClosed(leg, 0, 0, 0, 0, 0.0, None))
