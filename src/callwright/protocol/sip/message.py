"""Requests and responses: parse and print, RFC 3261 7 and 25.

Parsing splits a datagram into start line, header fields and body, and reads no field's value: each
is read when somebody asks for it, once. What a message must be before anyone acts on it is checked
in `inspection`.
"""

import re
from typing import Final

from callwright.protocol.sip.errors import RemoteSipError
from callwright.protocol.sip.grammar import is_token, split_list
from callwright.protocol.sip.headers import Headers
from callwright.protocol.sip.uri import Uri, parse_uri
from callwright.protocol.sip.values import (
    CSeq,
    NameAddr,
    Via,
    parse_cseq,
    parse_name_addr,
    parse_via,
)

VERSION: Final = "SIP/2.0"

MAX_HEADER_FIELDS: Final = 256
"""Five times the longest honest message (RFC 4475 3.1.1.7 has 47): a bound on the work for one."""


class Message:
    """What requests and responses share. The typed values raise RemoteSipError when asked for.

    `is_complete` is False when the empty line after the header fields is missing.
    """

    __slots__ = ("_cseq", "_from", "_to", "_via", "body", "headers", "is_complete")

    def __init__(self, headers: Headers, body: bytes, *, is_complete: bool = True) -> None:
        self.headers = headers
        self.body = body
        self.is_complete = is_complete
        self._via: Via | None = None
        self._from: NameAddr | None = None
        self._to: NameAddr | None = None
        self._cseq: CSeq | None = None

    @property
    def via(self) -> Via:
        """The topmost Via."""
        if self._via is None:
            self._via = parse_via(split_list(self._required("Via"))[0])
        return self._via

    @property
    def from_(self) -> NameAddr:
        if self._from is None:
            self._from = parse_name_addr(self._required("From"))
        return self._from

    @property
    def to(self) -> NameAddr:
        if self._to is None:
            self._to = parse_name_addr(self._required("To"))
        return self._to

    @property
    def cseq(self) -> CSeq:
        if self._cseq is None:
            self._cseq = parse_cseq(self._required("CSeq"))
        return self._cseq

    @property
    def call_id(self) -> str:
        return self._required("Call-ID")

    @property
    def content_type(self) -> str:
        """Type and subtype in lower case without parameters, "" when absent."""
        value = self.headers.first("Content-Type") or ""
        return value.partition(";")[0].replace(" ", "").lower()

    def _required(self, name: str) -> str:
        value = self.headers.first(name)
        if not value:
            raise RemoteSipError(f"no {name}", rule="RFC 3261 8.1.1")
        return value

    def _encode(self, start_line: str) -> bytes:
        lines = [start_line]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += (f"Content-Length: {len(self.body)}", "", "")
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + self.body


class Request(Message):
    """A request. `uri_text` and `version` stand as they came, spaces and all."""

    __slots__ = ("method", "uri_text", "version")

    def __init__(
        self,
        method: str,
        uri_text: str,
        headers: Headers,
        body: bytes = b"",
        *,
        version: str = VERSION,
        is_complete: bool = True,
    ) -> None:
        super().__init__(headers, body, is_complete=is_complete)
        self.method = method
        self.uri_text = uri_text
        self.version = version

    @property
    def uri(self) -> Uri:
        """The typed Request-URI.

        Raises:
            RemoteSipError: it is of a scheme that we don't speak (416), or no URI (400).
        """
        return parse_uri(self.uri_text)

    def encode(self) -> bytes:
        """The datagram; Content-Length is ours to say."""
        return self._encode(f"{self.method} {self.uri_text} {VERSION}")

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.uri_text}>"


class Response(Message):
    """A response."""

    __slots__ = ("reason", "sip_status")

    def __init__(
        self,
        sip_status: int,
        reason: str,
        headers: Headers,
        body: bytes = b"",
        *,
        is_complete: bool = True,
    ) -> None:
        super().__init__(headers, body, is_complete=is_complete)
        self.sip_status = sip_status
        self.reason = reason

    @property
    def is_provisional(self) -> bool:
        return self.sip_status < 200  # noqa: PLR2004 - the first digit is the class: RFC 3261 7.2

    @property
    def is_success(self) -> bool:
        return 200 <= self.sip_status < 300  # noqa: PLR2004 - the same

    def encode(self) -> bytes:
        """The datagram; Content-Length is ours to say."""
        return self._encode(f"{VERSION} {self.sip_status} {self.reason}")

    def __repr__(self) -> str:
        return f"<Response {self.sip_status} {self.reason}>"


_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?", re.IGNORECASE | re.DOTALL)
_FOLD = re.compile(r"\r\n[ \t]++")
_LENGTH = re.compile(r"[0-9]{1,10}")


def parse_message(data: bytes) -> Request | Response:
    """The message in one datagram.

    The body ends where Content-Length says, or with the datagram (18.3).

    Raises:
        RemoteSipError: the datagram is so far from SIP that it can't even be answered.
    """
    head, blank, rest = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    text = head.decode("utf-8", "surrogateescape")
    if "\r\n " in text or "\r\n\t" in text:
        text = _FOLD.sub(" ", text)
    lines = text.split("\r\n")
    breaks = len(lines) - 1
    if text.count("\n") != breaks or text.count("\r") != breaks:
        raise RemoteSipError("a CR or LF alone", rule="RFC 3261 7.3.1")
    if breaks > MAX_HEADER_FIELDS:
        raise RemoteSipError(f"{breaks} header fields, at most {MAX_HEADER_FIELDS} are read")
    headers = Headers.from_lines(lines[1:])
    start_line = lines[0]
    is_complete = bool(blank)
    if start_line[:4].upper() == "SIP/":
        match = _STATUS_LINE.fullmatch(start_line)
        if match is None:
            raise RemoteSipError(f"{start_line[:80]!r} is no status line", rule="RFC 3261 7.2")
        body = _body(headers, rest)
        return Response(int(match[1]), match[2] or "", headers, body, is_complete=is_complete)
    method, uri_text, version = _parse_request_line(start_line)
    body = _body(headers, rest)
    return Request(method, uri_text, headers, body, version=version, is_complete=is_complete)


def declared_length(headers: Headers) -> int | None:
    """Content-Length, or None when it is absent.

    Raises:
        RemoteSipError: it is no number.
    """
    value = headers.first("Content-Length")
    if value is None:
        return None
    if _LENGTH.fullmatch(value) is None:
        raise RemoteSipError(f"Content-Length {value[:40]!r}", rule="RFC 3261 20.14")
    return int(value)


def _parse_request_line(line: str) -> tuple[str, str, str]:
    """Method, Request-URI and version, kept wrong enough for `inspection` to see what is wrong."""
    method, _, rest = line.partition(" ")
    stripped = rest.rstrip(" ")
    uri_text, _, version = stripped.rpartition(" ")
    if not is_token(method) or not version.upper().startswith("SIP/"):
        raise RemoteSipError(f"{line[:80]!r} is no request line", rule="RFC 3261 7.1")
    return method, uri_text, version + " " * (len(rest) - len(stripped))


def _body(headers: Headers, rest: bytes) -> bytes:
    value = headers.first("Content-Length")
    if value is None or _LENGTH.fullmatch(value) is None:
        return rest
    return rest[: int(value)]
