"""`callwright number …`: which telephone numbers are an account's own."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from callwright.accounts.numbers import Numbers
from callwright.cli.account import data_option, json_option
from callwright.cli.ports import World

_Result = TypeVar("_Result")


@click.group()
def number() -> None:
    """Keep the lists of telephone numbers that accounts own.

    An account names an inbound service after a number of its own, in digits, to take the calls to
    it; and it may show the number as a caller ID. These commands are for the operator: they open
    the database in the data folder; a server may run on it meanwhile, and takes changes up at
    once. A number is one account's.
    """


@number.command("add")
@click.argument("username")
@click.argument("number")
@data_option
@json_option
@click.pass_obj
def add(world: World, username: str, number: str, data: Path, *, as_json: bool) -> None:
    """Make NUMBER, a full international number, USERNAME's own."""
    digits = _in(world, data, lambda lists: lists.add(username, number))
    _print(f"{username} owns {digits}.", digits, as_json=as_json)


@number.command("remove")
@click.argument("username")
@click.argument("number")
@data_option
@json_option
@click.pass_obj
def remove(world: World, username: str, number: str, data: Path, *, as_json: bool) -> None:
    """Take NUMBER from USERNAME. An inbound service of that name stays, and gets no calls."""
    digits = _in(world, data, lambda lists: lists.remove(username, number))
    _print(f"{username} owns {digits} no longer.", digits, as_json=as_json)


@number.command("list")
@click.argument("username")
@data_option
@json_option
@click.pass_obj
def list_numbers(world: World, username: str, data: Path, *, as_json: bool) -> None:
    """Print the numbers that USERNAME owns."""
    numbers = _in(world, data, lambda lists: lists.of_account(username))
    if as_json:
        click.echo(json.dumps(numbers))
    elif numbers:
        click.echo("\n".join(numbers))
    else:
        click.echo(f"{username} has no number yet: callwright number add", err=True)


def _in(world: World, data: Path, work: Callable[[Numbers], Awaitable[_Result]]) -> _Result:
    async def run() -> _Result:
        async with world.open_numbers(data) as lists:
            return await work(lists)

    return asyncio.run(run())


def _print(text: str, digits: str, *, as_json: bool) -> None:
    click.echo(json.dumps({"number": digits}) if as_json else text)
