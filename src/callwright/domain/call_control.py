"""What an application may ask of a leg, and what it is told about it.

The engine implements this for each kind of leg; the page runner and UAS applications use it. All
waiting methods raise `CallIsOver` as soon as the call has ended, whoever ended it, so that an
application never acts on a call that is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from callwright.domain.call_parties import CallParties
from callwright.domain.causes import EndCause
from callwright.domain.cipher import Cipher
from callwright.domain.errors import CallwrightError
from callwright.domain.far_end import Classification, FarEnd
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
    cipher: Cipher | None = None
    """Set when the file is stored encrypted."""


@dataclass(frozen=True, slots=True)
class KeyTones:
    """Keys to send, `0-9A-D*#` and `,` for a pause of half a second."""

    digits: str


@dataclass(frozen=True, slots=True)
class Tone:
    """One or two frequencies for a while; none is silence."""

    frequencies_hz: tuple[float, ...]
    duration_ms: int
    level_dbm0: float = -10.0


Sound = SoundFile | KeyTones | Tone


class PlayOutcome(StrEnum):
    """How a play ended."""

    FINISHED = "finished"
    DIGIT = "digit"
    """A key barged in; it stays in the type-ahead buffer."""
    STOPPED = "stopped"
    """`stop_play` was called."""


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
    cipher: Cipher | None = None


class RecordingMode(StrEnum):
    """How the two sides of a whole call are recorded."""

    MIXED = "mixed"
    SEPARATE = "separate"
    """Two channels: the far end, and what it was told."""


@dataclass(frozen=True, slots=True)
class WholeCallOrder:
    """Both sides of a call, recorded from now until it ends."""

    path: str
    mode: RecordingMode
    eliminates_dtmf: bool
    cipher: Cipher | None = None


class Side(StrEnum):
    """Which sound of a call is meant."""

    HEARD = "heard"
    """What the far end says."""
    SENT = "sent"
    """What the far end is told."""
    MIXED = "mixed"


class Hearing(Protocol):
    """The sound of a call, as it happens: 16-bit linear, little endian, 8 kHz, mono."""

    async def next_sound(self) -> bytes:
        """Wait for the next piece, some 100 ms; empty when there will be no more.

        What is not taken within a second is dropped, the oldest first.
        """
        ...

    def close(self) -> None:
        """Stop listening; the pieces that are there can still be taken."""
        ...


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

    @property
    def parties(self) -> CallParties:
        """Who calls whom."""
        ...

    def snapshot(self) -> CallSnapshot:
        """Return how the call is now."""
        ...

    async def answered(self) -> None:
        """Wait for the answer; raises `CallIsOver` if there is none."""
        ...

    async def answer(self, headers: Sequence[tuple[str, str]] = ()) -> None:
        """Answer an inbound call, and wait until sound can flow; does nothing on any other."""
        ...

    async def open_early_media(self) -> None:
        """Let an inbound call be played to before it is answered; nothing when that is so."""
        ...

    async def early_media(self) -> None:
        """Wait until an outbound call is heard before its answer, or is answered.

        Only calls placed with the wish for early media are heard before. Raises `CallIsOver`.
        """
        ...

    async def reject(self, sip_status: int) -> None:
        """Refuse an inbound call that is not answered, and wait until it has ended."""
        ...

    async def classify(self, how: Classification) -> FarEnd:
        """Find out what answered; takes at most `how.timeout`."""
        ...

    async def greeting_over(self) -> None:
        """Wait until the answering machine that `classify` found is ready to record."""
        ...

    async def play(
        self, sounds: Sequence[Sound], *, barge_in_on_digit: bool, loops: bool = False
    ) -> PlayOutcome:
        """Play all of these after one another; a key stops them if it may.

        A key that waits in the type-ahead buffer does not barge in. With `loops` they are played
        over and over, until a key, `stop_play` or a cancellation stops them. Raises `MediaFault`.
        """
        ...

    def stop_play(self) -> None:
        """Stop what is being played; whoever waits for it is told."""
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

    def stop_record(self) -> None:
        """Stop what `record` records; whoever waits for it is told what there is."""
        ...

    def record_whole_call(self, order: WholeCallOrder) -> None:
        """Record both sides from now on; the file is complete before the call is `over`."""
        ...

    def hear(self, side: Side) -> Hearing:
        """Listen to the call from now on."""
        ...

    def join(self, other: "CallControl") -> None:
        """Let two calls hear each other, beside what each of them is played.

        Each is answered, or has early media. Joining two that are joined changes nothing; one
        that is joined to a third parts from it first.

        Raises:
            MediaFault: their sound cannot be brought together.

        """
        ...

    def part(self) -> None:
        """End that; does nothing when it has ended."""
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
