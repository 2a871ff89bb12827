"""Who calls whom, as pages are told in `this_call`."""

from dataclasses import dataclass

from callwright.domain.records import CallDirection


@dataclass(frozen=True, slots=True)
class CallParties:
    """The two ends of a call, in the words of the page protocol: numbers without their prefix."""

    direction: CallDirection
    call_from: str
    call_to: str
    call_target: str
    """Where the caller meant to call; for outbound calls the same as `call_to`."""
    divert: str = ""
    """Who was called first, of a diverted inbound call."""
    attestation: str | None = None
    """`A`, `B`, `C` or empty for inbound calls; None for outbound ones."""
    sip_headers: tuple[tuple[str, str], ...] = ()
    """Of the INVITE, those that the service wants to see: name and value."""
