"""One leg's half of the conversation with its media worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, assert_never

import structlog

from callwright.domain.call_control import RecordingOrder, Side, Sound, WholeCallOrder
from callwright.domain.far_end import ClassificationMode
from callwright.engine import media_words
from callwright.engine.ports import MediaWorker, MediaWorkers
from callwright.protocol.sdp.offer_answer import Negotiated
from callwright.worker import rpc

log: Final = structlog.get_logger()

WORKER_DIED: Final = "worker"
"""Stands for the command in the `CommandFailed` that each leg of a dead worker is told."""

_LEG_IS_GONE: Final = frozenset({"OpenLeg", "OpenRoomLeg", "OpenSocketLeg", WORKER_DIED})

_NEEDS_ANOTHER: Final = frozenset({"Bridge", "Unbridge"})
"""Fail when the other leg has gone meanwhile, which is told by that leg."""


class MediaListener(Protocol):
    """Who is told what the worker reports; the leg."""

    def media_opened(self, rtp_port: int) -> None:
        """The leg has ports; 0 for a leg of a room, which needs none."""
        ...

    def media_failed(self, problem: str) -> None:
        """The leg has lost its sound for good."""
        ...

    def media_closed(self) -> None:
        """The ports are given back, or their worker is dead."""
        ...

    def media_event(self, event: "MediaEvent") -> None:
        """Something happened in the sound."""
        ...


MediaEvent = (
    rpc.DigitReceived
    | rpc.PlayEnded
    | rpc.RecordEnded
    | rpc.SoundHeard
    | rpc.FarEndClassified
    | rpc.GreetingEnded
    | rpc.SocketConnected
    | rpc.SocketEnded
)
"""What the worker reports of the sound of an open leg."""


@dataclass(slots=True)
class MediaSession:
    """Commands to the worker and its events for one leg. `leg` is never used twice."""

    leg: int
    workers: MediaWorkers
    listener: MediaListener
    encoding: str = "PCMA"
    """What was negotiated; A-law until then."""
    _worker: MediaWorker | None = None
    _last_id: int = 0
    _playing: int = 0
    _closing: bool = False

    def open(self, *, beside: int | None = None) -> None:
        """Ask for ports, in the worker of the leg `beside` if there is one.

        Answered by `media_opened` or `media_failed`.
        """
        self._worker = self.workers.choose(self.leg, self._take, beside=beside)
        self._worker.send(rpc.OpenLeg(self.leg))

    def open_in_room(
        self, room: int, *, talks: bool, hears: bool = True, beside: int | None
    ) -> None:
        """Enter a room of the worker's instead; all legs of a room are in one worker."""
        self._worker = self.workers.choose(self.leg, self._take, beside=beside)
        self._worker.send(rpc.OpenRoomLeg(self.leg, room, talks=talks, hears=hears))

    def open_socket(self, command: rpc.OpenSocketLeg, *, beside: int | None) -> None:
        """Call a customer's server instead, which is this leg's far end."""
        self._worker = self.workers.choose(self.leg, self._take, beside=beside)
        self._worker.send(command)

    def end_socket(self, cause: str, raw_cause: int) -> None:
        """Tell that server that the call ends."""
        self._send(rpc.EndSocket(self.leg, cause, raw_cause))

    def set_in_room(self, *, talks: bool) -> None:
        """Let the room hear this leg from now on, or not."""
        self._send(rpc.SetRoomLeg(self.leg, talks=talks, hears=True))

    def connect(self, negotiated: Negotiated) -> None:
        """Tell the worker where the far end listens and how sound is coded."""
        self.encoding = negotiated.codec.name
        self._send(
            rpc.ConnectLeg(
                leg=self.leg,
                host=negotiated.remote_host,
                port=negotiated.remote_port,
                rtcp_port=negotiated.remote_rtcp_port,
                encoding=negotiated.codec.name,
                payload_type=negotiated.codec.payload_type,
                telephone_event=negotiated.telephone_event,
                sends=negotiated.sends,
                receives=negotiated.receives,
            )
        )

    @property
    def is_open(self) -> bool:
        """Whether there is a worker for it, that opens it or has done so."""
        return self._worker is not None

    def is_beside(self, other: "MediaSession") -> bool:
        """Whether both legs are in one worker."""
        return other.is_in(self._worker)

    def is_in(self, worker: MediaWorker | None) -> bool:
        """Whether the leg is in this worker."""
        return worker is not None and worker is self._worker

    def bridge(self, other: "MediaSession") -> None:
        """Let two legs of one worker hear each other."""
        self._send(rpc.Bridge(self.leg, other.leg))

    def unbridge(self) -> None:
        """End that."""
        self._send(rpc.Unbridge(self.leg))

    def play(self, sounds: Sequence[Sound], *, loops: bool = False) -> int:
        """Play these instead of what plays now; returns the play's number."""
        items = tuple(media_words.playable(sound) for sound in sounds)
        self._playing = self._next_id()
        self._send(rpc.Play(self.leg, self._playing, items, loops=loops))
        return self._playing

    def stop_play(self, play: int | None = None) -> None:
        """Stop a play if it still plays; without a number, whatever plays."""
        self._send(rpc.StopPlay(self.leg, self._playing if play is None else play))

    def record(self, order: RecordingOrder) -> int:
        """Begin to record; returns the recording's number."""
        number = self._next_id()
        self._send(media_words.recording(self.leg, number, order, encoding=self.encoding))
        return number

    def record_whole_call(self, order: WholeCallOrder) -> int:
        """Record both sides until the leg is closed; returns the recording's number."""
        number = self._next_id()
        self._send(media_words.whole_call(self.leg, number, order, encoding=self.encoding))
        return number

    def stop_record(self, recording: int) -> None:
        """Close a recording if it still runs."""
        self._send(rpc.StopRecord(self.leg, recording))

    def listen(self, side: Side) -> int:
        """Ask for the sound of a side; returns the listening's number."""
        number = self._next_id()
        self._send(rpc.Listen(self.leg, number, side))
        return number

    def stop_listening(self, listening: int) -> None:
        """Ask for no more of it."""
        self._send(rpc.StopListening(self.leg, listening))

    def classify(self, mode: ClassificationMode, timeout: float) -> None:
        """Find out what answered; `mode` is not the default one, whose meaning is the leg's."""
        self._send(rpc.Classify(self.leg, mode, round(timeout * 1000)))

    def close(self) -> None:
        """Give everything back; answered by `media_closed`, at once if nothing was opened."""
        if self._closing:
            return
        self._closing = True
        if self._worker is None:
            self.listener.media_closed()
        else:
            self._worker.send(rpc.CloseLeg(self.leg))

    def abandon(self) -> None:
        """Stop waiting for a worker that does not answer."""
        self._closed()

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _send(self, command: rpc.Command) -> None:
        if self._worker is not None and not self._closing:
            self._worker.send(command)

    def _take(self, event: rpc.Event) -> None:
        match event:
            case rpc.LegOpened(rtp_port=rtp_port):
                if not self._closing:
                    self.listener.media_opened(rtp_port)
            case rpc.LegClosed():
                log.info(
                    "media.closed",
                    packets_sent=event.packets_sent,
                    packets_received=event.packets_received,
                    packets_lost=event.packets_lost,
                    jitter_ms=round(event.jitter_ms, 1),
                    round_trip_ms=event.round_trip_ms,
                )
                self._closed()
            case rpc.CommandFailed():
                self._failed(event)
            case rpc.MediaArrived() | rpc.SpeechStarted() | rpc.SpeechEnded():
                pass
            case rpc.Ready() | rpc.TickReport():
                pass
            case (
                rpc.DigitReceived()
                | rpc.PlayEnded()
                | rpc.RecordEnded()
                | rpc.SoundHeard()
                | rpc.FarEndClassified()
                | rpc.GreetingEnded()
                | rpc.SocketConnected()
                | rpc.SocketEnded()
            ):
                self.listener.media_event(event)
            case _:
                assert_never(event)

    def _failed(self, failed: rpc.CommandFailed) -> None:
        if self._closing:
            self._closed()
            return
        if failed.command in _NEEDS_ANOTHER:
            return
        if failed.command in _LEG_IS_GONE:
            self._forget()
        self.listener.media_failed(failed.problem)

    def _closed(self) -> None:
        if self._forget():
            self.listener.media_closed()

    def _forget(self) -> bool:
        """Let go of the worker; False if that has happened already."""
        if self._worker is None:
            return False
        self._worker = None
        self.workers.forget(self.leg)
        return True
