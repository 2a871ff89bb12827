"""`/file_get`: a file's bytes, or some of them, or that the client has them already."""

from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Final

from callwright.api.byte_ranges import ByteRange, Unsatisfiable, byte_range
from callwright.api.doors import Doors
from callwright.api.envelope import Headers, HttpFault
from callwright.api.exchange import Answer, Exchange, Stream
from callwright.api.file_parameters import name_of
from callwright.api.identity import account_of
from callwright.api.preconditions import Validators, Verdict, judge, may_send_part
from callwright.api.wire import parameters_of
from callwright.domain.file_names import FileName
from callwright.files.content import content_type_of
from callwright.files.ports import OpenFile

CACHE_CONTROL: Final = b"private, no-cache"
"""Kept by whoever may ask for it, and asked for again each time: a file may change."""

_SAFE: Final[Headers] = ((b"x-content-type-options", b"nosniff"),)
"""Customers choose content types: what they send is shown by no browser as a page of ours."""


async def file_get(doors: Doors, exchange: Exchange) -> Answer | Stream:
    """Send a file as it is at this moment, whatever becomes of it meanwhile."""
    account = await account_of(doors, exchange)
    name = name_of(await parameters_of(exchange))
    return send_file(exchange, name, await doors.files.open(account.account_id, name))


def send_file(exchange: Exchange, name: FileName, file: OpenFile) -> Answer | Stream:
    """Answer with an open file, or the part of it that is asked for; it is closed in the end."""
    try:
        answer = _answer(exchange, name, file)
    except BaseException:
        file.close()
        raise
    if isinstance(answer, Answer) or exchange.method == "HEAD":
        file.close()
    return answer


def _answer(exchange: Exchange, name: FileName, file: OpenFile) -> Answer | Stream:
    size = file.entry.size_bytes
    validators = Validators(file.tag, file.entry.created_at)
    headers: Headers = (
        (b"etag", validators.entity_tag.encode()),
        (b"last-modified", validators.last_modified.encode()),
    )
    part = ByteRange(0, size)
    # Ranges and preconditions are of GET and HEAD alone (RFC 9110 13.1 and 14.2).
    if exchange.method != "POST":
        match judge(exchange, validators):
            case Verdict.NOT_MODIFIED:
                return Answer(b"", status=304, headers=headers, cache_control=CACHE_CONTROL)
            case Verdict.FAILED:
                raise HttpFault(412, f"Precondition Failed: {name} is another version")
        part = _part(exchange, validators, size) or part
    is_part = part != ByteRange(0, size)
    if is_part:
        headers += ((b"content-range", b"bytes %d-%d/%d" % (part.start, part.end - 1, size)),)
    disposition = f'attachment; filename="{name.text.rpartition("/")[2]}"'
    return Stream(
        _nothing() if exchange.method == "HEAD" else file.pieces(part.start, part.end),
        content_type_of(name, is_in_cipher=file.entry.is_encrypted, said=file.content_type).encode(
            "latin-1"
        ),
        status=HTTPStatus.PARTIAL_CONTENT if is_part else HTTPStatus.OK,
        headers=(
            *headers,
            *_SAFE,
            (b"content-length", b"%d" % (part.end - part.start)),
            (b"accept-ranges", b"bytes"),
            (b"content-disposition", disposition.encode()),
        ),
        cache_control=CACHE_CONTROL,
    )


def _part(exchange: Exchange, validators: Validators, size: int) -> ByteRange | None:
    if not may_send_part(exchange, validators):
        return None
    try:
        return byte_range(exchange.header(b"range"), size)
    except Unsatisfiable:
        raise HttpFault(
            416,
            f"Range Not Satisfiable: the file has {size} bytes",
            headers=((b"content-range", b"bytes */%d" % size),),
        ) from None


async def _nothing() -> AsyncGenerator[bytes]:
    none: tuple[bytes, ...] = ()
    for piece in none:
        yield piece
