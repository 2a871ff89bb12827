"""`callwright caller-id …`: which numbers an account may show."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from callwright.accounts.caller_ids import CallerIds
from callwright.cli.account import data_option, json_option
from callwright.cli.ports import World

_Result = TypeVar("_Result")


@click.group("caller-id")
def caller_id() -> None:
    """Keep the lists of validated caller IDs.

    An account that validates its caller IDs (callwright account rules) shows only these to
    telephone numbers; anything else ends "couldnotrun Caller ID is not validated". Make sure that
    a number is the account's own before you add it. The commands open the database in the data
    folder; a server may run on it meanwhile, and takes changes up at once.
    """


@caller_id.command("add")
@click.argument("username")
@click.argument("number")
@data_option
@json_option
@click.pass_obj
def add(world: World, username: str, number: str, data: Path, *, as_json: bool) -> None:
    """Let USERNAME show NUMBER, a full international number."""
    digits = _in(world, data, lambda lists: lists.add(username, number))
    _print(f"{username} may show {digits}.", digits, as_json=as_json)


@caller_id.command("remove")
@click.argument("username")
@click.argument("number")
@data_option
@json_option
@click.pass_obj
def remove(world: World, username: str, number: str, data: Path, *, as_json: bool) -> None:
    """Let USERNAME show NUMBER no longer."""
    digits = _in(world, data, lambda lists: lists.remove(username, number))
    _print(f"{username} may show {digits} no longer.", digits, as_json=as_json)


@caller_id.command("list")
@click.argument("username")
@data_option
@json_option
@click.pass_obj
def list_caller_ids(world: World, username: str, data: Path, *, as_json: bool) -> None:
    """Print the numbers that USERNAME may show."""
    numbers = _in(world, data, lambda lists: lists.of_account(username))
    if as_json:
        click.echo(json.dumps(numbers))
    elif numbers:
        click.echo("\n".join(numbers))
    else:
        click.echo(f"{username} has no caller ID yet: callwright caller-id add", err=True)


def _in(world: World, data: Path, work: Callable[[CallerIds], Awaitable[_Result]]) -> _Result:
    async def run() -> _Result:
        async with world.open_caller_ids(data) as lists:
            return await work(lists)

    return asyncio.run(run())


def _print(text: str, digits: str, *, as_json: bool) -> None:
    click.echo(json.dumps({"caller_id": digits}) if as_json else text)
