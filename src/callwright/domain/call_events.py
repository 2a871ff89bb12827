"""What a leg tells whoever holds its handle, in the order in which it happened."""

from dataclasses import dataclass

from callwright.domain.causes import EndCause
from callwright.domain.far_end import FarEnd


@dataclass(frozen=True, slots=True)
class Ringing:
    """The far end is being alerted."""


@dataclass(frozen=True, slots=True)
class EarlyMedia:
    """Sound can flow before the answer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The call is answered and sound can flow."""

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
class SoundPiece:
    """A piece of what is listened to; empty pieces come only as the last."""

    listening: int
    sound: bytes
    is_last: bool


@dataclass(frozen=True, slots=True)
class Classified:
    """It was found out, or not, what answered."""

    far_end: FarEnd


@dataclass(frozen=True, slots=True)
class GreetingOver:
    """The answering machine is ready to record."""


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """The conference that this leg is in started, or stopped."""

    is_started: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over; always the last event, and there is exactly one."""

    cause: EndCause


CallEvent = (
    Ringing
    | EarlyMedia
    | Answered
    | Digit
    | PlayOver
    | RecordingOver
    | SoundPiece
    | Classified
    | GreetingOver
    | RoomChanged
    | Ended
)
