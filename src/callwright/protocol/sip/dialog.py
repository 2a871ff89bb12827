"""Dialogs: identity, route set, sequence numbers; RFC 3261 12."""

import re
from dataclasses import dataclass, replace
from typing import Self

from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.grammar import split_list
from callwright.protocol.sip.headers import Headers
from callwright.protocol.sip.link import Link
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.uri import SipUri, parse_uri
from callwright.protocol.sip.values import DEFAULT_PORT, HostPort, parse_name_addr, split_addresses

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")


@dataclass(slots=True)
class Dialog:
    """What both parties remember of each other: RFC 3261 12.

    `local` and `remote` are From and To as we write them, tags included. `route_set` holds Route
    values as they came. `peer` is where the dialog's first datagrams went or came from.
    """

    call_id: str
    local_tag: str
    remote_tag: str
    local: str
    remote: str
    remote_target: str
    route_set: tuple[str, ...]
    local_seq: int
    remote_seq: int | None
    peer: HostPort

    @classmethod
    def from_response(cls, invite: Request, response: Response, peer: HostPort) -> Self:
        """The calling side's view: 12.1.2. Without a usable Contact the target stays as it was."""
        return cls(
            call_id=invite.call_id,
            local_tag=invite.from_.tag,
            remote_tag=response.to.tag,
            local=invite.headers.all("From")[0],
            remote=response.headers.all("To")[0],
            remote_target=contact_target(response) or invite.uri_text,
            route_set=tuple(reversed(record_route(response))),
            local_seq=invite.cseq.number,
            remote_seq=None,
            peer=peer,
        )

    @classmethod
    def from_request(cls, invite: Request, local_tag: str, peer: HostPort) -> Self:
        """The answering side's view: 12.1.1.

        RFC 2543 let an INVITE come without Contact; its From is where the caller is then.
        """
        return cls(
            call_id=invite.call_id,
            local_tag=local_tag,
            remote_tag=invite.from_.tag,
            local=f"{invite.headers.all('To')[0]};tag={local_tag}",
            remote=invite.headers.all("From")[0],
            remote_target=contact_target(invite) or invite.from_.uri_text,
            route_set=tuple(record_route(invite)),
            local_seq=0,
            remote_seq=invite.cseq.number,
            peer=peer,
        )

    def request(self, method: str, link: Link, extra: tuple[tuple[str, str], ...] = ()) -> Request:
        """A new request inside the dialog: 12.2.1.1. An ACK keeps its INVITE's number."""
        if method != "ACK":
            self.local_seq += 1
        uri, routes = self._way()
        fields = [("Via", link.new_via()), ("Max-Forwards", "70")]
        fields += [("Route", route) for route in routes]
        fields += [
            ("From", self.local),
            ("To", self.remote),
            ("Call-ID", self.call_id),
            ("CSeq", f"{self.local_seq} {method}"),
            ("User-Agent", link.user_agent),
            *extra,
        ]
        return Request(method, uri, Headers(fields))

    def next_hop(self) -> HostPort:
        """Where its requests go: 8.1.2.

        Names are not resolved here: behind one, the next hop is the peer that we already talk to.
        """
        first = parse_name_addr(self.route_set[0]).uri_text if self.route_set else ""
        try:
            uri = parse_uri(first or self.remote_target)
        except RemoteSipError:
            return self.peer
        if not isinstance(uri, SipUri):
            return self.peer
        host = uri.parameter("maddr") or uri.host
        if _IPV4.fullmatch(host) is None:
            return self.peer
        return HostPort(host, uri.port or DEFAULT_PORT)

    def accepts(self, sequence: int) -> bool:
        """Whether a request with this CSeq number is in order; if so, remember it: 12.2.2."""
        if self.remote_seq is not None and sequence < self.remote_seq:
            return False
        self.remote_seq = sequence
        return True

    def refresh_target(self, reinvite: Request) -> None:
        """A re-INVITE may move its sender: 12.2.2."""
        self.remote_target = contact_target(reinvite) or self.remote_target

    def _way(self) -> tuple[str, tuple[str, ...]]:
        """Request-URI and Route: 12.2.1.1, with its detour for strict routers of RFC 2543."""
        if not self.route_set:
            return self.remote_target, ()
        first = parse_name_addr(self.route_set[0])
        uri = first.uri
        if not isinstance(uri, SipUri) or uri.parameter("lr") is not None:
            return self.remote_target, self.route_set
        return str(replace(uri, headers="")), (*self.route_set[1:], f"<{self.remote_target}>")


def record_route(message: Request | Response) -> list[str]:
    """The Record-Route values, topmost first, each as it came.

    Raises:
        RemoteSipError: one is no address with a SIP URI.
    """
    routes = split_addresses(message.headers.all("Record-Route"))
    for route in routes:
        if not isinstance(parse_name_addr(route).uri, SipUri):
            raise RemoteSipError(f"{route[:80]!r} is no way to go", rule="RFC 3261 20.30")
    return routes


def contact_target(message: Request | Response) -> str | None:
    """The URI of the first Contact, None when there is none that we could send to.

    Header fields in it are dropped: 19.1.1 forbids them in a Request-URI.
    """
    values = message.headers.all("Contact")
    if not values:
        return None
    try:
        address = parse_name_addr(split_list(values[0])[0])
        uri = address.uri
    except RemoteSipError:
        return None
    if not isinstance(uri, SipUri):
        return None
    return str(replace(uri, headers="")) if uri.headers else address.uri_text
