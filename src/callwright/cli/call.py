"""`callwright call …`: start a call and watch it, ask about calls, cancel them."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar  # answers are JSON objects

import click

from callwright.cli.account import json_option
from callwright.cli.live_view import render
from callwright.cli.records_view import render_records
from callwright.cli.server import Credentials, Server, server_options, speak_to
from callwright.domain.errors import CallwrightError

COULD_NOT_RUN: Final = 1
"""Exit status of the command when the call was refused or cancelled before it was placed."""

UNDER_WAY: Final = frozenset({"queued", "running"})

_Result = TypeVar("_Result")


class StoppedTelling(CallwrightError):
    """The events ended before the call did: the server is stopping."""


@click.group()
def call() -> None:
    """Start calls and watch them, ask about them, cancel them.

    Started calls are named by a reference; a call that was placed has an instance id as well,
    under which its records are kept.
    """


@call.command("start")
@click.argument("service")
@click.argument("to")
@click.option("--from", "caller_id", help="Caller ID; required when TO is a telephone number.")
@click.option("--token", help="Text that your pages are handed with every request.")
@click.option("--outbound-parameters", help="Text that your pages are handed with this call.")
@click.option(
    "--follow/--no-follow", default=True, show_default=True, help="Watch the call to its end."
)
@json_option
@server_options
@click.pass_context
def start(
    ctx: click.Context,
    /,
    credentials: Credentials,
    service: str,
    to: str,
    *,
    follow: bool,
    as_json: bool,
    **others: str | None,
) -> None:
    """Call TO with SERVICE, and show what happens, one line an event (times are UTC).

    TO is a telephone number (443069990123), a SIP address (sip:bob@example.com) or one of the
    other prefixes. Exits with 1 if the call could not run.
    """
    wish = {"to": to, "from": others["caller_id"]}
    wish |= {name: others[name] for name in ("token", "outbound_parameters")}
    wish = {name: value for name, value in wish.items() if value is not None}

    async def run(server: Server) -> int:
        password = (await server.read_service(service))["service_password"]
        ref = await server.start(service, password, wish)
        if not follow:
            click.echo(json.dumps({"service_ref": ref}) if as_json else ref)
            return 0
        return await _follow(server, ref, as_json=as_json)

    ctx.exit(_with_server(credentials, run))


@call.command("status")
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@json_option
@server_options
def status(credentials: Credentials, refs: tuple[str, ...], *, as_json: bool) -> None:
    """Say how far the calls are that these references name."""
    statuses = _with_server(
        credentials, lambda server: server.ask("/service_status", {"service_refs": "/".join(refs)})
    )
    if as_json:
        click.echo(json.dumps(statuses, indent=2))
        return
    for ref, one in statuses.items():
        click.echo(f"{ref}  {one['status']}  {one['application_instance_id']}".rstrip())


@call.command("cancel")
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@json_option
@server_options
def cancel(credentials: Credentials, refs: tuple[str, ...], *, as_json: bool) -> None:
    """Take calls out of the queue; one that is running cannot be cancelled."""
    results = _with_server(
        credentials, lambda server: server.ask("/service_cancel", {"service_refs": "/".join(refs)})
    )
    if as_json:
        click.echo(json.dumps(results, indent=2))
        return
    for ref, result in results.items():
        click.echo(f"{ref}  {result}")


@call.command("record")
@click.argument("instance_id")
@json_option
@server_options
def record(credentials: Credentials, instance_id: str, *, as_json: bool) -> None:
    """Print the records of an application instance that has ended."""
    records = _with_server(credentials, lambda server: _records(server, instance_id))
    click.echo(json.dumps(records, indent=2) if as_json else render_records(records))


async def _follow(server: Server, ref: str, *, as_json: bool) -> int:
    colour = sys.stdout.isatty()
    async for event in server.events(ref):
        click.echo(json.dumps(event) if as_json else render(event, colour=colour))
    # The end is on disk before the last event tells of it.
    ended = (await server.ask("/service_status", {"service_refs": ref}))[ref]
    if ended["status"] in UNDER_WAY:
        raise StoppedTelling(
            f"The server stopped telling what happens; the call is {ended['status']}. Ask again "
            f"later: callwright call status {ref}"
        )
    if not ended["application_instance_id"]:
        click.echo(f"The call could not run: {ended['status']}", err=True)
        return COULD_NOT_RUN
    records = await _records(server, ended["application_instance_id"])
    click.echo(json.dumps({"event": "records", **records}) if as_json else render_records(records))
    return COULD_NOT_RUN if ended["status"].startswith("couldnotrun") else 0


async def _records(server: Server, instance_id: str) -> dict[str, Any]:
    return await server.ask("/application_status", {"application_instance_id": instance_id})


def _with_server(credentials: Credentials, work: Callable[[Server], Awaitable[_Result]]) -> _Result:
    async def run() -> _Result:
        async with speak_to(credentials) as server:
            return await work(server)

    return asyncio.run(run())
