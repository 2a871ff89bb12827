"""One call that somebody asked for, as accepted from `service_start`."""

from dataclasses import dataclass
from typing import Final

MAX_TOKEN_LENGTH: Final = 5000
"""Characters of `token` (the published limit)."""

MAX_OUTBOUND_PARAMETERS_LENGTH: Final = 5000
"""Characters of `outbound_parameters`; assumed, no limit is published."""


@dataclass(frozen=True, slots=True)
class SipHeader:
    """A header that the customer adds to the INVITE; its name begins with `X-`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ServiceStart:
    """One wish for one call. Texts are the customer's own, checked but not changed."""

    to: str
    caller_id: str = ""
    token: str | None = None
    outbound_parameters: str = ""
    extra_sip_headers: tuple[SipHeader, ...] = ()
