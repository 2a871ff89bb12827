"""Calls as call history knows them: what an attempt did, kept for longer than its task."""

from dataclasses import dataclass
from enum import StrEnum

from callwright.domain.callback import Attempt, AttemptOutcome, CallUuid, ExtensionId, Task
from callwright.domain.causes import HangupCause
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


class Disposition(StrEnum):
    """Who ended a call; the values are the API's words in `hangup_disposition`."""

    CALLER_BYE = "caller_bye"
    CALLEE_BYE = "callee_bye"
    CALLER_CANCEL = "caller_cancel"
    """The caller left before the callee answered."""
    CALLEE_REFUSE = "callee_refuse"
    INTERNAL_CANCEL = "internal_cancel"
    """We did: nobody picked up in time, another number did, or the call was ended by force."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in a call."""

    number: str
    """As the client gave it."""
    domain: str | None
    """Of the client's extensions; None for a number of the public network."""


@dataclass(frozen=True, slots=True)
class CallPart:
    """One number that was called, as its CDR tells it."""

    callee: Party
    initiated_at: UnixTime
    connected_at: UnixTime | None
    hung_up_at: UnixTime
    joined: float
    """Seconds that it heard the other side."""
    caller_id: str
    """That it was shown; empty for none."""
    cause: HangupCause
    is_elsewhere: bool
    """It stopped ringing because another number of its side answered."""
    disposition: Disposition | None
    is_transfer: bool = False
    """It was called for whoever stayed when the other one had hung up."""
    is_recorded: bool = False
    """Whether the recording of the call was made on it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The sound of a call from its join on, in the client's media files."""

    record_uuid: CallUuid
    account_id: AccountId
    call_uuid: CallUuid
    extension_id: ExtensionId
    began_at: UnixTime
    filename: str
    """As the file services name it."""
    size_bytes: int
    duration: float


@dataclass(frozen=True, slots=True)
class RecordedSound:
    """A recording as it lies on the disk."""

    size_bytes: int
    """Of the whole file."""
    duration: float


@dataclass(frozen=True, slots=True)
class Call:
    """One call, with everything that call history prints of it."""

    call_uuid: CallUuid
    account_id: AccountId
    extension_id: ExtensionId
    extension_number: str | None
    """None: the extension was deleted before the call was written down."""
    a_side: Party
    """Who answered of the A side, or its first number."""
    a_name: str | None
    """The caller's name."""
    b_side: Party
    began_at: UnixTime
    """When the attempt began."""
    called_at: UnixTime | None
    """When the first number was called."""
    joined_at: UnixTime | None
    joined: float | None
    """Seconds; None if they never talked."""
    ended_at: UnixTime | None
    """None while it goes on."""
    outcome: AttemptOutcome | None
    """The same."""
    cause: HangupCause | None
    disposition: Disposition | None
    parts: tuple[CallPart, ...]
    """In the order of their calls."""
    recording: Recording | None = None


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls of an account are wanted: of attempts that began in a period."""

    start: UnixTime
    end: UnixTime
    """Not included."""
    extension_id: ExtensionId | None = None
    b_number: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingFilter:
    """Which recordings of an account are wanted: of those that began in a period."""

    start: UnixTime
    end: UnixTime
    """Not included."""
    extension_id: ExtensionId | None = None


@dataclass(frozen=True, slots=True)
class UnwrittenCall:
    """A call that has no record of its own: it goes on, or it ended before there were any."""

    task: Task
    attempt: Attempt
