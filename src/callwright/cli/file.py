"""`callwright file …`: the files of an account."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Final, TypeVar

import click

from callwright.cli.account import json_option
from callwright.cli.file_transfer import read_file, write_file
from callwright.cli.server import Credentials, Json, Server, ServerRefused, server_options, speak_to

Answer = TypeVar("Answer")

TYPES: Final = ("media", "msg_media", "rest")


@click.group()
def file() -> None:
    """List, upload, download, delete and rename files.

    media is what calls play and record, msg_media are pictures for messages, rest are the REST
    logs, which are only read.
    """


_type_option = click.option(
    "--type",
    "file_type",
    type=click.Choice(TYPES),
    default="media",
    show_default=True,
    help="The store.",
)


@file.command("list")
@click.argument("prefix", default="")
@_type_option
@json_option
@server_options
def list_files(credentials: Credentials, prefix: str, *, file_type: str, as_json: bool) -> None:
    """List files whose names begin with PREFIX: size, date of writing in UTC, name."""
    question = {"filetype": file_type} | ({"prefix": prefix} if prefix else {})
    files = _ask(credentials, lambda server: server.ask("/file_list", question))
    if as_json:
        click.echo(json.dumps(files))
        return
    for name, shown in sorted(files.items()):
        mark = "  (encrypted)" if shown["encrypted"] == "true" else ""
        click.echo(f"{shown['size']:13,}  {shown['created_date']}  {name}{mark}")
    if not files:
        click.echo("There is no such file.", err=True)


@file.command("put")
@click.argument("local", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("name", required=False)
@_type_option
@click.option("--encrypted", is_flag=True, help="The file is encrypted (AES in CBC mode).")
@click.option("--content-type", default="", help="Of message media, such as image/png.")
@click.option("--convert", is_flag=True, help="Convert another sample rate to 8000.")
@json_option
@server_options
def put(
    credentials: Credentials,
    local: Path,
    name: str | None,
    *,
    file_type: str,
    as_json: bool,
    **said: str | bool,
) -> None:
    """Upload the file LOCAL as NAME, or under its own name; a file of that name is replaced."""
    parameters = {"filetype": file_type, "filename": name or local.name}
    parameters |= {key: "true" for key in ("encrypted", "convert") if said[key]}
    if said["content_type"]:
        parameters["contenttype"] = str(said["content_type"])
    kept = _ask(credentials, lambda server: write_file(server, local, parameters))
    click.echo(json.dumps(kept) if as_json else f"{kept['filename']}: {kept['size']:,} bytes")


@file.command("get")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Where to; - is standard output. Left out: the last part of NAME, here.",
)
@_type_option
@server_options
def get(credentials: Credentials, name: str, *, output: Path | None, file_type: str) -> None:
    """Download the file NAME. What was there is replaced when all of it has come."""
    target = output or Path(name.rpartition("/")[2])
    parameters = {"filetype": file_type, "filename": name}
    if str(target) == "-":
        _ask(credentials, lambda server: _print(server, parameters))
        return
    part = target.with_name(f"{target.name}.part")
    try:
        size = _ask(credentials, lambda server: _save(server, parameters, part))
        part.replace(target)
    except OSError as problem:
        raise click.ClickException(f"{target}: {problem.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"{target}: {size:,} bytes", err=True)


@file.command("delete")
@click.argument("names", nargs=-1, required=True)
@_type_option
@json_option
@server_options
def delete(
    credentials: Credentials, names: tuple[str, ...], *, file_type: str, as_json: bool
) -> None:
    """Delete the files NAMES; calls that play one go on."""
    parameters = [("filetype", file_type), *(("filename", name) for name in names)]
    became = _ask(credentials, lambda server: server.ask("/file_delete", parameters))
    if as_json:
        click.echo(json.dumps(became))
    unknown = [name for name, result in became.items() if result != "success"]
    if unknown:
        raise ServerRefused(f"There is no file {', '.join(unknown)}.")


@file.command("rename")
@click.argument("name")
@click.argument("new_name")
@_type_option
@server_options
def rename(credentials: Credentials, name: str, new_name: str, *, file_type: str) -> None:
    """Rename the file NAME to NEW_NAME, which no file has."""
    parameters = {"filetype": file_type, "filename": name, "new_filename": new_name}
    _ask(credentials, lambda server: server.ask("/file_rename", parameters))


async def _save(server: Server, parameters: Json, part: Path) -> int:
    size = 0
    with part.open("wb") as target:
        async with aclosing(read_file(server, parameters)) as pieces:
            async for piece in pieces:
                size += target.write(piece)
    return size


async def _print(server: Server, parameters: Json) -> None:
    async with aclosing(read_file(server, parameters)) as pieces:
        async for piece in pieces:
            sys.stdout.buffer.write(piece)


def _ask(credentials: Credentials, question: Callable[[Server], Awaitable[Answer]]) -> Answer:
    async def ask() -> Answer:
        async with speak_to(credentials) as server:
            return await question(server)

    return asyncio.run(ask())
