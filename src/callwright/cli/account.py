"""`callwright account …`: who may call, how much, and with which key."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from callwright.accounts.registry import AccountRegistry
from callwright.cli.ports import World
from callwright.domain.account import DEFAULT_LIMITS, Account, AccountType, CallLimits

_Result = TypeVar("_Result")

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("callwright-data"),
    show_default=True,
    help="The data folder of the installation.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
cloud_id_option = click.option(
    "--cloud-id",
    envvar="CALLWRIGHT_CLOUD_ID",
    default="0-0-0",
    show_default=True,
    help="The Cloud ID that the server runs with; printed with the credentials.",
)


@click.group()
def account() -> None:
    """Create accounts, their keys and their limits.

    These commands open the database in the data folder; a server may run on it meanwhile, and
    takes changes of keys and limits up within a minute.
    """


@account.command("create")
@click.argument("username")
@click.option(
    "--type",
    "type_name",
    type=click.Choice([kind.value for kind in AccountType]),
    default=AccountType.PRODUCTION.value,
    show_default=True,
    help="Decides the limits, and whether one request may start a list of calls.",
)
@click.option("--channels", type=int, help="Calls at the same time, instead of the type's.")
@click.option("--cps", type=float, help="Starts a second, instead of the type's.")
@data_option
@cloud_id_option
@json_option
@click.pass_obj
def create(
    world: World,
    username: str,
    type_name: str,
    channels: int | None,
    cps: float | None,
    *,
    data: Path,
    cloud_id: str,
    as_json: bool,
) -> None:
    """Create an account for USERNAME, an e-mail address.

    Prints its API Access Key, which is shown this once only.
    """
    account_type = AccountType(type_name)
    limits = _limits(DEFAULT_LIMITS[account_type], channels, cps)
    created = _in(
        world,
        data,
        lambda registry: registry.create(username, account_type=account_type, limits=limits),
    )
    _print_key(created.account, created.api_access_key, cloud_id, as_json=as_json)


@account.command("list")
@data_option
@json_option
@click.pass_obj
def list_accounts(world: World, data: Path, *, as_json: bool) -> None:
    """Show all accounts and what they may do."""
    accounts = _in(world, data, lambda registry: registry.everyone())
    if as_json:
        click.echo(json.dumps([_described(one) for one in accounts], indent=2))
        return
    if not accounts:
        click.echo("There is no account yet: callwright account create USERNAME")
    for one in accounts:
        click.echo(
            f"{one.username:40} {one.account_type.value:10} "
            f"{one.limits.channels:5} channels {one.limits.maximum_cps:6g} starts/s"
        )


@account.command("new-key")
@click.argument("username")
@data_option
@cloud_id_option
@json_option
@click.pass_obj
def new_key(world: World, username: str, data: Path, *, cloud_id: str, as_json: bool) -> None:
    """Give USERNAME a new API Access Key; the old one stops working within a minute."""

    async def replace(registry: AccountRegistry) -> tuple[Account, str]:
        found = await registry.find(username)
        return found, await registry.new_key(found.account_id)

    found, key = _in(world, data, replace)
    _print_key(found, key, cloud_id, as_json=as_json)


@account.command("limits")
@click.argument("username")
@click.option("--channels", type=int, help="Calls at the same time.")
@click.option("--cps", type=float, help="Starts a second.")
@data_option
@json_option
@click.pass_obj
def limits(
    world: World,
    username: str,
    channels: int | None,
    cps: float | None,
    *,
    data: Path,
    as_json: bool,
) -> None:
    """Show how much USERNAME may call, or change it."""

    async def change(registry: AccountRegistry) -> Account:
        found = await registry.find(username)
        if channels is not None or cps is not None:
            await registry.change_limits(found.account_id, _limits(found.limits, channels, cps))
        return await registry.find(username)

    found = _in(world, data, change)
    if as_json:
        click.echo(json.dumps(_described(found), indent=2))
        return
    click.echo(
        f"{found.username}: {found.limits.channels} channels, {found.limits.maximum_cps:g} starts/s"
    )


def _in(world: World, data: Path, work: Callable[[AccountRegistry], Awaitable[_Result]]) -> _Result:
    async def run() -> _Result:
        async with world.open_accounts(data) as registry:
            return await work(registry)

    return asyncio.run(run())


def _limits(before: CallLimits, channels: int | None, cps: float | None) -> CallLimits:
    return CallLimits(
        channels=before.channels if channels is None else channels,
        maximum_cps=before.maximum_cps if cps is None else cps,
    )


def _described(account: Account) -> dict[str, object]:
    return {
        "username": account.username,
        "type": account.account_type.value,
        "channels": account.limits.channels,
        "cps": account.limits.maximum_cps,
    }


def _print_key(account: Account, key: str, cloud_id: str, *, as_json: bool) -> None:
    if as_json:
        described = _described(account) | {"cloud_id": cloud_id, "api_access_key": key}
        click.echo(json.dumps(described, indent=2))
        return
    click.echo(f"Account         {account.username}")
    click.echo(f"Cloud ID        {cloud_id}")
    click.echo(f"API Access Key  {key}")
    click.echo("The key is shown this once only. For the other commands:")
    click.echo(f"  export CALLWRIGHT_USERNAME={account.username} CALLWRIGHT_KEY={key}")
