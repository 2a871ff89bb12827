"""Typed values of header fields: Via, From/To, Contact, Route, CSeq, Reason."""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple, NewType

from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.grammar import (
    HOST,
    LWS,
    QUOTED_STRING,
    TOKEN,
    Parameters,
    parameter,
    parse_parameters,
    split_list,
    unquote,
)
from callwright.protocol.sip.uri import MAX_PORT, Uri, parse_uri

SipCallId = NewType("SipCallId", str)
"""One call of one endpoint: its Call-ID, and more only where a peer uses one Call-ID twice."""

DEFAULT_PORT: Final = 5060
"""SIP over UDP and TCP: RFC 3261 18.2.2, 19.1.2."""

MAX_CSEQ: Final = 2**31 - 1
"""RFC 3261 8.1.1.5."""


class HostPort(NamedTuple):
    """Where a datagram comes from or goes to: an IPv4 literal or a name, and a UDP port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Via:
    """One hop's Via: RFC 3261 20.42, RFC 3581. `text` is the field as it came."""

    transport: str
    host: str
    port: int | None
    parameters: Parameters
    text: str

    @property
    def branch(self) -> str:
        """The branch in the peer's own spelling, "" when RFC 2543 wrote this."""
        return parameter(self.parameters, "branch") or ""

    @property
    def has_rport(self) -> bool:
        return parameter(self.parameters, "rport") is not None

    @property
    def sent_by(self) -> HostPort:
        """Host in lower case, and the port with its default filled in."""
        return HostPort(self.host.lower(), self.port or DEFAULT_PORT)

    def stamped(self, source: HostPort) -> str:
        """The field with `received` and `rport` as RFC 3261 18.2.1 and RFC 3581 4 demand."""
        has_rport = self.has_rport
        if self.host == source.host and not has_rport:
            return self.text
        port = "" if self.port is None else f":{self.port}"
        kept = "".join(
            f";{name}" if value is None else f";{name}={value}"
            for name, value in self.parameters
            if name not in {"received", "rport"}
        )
        rport = f";rport={source.port}" if has_rport else ""
        return f"SIP/2.0/{self.transport} {self.host}{port}{kept};received={source.host}{rport}"


_VIA = re.compile(
    rf"{LWS}SIP{LWS}/{LWS}[0-9]++\.[0-9]++{LWS}/{LWS}({TOKEN})[ \t]++({HOST})"
    rf"(?:{LWS}:{LWS}([0-9]{{1,5}}))?+{LWS}",
    re.IGNORECASE,
)


def parse_via(text: str) -> Via:
    """One Via; `text` holds no list.

    Raises:
        RemoteSipError: it is no Via.
    """
    match = _VIA.match(text)
    if match is None:
        raise RemoteSipError(f"{text[:80]!r} is no Via", rule="RFC 3261 20.42")
    transport, host, port = match.groups()
    if port is not None and not 0 < int(port) <= MAX_PORT:
        raise RemoteSipError(f"port {port} in Via", rule="RFC 3261 20.42")
    parameters = parse_parameters(text, match.end())
    return Via(transport, host, None if port is None else int(port), parameters, text)


@dataclass(frozen=True, slots=True)
class NameAddr:
    """The value of From, To, Contact, Route and Record-Route: RFC 3261 20.10.

    `uri_text` is the URI as it came, since dialogs compare and return it unread.
    """

    display_name: str
    uri_text: str
    parameters: Parameters

    @property
    def uri(self) -> Uri:
        """The typed URI.

        Raises:
            RemoteSipError: it is of a scheme that we don't speak (416), or no URI (400).
        """
        return parse_uri(self.uri_text)

    @property
    def tag(self) -> str:
        """The tag, "" when there is none."""
        return parameter(self.parameters, "tag") or ""


_TAGGED_ADDRESS = re.compile(rf"<([^<>\" \t]++)>;tag=({TOKEN})")
"""From and To as nearly everybody writes them."""
_NAME_ADDR = re.compile(
    rf"{LWS}(?:({QUOTED_STRING}){LWS}|((?:{TOKEN}{LWS})*+))<([^<>\" \t]++)>{LWS}", re.DOTALL
)
_ADDR_SPEC = re.compile(rf"{LWS}([A-Za-z][A-Za-z0-9+\-.]*+:[^<>\"?,; \t]++){LWS}")


def parse_name_addr(text: str) -> NameAddr:
    """One name-addr or addr-spec with its parameters; `text` holds no list.

    A URI that stands without angle brackets ends at the first semicolon, and holds neither comma
    nor question mark (RFC 3261 20.10).

    Raises:
        RemoteSipError: it is neither.
    """
    match = _TAGGED_ADDRESS.fullmatch(text)
    if match is not None:
        return NameAddr("", match[1], (("tag", match[2]),))
    match = _NAME_ADDR.match(text)
    if match is not None:
        quoted, tokens, uri = match.groups()
        display_name = unquote(quoted) if quoted else tokens.rstrip(" \t")
        return NameAddr(display_name, uri, parse_parameters(text, match.end()))
    match = _ADDR_SPEC.match(text)
    if match is None:
        raise RemoteSipError(f"{text[:80]!r} is no address", rule="RFC 3261 20.10")
    return NameAddr("", match[1], parse_parameters(text, match.end()))


def split_addresses(values: list[str]) -> list[str]:
    """The addresses of all fields of one name, such as Record-Route, each as it came.

    Raises:
        RemoteSipError: one of them is no address.
    """
    addresses = [item for value in values for item in split_list(value)]
    for address in addresses:
        parse_name_addr(address)
    return addresses


class CSeq(NamedTuple):
    """A request's place in its dialog: RFC 3261 20.16."""

    number: int
    method: str


_CSEQ = re.compile(rf"([0-9]{{1,20}})[ \t]++({TOKEN})")


def parse_cseq(text: str) -> CSeq:
    """Raises: RemoteSipError: it is no CSeq, or its number is 2**31 or more."""
    match = _CSEQ.fullmatch(text)
    if match is None or int(match[1]) > MAX_CSEQ:
        raise RemoteSipError(f"{text[:80]!r} is no CSeq", rule="RFC 3261 8.1.1.5")
    return CSeq(int(match[1]), match[2])


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in another protocol's words: RFC 3326."""

    protocol: str
    cause: int | None
    text: str


_REASON = re.compile(rf"{LWS}({TOKEN}){LWS}")
_CAUSE = re.compile(r"[0-9]{1,9}")


def parse_reasons(values: list[str]) -> list[Reason]:
    """Every reason that can be read; one that can't is worth no fuss (RFC 3261 8.2.2)."""
    reasons = []
    for value in values:
        try:
            reasons += [_parse_reason(item) for item in split_list(value)]
        except RemoteSipError:
            continue
    return reasons


def q850_cause(values: list[str]) -> int | None:
    """The Q.850 cause among Reason header fields, or None."""
    for reason in parse_reasons(values):
        if reason.protocol.upper() == "Q.850" and reason.cause is not None:
            return reason.cause
    return None


def _parse_reason(text: str) -> Reason:
    match = _REASON.match(text)
    if match is None:
        raise RemoteSipError(f"{text[:80]!r} is no Reason", rule="RFC 3326 2")
    parameters = parse_parameters(text, match.end())
    cause = parameter(parameters, "cause") or ""
    return Reason(
        protocol=match[1],
        cause=int(cause) if _CAUSE.fullmatch(cause) else None,
        text=parameter(parameters, "text") or "",
    )
