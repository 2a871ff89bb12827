"""`/client/{client_id}/extension`: on whose behalf callbacks are made (section 12.2)."""

from typing import Final

from callwright.api.client.envelope import ClientFault
from callwright.api.client.requests import DELETED, ClientRequest, json_answer, list_answer
from callwright.api.client.variables import id_with_value
from callwright.api.exchange import Answer
from callwright.domain.callback import ExtensionId
from callwright.scheduler.requests.extension_shape import TYPE, print_extension, read_extension
from callwright.scheduler.requests.fields import quoted, whole_number
from callwright.scheduler.requests.queue_shape import LARGEST_ID
from callwright.scheduler.values import Extension

TYPES: Final = (TYPE, "ivr", "queue", "fax")

NO_EXTENSION: Final = ("there is no such extension", "extension_not_found")


async def create_extension(request: ClientRequest) -> Answer:
    """Create an extension."""
    extension = read_extension(
        await request.body(),
        account_id=request.account_id,
        now=request.doors.clock.unix_time(),
        old=None,
    )
    added = await request.doors.callbacks.queues.add_extension(extension)
    if added is None:
        raise _taken(extension)
    return json_answer(_printed(request, added), status=201)


async def list_extensions(request: ClientRequest) -> Answer:
    """List the client's extensions."""
    query = request.query()
    page, kind = query.page(), query.word("type", TYPES)
    query.check()
    if kind not in {None, TYPE}:
        return list_answer([], page, 0)
    queues = request.doors.callbacks.queues
    extensions, count = await queues.extensions(request.account_id, page)
    return list_answer([_printed(request, one) for one in extensions], page, count)


async def read_one_extension(request: ClientRequest) -> Answer:
    """Read an extension."""
    return json_answer(_printed(request, await extension_of(request)))


async def change_extension(request: ClientRequest) -> Answer:
    """Change what a request names of an extension."""
    body = await request.body()
    old = await extension_of(request)
    extension = read_extension(
        body, account_id=request.account_id, now=request.doors.clock.unix_time(), old=old
    )
    queues = request.doors.callbacks.queues
    if not await queues.change_extension(extension):
        raise _taken(extension)
    return json_answer(_printed(request, extension))


async def delete_extension(request: ClientRequest) -> Answer:
    """Delete an extension; its tasks fail when their time comes."""
    extension = await extension_of(request)
    queues = request.doors.callbacks.queues
    if not await queues.delete_extension(request.account_id, extension.extension_id):
        raise ClientFault(404, *NO_EXTENSION)
    return DELETED


async def extension_of(request: ClientRequest) -> Extension:
    """Return the client's extension that the path names.

    Raises:
        ClientFault: there is none.

    """
    named = await id_with_value(request, request.exchange.path_parameters["extension_id"])
    extension = await find_extension(request, named)
    if extension is None:
        raise ClientFault(404, *NO_EXTENSION)
    return extension


async def find_extension(request: ClientRequest, value: object) -> Extension | None:
    """Return the client's extension that a value names: an id, digits, or `@` and its number."""
    queues = request.doors.callbacks.queues
    if isinstance(value, str) and value.startswith("@"):
        number = value[1:]
        if not (number.isascii() and number.isdecimal()):
            return None
        return await queues.extension_by_number(request.account_id, number)
    number_or_none = whole_number(value)
    if number_or_none is None or not 0 < number_or_none <= LARGEST_ID:
        return None
    return await queues.extension(request.account_id, ExtensionId(number_or_none))


def _printed(request: ClientRequest, extension: Extension) -> dict[str, object]:
    return print_extension(extension, domain=request.doors.callbacks.domain)


def _taken(extension: Extension) -> ClientFault:
    message = f"{quoted(extension.number)}: the client has an extension of this number"
    return ClientFault(409, message, "extension_exists")
