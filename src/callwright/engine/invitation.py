"""What an INVITE from outside says: who calls whom, and how. Everything in it may be wrong.

Text of strangers is made readable here, so that it can be kept and printed anywhere.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from callwright.domain.call_parties import CallParties
from callwright.domain.records import CallDirection
from callwright.engine.call_plan import LocalRoute
from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.events import Invited, SipCallId
from callwright.protocol.sip.grammar import readable, split_list
from callwright.protocol.sip.headers import canonical_name
from callwright.protocol.sip.message import Request
from callwright.protocol.sip.uri import SipUri, TelUri, Uri, parse_uri
from callwright.protocol.sip.values import parse_name_addr

MAX_ADDRESS_LENGTH: Final = 256
"""Characters kept of an address: longer ones are nobody's, and would fill every record."""

_NUMBER: Final = re.compile(r"\+?([0-9]{1,15})", re.ASCII)
"""Digits of a full international number (ITU-T E.164)."""
_SEPARATORS: Final = re.compile(r"[-.()]")
"""Visual separators (RFC 3966 5.1.1)."""
_ATTESTATIONS: Final = frozenset({"A", "B", "C"})


@dataclass(frozen=True, slots=True)
class Called:
    """What was called: a number's digits, or a user's name."""

    user: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """An INVITE that waits for somebody to decide about it."""

    sip_call: SipCallId
    source_host: str
    called: Called
    call_from: str
    call_to: str
    call_target: str
    divert: str
    attestation: str
    offer: bytes
    request: Request
    route: LocalRoute | None = None
    """Of a call of our own to a service here; None for one that comes from outside."""

    @property
    def originating_address(self) -> str:
        """Who calls, as records print it: without a scheme."""
        return self.call_from.removeprefix("sip:")

    @property
    def destination_address(self) -> str:
        """Who is called, as records print it: with a prefix."""
        return f"tel:{self.call_to}" if self.called.is_number else self.call_to

    def parties(self, reported: Sequence[str]) -> CallParties:
        """Return the two ends, with those headers of the INVITE that are to be reported."""
        headers = tuple(
            (name, readable(value))
            for name in reported
            for value in self.request.headers.all(canonical_name(name) or name)
        )
        return CallParties(
            CallDirection.IN,
            self.call_from,
            self.call_to,
            self.call_target,
            self.divert,
            self.attestation,
            headers,
        )


def read_invitation(event: Invited) -> Arrival:
    """Read an INVITE that has passed the endpoint's inspection."""
    request = event.request
    uri = request.uri
    headers = request.headers
    return Arrival(
        sip_call=event.call,
        source_host=event.source.host,
        called=_called(uri),
        call_from=_address(request.from_.uri_text),
        call_to=_printed(uri),
        call_target=_address(request.to.uri_text),
        divert=_divert(headers.all("Diversion"), headers.all("History-Info")),
        attestation=_attestation(headers.first("P-Attestation-Indicator")),
        offer=request.body,
        request=request,
    )


def _called(uri: Uri) -> Called:
    number = _number(uri)
    if number is not None:
        return Called(number, is_number=True)
    return Called(uri.user if isinstance(uri, SipUri) else "", is_number=False)


def _address(uri_text: str) -> str:
    """Print the address in a header field; one that is no URI of ours stands as it came."""
    try:
        return _printed(parse_uri(uri_text))
    except RemoteSipError:
        return readable(uri_text)[:MAX_ADDRESS_LENGTH]


def _printed(uri: Uri) -> str:
    """Print an address as pages are told it: a number's digits, or `sip:` and user and host."""
    number = _number(uri)
    if number is not None:
        return number
    if isinstance(uri, TelUri):
        return readable(uri.number)[:MAX_ADDRESS_LENGTH]
    user = f"{uri.user}@" if uri.user else ""
    return readable(f"sip:{user}{uri.host}")[:MAX_ADDRESS_LENGTH]


def _number(uri: Uri) -> str | None:
    """Return the digits of an address that is a telephone number (RFC 3261 19.1.6)."""
    text = uri.number if isinstance(uri, TelUri) else uri.user.partition(";")[0]
    found = _NUMBER.fullmatch(_SEPARATORS.sub("", text))
    return found[1] if found else None


def _divert(diversions: Sequence[str], history: Sequence[str]) -> str:
    """Say who was called first: the last Diversion (RFC 5806 3), else the first History-Info.

    One entry of History-Info alone is the call itself (RFC 7044 5).
    """
    for values, place, least in ((diversions, -1, 1), (history, 0, 2)):
        try:
            entries = [one for value in values for one in split_list(value)]
            if len(entries) >= least:
                return _address(parse_name_addr(entries[place]).uri_text)
        except RemoteSipError:
            continue
    return ""


def _attestation(value: str | None) -> str:
    """Return how sure the caller's network is of his number; empty when it says nothing known."""
    level = (value or "").strip().upper()
    return level if level in _ATTESTATIONS else ""
