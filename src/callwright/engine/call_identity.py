"""What a call is called, in records and to pages."""

from dataclasses import dataclass

from callwright.domain.call_parties import CallParties
from callwright.domain.ids import CallId
from callwright.domain.records import PRIMARY_CHANNEL, CallDirection


@dataclass(frozen=True, slots=True)
class CallIdentity:
    """The names of one call."""

    call_id: CallId
    destination_address: str
    """As records print it: with its prefix."""
    originating_address: str
    """As records print it: without a scheme."""
    parties: CallParties
    trunk: str = ""
    """Empty for a call that comes in, or stays here."""
    channel_type: str = PRIMARY_CHANNEL


def outbound_parties(call_from: str, destination_address: str) -> CallParties:
    """Say who calls whom, as pages are told: numbers without their prefix."""
    call_to = destination_address.removeprefix("tel:")
    return CallParties(CallDirection.OUT, call_from, call_to, call_target=call_to)
