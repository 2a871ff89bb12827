"""All socket legs of a worker: each one's part of a tick, and the connections that are ending."""

import asyncio
from collections.abc import Callable
from typing import Final

from callwright.domain.clock import Clock
from callwright.protocol.callsocket.causes import Cause, RawCause
from callwright.worker import rpc
from callwright.worker.leg import Leg
from callwright.worker.ports import LegStatistics
from callwright.worker.socket_leg import SocketLeg
from callwright.worker.sound import Sound
from callwright.worker.switchboard import Switchboard
from callwright.worker.trust import Trust

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
        self._legs: dict[int, Leg] = {}
        """By row."""
        self._parting: list[SocketLeg] = []
        """Connections of legs that are closed already."""

    def dial(self, command: rpc.OpenSocketLeg) -> SocketLeg:
        """Begin to call a server.

        Raises:
            ValueError: no event loop runs.

        """
        return SocketLeg(command, trust=self._trust, clock=self._clock, emit=self._emit)

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
        """See to connections that are ending; return the legs that have a part in the tick."""
        self._now = now
        if self._parting:
            self._part(now)
        return list(self._legs.values())

    def hear(self, leg: Leg) -> None:
        """Do what is due on a leg, and put what its server plays into its row."""
        assert leg.socket is not None
        leg.socket.tick(self._now)
        leg.socket.hear(self._sound.heard[leg.row])

    def send(self, leg: Leg) -> None:
        """Send a leg's row; keys that are told as messages are not in the sound as well."""
        assert leg.socket is not None
        frame = self._sound.sent[leg.row]
        if leg.socket.takes_digits and self._switchboard.carries_key(leg, self._now):
            frame[:] = 0
        leg.socket.send(frame, self._now)

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
