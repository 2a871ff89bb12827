"""What a message must be before anyone acts on it: RFC 3261 7, 8.1.3 and 8.2.

Only what we need is inspected. Other header fields may be as wrong as they like: 8.2.2.
"""

from typing import Final

from callwright.protocol.sip.dialog import record_route
from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.grammar import split_list, split_tokens
from callwright.protocol.sip.message import VERSION, Request, Response, declared_length
from callwright.protocol.sip.replies import ACCEPT, ALLOW
from callwright.protocol.sip.uri import SipUri
from callwright.protocol.sip.values import parse_name_addr, split_addresses

Refusal = tuple[int, tuple[tuple[str, str], ...]]
"""The status to refuse with, and the header fields that explain it."""

METHODS: Final = frozenset({"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS"})

_SINGLE: Final = (
    "Call-ID", "CSeq", "From", "To", "Max-Forwards", "Content-Length", "Content-Type",
)  # fmt: skip
"""Fields that may stand there once: 7.3.1. Which of two is meant, nobody can tell."""

_MAX_HOPS: Final = 255
"""20.22."""


def check_request(request: Request) -> None:
    """Whether `request` is a request at all.

    Raises:
        RemoteSipError: with the status that it deserves.
    """
    version = request.version.upper()  # 7.1: compared without regard to case
    if version != VERSION:
        status = 400 if version.strip(" ") == VERSION else 505
        raise RemoteSipError(f"version {version[:20]!r}", status=status, rule="RFC 3261 7.1")
    _check_common(request)
    if request.cseq.method != request.method:
        raise RemoteSipError(
            f"CSeq of {request.cseq.method[:40]!r} in {request.method[:40]!r}",
            rule="RFC 3261 8.1.1.5",
        )
    hops = request.headers.first("Max-Forwards")
    if hops is not None and not _is_number(hops, _MAX_HOPS):
        raise RemoteSipError(f"Max-Forwards {hops[:40]!r}", rule="RFC 3261 20.22")
    _check_uri(request)
    if request.method == "INVITE":
        record_route(request)
        for contact in split_addresses(request.headers.all("Contact")):
            parse_name_addr(contact)


def check_response(response: Response) -> None:
    """Whether `response` is one that we can have asked for.

    Raises:
        RemoteSipError: it is not; to be dropped.
    """
    _check_common(response)
    vias = response.headers.all("Via")
    if len(vias) > 1 or ("," in vias[0] and len(split_list(vias[0])) > 1):
        raise RemoteSipError("more than one Via", rule="RFC 3261 8.1.3.3")
    if response.is_success:
        record_route(response)


def refusal(request: Request) -> Refusal | None:
    """Why we don't do what `request` asks, in the order of 8.2; None when we do."""
    if request.method not in METHODS:
        return 405, (ALLOW,)
    unsupported = split_tokens(request.headers.all("Require"))
    if unsupported:
        return 420, (("Unsupported", ", ".join(unsupported)),)
    if request.method == "INVITE":
        return _content_refusal(request)
    return None


def scheme_refusal(request: Request) -> Refusal | None:
    """Whether the Request-URI is of a scheme that we don't speak: 8.2.2.1."""
    try:
        _ = request.uri
    except RemoteSipError as error:
        return error.status, ()
    return None


def _content_refusal(request: Request) -> Refusal | None:
    """8.2.3 for the offer, and 20.1 for the answer that the caller must be able to take."""
    if request.body and request.content_type != ACCEPT[1]:
        return 415, (ACCEPT,)
    encodings = split_tokens(request.headers.all("Content-Encoding"))
    if request.body and any(encoding.lower() != "identity" for encoding in encodings):
        return 415, (("Accept-Encoding", "identity"),)
    accepted = split_tokens(request.headers.all("Accept"))
    if accepted and not {"application/sdp", "application/*", "*/*"} & {
        item.lower() for item in accepted
    }:
        return 406, (ACCEPT,)
    return None


def _check_common(message: Request | Response) -> None:
    if not message.is_complete:
        raise RemoteSipError("no empty line after the header fields", rule="RFC 3261 7")
    headers = message.headers
    if headers.has_repeated:
        for name in _SINGLE:
            if headers.count(name) > 1:
                raise RemoteSipError(f"{headers.count(name)} {name} fields", rule="RFC 3261 7.3.1")
    # What every message must have, and we must be able to read: 8.1.1, 8.2.6.2.
    _ = message.via, message.from_, message.to, message.cseq, message.call_id
    length = declared_length(headers)
    if length is not None and length > len(message.body):
        raise RemoteSipError(
            f"Content-Length {length}, but {len(message.body)} octets", rule="RFC 3261 18.3"
        )


def _check_uri(request: Request) -> None:
    """Other schemes are left for `scheme_refusal`, which comes after the method in 8.2."""
    try:
        uri = request.uri
    except RemoteSipError as error:
        if error.status == 416:  # noqa: PLR2004 - a status reads best as its number
            return
        raise
    if isinstance(uri, SipUri) and uri.headers:
        raise RemoteSipError("header fields in a Request-URI", rule="RFC 3261 19.1.1")


def _is_number(text: str, highest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= highest  # noqa: PLR2004 - more digits are no number of hops
