"""What happened, told once by whoever saw it: the records and the live view are made of facts.

Facts carry numbers and digits, so they go to their account's owner and to no log line.
"""

from dataclasses import dataclass
from typing import Protocol

from callwright.domain.causes import EndCause
from callwright.domain.clock import UnixTime
from callwright.domain.far_end import FarEnd
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceRef
from callwright.domain.records import (
    PRIMARY_CHANNEL,
    CallDirection,
    ErrorCode,
)


@dataclass(frozen=True, slots=True)
class StartQueued:
    """A service start is on disk and waits for its turn."""

    at: UnixTime
    to: str


@dataclass(frozen=True, slots=True)
class StartRefused:
    """A service start could not run."""

    at: UnixTime
    reason: str


@dataclass(frozen=True, slots=True)
class StartCancelled:
    """A service start was taken out of the queue."""

    at: UnixTime


@dataclass(frozen=True, slots=True)
class InstanceStarted:
    """A run of a customer's application began."""

    at: UnixTime
    instance_id: InstanceId
    application_name: str
    rest_to: str
    rest_from: str
    rest_initial_token: str
    outbound_parameters: str
    application_parameters: str
    rest_log_filename: str
    extra_channel_count: int
    fax: bool


@dataclass(frozen=True, slots=True)
class CallPlaced:
    """A leg towards somebody was started."""

    at: UnixTime
    call_id: CallId
    destination_address: str
    originating_address: str
    trunk: str
    """Empty for a call that leaves by none."""
    direction: CallDirection = CallDirection.OUT
    channel_type: str = PRIMARY_CHANNEL
    """As CDRs print it: `p` for an instance's first call, `x` for the others."""


@dataclass(frozen=True, slots=True)
class CallRinging:
    """The far end is being alerted."""

    at: UnixTime
    call_id: CallId
    sip_status: int


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """The far end answered."""

    at: UnixTime
    call_id: CallId


@dataclass(frozen=True, slots=True)
class CallOver:
    """A call ended; told exactly once for each `CallPlaced`."""

    at: UnixTime
    call_id: CallId
    cause: EndCause


@dataclass(frozen=True, slots=True)
class FarEndClassified:
    """It was found out, or not, what answered."""

    at: UnixTime
    call_id: CallId
    far_end: FarEnd


@dataclass(frozen=True, slots=True)
class CallJoined:
    """A call began to hear another one; told of both."""

    at: UnixTime
    call_id: CallId


@dataclass(frozen=True, slots=True)
class CallParted:
    """A call stopped hearing the other one; told of both, before their `CallOver`."""

    at: UnixTime
    call_id: CallId


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """The far end pressed a key."""

    at: UnixTime
    call_id: CallId
    digit: str


@dataclass(frozen=True, slots=True)
class PageAnswered:
    """A page of the customer's was asked: which one, and how it went."""

    at: UnixTime
    page: str
    """`first`, `next`, `final` or `error`."""
    url: str
    http_status: int | None
    """None when no response came."""
    actions: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ActionStarted:
    """The next action of the list began."""

    at: UnixTime
    action: str
    detail: str = ""
    """What a person watching would like to know: the text said, the keys expected."""


@dataclass(frozen=True, slots=True)
class ActionEnded:
    """An action ended."""

    at: UnixTime
    action: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SpeechUsed:
    """Text was turned into speech and played."""

    at: UnixTime
    seconds: float
    neural: bool = False


@dataclass(frozen=True, slots=True)
class FeatureUsed:
    """A feature with a price of its own was used, from its begin to `at`."""

    at: UnixTime
    call_id: CallId
    feature_type: str
    audio_path: str
    seconds: float
    transaction_id: str


@dataclass(frozen=True, slots=True)
class RecordingMade:
    """A recording was stored under this media file name."""

    at: UnixTime
    filename: str
    duration: float


@dataclass(frozen=True, slots=True)
class ErrorReported:
    """Something went wrong that the customer should know of."""

    at: UnixTime
    code: ErrorCode
    text: str


@dataclass(frozen=True, slots=True)
class InstanceStopped:
    """A run of a customer's application is over."""

    at: UnixTime
    exit_status: int


Fact = (
    StartQueued
    | StartRefused
    | StartCancelled
    | InstanceStarted
    | CallPlaced
    | CallRinging
    | CallAnswered
    | FarEndClassified
    | CallJoined
    | CallParted
    | CallOver
    | DigitPressed
    | PageAnswered
    | ActionStarted
    | ActionEnded
    | SpeechUsed
    | FeatureUsed
    | RecordingMade
    | ErrorReported
    | InstanceStopped
)


class FactSink(Protocol):
    """Where the facts of one invocation go; never waits and never fails."""

    def tell(self, fact: Fact) -> None:
        """Take a fact, in the order in which things happened."""
        ...


class FactBoard(Protocol):
    """Where facts of all invocations go, each with its owner and its reference."""

    def tell_of(self, account_id: AccountId, ref: ServiceRef, fact: Fact) -> None:
        """Take a fact about one invocation."""
        ...
