"""One call to one of our phones, or from one: how far it is, and who holds the phone."""

from dataclasses import dataclass, field
from enum import Enum

from callwright.carrier.ear import Ear
from callwright.carrier.far_end import FarEnd
from callwright.carrier.scripts import Line, Script
from callwright.protocol.sip.events import SipCallId
from callwright.protocol.sip.values import HostPort


class Phase(Enum):
    """How far a call is."""

    ALERTING = "alerting"
    PICKING_UP = "picking up"
    """The far end has answered; ports for its sound are being taken."""
    CALLING = "calling"
    """The call is ours, and not answered yet."""
    ANSWERED = "answered"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call that somebody of ours is to make."""

    target: str
    """The SIP address that is called."""
    next_hop: HostPort
    """Where its INVITE is sent."""
    script: Script
    """Who calls."""
    caller: str
    """The number that the called side is shown."""


@dataclass(slots=True)
class Call:
    """A call that the carrier has."""

    sip_call: SipCallId
    sip_call_id: str
    """The Call-ID on the wire."""
    offer: bytes
    """The session description that the call began with, whosever it is."""
    far_end: FarEnd
    leg: int
    session_id: int
    line: Line
    is_placed: bool = False
    session_version: int = 1
    phase: Phase = Phase.ALERTING
    rtp_port: int = 0
    wakes_at: float | None = None
    ear: Ear = field(default_factory=Ear)
    is_hearing: bool = False
    """Whether the caller makes sound just now."""
