"""What a leg tells whoever holds its handle, in the order in which it happened."""

from dataclasses import dataclass

from callwright.domain.causes import EndCause


@dataclass(frozen=True, slots=True)
class Ringing:
    """The far end is being alerted."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The far end answered and sound can flow."""

    encoding: str
    """`PCMU` or `PCMA`: what was negotiated."""


@dataclass(frozen=True, slots=True)
class Digit:
    """The far end pressed a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class PlayOver:
    """A play has ended."""

    play: int
    finished: bool
    problem: str


@dataclass(frozen=True, slots=True)
class RecordingOver:
    """A recording is closed and complete on disk."""

    recording: int
    duration: float
    contains_sound: bool
    problem: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over; always the last event, and there is exactly one."""

    cause: EndCause


CallEvent = Ringing | Answered | Digit | PlayOver | RecordingOver | Ended
