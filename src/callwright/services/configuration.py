"""A complete, valid configuration as the steps of a call need it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import msgspec

from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.outbound_service import (
    ApplicationType,
    CallConstraints,
    OutboundService,
    PageAddress,
    PageCredentials,
    RestApplication,
    UasApplication,
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


@dataclass(frozen=True, slots=True)
class _CallConfiguration:
    call_type: str


@dataclass(frozen=True, slots=True)
class _Rest:
    first_page: _Page
    final_page: _Page
    error_page: _Page
    api_version: str
    application_parameters: str | None
    tts_voice: str
    authentication: _Authentication
    max_call_duration: int
    answer_timeout: int
    call_configuration: _CallConfiguration


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
class _Complete:
    """The options that mean something to a call; the others are kept and shown, no more."""

    enabled: bool
    service_password: str
    extra_channels: int
    call_constraints: _Constraints
    application_type: ApplicationType
    uas: _Uas
    rest: _Rest
    fax: _Fax


def outbound_service(
    configuration: Configuration, *, service_id: ServiceId, account_id: AccountId, name: str
) -> OutboundService:
    """Type a configuration that has been validated."""
    complete = msgspec.convert(configuration, _Complete)
    return OutboundService(
        service_id=service_id,
        account_id=account_id,
        name=name,
        is_enabled=complete.enabled,
        extra_channels=complete.extra_channels,
        fax=complete.fax.send or complete.fax.receive,
        application=_application(complete),
        constraints=complete.call_constraints.constraints(),
    )


def _application(complete: _Complete) -> RestApplication | UasApplication:
    if complete.application_type is ApplicationType.UAS:
        uas = complete.uas
        return UasApplication(uas.application_name or "", uas.application_parameters or "")
    rest = complete.rest
    first_page = rest.first_page.page()
    if first_page is None:
        raise ValueError("a REST service without a first page passed validation")
    username, password = rest.authentication.username, rest.authentication.password
    has_credentials = username is not None and password is not None
    return RestApplication(
        first_page=first_page,
        final_page=rest.final_page.page(),
        error_page=rest.error_page.page(),
        api_version=rest.api_version,
        application_parameters=rest.application_parameters or "",
        tts_voice=rest.tts_voice,
        credentials=PageCredentials(username or "", password or "") if has_credentials else None,
        max_call_duration=float(rest.max_call_duration * SECONDS_A_MINUTE),
        ring_timeout=float(rest.answer_timeout),
        calls_conferences=rest.call_configuration.call_type == "conference",
    )
