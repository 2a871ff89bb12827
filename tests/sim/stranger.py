"""A peer that writes to one endpoint by hand, message by message."""

from callwright.protocol.sip.endpoint import Datagram, Endpoint
from callwright.protocol.sip.events import Acknowledged, Invited
from callwright.protocol.sip.limits import Limits
from callwright.protocol.sip.message import Response, parse_message
from callwright.protocol.sip.values import HostPort
from tests.sim.calls import ANSWER, OFFER
from tests.sim.wire import CALLEE_AT, new_endpoint

PEER = HostPort("198.51.100.7", 5080)


def message(
    method: str = "INVITE",
    *extra: str,
    to_tag: str = "",
    branch: str = "1",
    cseq: int = 1,
    from_tag: str = "caller",
    body: bytes = b"",
    uri: str = "sip:ann@192.0.2.2",
    call_id: str = "call-1",
) -> bytes:
    """A request as a decent peer writes it; `extra` lines replace nothing."""
    lines = [
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/UDP 198.51.100.7:5080;rport;branch=z9hG4bK{branch}",
        "Max-Forwards: 70",
        f"From: <sip:bob@example.com>;tag={from_tag}",
        "To: <sip:ann@example.com>" + (f";tag={to_tag}" if to_tag else ""),
        f"Call-ID: {call_id}",
        f"CSeq: {cseq} {method}",
        "Contact: <sip:bob@198.51.100.7:5080>",
        *extra,
        *(["Content-Type: application/sdp"] if body and "Content-Type" not in str(extra) else []),
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Desk:
    """An endpoint, and a stranger who writes to it."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.endpoint: Endpoint = new_endpoint(CALLEE_AT, limits=limits)
        self.now = 0.0

    def tell(self, data: bytes, peer: HostPort = PEER) -> list[int]:
        """Deliver `data`; the statuses of what comes back."""
        self.endpoint.receive(Datagram(data, peer), self.now)
        return [response.sip_status for response in self.responses()]

    def responses(self) -> list[Response]:
        found = [parse_message(item.data) for item in self.endpoint.to_send()]
        return [item for item in found if isinstance(item, Response)]

    def requests(self) -> list[str]:
        found = [parse_message(item.data) for item in self.endpoint.to_send()]
        return [item.method for item in found if not isinstance(item, Response)]

    def established(self, *extra: str) -> str:
        """Take a call from the stranger; the tag that we gave it."""
        self.tell(message("INVITE", *extra, body=OFFER))
        [event] = self.endpoint.events()
        assert isinstance(event, Invited)
        self.endpoint.accept(event.call, ANSWER, self.now)
        [response] = self.responses()
        self.tell(message("ACK", to_tag=response.to.tag, branch="ack"))
        assert self.endpoint.events() == [Acknowledged(event.call)]
        return response.to.tag
