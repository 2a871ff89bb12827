"""`callwright account …`: who may call, how much, and with which key."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from callwright.accounts.registry import AccountRegistry
from callwright.cli.ports import World
from callwright.domain.account import DEFAULT_LIMITS, Account, AccountType, CallLimits, Features

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
@click.option("--guaranteed-cps", type=float, help="Of these, so many before other accounts.")
@click.option(
    "--validate-caller-ids",
    is_flag=True,
    help="Let it show only the caller IDs of its list: callwright caller-id.",
)
@click.option("--g729", is_flag=True, help="Let its services offer the G.729 codec.")
@click.option("--fax", is_flag=True, help="Let its services send and receive faxes.")
@click.option("--reserved-conferences", is_flag=True, help="Let it reserve conferences.")
@data_option
@cloud_id_option
@json_option
@click.pass_obj
def create(
    world: World,
    username: str,
    type_name: str,
    *,
    channels: int | None,
    cps: float | None,
    guaranteed_cps: float | None,
    validate_caller_ids: bool,
    g729: bool,
    fax: bool,
    reserved_conferences: bool,
    data: Path,
    cloud_id: str,
    as_json: bool,
) -> None:
    """Create an account for USERNAME, an e-mail address.

    Prints its API Access Key, which is shown this once only.
    """
    account_type = AccountType(type_name)
    limits = _limits(DEFAULT_LIMITS[account_type], channels, cps, guaranteed_cps)
    created = _in(
        world,
        data,
        lambda registry: registry.create(
            username,
            account_type=account_type,
            limits=limits,
            validates_caller_ids=validate_caller_ids,
            features=Features(g729, fax, reserved_conferences),
        ),
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
            f"{_rules(one)}{_features(one)}"
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
@click.option("--guaranteed-cps", type=float, help="Of these, so many before other accounts.")
@data_option
@json_option
@click.pass_obj
def limits(
    world: World,
    username: str,
    *,
    channels: int | None,
    cps: float | None,
    guaranteed_cps: float | None,
    data: Path,
    as_json: bool,
) -> None:
    """Show how much USERNAME may call, or change it.

    A start takes a channel from its claim to the end of its call. Starts are spaced evenly; in no
    second are there more than --cps. Who shares a trunk with others and has fewer than
    --guaranteed-cps over two minutes goes first.
    """

    async def change(registry: AccountRegistry) -> Account:
        found = await registry.find(username)
        wanted = _limits(found.limits, channels, cps, guaranteed_cps)
        if wanted != found.limits:
            await registry.change_limits(found.account_id, wanted)
        return await registry.find(username)

    found = _in(world, data, change)
    if as_json:
        click.echo(json.dumps(_described(found), indent=2))
        return
    guaranteed = found.limits.guaranteed_cps
    click.echo(
        f"{found.username}: {found.limits.channels} channels, {found.limits.maximum_cps:g} starts/s"
        f"{f', {guaranteed:g} of them guaranteed' if guaranteed else ''}"
    )


@account.command("rules")
@click.argument("username")
@click.option(
    "--validate-caller-ids/--any-caller-id",
    default=None,
    help="Show only the caller IDs of the account's list, or any.",
)
@click.option("--block", multiple=True, help="Never call numbers that begin like this; repeatable.")
@click.option("--unblock", multiple=True, help="Take a prefix off that list; repeatable.")
@data_option
@json_option
@click.pass_obj
def rules(
    world: World,
    username: str,
    *,
    validate_caller_ids: bool | None,
    block: tuple[str, ...],
    unblock: tuple[str, ...],
    data: Path,
    as_json: bool,
) -> None:
    """Show what the calls of USERNAME are checked against, or change it.

    What breaks a rule ends "couldnotrun", with "Caller ID is not validated" or "Destination is
    blocked". Prefixes that nobody may call stand in the tariff instead.
    """

    async def change(registry: AccountRegistry) -> Account:
        found = await registry.find(username)
        if validate_caller_ids is not None or block or unblock:
            validates = found.validates_caller_ids
            await registry.change_rules(
                found.account_id,
                validates_caller_ids=validates
                if validate_caller_ids is None
                else validate_caller_ids,
                blocked_prefixes={*found.blocked_prefixes, *block} - {*unblock},
            )
        return await registry.find(username)

    found = _in(world, data, change)
    if as_json:
        click.echo(json.dumps(_described(found), indent=2))
        return
    shows = "only validated caller IDs" if found.validates_caller_ids else "any caller ID"
    calls = ", ".join(found.blocked_prefixes) or "nothing"
    click.echo(f"{found.username}: shows {shows}; blocked: {calls}")


@account.command("features")
@click.argument("username")
@click.option("--g729/--no-g729", default=None, help="Let its services offer the G.729 codec.")
@click.option("--fax/--no-fax", default=None, help="Let its services send and receive faxes.")
@click.option(
    "--reserved-conferences/--no-reserved-conferences",
    default=None,
    help="Let it reserve conferences.",
)
@data_option
@json_option
@click.pass_obj
def features(
    world: World,
    username: str,
    *,
    g729: bool | None,
    fax: bool | None,
    reserved_conferences: bool | None,
    data: Path,
    as_json: bool,
) -> None:
    """Show what USERNAME has on request, or change it.

    A service that asks for what its account has not is refused when it is written or modified;
    one that was there before stays as it is, and so do conferences that are reserved.
    """

    async def change(registry: AccountRegistry) -> Account:
        found = await registry.find(username)
        asked = {"g729": g729, "fax": fax, "reserved_conferences": reserved_conferences}
        given = {name: value for name, value in asked.items() if value is not None}
        wanted = replace(found.features, **given)
        if wanted != found.features:
            await registry.change_features(found.account_id, wanted)
        return await registry.find(username)

    found = _in(world, data, change)
    if as_json:
        click.echo(json.dumps(_described(found), indent=2))
        return
    click.echo(f"{found.username}:{_features(found) or ' nothing'}")


def _in(world: World, data: Path, work: Callable[[AccountRegistry], Awaitable[_Result]]) -> _Result:
    async def run() -> _Result:
        async with world.open_accounts(data) as registry:
            return await work(registry)

    return asyncio.run(run())


def _limits(
    before: CallLimits, channels: int | None, cps: float | None, guaranteed_cps: float | None
) -> CallLimits:
    return CallLimits(
        channels=before.channels if channels is None else channels,
        maximum_cps=before.maximum_cps if cps is None else cps,
        guaranteed_cps=before.guaranteed_cps if guaranteed_cps is None else guaranteed_cps,
    )


def _rules(account: Account) -> str:
    """Say what is unusual about an account's rules, for one line of the list."""
    validates = " validates caller IDs" if account.validates_caller_ids else ""
    blocked = f" {len(account.blocked_prefixes)} blocked" if account.blocked_prefixes else ""
    return validates + blocked


def _features(account: Account) -> str:
    """Say what an account has on request, for one line."""
    has = account.features
    names = {"G.729": has.g729, "fax": has.fax, "reserved conferences": has.reserved_conferences}
    told = ", ".join(name for name, is_on in names.items() if is_on)
    return f" {told}" if told else ""


def _described(account: Account) -> dict[str, object]:
    return {
        "username": account.username,
        "type": account.account_type.value,
        "channels": account.limits.channels,
        "cps": account.limits.maximum_cps,
        "guaranteed_cps": account.limits.guaranteed_cps,
        "validates_caller_ids": account.validates_caller_ids,
        "blocked_prefixes": list(account.blocked_prefixes),
        "g729": account.features.g729,
        "fax": account.features.fax,
        "reserved_conferences": account.features.reserved_conferences,
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
