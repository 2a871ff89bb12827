"""An inbound service: one validated configuration for calls that arrive."""

from dataclasses import dataclass

from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.outbound_service import (
    NO_CONSTRAINTS,
    CallConstraints,
    RestApplication,
    UasApplication,
)


@dataclass(frozen=True, slots=True)
class InboundService:
    """A saved configuration for being called; its name is a SIP user or an owned number."""

    service_id: ServiceId
    account_id: AccountId
    name: str
    is_enabled: bool
    extra_channels: int
    fax: bool
    application: RestApplication | UasApplication | None
    """None: calls are refused."""
    has_early_media: bool
    """Whether calls are played to before they are answered, and answered by `answer` alone."""
    reported_sip_headers: tuple[str, ...]
    """Names of those headers of the INVITE that pages are told."""
    allowed_addresses: tuple[str, ...]
    """IP networks that may call; none means any."""
    constraints: CallConstraints = NO_CONSTRAINTS
    """Limits on the calls that its instances place beside the one that came in."""
