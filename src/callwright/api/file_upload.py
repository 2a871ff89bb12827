"""`/file_write`: a file, written to disk as it comes and given its name when it is whole."""

from typing import Final

import msgspec

from callwright.api.doors import Doors
from callwright.api.envelope import MISSING, HttpFault
from callwright.api.exchange import MAX_BODY, Answer, Exchange
from callwright.api.file_parameters import upload_order_of
from callwright.api.identity import account_of
from callwright.api.upload_form import UploadForm
from callwright.api.wire import Parameters, parameters_with
from callwright.domain.ids import AccountId
from callwright.files import wire_names as wire
from callwright.files.ports import Draft
from callwright.files.uploads import keep_upload

WRITTEN_AT_ONCE: Final = 1 << 18
"""Bytes gathered before a thread writes them, and what an upload holds in memory."""

_encode = msgspec.json.Encoder().encode


async def file_write(doors: Doors, exchange: Exchange) -> Answer:
    """Write a file; what had its name is replaced at once, and never seen half."""
    account = await account_of(doors, exchange)
    form = UploadForm(exchange, wire.CONTENT)
    draft = await doors.files.draft()
    try:
        await _read_into(draft, exchange, form, doors.settings.upload_limit_bytes)
        return await _kept(draft, account.account_id, exchange, form)
    finally:
        await draft.discard()


async def _kept(
    draft: Draft, account_id: AccountId, exchange: Exchange, form: UploadForm
) -> Answer:
    if not form.has_content:
        raise HttpFault(
            400, f"Bad Request: the part {wire.CONTENT} is missing from the form", code=MISSING
        )
    order = upload_order_of(parameters_with(exchange, form.fields))
    size_bytes = await keep_upload(draft, account_id, order)
    return Answer(_encode({wire.NAME: order.name.text, wire.SIZE: size_bytes}))


async def _read_into(draft: Draft, exchange: Exchange, form: UploadForm, limit_bytes: int) -> None:
    """Read the whole form; a request that names no good file is refused before its file comes."""
    gathered, gathered_bytes, size_bytes = [], 0, 0
    is_checked = False
    async for piece in exchange.pieces(limit_bytes + MAX_BODY):
        form.feed(piece)
        if form.has_content and not is_checked:
            is_checked = True
            _check_what_came_before(parameters_with(exchange, form.fields))
        content = form.take()
        gathered.append(content)
        gathered_bytes += len(content)
        size_bytes += len(content)
        if size_bytes > limit_bytes:
            raise HttpFault(
                413,
                f"Content Too Large: the file has more than {limit_bytes} bytes",
                headers=((b"connection", b"close"),),
            )
        if gathered_bytes >= WRITTEN_AT_ONCE:
            await draft.write(b"".join(gathered))
            gathered, gathered_bytes = [], 0
    form.finish()
    if gathered_bytes:
        await draft.write(b"".join(gathered))


def _check_what_came_before(parameters: Parameters) -> None:
    if wire.FILE_TYPE in parameters and wire.NAME in parameters:
        upload_order_of(parameters)
