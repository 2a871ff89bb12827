"""One call WebSocket, from the server's side: what may come when, and which plays are not through.

In: the platform's frames. Out: events. It knows neither sockets nor time.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from .messages import (
    BadPlatformMessage,
    CallStart,
    Digit,
    Ended,
    Message,
    Origin,
    Overflow,
    PlayFinished,
    Problem,
    SoundEnd,
    SoundHeard,
    SoundStart,
    read_message,
)
from .sound import TELEPHONE, SoundFormat

DIGITS: Final = "v2.ws.cloud.aculab.com"
"""The sub-protocol with which keys are messages, and silent in the sound."""

SUB_PROTOCOLS: Final = (DIGITS, "v1.ws.cloud.aculab.com", "v1.cloud.aculab.com")
"""Every sub-protocol, best first; with the others keys are tones in the sound."""

CONNECTION_LOST: Final = 1006
"""The raw cause of a connection that ended without a Close frame (RFC 6455 7.1.5)."""


class State(StrEnum):
    """How far a call is."""

    CONNECTED = "connected"
    STARTED = "started"
    """`call_start` has come."""
    TALKING = "talking"
    """`audio_start` has come."""
    SILENT = "silent"
    """`audio_end` has come."""
    OVER = "over"


TRANSITIONS: Final[dict[State, dict[type[Message], State]]] = {
    State.CONNECTED: {CallStart: State.STARTED, Ended: State.OVER},
    State.STARTED: {SoundStart: State.TALKING, Ended: State.OVER},
    State.TALKING: {SoundEnd: State.SILENT, Ended: State.OVER},
    State.SILENT: {Ended: State.OVER},
    State.OVER: {},
}
"""Messages that take a call further."""

AT_ANY_TIME: Final = frozenset({Digit, PlayFinished, Overflow, Problem})
"""Messages that change nothing between `call_start` and `call_end`."""

Event = SoundHeard | Digit | PlayFinished | Overflow | Problem | Ended
"""What a handler is told."""


@dataclass(slots=True)
class Session:
    """A call's state, and what was told of it."""

    state: State = State.CONNECTED
    caller: str = ""
    format: SoundFormat = TELEPHONE
    """How the sound that is heard is coded."""
    _plays: deque[str] = field(default_factory=deque)
    """Plays that were begun and that the platform has not called finished, in order."""

    def receive(self, message: str | bytes) -> Event | None:
        """Take a frame of the platform's; None where a handler need not know.

        Raises:
            BadPlatformMessage: it is none of the protocol's, or comes at a wrong time.

        """
        found = SoundHeard(message) if isinstance(message, bytes) else read_message(message)
        if found is None:
            return None
        after = TRANSITIONS[self.state].get(type(found))
        if after is None and not self._is_welcome(found):
            kind = type(found).__name__
            raise BadPlatformMessage(f"{kind} came while the call was {self.state}")
        self.state = after or self.state
        return self._note(found)

    def lose(self, close_code: int | None) -> Ended | None:
        """Note that the connection is closed; None if the call had ended before."""
        if self.state is State.OVER:
            return None
        self.state = State.OVER
        self._plays.clear()
        return Ended(Origin.ERROR, "FAILED", close_code or CONNECTION_LOST)

    def begin_play(self, play_id: str) -> None:
        """Note that a play was begun."""
        self._plays.append(play_id)

    @property
    def waiting_plays(self) -> int:
        """How many plays the platform has not called finished."""
        return len(self._plays)

    @property
    def is_talking(self) -> bool:
        """Whether something can be played and heard."""
        return self.state is State.TALKING

    def _is_welcome(self, message: Message) -> bool:
        if isinstance(message, SoundHeard):
            return self.is_talking
        started = self.state not in {State.CONNECTED, State.OVER}
        return started and type(message) in AT_ANY_TIME

    def _note(self, message: Message) -> Event | None:
        match message:
            case CallStart(caller):
                self.caller = caller
            case SoundStart(sound):
                self.format = sound
            case SoundEnd():
                pass
            case PlayFinished(play_id):
                if play_id in self._plays:
                    self._plays.remove(play_id)
                return message
            case Ended():
                self._plays.clear()
                return message
            case _:
                return message
        return None


def choose_sub_protocol(
    offered: Sequence[str], wanted: tuple[str, ...] = SUB_PROTOCOLS
) -> str | None:
    """Return the first of ours that was offered.

    Ours decide, not the order of the offer: who echoes the first one that was offered gets
    whatever a newer platform puts there.
    """
    return next((one for one in wanted if one in offered), None)
