"""A multipart form of which one part is a file, read as it comes (RFC 7578).

Bytes in; fields, and pieces of the file, out. Nothing of the file is held here for longer than
until `take`, and of the rest no more than a form may have.
"""

from typing import TYPE_CHECKING, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from callwright.api.envelope import INSANE, REPEATED, HttpFault
from callwright.api.exchange import MAX_BODY, Exchange
from callwright.api.wire import MAX_FIELDS, MULTIPART, quoted

if TYPE_CHECKING:  # the library has this name for type checkers alone
    from python_multipart.multipart import MultipartCallbacks


class UploadForm:
    """The parts of a form; `content_part` names the one that is the file."""

    def __init__(self, exchange: Exchange, content_part: str) -> None:
        """Prepare to read the body of a request.

        Raises:
            HttpFault: it is no multipart form, or does not say what divides its parts.

        """
        if exchange.media_type() != MULTIPART:
            raise HttpFault(
                415,
                f"Unsupported Media Type: {quoted(exchange.media_type())}; a file is sent as the "
                f"part {content_part} of {MULTIPART}",
            )
        boundary = parse_options_header(exchange.header(b"content-type"))[1].get(b"boundary")
        if not boundary:
            raise _unreadable("its boundary is missing")
        self._content_part: Final = content_part
        self.fields: list[tuple[str, str]] = []
        self.has_content = False
        """Whether the file has begun."""
        self._name = ""
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._disposition = b""
        self._field = bytearray()
        self._size_of_fields = 0
        self._parts = 0
        self._content: list[bytes] = []
        try:
            self._parser = MultipartParser(boundary, self._callbacks())
        except FormParserError as problem:
            raise _unreadable(str(problem)) from None

    def feed(self, piece: bytes) -> None:
        """Read the next piece of the body.

        Raises:
            HttpFault: it cannot be read, or is too much.

        """
        try:
            self._parser.write(piece)
        except FormParserError as problem:
            raise _unreadable(str(problem)) from None

    def finish(self) -> None:
        """Say that the body is over.

        Raises:
            HttpFault: the form is not.

        """
        try:
            self._parser.finalize()
        except FormParserError as problem:
            raise _unreadable(str(problem)) from None

    def take(self) -> bytes:
        """Take what has come of the file since the last time."""
        content, self._content = self._content, []
        return content[0] if len(content) == 1 else b"".join(content)

    def _callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": self._add_to_name,
            "on_header_value": self._add_to_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._add_data,
            "on_part_end": self._end_part,
        }

    def _begin_part(self) -> None:
        self._parts += 1
        if self._parts > MAX_FIELDS:
            raise HttpFault(
                400, f"Bad Request: more than {MAX_FIELDS} parts were sent", code=INSANE
            )
        self._disposition = b""
        self._field.clear()

    def _add_to_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _add_to_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _end_header(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            self._disposition = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _end_headers(self) -> None:
        options = parse_options_header(self._disposition)[1]
        self._name = _text(options.get(b"name", b""))
        if not self._name:
            raise _unreadable("a part has no name")
        if self._name == self._content_part:
            if self.has_content:
                raise HttpFault(
                    400, f"Bad Request: the part {self._name} appears more than once", code=REPEATED
                )
            self.has_content = True
        elif b"filename" in options:
            raise HttpFault(
                400,
                f"Bad Request: the part {quoted(self._name)} is a file; it is sent as "
                f"{self._content_part}",
                code=INSANE,
            )

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        if self._name == self._content_part:
            self._content.append(data[start:end])
            return
        self._size_of_fields += end - start
        if self._size_of_fields > MAX_BODY:
            raise HttpFault(
                413,
                f"Content Too Large: the parts beside {self._content_part} have more than "
                f"{MAX_BODY} bytes",
                headers=((b"connection", b"close"),),
            )
        self._field += data[start:end]

    def _end_part(self) -> None:
        if self._name != self._content_part:
            self.fields.append((self._name, _text(self._field)))


def _text(data: bytes | bytearray) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as problem:
        raise _unreadable(f"it is not UTF-8: {problem.reason}") from None


def _unreadable(reason: str) -> HttpFault:
    return HttpFault(400, f"Bad Request: the multipart form cannot be read: {reason}", code=INSANE)
