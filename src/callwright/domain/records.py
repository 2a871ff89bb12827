"""What is kept of an application instance: its ADR, CDRs, FDRs and error reports.

Names and meaning are the published ones; times are `UnixTime`, costs `Decimal` dollars, and the
wire's spelling (`*_datetime`, `"true"`, shortened texts) belongs to the front door.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from callwright.domain.causes import EndCause
from callwright.domain.clock import UnixTime
from callwright.domain.far_end import FarEnd
from callwright.domain.ids import CallId, InstanceId, ServiceRef


class CallDirection(StrEnum):
    """Which way a call went; `client` is between two browsers."""

    IN = "in"
    OUT = "out"
    CLIENT = "client"


PRIMARY_CHANNEL: Final = "p"
"""The `channel_type` of an instance's first call."""

EXTRA_CHANNEL: Final = "x"
"""That of its other calls."""


class ErrorCode(StrEnum):
    """Codes of error reports."""

    NO_UAS = "2001"
    CALL_FAILED = "2004"
    NEGATIVE_RETURN_CODE = "2008"
    PAGE_REQUEST_FAILED = "2101"
    INVALID_RESPONSE = "2102"
    API_VERSION_MISMATCH = "2103"
    ACTION_FAILED = "2104"
    NO_CHANNELS = "2105"
    NO_SPEECH_STREAMS = "2106"
    INTERNAL = "2199"


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """Something that went wrong in an instance, for `errs`."""

    code: ErrorCode
    text: str


@dataclass(frozen=True, slots=True)
class Cdr:
    """A call data record."""

    call_id: CallId
    destination_address: str
    originating_address: str
    direction: CallDirection
    channel_type: str
    initiated_at: UnixTime
    connected_at: UnixTime | None
    hung_up_at: UnixTime
    joined: float
    cause: EndCause
    cost: Decimal = Decimal(0)
    costs_valid: bool = False
    far_end: FarEnd | None = None
    """What answered, where that was asked."""


@dataclass(frozen=True, slots=True)
class Adr:
    """An application data record."""

    instance_id: InstanceId
    ref: ServiceRef | None
    application_name: str
    started_at: UnixTime
    stopped_at: UnixTime
    exit_status: int
    outbound_parameters: str = ""
    application_parameters: str = ""
    extra_channel_count: int = 0
    fax: bool = False
    rest_log_filename: str = ""
    rest_to: str = ""
    rest_from: str = ""
    rest_initial_token: str = ""
    uas_ip_address: str = ""
    uas_name: str = ""
    tts_seconds: float = 0.0
    tts_neural_seconds: float = 0.0
    platform_cost: Decimal = Decimal(0)
    pstn_cost: Decimal = Decimal(0)
    tts_unit_cost: Decimal = Decimal(0)
    """Dollars a minute when the instance ran; later changes of the tariff do not touch it."""
    tts_cost: Decimal = Decimal(0)
    tts_neural_unit_cost: Decimal = Decimal(0)
    tts_neural_cost: Decimal = Decimal(0)
    tollfree_cost: Decimal = Decimal(0)
    extra_cost: Decimal = Decimal(0)
    """Of extra channels."""
    feature_seconds: float = 0.0
    """Of all features together, as their FDRs have them; so is the cost."""
    feature_cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Fdr:
    """A feature data record: one use of a feature that has a price of its own."""

    feature_id: str
    """Unique for the use: the instance's hex part and a number."""
    audio_path: str
    """`in`, `out`, `mixed`, or nothing where it does not apply."""
    feature_type: str
    """Published names: `sr_get_input`, `sv_verify`, `ct_connect_translator` and so on."""
    started_at: UnixTime
    stopped_at: UnixTime
    call_id: CallId
    transaction_id: str
    duration_for_cost: float = 0.0
    unit_cost: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    costs_valid: bool = True


@dataclass(frozen=True, slots=True)
class InstanceRecord:
    """All that is kept of one instance, written at once when it has ended."""

    adr: Adr
    cdrs: tuple[Cdr, ...] = ()
    errors: tuple[ErrorReport, ...] = ()
    fdrs: tuple[Fdr, ...] = ()
