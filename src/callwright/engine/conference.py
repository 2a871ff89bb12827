"""A conference room's life: who is in it, whether they hear each other, when it is gone.

The rules are those of the REST API, section 5.7; where they are silent, A-62.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from callwright.domain.conference import MAX_UNRESERVED, ParticipantChange
from callwright.domain.errors import RemoteFault
from callwright.domain.transitions import follow

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
    return follow(TRANSITIONS, state, event)


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
    max_participants: int = MAX_UNRESERVED
    """Those who are in it stay when it becomes less."""
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
        if self.size >= self.max_participants:
            raise RoomIsFull(f"no more than {self.max_participants} are let in")
        self._participants[leg] = participant
        if participant.starts_on_entry and self.size >= _ENOUGH and self._has_talker():
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

    def close(self) -> None:
        """Destroy the room, whoever is in it."""
        if self.state is not RoomState.DESTROYED:
            self._follow(RoomEvent.DESTROY)

    def mute(self, leg: int, *, is_muted: bool) -> None:
        """Take somebody's voice, or give it back."""
        (self._muted.add if is_muted else self._muted.discard)(leg)

    def is_muted(self, leg: int) -> bool:
        """Whether somebody's voice was taken."""
        return leg in self._muted

    def participant(self, leg: int) -> Participant:
        """Return how somebody takes part who is in it."""
        return self._participants[leg]

    def change(self, leg: int, change: ParticipantChange) -> None:
        """Let somebody who is in it take part in another way from now on."""
        now = self._participants[leg]
        self._participants[leg] = replace(
            now,
            is_talker=now.is_talker if change.is_talker is None else change.is_talker,
            destroys_on_exit=now.destroys_on_exit
            if change.destroys_on_exit is None
            else change.destroys_on_exit,
        )
        if change.is_muted is not None:
            self.mute(leg, is_muted=change.is_muted)

    def talks(self, leg: int) -> bool:
        """Whether the others hear this one now."""
        participant = self._participants.get(leg)
        is_talker = participant is not None and participant.is_talker
        return self.state is RoomState.STARTED and is_talker and leg not in self._muted

    def beeps_for(self, leg: int) -> bool:
        """Whether the others are told by a beep that this one has come in."""
        return self._participants[leg].beeps_on_entry and self.size >= _ENOUGH

    def _has_talker(self) -> bool:
        return any(one.is_talker for one in self._participants.values())

    def _follow(self, event: RoomEvent) -> None:
        self.state = next_state(self.state, event)
