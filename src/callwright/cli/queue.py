"""`callwright queue …`: starts that wait for their turn."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from callwright.cli.account import json_option
from callwright.cli.server import Credentials, Server, server_options, speak_to

Answer = TypeVar("Answer")


@click.group()
def queue() -> None:
    """Show and empty the queues of outbound services."""


@queue.command("list")
@json_option
@server_options
def list_queues(credentials: Credentials, *, as_json: bool) -> None:
    """List the queues in which starts wait, and how many."""
    queues = _ask(credentials, Server.queues)
    if as_json:
        click.echo(json.dumps(queues))
        return
    for one in queues:
        click.echo(f"{one['length']:9,}  {one['service_name']}")
    if not queues:
        click.echo("Nothing waits.", err=True)


@queue.command("show")
@click.argument("service")
@json_option
@server_options
def show(credentials: Credentials, service: str, *, as_json: bool) -> None:
    """Print how many starts of SERVICE wait."""
    told = _ask(credentials, lambda server: server.queue(service))
    click.echo(json.dumps(told) if as_json else told["length"])


@queue.command("purge")
@click.argument("service")
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
@json_option
@server_options
def purge(credentials: Credentials, service: str, *, yes: bool, as_json: bool) -> None:
    """Cancel all starts of SERVICE that wait; print their references.

    Calls that run go on.
    """
    if not yes:
        click.confirm(f"Cancel everything that waits for {service}?", abort=True, err=True)
    told = _ask(credentials, lambda server: server.purge(service))
    if as_json:
        click.echo(json.dumps(told))
        return
    for ref in told["service_refs"]:
        click.echo(ref)
    click.echo(f"{told['cancelled']:,} cancelled.", err=True)


def _ask(credentials: Credentials, question: Callable[[Server], Awaitable[Answer]]) -> Answer:
    async def ask() -> Answer:
        async with speak_to(credentials) as server:
            return await question(server)

    return asyncio.run(ask())
