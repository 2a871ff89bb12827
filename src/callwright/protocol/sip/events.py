"""Everything an endpoint reports, each with the call it is about.

Every call ends with exactly one of `CallFailed`, `HungUp`, `CallEnded` and `Cancelled`, or with our
own `reject`; nothing is reported about it afterwards.
"""

from dataclasses import dataclass

from callwright.protocol.sip.message import Request
from callwright.protocol.sip.values import HostPort, SipCallId

__all__ = [
    "Acknowledged", "Answered", "CallEnded", "CallFailed", "Cancelled", "HungUp", "Invited",
    "Progress", "Reinvited", "SipCallId", "SipEvent",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """101 to 199 arrived. `body` may be an early-media answer. 100 is not reported."""

    call: SipCallId
    status: int
    reason: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """The 2xx to our INVITE arrived and has been acknowledged; `body` answers our offer."""

    call: SipCallId
    body: bytes


@dataclass(frozen=True, slots=True)
class CallFailed:
    """Our INVITE got no answer; terminal.

    `status` is what the peer said; with `is_local` nobody said anything, or a 200 crossed our
    CANCEL, and it is what we say instead: 408 for silence and for a call that rang too long, 487
    for one that we cancelled. `timed_out`: the ring timeout ran out. `cancelled`: `cancel` or
    `hang_up` was called. `q850` is the cause in the response's Reason header field (RFC 3326).
    """

    call: SipCallId
    status: int
    reason: str
    timed_out: bool = False
    cancelled: bool = False
    is_local: bool = False
    q850: int | None = None


@dataclass(frozen=True, slots=True)
class HungUp:
    """The peer ended the call with BYE, or never acknowledged our 200; terminal.

    `reason` is the BYE's Reason header field as it came, "" without one.
    """

    call: SipCallId
    q850: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """Our BYE is done; terminal. `status` is its final response's, 408 when none came."""

    call: SipCallId
    status: int


@dataclass(frozen=True, slots=True)
class Invited:
    """A new INVITE from outside any dialog. 100 has been sent. `request.body` is the offer."""

    call: SipCallId
    request: Request
    source: HostPort


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The caller gave up before we answered; 487 has been sent; terminal."""

    call: SipCallId


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The ACK for our 2xx arrived. `body` is the answer when our 2xx carried the offer.

    For a re-INVITE it is reported only when there is such an answer.
    """

    call: SipCallId
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reinvited:
    """An INVITE inside the call, to be answered by `answer_reinvite` or `reject_reinvite`.

    `body` is the offer, empty when the peer wants ours.
    """

    call: SipCallId
    body: bytes


SipEvent = (
    Progress
    | Answered
    | CallFailed
    | HungUp
    | CallEnded
    | Invited
    | Cancelled
    | Acknowledged
    | Reinvited
)
