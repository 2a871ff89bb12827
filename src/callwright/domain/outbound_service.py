"""An outbound service: one validated configuration, as the steps of a call need it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from callwright.domain.call_control import RecordingMode
from callwright.domain.far_end import Classification
from callwright.domain.ids import AccountId, ServiceId


class ApplicationType(StrEnum):
    """Who runs the application: our page runner, or a customer's connected UAS."""

    UAS = "UAS"
    REST = "REST"


@dataclass(frozen=True, slots=True)
class PageAddress:
    """An absolute URL of the customer's web application, and the method it is asked with."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class PageCredentials:
    """HTTP Basic credentials that the customer's web application expects of us."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class WholeCallRecording:
    """How the calls of a service are recorded as a whole."""

    mode: RecordingMode
    eliminates_dtmf: bool
    is_encrypted: bool
    """The first page then has to bring a cipher."""


@dataclass(frozen=True, slots=True)
class RestApplication:
    """A web application and how its calls are made."""

    first_page: PageAddress
    final_page: PageAddress | None
    error_page: PageAddress | None
    api_version: str
    application_parameters: str
    """Empty when not configured."""
    tts_voice: str
    credentials: PageCredentials | None
    max_call_duration: float
    """Seconds from the answer; the configuration counts minutes."""
    ring_timeout: float
    """Seconds; the configuration's `answer_timeout`."""
    calls_conferences: bool = False
    """Whether a destination without a prefix names a conference room."""
    recording: WholeCallRecording | None = None
    """None: calls are not recorded as a whole."""
    classification: Classification | None = None
    """None: what answers is not classified."""
    speech_streams: int = 0
    """Recognitions that one instance may run at a time."""
    connect_next_page_on_failure: bool = False
    """Whether `connect` asks its next page also when nobody answered, as version 1.0 did (A-04)."""


@dataclass(frozen=True, slots=True)
class UasApplication:
    """A program on a customer's UAS."""

    name: str
    application_parameters: str


LONGEST_LEG: Final = 100_000.0
"""Seconds of one leg of a callback: a day of talking, which is timed from the join, and what comes
before it."""


@dataclass(frozen=True, slots=True)
class CallbackApplication:
    """What runs on the attempts of a callback queue: it is ours, and reads the rest in the task."""

    ring_timeout: float = 121.0
    """Seconds: one more than the longest that a task may ask for, so that whoever runs the attempt
    is the one who gives up."""
    max_call_duration: float = LONGEST_LEG
    application_parameters: str = ""
    calls_conferences: bool = False


@dataclass(frozen=True, slots=True)
class CallConstraints:
    """Limits on the calls that one service places. None: the account's value applies."""

    guaranteed_cps: float | None = None
    maximum_cps: float | None = None
    blocked_prefixes: tuple[str, ...] = ()
    allowed_prefixes: tuple[str, ...] = ()
    """If there are any, only numbers with one of these; of both lists the longest match decides."""
    price_cap: Decimal | None = None
    """Dollars a minute; dearer destinations are refused."""


NO_CONSTRAINTS: Final = CallConstraints()


@dataclass(frozen=True, slots=True)
class OutboundService:
    """A saved configuration for calling."""

    service_id: ServiceId
    account_id: AccountId
    name: str
    is_enabled: bool
    extra_channels: int
    fax: bool
    application: RestApplication | UasApplication | CallbackApplication
    constraints: CallConstraints
