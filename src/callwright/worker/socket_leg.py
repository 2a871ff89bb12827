"""A leg whose far end is a server on a WebSocket: dialled, talking, over."""

import asyncio
from collections.abc import Callable
from typing import Final

import numpy as np
from picows import WSTransport

from callwright.domain.clock import Clock
from callwright.media.channels import channel_of
from callwright.media.frames import FRAME_SAMPLES, Samples
from callwright.media.wav import Encoding, decoded
from callwright.protocol.callsocket.causes import Origin, cause_of
from callwright.protocol.callsocket.messages import Format
from callwright.protocol.callsocket.play_queue import Piece
from callwright.protocol.callsocket.session import Ended
from callwright.worker import rpc
from callwright.worker.ports import LegStatistics
from callwright.worker.socket_dial import DialFailed, dial
from callwright.worker.socket_line import SocketLine, look_at
from callwright.worker.trust import Trust


class SocketLeg:
    """One `OpenSocketLeg` command. Whatever happens, it tells one `SocketEnded`."""

    def __init__(
        self,
        command: rpc.OpenSocketLeg,
        *,
        trust: Trust,
        clock: Clock,
        emit: Callable[[rpc.Event], None],
    ) -> None:
        """Make ready; nobody is called before `begin`.

        Raises:
            ValueError: no event loop runs.

        """
        self._command = command
        self._clock = clock
        self._emit = emit
        self._trust = trust
        self._dialling: asyncio.Task[tuple[WSTransport, SocketLine]] | None = None
        self._line: SocketLine | None = None
        self._is_over = False
        self._is_heard = False
        self._was_silent = False
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ValueError("WebSockets are called on an event loop, and none runs") from None

    def begin(self) -> None:
        """Dial, unless the call is over already."""
        if not self._is_over:
            dialling = dial(self._command, self._new_line, self._trust)
            self._dialling = self._loop.create_task(dialling)
            self._dialling.add_done_callback(look_at)

    @property
    def takes_digits(self) -> bool:
        """Whether keys are messages; else they are tones in the sound."""
        return self._line is not None and self._line.session.takes_digits

    @property
    def is_gone(self) -> bool:
        """Whether nothing is left of dialling and connection."""
        is_dialling = self._dialling is not None and not self._dialling.done()
        return not is_dialling and (self._line is None or self._line.is_gone)

    @property
    def statistics(self) -> LegStatistics:
        """Frames sent, received and dropped, as if they had been packets."""
        line = self._line
        if line is None:
            return LegStatistics(0, 0, 0, 0, 0.0, None)
        sent, received, dropped = line.frames_sent, line.frames_received, line.frames_dropped
        return LegStatistics(sent, received, 0, dropped, 0.0, None)

    def press(self, key: str, _duration_ms: int) -> None:
        """Tell the server of a key."""
        if self._line is not None:
            self._line.session.press(key)
            self._line.flush()

    def tick(self, now: float) -> None:
        """Do what is due, and tell what has happened since the last tick."""
        self._pick_up()
        if self._line is not None:
            self._line.tick(now)
            self._tell()

    def hear(self, frame: Samples) -> None:
        """Fill a frame with what the server plays, and silence behind it."""
        line = self._line
        if line is None or line.session.is_silent:
            if not self._was_silent:
                self._was_silent = True
                frame[:] = 0
            return
        self._was_silent = False
        filled = 0
        for piece in line.session.take_sound(FRAME_SAMPLES):
            if len(piece.sound) == _FRAME_BYTES and piece.play.is_linear:
                # What nearly every server sends in nearly every tick, worth a way of its own.
                frame[:] = np.frombuffer(piece.sound, _LINEAR)
                filled = FRAME_SAMPLES
                break
            sound = _decoded(piece)
            frame[filled : filled + len(sound)] = sound
            filled += len(sound)
        if filled < FRAME_SAMPLES:
            frame[filled:] = 0
        line.flush()  # plays that are finished
        if filled and not self._is_heard:
            self._is_heard = True
            self._emit(rpc.MediaArrived(self._command.leg))

    def send(self, sound: bytes, now: float) -> None:
        """Send a frame: 16-bit linear, little endian."""
        if self._line is not None:
            self._line.send_sound(sound, now)

    def hang_up(self, cause: str, raw_cause: int, now: float) -> None:
        """We end the call; one that is over is left alone."""
        self._pick_up()
        if self._line is not None:
            self._line.session.hang_up(cause, raw_cause, now)
            self._line.flush()
            self._tell()
        else:
            self._give_up()
            self._over(Ended(Origin.CLIENT, cause, raw_cause))

    def abort(self) -> None:
        """Let go of the connection at once."""
        self._give_up()
        if self._line is not None:
            self._line.abort()

    def _give_up(self) -> None:
        if self._dialling is not None:
            self._dialling.cancel()

    def _new_line(self, sub_protocol: str) -> SocketLine:
        caller, now = self._command.from_, self._clock.now
        return SocketLine(caller=caller, sub_protocol=sub_protocol, now=now)

    def _pick_up(self) -> None:
        """See what became of dialling.

        A bug in it is raised here: it costs this leg alone.
        """
        dialling = self._dialling
        if dialling is None or self._line is not None or self._is_over:
            return
        if not dialling.done() or dialling.cancelled():
            return
        try:
            _, self._line = dialling.result()
        except DialFailed as problem:
            raw_cause = problem.raw_cause
            self._over(Ended(Origin.ERROR, cause_of(raw_cause), raw_cause, str(problem)))
        else:
            self._emit(rpc.SocketConnected(self._command.leg, self._line.sub_protocol))

    def _tell(self) -> None:
        if self._line is not None:
            for ended in self._line.ended():
                self._over(ended)

    def _over(self, ended: Ended) -> None:
        if not self._is_over:
            self._is_over = True
            origin, cause, raw_cause, problem = ended
            leg = self._command.leg
            self._emit(rpc.SocketEnded(leg, str(origin), str(cause), int(raw_cause), problem))


def _decoded(piece: Piece) -> Samples:
    play = piece.play
    sound = decoded(piece.sound, _ENCODINGS[play.format])
    return channel_of(sound, play.channels, play.channel)


_LINEAR: Final = np.dtype("<i2")
_FRAME_BYTES: Final = FRAME_SAMPLES * 2
_ENCODINGS: Final = {
    Format.PCM_16: Encoding.PCM16,
    Format.PCM_8: Encoding.PCM8,
    Format.A_LAW: Encoding.PCMA,
    Format.MU_LAW: Encoding.PCMU,
}
