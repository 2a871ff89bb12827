"""`callwright client set-webhook-secret`: what a client's events are signed with."""

import asyncio
import json
from pathlib import Path

import click

from callwright.cli.account import data_option, json_option
from callwright.cli.ports import World


@click.command("set-webhook-secret")
@click.argument("username")
@click.option(
    "--keep-old", "change", flag_value="keep-old", help="Make a new one; the old one signs too."
)
@click.option("--drop-old", "change", flag_value="drop-old", help="Sign with the newest alone.")
@click.option("--remove", "change", flag_value="remove", help="Sign nothing any more.")
@data_option
@json_option
@click.pass_obj
def set_webhook_secret(
    world: World, username: str, change: str | None, data: Path, *, as_json: bool
) -> None:
    """Make a new secret that the events of the account USERNAME are signed with.

    Prints it, this once only; receivers verify signatures with it. A server that runs signs with
    it at once.
    """
    secret, text = asyncio.run(_changed(world, data, username, change))
    if as_json:
        click.echo(json.dumps({"webhook_secret": secret}))
        return
    click.echo(text)
    if secret is not None:
        click.echo("The secret is not shown again.", err=True)


async def _changed(
    world: World, data: Path, username: str, change: str | None
) -> tuple[str | None, str]:
    """Return the new secret, if one was made, and what to say."""
    async with world.open_webhook_secrets(data) as secrets:
        match change:
            case "remove":
                await secrets.remove(username)
                return None, f"Events of {username} are signed no longer."
            case "drop-old":
                if not await secrets.drop_old(username):
                    return None, f"{username} has no webhook secret."
                return None, f"Events of {username} are signed with the newest secret alone."
            case _:
                secret = await secrets.new(username, keeps_old=change == "keep-old")
                return secret, f"webhook_secret  {secret}"
