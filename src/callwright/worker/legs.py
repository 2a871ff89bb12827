"""Which row is which leg, and what each one plays, records and hears."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from heapq import heappop, heappush
from typing import assert_never

from callwright.media.g711 import Law
from callwright.media.speech_activity import HANGOVER_MS, ONSET_MS
from callwright.worker import rpc
from callwright.worker.leg import Leg
from callwright.worker.players import Player
from callwright.worker.ports import KeyPressed, MediaStarted, NoPortLeft, PacketCore, Peer, Received
from callwright.worker.recorders import Ending, Recorder
from callwright.worker.sound import Findings, Sound
from callwright.worker.sources import Unplayable

Emit = Callable[[rpc.Event], None]


class Legs:
    """Every leg of a worker. Commands come in between ticks; a tick works on all legs at once."""

    def __init__(self, *, core: PacketCore, emit: Emit, disk: Executor) -> None:
        """Use `disk`, one thread, for files; anything it does comes back in a later tick."""
        self._core = core
        self._emit = emit
        self._disk = disk
        self._legs: dict[int, Leg] = {}
        self._by_row: dict[int, Leg] = {}
        self._closing: list[tuple[Leg, rpc.LegClosed]] = []
        self._free_rows: list[int] = []
        self._sound = Sound()

    def __len__(self) -> int:
        """How many legs are open."""
        return len(self._legs)

    def execute(self, command: rpc.Command, now: float) -> None:
        """Carry out a command; what can't be done is answered, never raised."""
        if isinstance(command, rpc.OpenLeg):
            self._open(command)
            return
        leg = self._legs.get(command.leg)
        if leg is None:
            self._fail(command, "there is no such leg")
            return
        match command:
            case rpc.ConnectLeg():
                self._connect(leg, command, now)
            case rpc.Play():
                self._play(leg, command)
            case rpc.StopPlay(_, play):
                if leg.player is not None and leg.player.play == play:
                    self._end_play(leg)
            case rpc.Record():
                self._record(leg, command)
            case rpc.StopRecord(_, recording):
                for recorder in leg.recorders:
                    if recorder.recording == recording:
                        recorder.end(Ending.STOPPED)
                self._report_recordings(leg)
            case rpc.CloseLeg():
                self._close(leg, now)
            case _:
                assert_never(command)

    def tick(self, now: float) -> None:
        """Hear, understand, record, play and send 20 ms of every leg."""
        received = self._core.receive(now, self._sound.codes_in, self._sound.is_loud)
        self._report_packets(received, now)
        self._report_sound(self._sound.hear(received.faded), now)
        self._play_and_record(now)
        self._core.send(now, self._sound.to_send())
        for leg in list(self._legs.values()):
            if leg.player is not None and leg.player.is_over:
                self._end_play(leg, finished=True)
            if leg.recorders:
                self._report_recordings(leg)
        self.report_closed()

    def close_all(self, now: float) -> None:
        """End every leg, before the worker does."""
        for leg in list(self._legs.values()):
            self._close(leg, now)

    def _open(self, command: rpc.OpenLeg) -> None:
        if command.leg in self._legs:
            self._fail(command, "the leg is open already")
            return
        row = self._free_rows[0] if self._free_rows else self._sound.rows
        try:
            port = self._core.open(row)
        except NoPortLeft as problem:
            self._fail(command, str(problem))
            return
        if self._free_rows:
            heappop(self._free_rows)
        self._sound.clear(row)
        leg = Leg(command.leg, row, reports_speech=command.reports_speech)
        self._legs[leg.number] = self._by_row[row] = leg
        self._emit(rpc.LegOpened(leg.number, port))

    def _connect(self, leg: Leg, command: rpc.ConnectLeg, now: float) -> None:
        try:
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
        except ValueError as problem:
            self._fail(command, str(problem))
            return
        leg.peer = peer
        self._sound.connect(leg.row, law)

    def _play(self, leg: Leg, command: rpc.Play) -> None:
        self._end_play(leg)
        try:
            leg.player = Player(command, press=self._press(leg), disk=self._disk)
        except Unplayable as problem:
            self._fail(command, str(problem))

    def _press(self, leg: Leg) -> Callable[[str, int], None] | None:
        if leg.peer is None or leg.peer.telephone_event is None:
            return None
        return lambda key, duration_ms: self._core.press(leg.row, key, duration_ms)

    def _end_play(self, leg: Leg, *, finished: bool = False, problem: str = "") -> None:
        player, leg.player = leg.player, None
        if player is not None:
            player.close()
            self._sound.sent[leg.row] = 0
            self._emit(rpc.PlayEnded(leg.number, player.play, finished, player.duration, problem))

    def _record(self, leg: Leg, command: rpc.Record) -> None:
        try:
            leg.recorders.append(Recorder(command, disk=self._disk))
        except ValueError as problem:
            self._fail(command, str(problem))

    def _report_recordings(self, leg: Leg) -> None:
        for recorder in list(leg.recorders):
            result = recorder.result()
            if result is not None:
                leg.recorders.remove(recorder)
                self._emit(result)

    def _close(self, leg: Leg, now: float) -> None:
        self._end_play(leg)
        for recorder in leg.recorders:
            recorder.end(Ending.CLOSED)
        statistics = self._core.close(leg.row, now)
        del self._legs[leg.number], self._by_row[leg.row]
        heappush(self._free_rows, leg.row)
        self._sound.clear(leg.row)
        self._closing.append((leg, rpc.LegClosed(leg.number, *statistics)))
        self.report_closed()

    def report_closed(self) -> None:
        """Report legs whose recordings are complete on disk."""
        for leg, closed in list(self._closing):
            self._report_recordings(leg)
            if not leg.recorders:
                self._closing.remove((leg, closed))
                self._emit(closed)

    def _fail(self, command: rpc.Command, problem: str) -> None:
        """Answer a command that can't be carried out, each in its own way."""
        match command:
            case rpc.Play(leg, play):
                ended = rpc.PlayEnded(leg, play, finished=False, duration=0.0, problem=problem)
                self._emit(ended)
            case rpc.Record(leg, recording):
                self._emit(
                    rpc.RecordEnded(
                        leg,
                        recording,
                        duration=0.0,
                        contains_sound=False,
                        ended_by=Ending.FAILED,
                        problem=problem,
                    )
                )
            case _:
                self._emit(rpc.CommandFailed(command.leg, type(command).__name__, problem))

    def _report_packets(self, received: Received, now: float) -> None:
        for event in received.events:
            leg = self._by_row[event.row]
            match event:
                case MediaStarted():
                    self._emit(rpc.MediaArrived(leg.number))
                case KeyPressed(_, key, duration_ms):
                    self._hear_key(leg, key, duration_ms, now, in_band=False)

    def _report_sound(self, findings: Findings, now: float) -> None:
        for row, key, duration_ms in findings.keys:
            if row in self._by_row:
                self._hear_key(self._by_row[row], key, duration_ms, now, in_band=True)
        for leg in self._reporting_speech(findings.started):
            leg.speech_started_at = now - ONSET_MS / 1000
            self._emit(rpc.SpeechStarted(leg.number))
        for leg in self._reporting_speech(findings.ended):
            duration = now - HANGOVER_MS / 1000 - leg.speech_started_at
            self._emit(rpc.SpeechEnded(leg.number, duration))

    def _hear_key(self, leg: Leg, key: str, duration_ms: int, now: float, *, in_band: bool) -> None:
        if leg.is_new_press(key, now, in_band=in_band):
            self._emit(
                rpc.DigitReceived(
                    leg=leg.number, digit=key, duration_ms=duration_ms, in_band=in_band
                )
            )

    def _reporting_speech(self, rows: Sequence[int]) -> list[Leg]:
        legs = [self._by_row[row] for row in rows if row in self._by_row]
        return [leg for leg in legs if leg.reports_speech]

    def _play_and_record(self, now: float) -> None:
        sent, heard, is_loud = self._sound.sent, self._sound.heard, self._sound.is_loud
        for leg in list(self._legs.values()):
            row = leg.row
            try:
                if leg.player is not None:
                    leg.player.fill(sent[row])
                elif leg.has_beeped:
                    sent[row] = 0
                leg.has_beeped = False
                for recorder in leg.recorders:
                    if recorder.is_beeping:
                        recorder.beep(sent[row])
                        leg.has_beeped = True
                    else:
                        recorder.take(heard[row], is_sound=is_loud[row])
            except Unplayable as problem:
                self._end_play(leg, problem=str(problem))
            except Exception as bug:  # noqa: BLE001 - keeps one leg's bug from the others
                self._emit(rpc.CommandFailed(leg.number, "", f"the leg failed: {bug!r}"))
                self._close(leg, now)
