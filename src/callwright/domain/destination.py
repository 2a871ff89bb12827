"""Whom we call: the text of `to` as one of six kinds of destination.

The prefixes are the API's (`tel`, `sip`, `loc`, `webrtc`, `wss`, `con`). Without one, digits in
groups joined by single hyphens are a telephone number, a room name where the service calls
conferences, and anything else a SIP address.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from callwright.domain.errors import RemoteFault


class BadDestination(RemoteFault):
    """The text names nothing that could be called."""


@dataclass(frozen=True, slots=True)
class TelephoneNumber:
    """A full international number: 6 to 15 digits, no leading zero (ITU-T E.164)."""

    digits: str

    def __str__(self) -> str:
        """Print as the records do."""
        return f"tel:{self.digits}"


@dataclass(frozen=True, slots=True)
class SipAddress:
    """A SIP `user@host`, without its scheme."""

    address: str

    def __str__(self) -> str:
        """Print as the records do."""
        return f"sip:{self.address}"


@dataclass(frozen=True, slots=True)
class LocalService:
    """An inbound service of this installation."""

    name: str

    def __str__(self) -> str:
        """Print as the records do."""
        return f"loc:{self.name}"


@dataclass(frozen=True, slots=True)
class WebRtcClient:
    """A browser registered under this client id."""

    webrtc_client_id: str

    def __str__(self) -> str:
        """Print as the records do."""
        return f"webrtc:{self.webrtc_client_id}"


@dataclass(frozen=True, slots=True)
class WebSocketUrl:
    """A secure WebSocket; the URL is complete, scheme included.

    Whether it can be called is found out by the call (raw cause 901).
    """

    url: str

    def __str__(self) -> str:
        """Print as the records do: without credentials and query, where customers keep secrets."""
        if "@" not in self.url and "?" not in self.url:
            return self.url
        try:
            parts = urlsplit(self.url)
            # Where the name ends is certain only if the rest of it is a port.
            _ = parts.port
        except ValueError:
            return "wss://***"
        _, at, place = parts.netloc.rpartition("@")
        path = parts.path + ("?***" if parts.query else "")
        return f"wss://{'***@' if at else ''}{place}{path}"


@dataclass(frozen=True, slots=True)
class ConferenceRoom:
    """A room where many legs hear each other."""

    name: str

    def __str__(self) -> str:
        """Print as the records do."""
        return f"con:{self.name}"


Destination = (
    TelephoneNumber | SipAddress | LocalService | WebRtcClient | WebSocketUrl | ConferenceRoom
)

_GROUPED_DIGITS: Final = re.compile(r"\+?\d+(-\d+)*", re.ASCII)
_E164: Final = re.compile(r"[1-9]\d{5,14}", re.ASCII)
_SIP_ADDRESS: Final = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z0-9\-_.+]{1,64}", re.ASCII)
_PRINTABLE: Final = re.compile(r"[^\s\x00-\x1f\x7f]+")
MAX_URL_LENGTH: Final = 2000
"""Characters of a WebSocket's URL: what the web has come to take for granted."""


def parse_destination(text: str, *, unprefixed_is_conference: bool = False) -> Destination:
    """Read the text of `to`.

    Raises:
        BadDestination: it names nothing that could be called; the text is quoted.

    """
    text = text.strip()
    prefix, colon, rest = text.partition(":")
    match prefix.lower() if colon else "":
        case "tel":
            return _telephone_number(text, rest)
        case "sip":
            return _sip_address(text, rest)
        case "wss":
            return _web_socket(text)
        case "loc":
            return LocalService(_name(text, rest, "an inbound service's name"))
        case "webrtc":
            return WebRtcClient(_name(text, rest, "a client id"))
        case "con":
            return ConferenceRoom(_name(text, rest, "a room's name"))
        case _ if _GROUPED_DIGITS.fullmatch(text):
            return _telephone_number(text, text)
        case _ if unprefixed_is_conference:
            return ConferenceRoom(_name(text, text, "a room's name"))
        case _:
            return _sip_address(text, text)


def printable(text: str) -> str:
    """Print a destination as somebody wrote it, without the secrets that a URL may hold."""
    is_url = text.strip().lower().startswith("wss:")
    return str(WebSocketUrl(text.strip())) if is_url else text


def _telephone_number(text: str, number: str) -> TelephoneNumber:
    digits = re.sub(r"[\s\-]", "", number).removeprefix("+")
    if not _E164.fullmatch(digits):
        raise BadDestination(
            f"{_quoted(text)} is not a telephone number: a full international number of "
            "6 to 15 digits without a leading 0 was expected"
        )
    return TelephoneNumber(digits)


def _sip_address(text: str, address: str) -> SipAddress:
    if not _SIP_ADDRESS.fullmatch(address):
        raise BadDestination(
            f"{_quoted(text)} is neither a telephone number, a SIP address (user@host) "
            "nor one of the prefixes tel, sip, loc, webrtc, wss, con"
        )
    return SipAddress(address)


def _web_socket(text: str) -> WebSocketUrl:
    if not _PRINTABLE.fullmatch(text):
        raise BadDestination(f"{_quoted(printable(text))}: a URL without spaces was expected")
    if len(text) > MAX_URL_LENGTH:
        raise BadDestination(
            f"{_quoted(printable(text))} has {len(text)} characters: at most {MAX_URL_LENGTH} were "
            "expected"
        )
    return WebSocketUrl(text)


def _name(text: str, name: str, expected: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadDestination(
            f"{_quoted(text)}: {expected} of 1 to 64 characters A-Z a-z 0-9 - _ . + was expected"
        )
    return name


_QUOTED_LENGTH: Final = 80
"""Enough of a wrong value to recognise it; an error text is no place for 10 kB of it."""


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTED_LENGTH else text[:_QUOTED_LENGTH] + "...")
