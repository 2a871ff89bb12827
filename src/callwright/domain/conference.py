"""A conference room as those see it who are not in it: its terms, and who is in it."""

from dataclasses import dataclass
from typing import Final

from callwright.domain.clock import Instant
from callwright.domain.ids import CallId, InstanceId

MAX_UNRESERVED: Final = 40
"""Participants of a room that nobody has reserved (published)."""

MAX_RESERVED: Final = 350
"""Participants of a reserved room (published)."""


@dataclass(frozen=True, slots=True)
class RoomTerms:
    """On what terms a room lets people in."""

    max_participants: int = MAX_UNRESERVED
    """Those who are in it stay when it becomes less. None are let in before it opens: whoever
    calls is told that it is busy."""
    closes_at: Instant | None = None
    """When everybody has to go; None: when the last one goes."""


UNRESERVED: Final = RoomTerms()


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """Somebody in a room; named by the call to the room, which records have too."""

    call_id: CallId
    instance_id: InstanceId
    """Of the application that brought him in."""
    call_from: str
    """Who calls the room, as pages are told."""
    is_talker: bool
    is_muted: bool
    destroys_on_exit: bool
    duration: float
    """Seconds since he came in."""


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room that somebody is in."""

    name: str
    is_started: bool
    """Whether the participants hear each other."""
    max_participants: int
    participants: tuple[ParticipantView, ...]
    """In the order in which they came."""


@dataclass(frozen=True, slots=True)
class ParticipantChange:
    """What is to change for a participant; None leaves it as it is."""

    is_talker: bool | None = None
    is_muted: bool | None = None
    destroys_on_exit: bool | None = None
