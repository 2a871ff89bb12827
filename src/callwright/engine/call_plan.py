"""From the API's words to telephony's: who is to be called becomes a call's plan.

This file is the border: above it the callee is a `to` and the ring timeout an `answer_timeout`.
"""

from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from callwright.domain.conference import UNRESERVED, RoomTerms
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
from callwright.domain.ids import AccountId, CallId, InstanceId
from callwright.domain.records import EXTRA_CHANNEL, PRIMARY_CHANNEL
from callwright.domain.service_start import ServiceStart
from callwright.engine.call_identity import CallIdentity, outbound_parties
from callwright.engine.conference import Participant
from callwright.engine.trunk import Trunk

MAX_LOCAL_CALLS: Final = 10
"""Local calls that lead to one another: a service that calls itself stops there. Nobody is put
through ten times on purpose, and each call costs its account a channel."""


class CannotPlace(RemoteFault):
    """The call cannot be placed; the text is the reason that follows `couldnotrun`."""


@dataclass(frozen=True, slots=True)
class LocalRoute:
    """The way to an inbound service here: real SIP that never leaves the engine."""

    account_id: AccountId
    """Whose service it is: that of whoever calls."""
    service: str
    hops: int
    """Local calls that led here, this one too."""


@dataclass(frozen=True, slots=True)
class CallPlan:
    """All that is needed to place one call over SIP."""

    call_id: CallId
    route: Trunk | LocalRoute
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
            self.route.name if isinstance(self.route, Trunk) else "",
            self.channel_type,
        )


_NOBODY: Final = InstanceId("")


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
    instance_id: InstanceId = _NOBODY
    """Of the application that enters; those who look into the room are told."""
    terms: RoomTerms = UNRESERVED

    def beside_another(self, leg: int | None, *, wants_early_media: bool) -> "RoomPlan":  # noqa: ARG002 - a room answers at once
        """Return the plan of a call that is made beside another one, whose leg may be known."""
        return replace(self, channel_type=EXTRA_CHANNEL, beside=leg)

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
class SocketPlan:
    """All that is needed to call a customer's server over a WebSocket."""

    call_id: CallId
    url: str = field(repr=False)
    """With whatever secrets the customer put into it."""
    destination_address: str
    """As records print it: without these."""
    originating_address: str
    ring_timeout: float
    """Seconds until the server must have taken the call."""
    max_duration: float
    """Seconds from then on."""
    call_from: str = ""
    channel_type: str = PRIMARY_CHANNEL
    beside: int | None = None
    """The leg whose media worker is to have this call too."""

    def beside_another(self, leg: int | None, *, wants_early_media: bool) -> "SocketPlan":  # noqa: ARG002 - a server has none
        """Return the plan of a call that is made beside another one, whose leg may be known."""
        return replace(self, channel_type=EXTRA_CHANNEL, beside=leg)

    @property
    def caller(self) -> str:
        """Who calls, as the server is told: a number, or a SIP address."""
        return self.call_from.removeprefix("tel:") or f"sip:{self.originating_address}"

    @property
    def identity(self) -> CallIdentity:
        """What the call is called."""
        return CallIdentity(
            self.call_id,
            self.destination_address,
            self.originating_address,
            outbound_parties(self.call_from, self.destination_address),
            channel_type=self.channel_type,
        )


Plan = CallPlan | RoomPlan | SocketPlan
"""How a call is placed, by its kind of destination."""


def leaves_by_trunk(plan: Plan) -> bool:
    """Whether a call takes a channel of the trunk, and counts in its starts a second."""
    return isinstance(plan, CallPlan) and isinstance(plan.route, Trunk)


@dataclass(frozen=True, slots=True)
class CallerLimits:
    """How long a call may ring and last, in seconds."""

    ring_timeout: float
    max_duration: float


@dataclass(frozen=True, slots=True)
class CallOrder:
    """A call that is to be made, in the API's words."""

    call_id: CallId
    account_id: AccountId
    service_name: str
    start: ServiceStart
    destination: Destination
    limits: CallerLimits
    hops: int = 0
    """Local calls that led to the application that wants this one."""


def plan_call(order: CallOrder, *, trunk: Trunk, sip_domain: str) -> Plan:
    """Plan a call by whatever way leads to its destination.

    Raises:
        CannotPlace: none does.

    """
    destination = order.destination
    match destination:
        case TelephoneNumber() | SipAddress():
            return plan_trunk_call(order, destination, trunk=trunk, sip_domain=sip_domain)
        case LocalService(name):
            if order.hops >= MAX_LOCAL_CALLS:
                raise CannotPlace(
                    f"{destination}: {MAX_LOCAL_CALLS} local calls led here, which is the most"
                )
            route = LocalRoute(order.account_id, name, order.hops + 1)
            return _sip_call(order, f"sip:{name}@{sip_domain}", route, sip_domain)
        case ConferenceRoom(name):
            return RoomPlan(
                order.call_id,
                order.account_id,
                name,
                _origin(order, sip_domain),
                order.start.caller_id,
                Participant(),
                order.limits.max_duration,
            )
        case WebSocketUrl(url):
            origin = _origin(order, sip_domain)
            return SocketPlan(
                call_id=order.call_id,
                url=url,
                destination_address=str(destination),
                originating_address=origin,
                ring_timeout=order.limits.ring_timeout,
                max_duration=order.limits.max_duration,
                call_from=order.start.caller_id,
            )
        case WebRtcClient():
            raise CannotPlace(f"Destination {destination} cannot be called by this release")
        case _:
            assert_never(destination)


def plan_trunk_call(
    order: CallOrder, callee: TelephoneNumber | SipAddress, *, trunk: Trunk, sip_domain: str
) -> CallPlan:
    """Plan a call to whoever is reached over the trunk."""
    match callee:
        case TelephoneNumber(digits):
            target = f"sip:{digits}@{trunk.host}:{trunk.port};user=phone"
        case SipAddress(address):
            target = f"sip:{address}"
        case _:
            assert_never(callee)
    return _sip_call(order, target, trunk, sip_domain)


def originating_address(start: ServiceStart, *, service_name: str, sip_domain: str) -> str:
    """Say who calls: the caller ID, or the service where a start names none.

    A number or user name gets our domain; a whole SIP address stays as it is.
    """
    caller_id = start.caller_id.removeprefix("sip:").removeprefix("tel:").removeprefix("+")
    caller_id = caller_id or service_name
    return caller_id if "@" in caller_id else f"{caller_id}@{sip_domain}"


def _sip_call(
    order: CallOrder, target: str, route: Trunk | LocalRoute, sip_domain: str
) -> CallPlan:
    origin = _origin(order, sip_domain)
    return CallPlan(
        call_id=order.call_id,
        route=route,
        target=target,
        from_uri=f"sip:{origin}",
        headers=tuple((header.name, header.value) for header in order.start.extra_sip_headers),
        destination_address=str(order.destination),
        originating_address=origin,
        ring_timeout=order.limits.ring_timeout,
        max_duration=order.limits.max_duration,
        call_from=order.start.caller_id,
    )


def _origin(order: CallOrder, sip_domain: str) -> str:
    return originating_address(order.start, service_name=order.service_name, sip_domain=sip_domain)
