"""`/file_list`, `/file_delete`, `/file_rename`: the names of files."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import msgspec

from callwright.api.doors import Doors
from callwright.api.exchange import JSON, Answer, Exchange, Stream
from callwright.api.file_parameters import file_type_of, name_of
from callwright.api.identity import account_of
from callwright.api.wire import parameters_and_list_of, parameters_of, print_truth
from callwright.domain.clock import print_datetime
from callwright.domain.file_names import file_name, name_prefix
from callwright.files import wire_names as wire
from callwright.files.ports import FileEntry
from callwright.files.renaming import check_writable, rename_file

_encode = msgspec.json.Encoder().encode


async def file_list(doors: Doors, exchange: Exchange) -> Answer | Stream:
    """List one file, or all whose names begin in the same way; sent while it is read."""
    account = await account_of(doors, exchange)
    parameters = await parameters_of(exchange)
    file_type = file_type_of(parameters)
    if wire.NAME in parameters:
        file = await doors.files.open(account.account_id, name_of(parameters))
        file.close()
        return Answer(_encode(dict([_shown(file.entry)])))
    prefix = name_prefix(parameters.get(wire.PREFIX, ""))
    portions = doors.files.entries(account.account_id, file_type, prefix)
    # A disk that fails is answered as long as nothing was.
    first = await _next(portions)
    return Stream(_listed(first, portions), JSON)


async def file_delete(doors: Doors, exchange: Exchange) -> Answer:
    """Delete files; each is answered for. A name that is not allowed deletes none."""
    account = await account_of(doors, exchange)
    parameters, names = await parameters_and_list_of(exchange, wire.NAME)
    file_type = file_type_of(parameters)
    check_writable(file_type)
    answer = {}
    for name in [file_name(file_type, text) for text in dict.fromkeys(names)]:
        was_there = await doors.files.delete(account.account_id, name)
        answer[name.text] = wire.DELETED if was_there else wire.UNKNOWN
    return Answer(_encode(answer))


async def file_rename(doors: Doors, exchange: Exchange) -> Answer:
    """Give a file another name."""
    account = await account_of(doors, exchange)
    parameters = await parameters_of(exchange)
    name, new_name = name_of(parameters), name_of(parameters, wire.NEW_NAME)
    await rename_file(doors.files, account.account_id, name, new_name)
    return Answer(_encode({wire.NAME: new_name.text}))


async def _next(portions: AsyncGenerator[list[FileEntry]]) -> Sequence[FileEntry]:
    # Not `anext` with a default: CPython 3.11's fails where a generator waits and then ends.
    async for entries in portions:
        return entries
    return ()


async def _listed(
    first: Sequence[FileEntry], portions: AsyncGenerator[list[FileEntry]]
) -> AsyncGenerator[bytes]:
    yield _encode(dict(map(_shown, first))).removesuffix(b"}")
    async with aclosing(portions):
        async for entries in portions:
            yield b"," + _encode(dict(map(_shown, entries)))[1:-1]
    yield b"}"


def _shown(entry: FileEntry) -> tuple[str, dict[str, int | str]]:
    return entry.name, {
        wire.SIZE: entry.size_bytes,
        wire.CREATED: print_datetime(entry.created_at),
        wire.ENCRYPTED: print_truth(is_true=entry.is_encrypted),
    }
