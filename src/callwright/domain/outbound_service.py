"""An outbound service: one validated configuration, as the steps of a call need it."""

from dataclasses import dataclass
from enum import StrEnum

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
    calls_conferences: bool
    """Whether a destination without a prefix names a conference room."""


@dataclass(frozen=True, slots=True)
class UasApplication:
    """A program on a customer's UAS."""

    name: str
    application_parameters: str


@dataclass(frozen=True, slots=True)
class OutboundService:
    """A saved configuration for calling."""

    service_id: ServiceId
    account_id: AccountId
    name: str
    is_enabled: bool
    extra_channels: int
    fax: bool
    application: RestApplication | UasApplication
    maximum_cps: float | None
    """Starts a second of this service alone, or None: the account's limit applies."""
