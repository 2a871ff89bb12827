"""`callwright caller-id …`: which numbers an account may show."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

import click

from callwright.accounts.caller_ids import CallerIds
from callwright.cli.account import data_option, json_option
from callwright.cli.ports import World
from callwright.cli.server import Credentials, Server, server_options, speak_to

LOOK_INTERVAL: Final = 1.0
"""Seconds between looks at how the call is going."""

LOOKS: Final = 120
"""Two minutes: the server ends the call before."""


class Verdict(StrEnum):
    """How a validation ended."""

    OURS = "validated"
    NOT_KEYED = "not validated"
    UNKNOWN = "under way"


_VERDICTS: Final = {
    Verdict.OURS: "{} is a validated caller ID.",
    Verdict.NOT_KEYED: "The call is over, and the PIN was not keyed: {} is not validated.",
    Verdict.UNKNOWN: "{} is still being called. Nobody waits for it here any more.",
}

_Result = TypeVar("_Result")


@click.group("caller-id")
def caller_id() -> None:
    """Keep the lists of validated caller IDs.

    An account that validates its caller IDs (callwright account rules) shows only these to
    telephone numbers; anything else ends "couldnotrun Caller ID is not validated".

    validate is for whoever has the account: the server calls the number and asks for a PIN. The
    others are for the operator: they open the database in the data folder; a server may run on it
    meanwhile, and takes changes up at once. Make sure that a number is the account's own before
    you add it.
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


@caller_id.command("validate")
@click.argument("number")
@json_option
@server_options
@click.pass_context
def validate(
    ctx: click.Context, /, credentials: Credentials, number: str, *, as_json: bool
) -> None:
    """Prove that NUMBER is yours: it is called, and you key the PIN that is shown here.

    Exits with 1 if it was not keyed.
    """

    async def run() -> int:
        async with speak_to(credentials) as server:
            trial = await server.validate_caller_id(number)
            click.echo(
                json.dumps(trial)
                if as_json
                else f"{trial['number']} is being called. Key this PIN there: {trial['pin']}"
            )
            click.echo("Waiting for the end of the call ", nl=False, err=True)
            verdict = await _verdict(server, trial["number"])
            click.echo(err=True)
        if as_json:
            click.echo(json.dumps({"number": trial["number"], "verdict": verdict}))
        else:
            click.echo(_VERDICTS[verdict].format(trial["number"]), err=verdict is not Verdict.OURS)
        return int(verdict is not Verdict.OURS)

    ctx.exit(asyncio.run(run()))


async def _verdict(server: Server, number: str) -> Verdict:
    """Wait for the end of the call, with a dot for each look."""
    for _ in range(LOOKS):
        known = await server.caller_ids()
        if number in known["caller_ids"]:
            return Verdict.OURS
        if number not in known["under_way"]:
            return Verdict.NOT_KEYED
        click.echo(".", nl=False, err=True)
        await asyncio.sleep(LOOK_INTERVAL)
    return Verdict.UNKNOWN


def _in(world: World, data: Path, work: Callable[[CallerIds], Awaitable[_Result]]) -> _Result:
    async def run() -> _Result:
        async with world.open_caller_ids(data) as lists:
            return await work(lists)

    return asyncio.run(run())


def _print(text: str, digits: str, *, as_json: bool) -> None:
    click.echo(json.dumps({"caller_id": digits}) if as_json else text)
