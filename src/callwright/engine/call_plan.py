"""From the API's words to telephony's: a start, its service and a trunk become a call's plan.

This file is the border: above it the callee is a `to` and the ring timeout an `answer_timeout`.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from callwright.domain.destination import (
    ConferenceRoom,
    Destination,
    LocalService,
    SipAddress,
    TelephoneNumber,
    WebRtcClient,
    WebSocketUrl,
)
from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId, CallId
from callwright.domain.records import EXTRA_CHANNEL, PRIMARY_CHANNEL
from callwright.domain.service_start import ServiceStart
from callwright.engine.call_identity import CallIdentity, outbound_parties
from callwright.engine.conference import Participant
from callwright.engine.trunk import Trunk


class CannotPlace(RemoteFault):
    """The call cannot be placed; the text is the reason that follows `couldnotrun`."""


@dataclass(frozen=True, slots=True)
class CallPlan:
    """All that is needed to place one call over a SIP trunk."""

    call_id: CallId
    trunk: Trunk
    target: str
    """Request-URI and To."""
    from_uri: str
    headers: tuple[tuple[str, str], ...]
    destination_address: str
    """As records print it."""
    originating_address: str
    """As records print it: without a scheme."""
    ring_timeout: float
    """Seconds from the INVITE to the answer."""
    max_duration: float
    """Seconds from the answer."""
    call_from: str = ""
    """Who calls, as pages are told: what was asked for, and empty where nothing was."""
    channel_type: str = PRIMARY_CHANNEL
    wants_early_media: bool = False
    """Whether sound before the answer is let through."""
    beside: int | None = None
    """The leg whose media worker is to have this call too."""

    def beside_another(self, leg: int | None, *, wants_early_media: bool) -> "CallPlan":
        """Return the plan of a call that is made beside another one, whose leg may be known."""
        return replace(
            self, channel_type=EXTRA_CHANNEL, beside=leg, wants_early_media=wants_early_media
        )

    @property
    def identity(self) -> CallIdentity:
        """What the call is called."""
        return CallIdentity(
            self.call_id,
            self.destination_address,
            self.originating_address,
            outbound_parties(self.call_from, self.destination_address),
            self.trunk.name,
            self.channel_type,
        )


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """All that is needed to enter a conference room with a call."""

    call_id: CallId
    account_id: AccountId
    name: str
    """Of the room, which is the account's."""
    originating_address: str
    call_from: str
    participant: Participant
    max_duration: float
    """Seconds."""
    channel_type: str = PRIMARY_CHANNEL
    beside: int | None = None
    """The leg whose media worker has the room if it is new."""

    @property
    def identity(self) -> CallIdentity:
        """What the call is called."""
        destination = str(ConferenceRoom(self.name))
        return CallIdentity(
            self.call_id,
            destination,
            self.originating_address,
            outbound_parties(self.call_from, destination),
            channel_type=self.channel_type,
        )


@dataclass(frozen=True, slots=True)
class CallerLimits:
    """How long a call may ring and last, in seconds."""

    ring_timeout: float
    max_duration: float


def plan_call(
    call_id: CallId,
    start: ServiceStart,
    *,
    destination: Destination,
    service_name: str,
    limits: CallerLimits,
    trunk: Trunk,
    sip_domain: str,
) -> CallPlan:
    """Plan a call to a telephone number or a SIP address over a trunk.

    Raises:
        CannotPlace: this kind of destination is not reached over a trunk.

    """
    target = _request_uri(destination, trunk)
    origin = originating_address(start, service_name=service_name, sip_domain=sip_domain)
    return CallPlan(
        call_id=call_id,
        trunk=trunk,
        target=target,
        from_uri=f"sip:{origin}",
        headers=tuple((header.name, header.value) for header in start.extra_sip_headers),
        destination_address=str(destination),
        originating_address=origin,
        ring_timeout=limits.ring_timeout,
        max_duration=limits.max_duration,
        call_from=start.caller_id,
    )


def originating_address(start: ServiceStart, *, service_name: str, sip_domain: str) -> str:
    """Say who calls: the caller ID, or the service where a start names none.

    A number or user name gets our domain; a whole SIP address stays as it is.
    """
    caller_id = start.caller_id.removeprefix("sip:").removeprefix("tel:").removeprefix("+")
    caller_id = caller_id or service_name
    return caller_id if "@" in caller_id else f"{caller_id}@{sip_domain}"


def _request_uri(destination: Destination, trunk: Trunk) -> str:
    match destination:
        case TelephoneNumber(digits):
            return f"sip:{digits}@{trunk.host}:{trunk.port};user=phone"
        case SipAddress(address):
            return f"sip:{address}"
        case LocalService() | WebRtcClient() | WebSocketUrl() | ConferenceRoom():
            raise CannotPlace(f"Destination {destination} cannot be called by this release")
        case _:
            assert_never(destination)
