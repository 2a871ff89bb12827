"""A conference room's life: who is in it, whether they hear each other, when it is gone.

The rules are those of the REST API, section 5.7; where they are silent, A-62.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from callwright.domain.errors import IllegalTransition, RemoteFault

MAX_PARTICIPANTS: Final = 40
"""Of a room that nobody has reserved (published)."""

_ENOUGH: Final = 2
"""Participants without whom there is no conference."""


class RoomIsFull(RemoteFault):
    """No more participants are let in."""


class RoomState(StrEnum):
    """Where a room is."""

    STOPPED = "stopped"
    """Nobody hears anybody."""
    STARTED = "started"
    DESTROYED = "destroyed"


class RoomEvent(StrEnum):
    """What happens to a room."""

    START = "start"
    """Somebody who starts it came in to others, and somebody in it talks."""
    EMPTY_OUT = "empty out"
    """One participant is left."""
    DESTROY = "destroy"
    """Nobody is left, or somebody went who takes the room with him."""


TRANSITIONS: Final[dict[RoomState, dict[RoomEvent, RoomState]]] = {
    RoomState.STOPPED: {
        RoomEvent.START: RoomState.STARTED,
        RoomEvent.EMPTY_OUT: RoomState.STOPPED,
        RoomEvent.DESTROY: RoomState.DESTROYED,
    },
    RoomState.STARTED: {
        RoomEvent.START: RoomState.STARTED,
        RoomEvent.EMPTY_OUT: RoomState.STOPPED,
        RoomEvent.DESTROY: RoomState.DESTROYED,
    },
    RoomState.DESTROYED: {},
}


def next_state(state: RoomState, event: RoomEvent) -> RoomState:
    """Follow one arrow of the table.

    Raises:
        IllegalTransition: the table has no such arrow.

    """
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalTransition(f"{event} while {state}") from None


@dataclass(frozen=True, slots=True)
class Participant:
    """How somebody takes part."""

    is_talker: bool = True
    starts_on_entry: bool = True
    destroys_on_exit: bool = False
    beeps_on_entry: bool = True


@dataclass(slots=True)
class Conference:
    """One room. Participants are named by the numbers of their legs."""

    state: RoomState = RoomState.STOPPED
    _participants: dict[int, Participant] = field(default_factory=dict)
    _muted: set[int] = field(default_factory=set)

    @property
    def size(self) -> int:
        """How many are in it."""
        return len(self._participants)

    def enter(self, leg: int, participant: Participant) -> None:
        """Let somebody in.

        Raises:
            RoomIsFull: there are as many in it as may be.

        """
        if self.size >= MAX_PARTICIPANTS:
            raise RoomIsFull(f"the conference has {MAX_PARTICIPANTS} participants already")
        self._participants[leg] = participant
        has_talker = any(one.is_talker for one in self._participants.values())
        if participant.starts_on_entry and self.size >= _ENOUGH and has_talker:
            self._follow(RoomEvent.START)

    def leave(self, leg: int) -> None:
        """Let somebody out; those who were never in change nothing."""
        gone = self._participants.pop(leg, None)
        self._muted.discard(leg)
        if gone is None or self.state is RoomState.DESTROYED:
            return
        if gone.destroys_on_exit or not self.size:
            self._follow(RoomEvent.DESTROY)
        elif self.size < _ENOUGH:
            self._follow(RoomEvent.EMPTY_OUT)

    def mute(self, leg: int, *, is_muted: bool) -> None:
        """Take somebody's voice, or give it back."""
        (self._muted.add if is_muted else self._muted.discard)(leg)

    def talks(self, leg: int) -> bool:
        """Whether the others hear this one now."""
        participant = self._participants.get(leg)
        is_talker = participant is not None and participant.is_talker
        return self.state is RoomState.STARTED and is_talker and leg not in self._muted

    def beeps_for(self, leg: int) -> bool:
        """Whether the others are told by a beep that this one has come in."""
        return self._participants[leg].beeps_on_entry and self.size >= _ENOUGH

    def _follow(self, event: RoomEvent) -> None:
        self.state = next_state(self.state, event)
