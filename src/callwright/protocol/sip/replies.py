"""Responses to requests: RFC 3261 8.2.6, and the way back, 18.2.2 and RFC 3581."""

from collections.abc import Iterable
from typing import Final

from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.grammar import split_list
from callwright.protocol.sip.headers import Headers
from callwright.protocol.sip.link import Link
from callwright.protocol.sip.message import Request, Response
from callwright.protocol.sip.values import HostPort

ALLOW: Final = ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS")
ACCEPT: Final = ("Accept", "application/sdp")
CONTENT_TYPE: Final = ("Content-Type", "application/sdp")

_REASONS: Final = {
    100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 182: "Queued",
    183: "Session Progress", 200: "OK", 300: "Multiple Choices", 301: "Moved Permanently",
    302: "Moved Temporarily", 305: "Use Proxy", 380: "Alternative Service", 400: "Bad Request",
    401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required",
    408: "Request Timeout", 410: "Gone", 413: "Request Entity Too Large",
    414: "Request-URI Too Long", 415: "Unsupported Media Type", 416: "Unsupported URI Scheme",
    420: "Bad Extension", 421: "Extension Required", 423: "Interval Too Brief",
    480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 482: "Loop Detected",
    483: "Too Many Hops", 484: "Address Incomplete", 485: "Ambiguous", 486: "Busy Here",
    487: "Request Terminated", 488: "Not Acceptable Here", 491: "Request Pending",
    493: "Undecipherable", 500: "Server Internal Error", 501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Server Time-out",
    505: "Version Not Supported", 513: "Message Too Large", 600: "Busy Everywhere",
    603: "Decline", 604: "Does Not Exist Anywhere", 606: "Not Acceptable",
}  # fmt: skip
"""RFC 3261 21."""
_CLASSES: Final = {
    1: "Session Progress", 2: "OK", 3: "Redirection", 4: "Client Error", 5: "Server Error",
    6: "Global Failure",
}  # fmt: skip


def reason_phrase(sip_status: int) -> str:
    """RFC 3261 21's words, or those of the status's class."""
    return _REASONS.get(sip_status) or _CLASSES[sip_status // 100]


def reply(
    request: Request,
    sip_status: int,
    link: Link,
    source: HostPort,
    *,
    to_tag: str = "",
    reason: str = "",
    extra: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
) -> bytes:
    """A response to `request`, which may lack anything: what is there is echoed as it came.

    `to_tag` is added when the request has none, and should be empty for 100 only.
    """
    headers = Headers()
    for index, value in enumerate(request.headers.all("Via")):
        headers.add("Via", value if index else _stamped(request, value, source))
    for name in ("From", "To", "Call-ID", "CSeq"):
        value = request.headers.first(name) or ""
        if name == "To" and to_tag and value and not _has_tag(request):
            value = f"{value};tag={to_tag}"
        if value:
            headers.add(name, value)
    for name, value in extra:
        headers.add(name, value)
    headers.add("Server", link.user_agent)
    if body:
        headers.add(*CONTENT_TYPE)
    return Response(sip_status, reason or reason_phrase(sip_status), headers, body).encode()


def reply_hop(request: Request, source: HostPort) -> HostPort:
    """Where a response goes: the address that asked; the port that asked for it with rport, and
    also when the Via can't be read; else the Via's.
    """
    try:
        via = request.via
    except RemoteSipError:
        return source
    return source if via.has_rport else HostPort(source.host, via.sent_by.port)


def _stamped(request: Request, value: str, source: HostPort) -> str:
    try:
        via = request.via.stamped(source)
        rest = split_list(value)[1:]
    except RemoteSipError:
        return value
    return ", ".join([via, *rest])


def _has_tag(request: Request) -> bool:
    try:
        return bool(request.to.tag)
    except RemoteSipError:
        return True  # a To that can't be read is not improved by a tag
