"""SIP, SIPS and tel URIs: RFC 3261 19.1, RFC 3966."""

import re
from dataclasses import dataclass
from typing import Final

from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.grammar import HOST, Parameters, parameter

_UNRESERVED: Final = r"A-Za-z0-9\-_.!~*'()"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}"
_SIP_URI = re.compile(
    rf"(?P<scheme>sips?):"
    rf"(?:(?P<user>(?:[{_UNRESERVED}&=+$,;?/]++|{_ESCAPED})++)"
    rf"(?::(?P<password>(?:[{_UNRESERVED}&=+$,]++|{_ESCAPED})*+))?+@)?"
    rf"(?P<host>{HOST})(?::(?P<port>[0-9]{{1,5}}))?+"
    rf"(?P<parameters>(?:;(?:[{_UNRESERVED}\[\]/:&+$=]++|{_ESCAPED})++)*+)"
    rf"(?:\?(?P<headers>(?:[{_UNRESERVED}\[\]/?:+$=&]++|{_ESCAPED})++))?+",
    re.IGNORECASE,
)
_TEL_URI = re.compile(
    r"tel:(?P<number>\+?[0-9A-Fa-f*#\-.()]++)(?P<parameters>(?:;[A-Za-z0-9\-.=+%_:]++)*+)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+\-.]*+):[^ \t<>\"]++")

MAX_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class SipUri:
    """A `sip:` or `sips:` URI. Escapes stay as they came: two parties may read them differently."""

    host: str
    user: str = ""
    port: int | None = None
    scheme: str = "sip"
    password: str | None = None
    parameters: Parameters = ()
    headers: str = ""

    def parameter(self, name: str) -> str | None:
        """The value of a URI parameter; "" for one without a value, None when it is absent."""
        return parameter(self.parameters, name)

    def __str__(self) -> str:
        password = "" if self.password is None else f":{self.password}"
        user = f"{self.user}{password}@" if self.user else ""
        port = "" if self.port is None else f":{self.port}"
        tail = "".join(
            f";{name}" if value is None else f";{name}={value}" for name, value in self.parameters
        )
        headers = f"?{self.headers}" if self.headers else ""
        return f"{self.scheme}:{user}{self.host}{port}{tail}{headers}"


@dataclass(frozen=True, slots=True)
class TelUri:
    """A `tel:` URI. Visual separators stay in `number`."""

    number: str
    parameters: Parameters = ()

    def __str__(self) -> str:
        tail = "".join(
            f";{name}" if value is None else f";{name}={value}" for name, value in self.parameters
        )
        return f"tel:{self.number}{tail}"


Uri = SipUri | TelUri


def parse_uri(text: str) -> Uri:
    """The typed form of `text`.

    Raises:
        RemoteSipError: with status 416 for a well-formed URI of another scheme, else with 400.
    """
    match = _SIP_URI.fullmatch(text)
    if match is not None:
        return _sip_uri(match)
    match = _TEL_URI.fullmatch(text)
    if match is not None:
        return TelUri(match["number"], _uri_parameters(match["parameters"]))
    scheme = _SCHEME.fullmatch(text)
    if scheme is not None and scheme[1].lower() not in {"sip", "sips", "tel"}:
        raise RemoteSipError(
            f"scheme {scheme[1][:40]!r} is not sip, sips or tel",
            status=416,
            rule="RFC 3261 8.2.2.1",
        )
    raise RemoteSipError(f"{text[:80]!r} is no URI", rule="RFC 3261 19.1.1")


def _sip_uri(match: re.Match[str]) -> SipUri:
    port = match["port"]
    if port is not None and int(port) > MAX_PORT:
        raise RemoteSipError(f"port {port} is above {MAX_PORT}", rule="RFC 3261 19.1.1")
    return SipUri(
        host=match["host"],
        user=match["user"] or "",
        port=None if port is None else int(port),
        scheme=match["scheme"].lower(),
        password=match["password"],
        parameters=_uri_parameters(match["parameters"]),
        headers=match["headers"] or "",
    )


def _uri_parameters(text: str) -> Parameters:
    if not text:
        return ()
    parameters: list[tuple[str, str | None]] = []
    for item in text[1:].split(";"):
        name, equals, value = item.partition("=")
        parameters.append((name.lower(), value if equals else None))
    return tuple(parameters)
