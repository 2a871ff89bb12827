"""What legs are used for: each one's play, recordings, listeners and classification."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from typing import assert_never

from callwright.media.far_end_features import FrameFeatures, measure
from callwright.worker import rpc
from callwright.worker.classification import Classification
from callwright.worker.leg import Leg
from callwright.worker.listeners import Listener
from callwright.worker.players import Player
from callwright.worker.prompts import Prompts
from callwright.worker.recorders import Ending, Recorder
from callwright.worker.sound import Sound
from callwright.worker.sources import Unplayable
from callwright.worker.switchboard import Switchboard

Use = (
    rpc.Play
    | rpc.StopPlay
    | rpc.Record
    | rpc.StopRecord
    | rpc.Listen
    | rpc.StopListening
    | rpc.Classify
)


class Uses:
    """Begins and ends them, and gives each its part of a tick."""

    def __init__(
        self,
        *,
        sound: Sound,
        switchboard: Switchboard,
        emit: Callable[[rpc.Event], None],
        disk: Executor,
    ) -> None:
        """Use `disk`, one thread, for files; anything it does comes back in a later tick."""
        self._sound = sound
        self._switchboard = switchboard
        self._emit = emit
        self._disk = disk
        self._prompts = Prompts(disk)
        self._features: Mapping[int, FrameFeatures] = {}
        self._heard, self._sent = sound.heard, sound.sent
        self._now = 0.0

    def obey(self, leg: Leg, command: Use, now: float) -> None:
        """Begin a use, or end one; one that has ended already is left alone.

        Raises:
            ValueError: the command makes no sense.
            Unplayable: it names what can't be played.

        """
        match command:
            case rpc.Play():
                self._end_play(leg)
                press = self._switchboard.press(leg)
                leg.player = Player(command, press=press, prompts=self._prompts)
            case rpc.StopPlay(_, play):
                if leg.player is not None and leg.player.play == play:
                    self._end_play(leg)
            case rpc.Record():
                leg.recorders.append(Recorder(command, disk=self._disk))
            case rpc.StopRecord(_, recording):
                for recorder in leg.recorders:
                    if recorder.recording == recording:
                        recorder.end(Ending.STOPPED)
                self.report_recordings(leg)
            case rpc.Listen():
                leg.listeners.append(Listener(command, emit=self._emit))
            case rpc.StopListening(_, listening):
                self._stop_listening(leg, listening)
            case rpc.Classify():
                if leg.classification is not None:
                    raise ValueError("the leg is being classified already")
                leg.classification = Classification(command, now)
            case _:
                assert_never(command)

    def begin_tick(self, legs: Iterable[Leg], now: float) -> None:
        """Prepare what the legs' parts of this tick need, over all of them at once."""
        self._now = now
        self._heard, self._sent = self._sound.heard, self._sound.sent
        rows = [leg.row for leg in legs if leg.classification is not None]
        features = measure(self._heard[rows]) if rows else ()
        self._features = dict(zip(rows, features, strict=True))

    def play(self, leg: Leg) -> None:
        """Fill what the leg is sent with what it plays, keys and beeps."""
        frame = self._sent[leg.row]
        if leg.player is not None:
            try:
                leg.player.fill(frame)
            except Unplayable as problem:
                self._end_play(leg, problem=str(problem))
        if leg.relay is not None:
            leg.relay.fill(frame)
        for recorder in leg.recorders:
            if recorder.is_beeping:
                recorder.beep(frame)

    def record(self, leg: Leg) -> None:
        """Hand both sides of the leg to whoever records, listens to or classifies it."""
        row = leg.row
        if leg.classification is not None:
            self._classify(leg, leg.classification)
        if leg.recorders or leg.listeners:
            heard, sent = self._heard[row], self._sent[row]
            is_sound = self._sound.is_loud[row]
            for recorder in leg.recorders:
                if recorder.eliminates_dtmf:
                    self._record_without_keys(leg, recorder)
                else:
                    recorder.take(heard, sent, is_sound=is_sound)
            for listener in leg.listeners:
                listener.take(heard, sent)

    def report(self, leg: Leg) -> None:
        """Tell what has ended by itself."""
        if leg.player is not None and leg.player.is_over:
            self._end_play(leg, finished=True)
        if leg.relay is not None and leg.relay.is_over:
            leg.relay = None
        if leg.recorders:
            self.report_recordings(leg)

    def report_recordings(self, leg: Leg) -> None:
        """Tell of recordings that are complete on disk."""
        for recorder in list(leg.recorders):
            result = recorder.result()
            if result is not None:
                leg.recorders.remove(recorder)
                self._emit(result)

    def end(self, leg: Leg) -> None:
        """End everything; recordings are told of once they are complete."""
        self._end_play(leg)
        for recorder in leg.recorders:
            recorder.end(Ending.CLOSED)
        self._stop_listening(leg, *(it.listening for it in leg.listeners))

    def _end_play(self, leg: Leg, *, finished: bool = False, problem: str = "") -> None:
        player, leg.player = leg.player, None
        if player is not None:
            player.close()
            self._emit(rpc.PlayEnded(leg.number, player.play, finished, player.duration, problem))

    def _stop_listening(self, leg: Leg, *numbers: int) -> None:
        for listener in [it for it in leg.listeners if it.listening in numbers]:
            leg.listeners.remove(listener)
            listener.end()

    def _classify(self, leg: Leg, classification: Classification) -> None:
        event = classification.take(self._features[leg.row], self._now)
        if event is not None:
            self._emit(event)
        if classification.is_over:
            leg.classification = None

    def _record_without_keys(self, leg: Leg, recorder: Recorder) -> None:
        recorder.take(
            self._heard[leg.row],
            self._sent[leg.row],
            is_sound=self._sound.is_loud[leg.row],
            hears_key=self._switchboard.hears_key(leg, self._now),
            sends_key=self._switchboard.sends_key(leg, self._now),
        )
