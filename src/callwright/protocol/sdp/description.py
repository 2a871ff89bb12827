"""Session descriptions: parse and print, RFC 8866.

Unknown lines and attributes are passed over, as RFC 8866 5 asks; the lines that decide where
sound goes and how it is coded are read strictly. Errors:

    SdpError
    ├── RemoteSdpError      the far end's text can't be read
    └── NegotiationFailed   it can be read, but there is nothing in common (`offer_answer`)
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Self


class SdpError(Exception):
    """What goes wrong with the far end's session description."""


class RemoteSdpError(SdpError):
    """A line of the far end's description breaks RFC 8866; answer an offer of it with 488."""

    def __init__(self, line_number: int, line: str, expected: str) -> None:
        """Name the line, counted from 1, and what should have stood there."""
        super().__init__(f"SDP line {line_number}, {line!r}: expected {expected}")
        self.line_number = line_number
        self.line = line


class Direction(StrEnum):
    """Which way sound flows, as the description's author sees it: RFC 8866 6.7."""

    SEND_RECEIVE = "sendrecv"
    SEND_ONLY = "sendonly"
    RECEIVE_ONLY = "recvonly"
    INACTIVE = "inactive"

    @property
    def sends(self) -> bool:
        """Whether the author sends."""
        return self in {Direction.SEND_RECEIVE, Direction.SEND_ONLY}

    @property
    def receives(self) -> bool:
        """Whether the author wants to receive."""
        return self in {Direction.SEND_RECEIVE, Direction.RECEIVE_ONLY}

    @classmethod
    def of(cls, *, sends: bool, receives: bool) -> Self:
        """The direction of somebody who sends or not, receives or not."""
        if sends:
            return cls("sendrecv" if receives else "sendonly")
        return cls("recvonly" if receives else "inactive")


class Attribute(NamedTuple):
    """One `a=` line; the value is empty for a flag such as `a=sendrecv`."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class RtpMap:
    """What a payload type means: `a=rtpmap`, RFC 8866 6.6."""

    payload_type: int
    encoding: str
    clock_rate_hz: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made the description and which version it is: `o=`, RFC 8866 5.2."""

    session_id: int
    session_version: int
    host: str
    username: str = "-"


@dataclass(frozen=True, slots=True)
class MediaDescription:
    """One `m=` line and everything below it, RFC 8866 5.14."""

    kind: str
    """`audio`, `video`, `image` …"""
    port: int
    """0 when the medium is refused or ended."""
    transport: str
    formats: tuple[str, ...]
    host: str | None = None
    """The medium's own `c=` address, or None for the session's."""
    attributes: tuple[Attribute, ...] = ()
    rtp_maps: tuple[RtpMap, ...] = ()

    def attribute(self, name: str) -> str | None:
        """The first attribute of that name, or None."""
        return _first(self.attributes, name)

    @property
    def own_direction(self) -> Direction | None:
        """The direction written below this line, or None for the session's."""
        return _direction(self.attributes)


@dataclass(frozen=True, slots=True)
class SessionDescription:
    """A whole description."""

    origin: Origin
    media: tuple[MediaDescription, ...]
    host: str | None = None
    attributes: tuple[Attribute, ...] = ()

    def host_of(self, medium: MediaDescription) -> str | None:
        """Where the medium is received; None when the author gave no address at all."""
        return medium.host or self.host

    def direction_of(self, medium: MediaDescription) -> Direction:
        """The medium's direction, else the session's, else both ways (RFC 8866 6.7)."""
        return medium.own_direction or _direction(self.attributes) or Direction.SEND_RECEIVE


def parse_description(text: bytes) -> SessionDescription:
    """Read a session description.

    Lines may end in CRLF or LF; unknown types, and lines that we never act on, are passed over.

    Raises:
        RemoteSdpError: a line that we need is missing or can't be read.

    """
    lines = _lines(text)
    if not lines or lines[0].text != "v=0":
        raise RemoteSdpError(1, lines[0].text if lines else "", "v=0")
    starts = [index for index, line in enumerate(lines) if line.text.startswith("m=")]
    session = lines[: starts[0]] if starts else lines
    ends = [*starts[1:], len(lines)]
    return SessionDescription(
        origin=_origin(session),
        host=_host(session),
        attributes=_attributes(session),
        media=tuple(_medium(lines[a:b]) for a, b in zip(starts, ends, strict=False)),
    )


def print_description(description: SessionDescription) -> bytes:
    """Write a session description, with every line that RFC 8866 5 requires."""
    origin = description.origin
    numbers = f"{origin.session_id} {origin.session_version}"
    lines = [
        "v=0",
        f"o={origin.username} {numbers} IN {_address_type(origin.host)} {origin.host}",
        "s=-",
        *_connection_lines(description.host),
        "t=0 0",
        *_attribute_lines(description.attributes),
    ]
    for medium in description.media:
        lines += [
            f"m={medium.kind} {medium.port} {medium.transport} {' '.join(medium.formats)}",
            *_connection_lines(medium.host),
            *(
                f"a=rtpmap:{it.payload_type} {it.encoding}/{it.clock_rate_hz}"
                for it in medium.rtp_maps
            ),
            *_attribute_lines(medium.attributes),
        ]
    return ("\r\n".join(lines) + "\r\n").encode()


MAX_PORT: Final = 0xFFFF
MAX_PAYLOAD_TYPE: Final = 0x7F
_ORIGIN_FIELDS: Final = 6
_MEDIUM_FIELDS: Final = 4
_CONNECTION_FIELDS: Final = 3
_ADDRESS_TYPES: Final = frozenset({"IP4", "IP6"})


class _Line(NamedTuple):
    number: int
    text: str

    def refuse(self, expected: str) -> RemoteSdpError:
        return RemoteSdpError(self.number, self.text, expected)


def _lines(text: bytes) -> list[_Line]:
    # Latin-1 maps every byte, so that a foreign charset in s= or i= can't spoil the rest.
    decoded = text.decode("latin-1")
    return [
        _Line(number, line.rstrip("\r \t"))
        for number, line in enumerate(decoded.split("\n"), start=1)
        if line.strip()
    ]


def _origin(session: list[_Line]) -> Origin:
    for line in session:
        if line.text.startswith("o="):
            fields = line.text[2:].split()
            if len(fields) != _ORIGIN_FIELDS:
                raise line.refuse("o=<username> <id> <version> IN IP4|IP6 <address>")
            username, session_id, version, _, _, host = fields
            return Origin(
                _number(line, session_id), _number(line, version), host, username=username
            )
    raise RemoteSdpError(len(session), session[-1].text, "an o= line before it")


def _host(lines: list[_Line]) -> str | None:
    for line in lines:
        if line.text.startswith("c="):
            fields = line.text[2:].split()
            if (
                len(fields) != _CONNECTION_FIELDS
                or fields[0] != "IN"
                or fields[1] not in _ADDRESS_TYPES
            ):
                raise line.refuse("c=IN IP4|IP6 <address>")
            # A multicast address carries "/ttl"; the address alone matters here (RFC 8866 5.7).
            return fields[2].partition("/")[0]
    return None


def _attributes(lines: list[_Line]) -> tuple[Attribute, ...]:
    found: list[Attribute] = []
    for line in lines:
        if line.text.startswith("a="):
            name, _, value = line.text[2:].partition(":")
            if name != "rtpmap":
                found.append(Attribute(name, value))
    return tuple(found)


def _medium(lines: list[_Line]) -> MediaDescription:
    first = lines[0]
    fields = first.text[2:].split()
    if len(fields) < _MEDIUM_FIELDS:
        raise first.refuse("m=<media> <port> <transport> <format> …")
    # "49170/2" asks for several port pairs (RFC 8866 5.14); the first is all that we use.
    port = _number(first, fields[1].partition("/")[0], most=MAX_PORT)
    return MediaDescription(
        kind=fields[0],
        port=port,
        transport=fields[2],
        formats=tuple(fields[3:]),
        host=_host(lines),
        attributes=_attributes(lines),
        rtp_maps=tuple(_rtp_map(line) for line in lines if line.text.startswith("a=rtpmap:")),
    )


def _rtp_map(line: _Line) -> RtpMap:
    payload_type, _, coding = line.text.removeprefix("a=rtpmap:").strip().partition(" ")
    encoding, _, rate = coding.strip().partition("/")
    if not encoding or not rate:
        raise line.refuse("a=rtpmap:<payload type> <encoding>/<clock rate>")
    return RtpMap(
        payload_type=_number(line, payload_type, most=MAX_PAYLOAD_TYPE),
        encoding=encoding,
        clock_rate_hz=_number(line, rate.partition("/")[0]),
    )


def _number(line: _Line, text: str, *, most: int | None = None) -> int:
    # Twenty digits hold any 64-bit value; a longer text is an attempt to make us work.
    if not (text.isascii() and text.isdigit() and len(text) <= 20):  # noqa: PLR2004 - reason above
        raise line.refuse(f"a number instead of {text!r}")
    number = int(text)
    if most is not None and number > most:
        raise line.refuse(f"at most {most} instead of {text!r}")
    return number


def _first(attributes: tuple[Attribute, ...], name: str) -> str | None:
    return next((value for found, value in attributes if found == name), None)


def _direction(attributes: tuple[Attribute, ...]) -> Direction | None:
    return next((Direction(name) for name, _ in attributes if name in set(Direction)), None)


def _address_type(host: str) -> str:
    return "IP6" if ":" in host else "IP4"


def _connection_lines(host: str | None) -> list[str]:
    return [] if host is None else [f"c=IN {_address_type(host)} {host}"]


def _attribute_lines(attributes: tuple[Attribute, ...]) -> list[str]:
    return [f"a={name}:{value}" if value else f"a={name}" for name, value in attributes]
