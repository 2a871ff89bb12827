"""`callwright migrate`: brings the database forward before a server of this version starts."""

import asyncio
from pathlib import Path

import click

from callwright.app.settings import settings_here
from callwright.app.wiring import migrate


@click.command("migrate")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data folder of the installation.",
)
@click.option("--database", help="URL of its PostgreSQL database, instead of the configured one.")
def migrate_command(data: Path | None, database: str | None) -> None:
    """Bring the database forward to this version of Callwright.

    A server does it by itself when it starts and no other one is running. Several nodes on one
    database are stopped first, all of them; then this command is run once, and they start again.
    There is no way back: make a backup before.
    """
    done = asyncio.run(migrate(settings_here({"data": data, "database": database})))
    if done.version_before == done.version:
        click.echo(f"{done.where}: schema version {done.version}, nothing to do.")
    elif done.version_before:
        before = done.version_before
        click.echo(f"{done.where}: brought forward from schema version {before} to {done.version}.")
    else:
        click.echo(f"{done.where}: was empty, now has schema version {done.version}.")
