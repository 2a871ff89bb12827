"""One leg's half of the conversation with its media worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, assert_never

import structlog

from callwright.domain.call_control import (
    KeyTones,
    RecordingEncoding,
    RecordingOrder,
    Sound,
    SoundFile,
)
from callwright.engine.ports import MediaWorker, MediaWorkers
from callwright.protocol.sdp.offer_answer import Negotiated
from callwright.worker import rpc

log: Final = structlog.get_logger()

WORKER_DIED: Final = "worker"
"""Stands for the command in the `CommandFailed` that each leg of a dead worker is told."""

_LEG_IS_GONE: Final = frozenset({"OpenLeg", WORKER_DIED})
_ENCODINGS: Final = {RecordingEncoding.ALAW: "PCMA", RecordingEncoding.ULAW: "PCMU"}


class MediaListener(Protocol):
    """Who is told what the worker reports; the leg."""

    def media_opened(self, rtp_port: int) -> None:
        """The leg has ports."""
        ...

    def media_failed(self, problem: str) -> None:
        """The leg has lost its sound for good."""
        ...

    def media_closed(self) -> None:
        """The ports are given back, or their worker is dead."""
        ...

    def digit_received(self, digit: str) -> None:
        """The far end pressed a key."""
        ...

    def play_over(self, ended: rpc.PlayEnded) -> None:
        """A play has ended."""
        ...

    def recording_over(self, ended: rpc.RecordEnded) -> None:
        """A recording is complete on disk."""
        ...


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
    _closing: bool = False

    def open(self) -> None:
        """Ask for ports; answered by `media_opened` or `media_failed`."""
        self._worker = self.workers.choose(self.leg, self._take)
        self._worker.send(rpc.OpenLeg(self.leg))

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

    def play(self, sounds: Sequence[Sound]) -> int:
        """Play these instead of what plays now; returns the play's number."""
        self._last_id += 1
        items = tuple(_playable(sound) for sound in sounds)
        self._send(rpc.Play(self.leg, self._last_id, items))
        return self._last_id

    def stop_play(self, play: int) -> None:
        """Stop a play if it still plays."""
        self._send(rpc.StopPlay(self.leg, play))

    def record(self, order: RecordingOrder) -> int:
        """Begin to record; returns the recording's number."""
        self._last_id += 1
        encoding = _ENCODINGS[order.encoding] if order.encoding else self.encoding
        self._send(
            rpc.Record(
                leg=self.leg,
                recording=self._last_id,
                path=order.path,
                encoding=encoding,
                max_duration=order.max_duration,
                max_silence=order.max_silence,
                max_initial_silence=order.max_initial_silence,
                beeps=order.beeps,
            )
        )
        return self._last_id

    def stop_record(self, recording: int) -> None:
        """Close a recording if it still runs."""
        self._send(rpc.StopRecord(self.leg, recording))

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

    def _send(self, command: rpc.Command) -> None:
        if self._worker is not None and not self._closing:
            self._worker.send(command)

    def _take(self, event: rpc.Event) -> None:
        match event:
            case rpc.LegOpened(rtp_port=rtp_port):
                if not self._closing:
                    self.listener.media_opened(rtp_port)
            case rpc.DigitReceived(digit=digit):
                self.listener.digit_received(digit)
            case rpc.PlayEnded():
                self.listener.play_over(event)
            case rpc.RecordEnded():
                self.listener.recording_over(event)
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
            case _:
                assert_never(event)

    def _failed(self, failed: rpc.CommandFailed) -> None:
        if self._closing:
            self._closed()
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


def _playable(sound: Sound) -> rpc.Playable:
    match sound:
        case SoundFile(path):
            return rpc.PlayFile(path)
        case KeyTones(digits):
            return rpc.PlayDigits(digits)
        case _:
            assert_never(sound)
