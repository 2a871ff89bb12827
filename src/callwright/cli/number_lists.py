"""Commands that keep a list of telephone numbers for each account: add, remove, list."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import click

from callwright.cli.account import data_option, json_option
from callwright.cli.ports import World

_Result = TypeVar("_Result")


class NumberLists(Protocol):
    """The numbers of accounts, each as the operator wrote it down."""

    async def add(self, username: str, number: str) -> str:
        """Add a number; return its digits."""
        ...

    async def remove(self, username: str, number: str) -> str:
        """Remove a number; return its digits."""
        ...

    async def of_account(self, username: str) -> list[str]:
        """Return an account's numbers in order."""
        ...


@dataclass(frozen=True, slots=True)
class ListWords:
    """What the commands of one kind of list say; `{}` is the username, then the number."""

    name: str
    """Of a number in JSON."""
    add_help: str
    added: str
    remove_help: str
    removed: str
    list_help: str
    empty: str


def number_list_commands(
    group: click.Group,
    words: ListWords,
    lists_in: Callable[[World, Path], AbstractAsyncContextManager[NumberLists]],
) -> None:
    """Add the three commands to a group; `lists_in` opens the lists of a data folder."""

    @group.command("add", help=words.add_help)
    @click.argument("username")
    @click.argument("number")
    @data_option
    @json_option
    @click.pass_obj
    def add(world: World, username: str, number: str, data: Path, *, as_json: bool) -> None:
        digits = _in(lists_in(world, data), lambda lists: lists.add(username, number))
        told(words.added.format(username, digits), digits, as_json=as_json)

    @group.command("remove", help=words.remove_help)
    @click.argument("username")
    @click.argument("number")
    @data_option
    @json_option
    @click.pass_obj
    def remove(world: World, username: str, number: str, data: Path, *, as_json: bool) -> None:
        digits = _in(lists_in(world, data), lambda lists: lists.remove(username, number))
        told(words.removed.format(username, digits), digits, as_json=as_json)

    @group.command("list", help=words.list_help)
    @click.argument("username")
    @data_option
    @json_option
    @click.pass_obj
    def list_numbers(world: World, username: str, data: Path, *, as_json: bool) -> None:
        numbers = _in(lists_in(world, data), lambda lists: lists.of_account(username))
        if as_json:
            click.echo(json.dumps(numbers))
        elif numbers:
            click.echo("\n".join(numbers))
        else:
            click.echo(words.empty.format(username), err=True)

    def told(text: str, digits: str, *, as_json: bool) -> None:
        click.echo(json.dumps({words.name: digits}) if as_json else text)


def _in(
    opened: AbstractAsyncContextManager[NumberLists],
    work: Callable[[NumberLists], Awaitable[_Result]],
) -> _Result:
    async def run() -> _Result:
        async with opened as lists:
            return await work(lists)

    return asyncio.run(run())
