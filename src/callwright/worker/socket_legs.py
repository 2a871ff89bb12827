"""All socket legs of a worker: each one's part of a tick, and the connections that are ending."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from callwright.domain.clock import Clock
from callwright.media.frames import FRAME_SAMPLES
from callwright.protocol.callsocket.causes import Cause, RawCause
from callwright.worker import rpc
from callwright.worker.leg import Leg
from callwright.worker.ports import LegStatistics
from callwright.worker.socket_leg import SocketLeg
from callwright.worker.sound import Sound
from callwright.worker.switchboard import Switchboard
from callwright.worker.trust import Trust

FRAME_BYTES: Final = FRAME_SAMPLES * 2
"""20 ms of 16-bit linear sound."""

DIALS_A_TICK: Final = 2
"""Calls that are begun in one tick, a hundred a second. A TLS handshake takes a millisecond or
two of this thread: many at once would make the ticks of all other calls late."""

PARTING_STEP: Final = 0.01
"""Seconds between two looks at connections that are ending, when no ticks come any more."""

PARTING_PATIENCE: Final = 1.0
"""Seconds that a worker waits for them before it ends: enough for a server that is not dead."""


class SocketLegs:
    """Opens them, and gives each its part of a tick."""

    def __init__(
        self,
        *,
        sound: Sound,
        switchboard: Switchboard,
        clock: Clock,
        emit: Callable[[rpc.Event], None],
    ) -> None:
        self._sound = sound
        self._switchboard = switchboard
        self._clock = clock
        self._emit = emit
        self._trust = Trust()
        self._now = 0.0
        self._heard = sound.heard
        self._sent = b""
        self._legs: dict[int, Leg] = {}
        """By row."""
        self._to_dial: deque[SocketLeg] = deque()
        self._parting: list[SocketLeg] = []
        """Connections of legs that are closed already."""

    def dial(self, command: rpc.OpenSocketLeg) -> SocketLeg:
        """Call a server, as soon as a tick has time for it.

        Raises:
            ValueError: no event loop runs.

        """
        socket = SocketLeg(command, trust=self._trust, clock=self._clock, emit=self._emit)
        self._to_dial.append(socket)
        return socket

    def add(self, leg: Leg, socket: SocketLeg) -> None:
        """Make a leg of it, which has its row already."""
        leg.socket = socket
        self._legs[leg.row] = leg
        self._sound.connect_linear(leg.row)

    def end(self, leg: Leg, command: rpc.EndSocket, now: float) -> None:
        """End a leg's call; the leg stays.

        Raises:
            ValueError: it is no socket leg.

        """
        if leg.socket is None:
            raise ValueError("the leg has no WebSocket")
        leg.socket.hang_up(command.cause, command.raw_cause, now)

    def close(self, leg: Leg, now: float) -> LegStatistics:
        """End a leg's call, if it hasn't, and forget the leg; the connection ends in its time."""
        socket = leg.socket
        assert socket is not None
        del self._legs[leg.row]
        socket.hang_up(Cause.NORMAL, RawCause.ENDED_BY_US, now)
        self._parting.append(socket)
        return socket.statistics

    def begin_tick(self, now: float) -> list[Leg]:
        """See to calls that begin and end; return the legs that have a part in the tick."""
        self._now = now
        self._heard = self._sound.heard
        for _ in range(min(DIALS_A_TICK, len(self._to_dial))):
            self._to_dial.popleft().begin()
        if self._parting:
            self._part(now)
        return list(self._legs.values())

    def hear(self, leg: Leg) -> None:
        """Do what is due on a leg, and put what its server plays into its row."""
        assert leg.socket is not None
        leg.socket.tick(self._now)
        leg.socket.hear(self._heard[leg.row])

    def begin_sending(self) -> None:
        """Take what all legs are to be sent; it is complete now."""
        if self._legs:
            self._sent = self._sound.sent.astype("<i2", copy=False).tobytes()

    def send(self, leg: Leg) -> None:
        """Send a leg's row; keys that are told as messages are not in the sound as well."""
        assert leg.socket is not None
        begin = leg.row * FRAME_BYTES
        sound = self._sent[begin : begin + FRAME_BYTES]
        if leg.socket.takes_digits and self._switchboard.carries_key(leg, self._now):
            sound = _SILENCE
        leg.socket.send(sound, self._now)

    async def wait_parted(self) -> None:
        """Wait until no connection is left; those that take too long are let go of."""
        give_up_at = self._clock.now() + PARTING_PATIENCE
        while self._parting and self._clock.now() < give_up_at:
            self._part(self._clock.now())
            await asyncio.sleep(PARTING_STEP)
        for socket in self._parting:
            socket.abort()

    def _part(self, now: float) -> None:
        for socket in list(self._parting):
            socket.tick(now)
            if socket.is_gone:
                self._parting.remove(socket)


_SILENCE: Final = bytes(FRAME_BYTES)
