"""What all parts of one endpoint share: the way out, the agenda, the counters."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2s

from callwright.protocol.sip.agenda import Agenda
from callwright.protocol.sip.events import SipEvent
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.message import Request
from callwright.protocol.sip.timers import Timers
from callwright.protocol.sip.values import HostPort


@dataclass(frozen=True, slots=True)
class Datagram:
    """One UDP payload. `peer` is its source when received, its destination when sent."""

    data: bytes
    peer: HostPort


@dataclass(slots=True)
class Counters:
    """What came and went since the endpoint was made, in datagrams."""

    received: int = 0
    sent: int = 0
    malformed: int = 0
    """Received, but not SIP, or SIP with a fault. Requests among them were answered if possible."""
    stray: int = 0
    """Received well-formed, but of no transaction or call of ours."""
    repeated: int = 0
    """Received a second time, and absorbed."""
    retransmitted: int = 0
    """Sent a second time, by a timer or because the peer repeated itself."""
    keepalives: int = 0
    """Received, and nothing but line ends or NULs: something that keeps a NAT open."""
    refused: int = 0
    """INVITEs answered 503, since `Limits` were reached."""


@dataclass(slots=True)
class Link:
    """`local` goes into Via and Contact; `tokens` gives a fresh unguessable token at each call."""

    local: HostPort
    user_agent: str
    tokens: Callable[[], str]
    timers: Timers
    limits: Limits
    agenda: Agenda = field(default_factory=Agenda)
    counters: Counters = field(default_factory=Counters)
    outbox: list[Datagram] = field(default_factory=list)
    events: list[SipEvent] = field(default_factory=list)
    contact: str = ""
    via: str = ""
    _secret: bytes = b""

    def __post_init__(self) -> None:
        host, port = self.local
        self.contact = f"<sip:{host}:{port}>"
        self.via = f"SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK"
        self._secret = self.tokens().encode()[:32]

    def new_via(self) -> str:
        """A Via with a branch that nobody can guess (RFC 3261 8.1.1.7) and rport (RFC 3581 3)."""
        return self.via + self.tokens()

    def send(self, datagram: Datagram) -> None:
        self.outbox.append(datagram)
        self.counters.sent += 1

    def send_again(self, datagram: Datagram) -> None:
        self.send(datagram)
        self.counters.retransmitted += 1

    def stateless_tag(self, request: Request) -> str:
        """A To tag that is the same whenever this request comes again: RFC 3261 8.2.7."""
        seed = "\0".join(
            request.headers.first(name) or "" for name in ("Call-ID", "From", "CSeq", "Via")
        )
        data = seed.encode("utf-8", "surrogateescape")
        return blake2s(data, key=self._secret, digest_size=8).hexdigest()
