"""Which row is which leg, and what each one plays, records and hears."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from heapq import heappop, heappush
from typing import Final

from callwright.domain.clock import Clock
from callwright.media.g711 import Law
from callwright.media.mixer import Place
from callwright.media.speech_activity import HANGOVER_MS, ONSET_MS
from callwright.worker import rpc
from callwright.worker.answers import failure
from callwright.worker.leg import Leg
from callwright.worker.ports import (
    KeyPressed,
    LegStatistics,
    MediaStarted,
    NoPortLeft,
    PacketCore,
    Peer,
    Received,
)
from callwright.worker.socket_legs import SocketLegs
from callwright.worker.sound import Findings, Sound
from callwright.worker.sources import Unplayable
from callwright.worker.switchboard import Switchboard
from callwright.worker.uses import Use, Uses

Emit = Callable[[rpc.Event], None]


class Legs:
    """Every leg of a worker. Commands come in between ticks; a tick works on all legs at once."""

    def __init__(self, *, core: PacketCore, emit: Emit, disk: Executor, clock: Clock) -> None:
        """Use `disk`, one thread, for files; anything it does comes back in a later tick."""
        self._core = core
        self._emit = emit
        self._legs: dict[int, Leg] = {}
        self._by_row: dict[int, Leg] = {}
        self._closing: list[tuple[Leg, rpc.LegClosed]] = []
        self._free_rows: list[int] = []
        self._sound = Sound()
        self._switchboard = Switchboard(
            by_row=self._by_row, sound=self._sound, core=core, emit=emit
        )
        self._uses = Uses(sound=self._sound, switchboard=self._switchboard, emit=emit, disk=disk)
        self._sockets = SocketLegs(
            sound=self._sound, switchboard=self._switchboard, clock=clock, emit=emit
        )

    def __len__(self) -> int:
        """How many legs are open."""
        return len(self._legs)

    def execute(self, command: rpc.Command, now: float) -> None:
        """Carry out a command; what can't be done is answered, never raised."""
        try:
            if isinstance(command, rpc.OpenLeg | rpc.OpenRoomLeg | rpc.OpenSocketLeg):
                self._open(command)
            elif command.leg in self._legs:
                self._obey(self._legs[command.leg], command, now)
            else:
                self._emit(failure(command, "there is no such leg"))
        except (ValueError, Unplayable, NoPortLeft) as problem:
            self._emit(failure(command, str(problem)))

    def tick(self, now: float) -> None:
        """Hear, understand, play, record and send 20 ms of every leg."""
        received = self._core.receive(now, self._sound.codes_in, self._sound.is_loud)
        self._report_packets(received, now)
        sockets = self._sockets.begin_tick(now)
        self._each(sockets, self._sockets.hear, now)
        self._report_sound(self._sound.hear(received.faded), now)
        busy = [leg for leg in self._legs.values() if leg.is_busy()]
        self._uses.begin_tick(busy, now)
        self._each(busy, self._uses.play, now)
        self._switchboard.mix()
        self._each(busy, self._uses.record, now)
        self._core.send(now, self._sound.to_send())
        self._sockets.begin_sending()
        self._each(sockets, self._sockets.send, now)
        self._each(busy, self._uses.report, now)
        self.report_closed()

    async def wait_parted(self) -> None:
        """Wait, not for long, until servers on WebSockets have been told of their calls' ends."""
        await self._sockets.wait_parted()

    def close_all(self, now: float) -> None:
        """End every leg, before the worker does."""
        for leg in list(self._legs.values()):
            self._close(leg, now)

    def report_closed(self) -> None:
        """Report legs whose recordings are complete on disk."""
        for leg, closed in list(self._closing):
            self._uses.report_recordings(leg)
            if not leg.recorders:
                self._closing.remove((leg, closed))
                self._emit(closed)

    def _open(self, command: rpc.OpenLeg | rpc.OpenRoomLeg | rpc.OpenSocketLeg) -> None:
        if command.leg in self._legs:
            raise ValueError("the leg is open already")
        row = self._free_rows[0] if self._free_rows else self._sound.rows
        port = self._core.open(row) if isinstance(command, rpc.OpenLeg) else 0
        socket = None
        if isinstance(command, rpc.OpenSocketLeg):
            socket = self._sockets.dial(command)
        if self._free_rows:
            heappop(self._free_rows)
        self._sound.clear(row)
        leg = Leg(command.leg, row, reports_speech=command.reports_speech)
        self._legs[leg.number] = self._by_row[row] = leg
        if isinstance(command, rpc.OpenRoomLeg):
            self._place(leg, Place(command.room, command.talks, command.hears))
        if socket is not None:
            self._sockets.add(leg, socket)
        self._emit(rpc.LegOpened(leg.number, port))

    def _obey(self, leg: Leg, command: "_LegCommand", now: float) -> None:
        """Carry out a command for a leg that there is.

        Raises:
            ValueError: it makes no sense.
            Unplayable: it names what can't be played.

        """
        match command:
            case rpc.ConnectLeg():
                self._connect(leg, command, now)
            case rpc.SetRoomLeg(_, talks, hears):
                if leg.place is None:
                    raise ValueError("the leg is in no room")
                self._place(leg, Place(leg.place.room, talks, hears))
            case rpc.EndSocket():
                self._sockets.end(leg, command, now)
            case rpc.Bridge(_, other):
                if other not in self._legs:
                    raise ValueError(f"there is no leg {other} to bridge with")
                self._switchboard.bridge(leg, self._legs[other])
            case rpc.Unbridge():
                self._switchboard.part(leg)
            case rpc.CloseLeg():
                self._close(leg, now)
            case _:
                self._uses.obey(leg, command, now)

    def _place(self, leg: Leg, place: Place) -> None:
        leg.place = place
        self._sound.rooms.put(leg.row, place)

    def _connect(self, leg: Leg, command: rpc.ConnectLeg, now: float) -> None:
        if not leg.has_packets:
            raise ValueError("a leg in a room or on a WebSocket has no packets")
        law = Law(command.encoding)
        peer = Peer(
            command.host,
            command.port,
            command.rtcp_port,
            law,
            command.payload_type,
            command.telephone_event,
            command.sends,
            command.receives,
        )
        self._core.connect(leg.row, peer, now)
        leg.peer = peer
        self._sound.connect(leg.row, law)

    def _close(self, leg: Leg, now: float) -> None:
        self._uses.end(leg)
        self._switchboard.part(leg)
        statistics = self._end_connection(leg, now)
        del self._legs[leg.number], self._by_row[leg.row]
        heappush(self._free_rows, leg.row)
        self._sound.clear(leg.row)
        self._closing.append((leg, rpc.LegClosed(leg.number, *statistics)))
        self.report_closed()

    def _end_connection(self, leg: Leg, now: float) -> LegStatistics:
        if leg.socket is not None:
            return self._sockets.close(leg, now)
        return self._core.close(leg.row, now) if leg.has_packets else _NO_PACKETS

    def _report_packets(self, received: Received, now: float) -> None:
        for event in received.events:
            leg = self._by_row[event.row]
            match event:
                case MediaStarted():
                    self._emit(rpc.MediaArrived(leg.number))
                case KeyPressed(_, key, duration_ms):
                    self._switchboard.hear_event(leg, key, duration_ms, now)

    def _report_sound(self, findings: Findings, now: float) -> None:
        for row, key, duration_ms in findings.keys:
            self._switchboard.hear_tone(row, key, duration_ms, now)
        for leg in self._reporting_speech(findings.started):
            leg.speech_started_at = now - ONSET_MS / 1000
            self._emit(rpc.SpeechStarted(leg.number))
        for leg in self._reporting_speech(findings.ended):
            duration = now - HANGOVER_MS / 1000 - leg.speech_started_at
            self._emit(rpc.SpeechEnded(leg.number, duration))

    def _reporting_speech(self, rows: Sequence[int]) -> list[Leg]:
        legs = [self._by_row[row] for row in rows if row in self._by_row]
        return [leg for leg in legs if leg.reports_speech]

    def _each(self, legs: list[Leg], step: Callable[[Leg], None], now: float) -> None:
        for leg in tuple(legs):
            try:
                step(leg)
            except Exception as bug:  # noqa: BLE001 - keeps one leg's bug from the others
                legs.remove(leg)
                self._emit(rpc.CommandFailed(leg.number, "", f"the leg failed: {bug!r}"))
                self._close(leg, now)


_LegCommand = (
    rpc.ConnectLeg | rpc.SetRoomLeg | rpc.EndSocket | rpc.Bridge | rpc.Unbridge | rpc.CloseLeg | Use
)
"""What can be asked of a leg that is open."""

_NO_PACKETS: Final = LegStatistics(0, 0, 0, 0, 0.0, None)
"""How a leg in a room looks to RTP."""
