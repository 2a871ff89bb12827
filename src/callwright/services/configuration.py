"""A complete, valid configuration as the steps of a call need it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import msgspec

from callwright.domain.call_control import RecordingMode
from callwright.domain.far_end import Classification, ClassificationMode
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.inbound_service import InboundService
from callwright.domain.outbound_service import (
    ApplicationType,
    CallConstraints,
    OutboundService,
    PageAddress,
    PageCredentials,
    RestApplication,
    UasApplication,
    WholeCallRecording,
)
from callwright.protocol.strict_json import Json

SECONDS_A_MINUTE: Final = 60

Configuration = dict[str, Json]
"""A complete configuration as customers read and write it, passwords in clear."""


@dataclass(frozen=True, slots=True)
class _Page:
    address: str | None
    method: str

    def page(self) -> PageAddress | None:
        return None if self.address is None else PageAddress(self.address, self.method)


@dataclass(frozen=True, slots=True)
class _Authentication:
    username: str | None
    password: str | None

    def credentials(self) -> PageCredentials | None:
        if self.username is None or self.password is None:
            return None
        return PageCredentials(self.username, self.password)


@dataclass(frozen=True, slots=True)
class _CallRecording:
    enabled: bool
    encryption: bool
    eliminate_dtmf: bool
    mode: RecordingMode

    def recording(self) -> WholeCallRecording | None:
        if not self.enabled:
            return None
        return WholeCallRecording(self.mode, self.eliminate_dtmf, self.encryption)


@dataclass(frozen=True, slots=True)
class _Classification:
    enabled: bool
    hang_up_on_answering_machine: bool
    hang_up_on_fax_machine: bool
    mode: ClassificationMode
    milliseconds_timeout: int

    def classification(self) -> Classification | None:
        if not self.enabled:
            return None
        return Classification(
            self.mode,
            self.milliseconds_timeout / 1000,
            hangs_up_on_machine=self.hang_up_on_answering_machine,
            hangs_up_on_fax=self.hang_up_on_fax_machine,
        )


@dataclass(frozen=True, slots=True)
class _Rest:
    """What the web applications of both kinds of services have."""

    first_page: _Page
    final_page: _Page
    error_page: _Page
    api_version: str
    application_parameters: str | None
    tts_voice: str
    authentication: _Authentication
    call_recording: _CallRecording
    max_call_duration: int

    def application(
        self,
        *,
        ring_timeout: float = 0.0,
        calls_conferences: bool = False,
        classification: Classification | None = None,
        speech_streams: int,
        connect_next_page_on_failure: bool,
    ) -> RestApplication | None:
        """Return the application; None where there is no first page."""
        first_page = self.first_page.page()
        if first_page is None:
            return None
        return RestApplication(
            first_page=first_page,
            final_page=self.final_page.page(),
            error_page=self.error_page.page(),
            api_version=self.api_version,
            application_parameters=self.application_parameters or "",
            tts_voice=self.tts_voice,
            credentials=self.authentication.credentials(),
            max_call_duration=float(self.max_call_duration * SECONDS_A_MINUTE),
            ring_timeout=ring_timeout,
            calls_conferences=calls_conferences,
            recording=self.call_recording.recording(),
            classification=classification,
            speech_streams=speech_streams,
            connect_next_page_on_failure=connect_next_page_on_failure,
        )


@dataclass(frozen=True, slots=True)
class _OutboundCalls:
    call_type: str
    far_end_classification: _Classification
    speech_streams: int
    connect_next_page_on_failure: bool = False
    """Configurations that are older than the option do not have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _OutboundRest(_Rest):
    answer_timeout: int
    call_configuration: _OutboundCalls


@dataclass(frozen=True, slots=True)
class _InboundCalls:
    early_media: bool
    reported_sip_headers: tuple[str, ...]
    speech_streams: int
    connect_next_page_on_failure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _InboundRest(_Rest):
    call_configuration: _InboundCalls


@dataclass(frozen=True, slots=True)
class _Uas:
    application_name: str | None
    application_parameters: str | None


@dataclass(frozen=True, slots=True)
class _Constraints:
    minimum_guaranteed_cps: float | None
    maximum_allowed_cps: float | None
    blocked_prefixes: tuple[str, ...]
    allowed_prefixes: tuple[str, ...]
    price_cap: float | None

    def constraints(self) -> CallConstraints:
        return CallConstraints(
            guaranteed_cps=self.minimum_guaranteed_cps,
            maximum_cps=self.maximum_allowed_cps,
            blocked_prefixes=self.blocked_prefixes,
            allowed_prefixes=self.allowed_prefixes,
            # Through its shortest text: 0.1 means a tenth, not the float next to it.
            price_cap=None if self.price_cap is None else Decimal(repr(self.price_cap)),
        )


@dataclass(frozen=True, slots=True)
class _Fax:
    send: bool
    receive: bool


@dataclass(frozen=True, slots=True)
class _Access:
    allowed_addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Outbound:
    """The options that mean something to a call; the others are kept and shown, no more."""

    enabled: bool
    service_password: str
    extra_channels: int
    call_constraints: _Constraints
    application_type: ApplicationType
    uas: _Uas
    rest: _OutboundRest
    fax: _Fax


@dataclass(frozen=True, slots=True)
class _Inbound:
    """The same of an inbound service."""

    enabled: bool
    extra_channels: int
    call_constraints: _Constraints
    application_type: ApplicationType
    uas: _Uas
    rest: _InboundRest
    fax: _Fax
    access: _Access


def outbound_service(
    configuration: Configuration, *, service_id: ServiceId, account_id: AccountId, name: str
) -> OutboundService:
    """Type an outbound service's configuration that has been validated."""
    complete = msgspec.convert(configuration, _Outbound)
    return OutboundService(
        service_id=service_id,
        account_id=account_id,
        name=name,
        is_enabled=complete.enabled,
        extra_channels=complete.extra_channels,
        fax=complete.fax.send or complete.fax.receive,
        application=_outbound_application(complete),
        constraints=complete.call_constraints.constraints(),
    )


def inbound_service(
    configuration: Configuration, *, service_id: ServiceId, account_id: AccountId, name: str
) -> InboundService:
    """Type an inbound service's configuration that has been validated."""
    complete = msgspec.convert(configuration, _Inbound)
    calls = complete.rest.call_configuration
    return InboundService(
        service_id=service_id,
        account_id=account_id,
        name=name,
        is_enabled=complete.enabled,
        extra_channels=complete.extra_channels,
        fax=complete.fax.send or complete.fax.receive,
        application=_inbound_application(complete),
        has_early_media=calls.early_media,
        reported_sip_headers=calls.reported_sip_headers,
        allowed_addresses=complete.access.allowed_addresses,
        constraints=complete.call_constraints.constraints(),
    )


def _outbound_application(complete: _Outbound) -> RestApplication | UasApplication:
    if complete.application_type is ApplicationType.UAS:
        uas = complete.uas
        return UasApplication(uas.application_name or "", uas.application_parameters or "")
    rest, calls = complete.rest, complete.rest.call_configuration
    application = rest.application(
        ring_timeout=float(rest.answer_timeout),
        calls_conferences=calls.call_type == "conference",
        classification=calls.far_end_classification.classification(),
        speech_streams=calls.speech_streams,
        connect_next_page_on_failure=calls.connect_next_page_on_failure,
    )
    if application is None:
        raise ValueError("a REST service without a first page passed validation")
    return application


def _inbound_application(complete: _Inbound) -> RestApplication | UasApplication | None:
    if complete.application_type is ApplicationType.UAS:
        uas = complete.uas
        if uas.application_name is None:
            return None
        return UasApplication(uas.application_name, uas.application_parameters or "")
    calls = complete.rest.call_configuration
    return complete.rest.application(
        speech_streams=calls.speech_streams,
        connect_next_page_on_failure=calls.connect_next_page_on_failure,
    )
