"""Media workers without sound: they obey the commands of `worker.rpc` and answer at once.

What takes time, the end of a play or a recording, happens when the test says so.
"""

from dataclasses import dataclass, field

from callwright.engine.media_session import WORKER_DIED
from callwright.engine.ports import MediaEvents
from callwright.worker import rpc


@dataclass(slots=True)
class SilentWorkers:
    """One worker for all legs; implements `engine.ports.MediaWorkers`."""

    is_alive: bool = True
    answers: bool = True
    """Whether it answers at all; a hanging worker does not."""
    commands: list[rpc.Command] = field(default_factory=list)
    legs: dict[int, MediaEvents] = field(default_factory=dict)

    def choose(self, leg: int, events: MediaEvents) -> "SilentWorkers":
        self.legs[leg] = events
        return self

    def forget(self, leg: int) -> None:
        del self.legs[leg]

    def send(self, command: rpc.Command) -> None:
        self.commands.append(command)
        if not self.answers:
            return
        match command:
            case rpc.OpenLeg(leg=leg) if not self.is_alive:
                self.tell(rpc.CommandFailed(leg, "OpenLeg", "no ports are left"))
            case rpc.OpenLeg(leg=leg):
                self.tell(rpc.LegOpened(leg, 16384 + 2 * leg))
            case rpc.StopPlay(leg=leg, play=play):
                self.tell(rpc.PlayEnded(leg, play, finished=False, duration=0.5))
            case rpc.StopRecord(leg=leg, recording=recording):
                self._recorded(leg, recording, "stopped")
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
