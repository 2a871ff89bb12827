"""What an application may ask of a leg, and what it is told about it.

The engine implements this for each kind of leg; the page runner and UAS applications use it. All
waiting methods raise `CallIsOver` as soon as the call has ended, whoever ended it, so that an
application never acts on a call that is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from callwright.domain.causes import EndCause
from callwright.domain.errors import CallwrightError
from callwright.domain.ids import CallId

TYPE_AHEAD_DIGITS: Final = 32
"""Keys kept for the next action that takes input; further ones are dropped."""


class CallIsOver(CallwrightError):
    """The call has ended; there is nothing more to do on it."""

    def __init__(self, cause: EndCause) -> None:
        """Remember why."""
        super().__init__(str(cause))
        self.cause = cause


class MediaFault(CallwrightError):
    """Something could not be played or recorded; the text says what and why."""


class CallState(StrEnum):
    """States as pages are told them in `this_call.call_state`."""

    IDLE = "idle"
    INBOUND = "inbound"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class CallSnapshot:
    """A call at one moment."""

    call_id: CallId
    state: CallState
    duration: float
    """Seconds since the answer, 0.0 before; stands still after the end."""
    cause: EndCause | None
    """Once the call has ended."""


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A wav file to play: mono, 8 kHz, a full path."""

    path: str


@dataclass(frozen=True, slots=True)
class KeyTones:
    """Keys to send, `0-9A-D*#` and `,` for a pause of half a second."""

    digits: str


Sound = SoundFile | KeyTones


class PlayOutcome(StrEnum):
    """How a play ended."""

    FINISHED = "finished"
    DIGIT = "digit"
    """A key barged in; it stays in the type-ahead buffer."""


class RecordingEncoding(StrEnum):
    """How the samples of a recording are stored."""

    ALAW = "alaw"
    ULAW = "ulaw"


@dataclass(frozen=True, slots=True)
class RecordingOrder:
    """What to record of what the far end says, and when to stop. Times in seconds."""

    path: str
    encoding: RecordingEncoding | None
    """None: that of the call, else A-law."""
    max_duration: float
    max_silence: float
    max_initial_silence: float
    stop_digits: str = ""
    beeps: bool = False


@dataclass(frozen=True, slots=True)
class RecordingOutcome:
    """A finished recording."""

    duration: float
    contains_sound: bool


class RecordingCut(CallIsOver):
    """The call ended while it was recorded; what was recorded until then is kept."""

    def __init__(self, cause: EndCause, outcome: RecordingOutcome) -> None:
        """Remember why, and what there is."""
        super().__init__(cause)
        self.outcome = outcome


class CallControl(Protocol):
    """One call, as an application sees it."""

    def snapshot(self) -> CallSnapshot:
        """Return how the call is now."""
        ...

    async def answered(self) -> None:
        """Wait for the answer; raises `CallIsOver` if there is none."""
        ...

    async def play(self, sounds: Sequence[Sound], *, barge_in_on_digit: bool) -> PlayOutcome:
        """Play all of these after one another; a key stops them if it may.

        A key that waits in the type-ahead buffer does not barge in. Raises `MediaFault`.
        """
        ...

    async def next_digit(self, within: float | None) -> str | None:
        """Take the oldest waiting key, or wait `within` seconds (None: for ever) for one.

        None if there was none in time. Zero looks and does not wait.
        """
        ...

    def drop_digits(self) -> None:
        """Forget the keys that wait."""
        ...

    async def record(self, order: RecordingOrder) -> RecordingOutcome:
        """Record until the order says stop; raises `MediaFault`.

        When the call ends meanwhile, the file at the order's path is complete before
        `RecordingCut` is raised; a plain `CallIsOver` says that there is no file.
        """
        ...

    async def pause(self, seconds: float) -> None:
        """Do nothing for a while."""
        ...

    async def hang_up(self) -> None:
        """End the call and wait until it has ended; does nothing when it has."""
        ...

    async def over(self) -> EndCause:
        """Wait until the call has ended, and say why."""
        ...
