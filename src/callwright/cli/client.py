"""`callwright client …`: programs of clients that may ask for tokens."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from callwright.accounts.applications import (
    CLIENT_CREDENTIALS,
    GRANTS,
    Applications,
    ApplicationWish,
)
from callwright.accounts.oauth_ports import Application
from callwright.cli.account import data_option, json_option
from callwright.cli.ports import World

_Result = TypeVar("_Result")


@click.group()
def client() -> None:
    """Keep the applications that may schedule callbacks for an account.

    An application asks for tokens at /oauth/token, with its key as client_id and its secret as
    client_secret, and sends them to /api/ver1.0. These commands are for the operator: they open
    the database in the data folder; a server may run on it meanwhile, and takes changes up at
    once.
    """


@client.command("add-application")
@click.argument("username")
@click.argument("name")
@click.option(
    "--grant",
    "grants",
    type=click.Choice(GRANTS),
    multiple=True,
    default=(CLIENT_CREDENTIALS,),
    show_default=True,
    help="How it may ask for tokens; may be given several times.",
)
@click.option(
    "--redirect-uri",
    default="",
    metavar="URI",
    help="Where people's decisions are sent; with --grant authorization_code.",
)
@click.option(
    "--public",
    "is_public",
    is_flag=True,
    help="Without a secret: a program on a telephone or a desktop, which could keep none.",
)
@data_option
@json_option
@click.pass_obj
def add_application(
    world: World,
    username: str,
    name: str,
    *,
    grants: tuple[str, ...],
    redirect_uri: str,
    is_public: bool,
    data: Path,
    as_json: bool,
) -> None:
    """Make an application NAME of the account USERNAME.

    Prints its key and its secret, which is shown this once only. With the grant
    authorization_code people who have an API Access Key of the account allow the application what
    it asks, at /oauth/authorize, and are sent back to its redirect URI.
    """
    wish = ApplicationWish(name, grants, redirect_uri, is_public)
    made = _in(world, data, lambda known: known.add(username, wish))
    application = made.application
    if as_json:
        secret = {"client_secret": made.secret} if made.secret else {}
        click.echo(json.dumps(_described(application) | secret))
        return
    click.echo(f"{application.name} is an application of {username}.")
    click.echo(f"client_id      {application.key}")
    if made.secret:
        click.echo(f"client_secret  {made.secret}")
        click.echo("The secret is not shown again.", err=True)


@client.command("list-applications")
@click.argument("username")
@data_option
@json_option
@click.pass_obj
def list_applications(world: World, username: str, data: Path, *, as_json: bool) -> None:
    """Print the applications of the account USERNAME."""
    known = _in(world, data, lambda applications: applications.of_account(username))
    if as_json:
        click.echo(json.dumps([_described(one) for one in known]))
    elif known:
        for one in known:
            click.echo(f"{one.key}  {one.name}  ({', '.join(sorted(one.grants))})")
    else:
        click.echo(
            f"{username} has no application yet: callwright client add-application", err=True
        )


@client.command("remove-application")
@click.argument("username")
@click.argument("key")
@data_option
@json_option
@click.pass_obj
def remove_application(world: World, username: str, key: str, data: Path, *, as_json: bool) -> None:
    """Remove the application of the account USERNAME with this KEY, and its tokens."""
    _in(world, data, lambda applications: applications.remove(username, key))
    click.echo(
        json.dumps({"client_id": key})
        if as_json
        else f"{key} is no application of {username} any more."
    )


def _described(application: Application) -> dict[str, object]:
    return {
        "client_id": application.key,
        "name": application.name,
        "grants": sorted(application.grants),
        **({"redirect_uri": application.redirect_uri} if application.redirect_uri else {}),
    }


def _in(world: World, data: Path, work: Callable[[Applications], Awaitable[_Result]]) -> _Result:
    async def run() -> _Result:
        async with world.open_applications(data) as applications:
            return await work(applications)

    return asyncio.run(run())
