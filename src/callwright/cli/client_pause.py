"""`callwright client pause` and `resume`, and the same of `callwright schedule`."""

import asyncio
import json
from pathlib import Path
from typing import Final

import click

from callwright.cli.account import data_option, json_option
from callwright.cli.ports import World
from callwright.cli.scheduler_client import ApplicationKey, Json, application_options, speak_as

_REASON: Final = click.option("--reason", default="", help="Told to the client's programs.")


@click.command("pause")
@click.argument("username")
@_REASON
@data_option
@json_option
@click.pass_obj
def pause_client(world: World, username: str, reason: str, data: Path, *, as_json: bool) -> None:
    """Begin no more callbacks of the account USERNAME; calls that run go on to their end.

    Its queues keep their switches, and only the operator resumes it: callwright client resume.
    """

    async def pause() -> None:
        async with world.open_client_pauses(data) as pauses:
            await pauses.pause(username, reason=reason)

    asyncio.run(pause())
    told = {"username": username, "status": "paused", "reason": reason}
    click.echo(json.dumps(told) if as_json else f"{username} is paused.")


@click.command("resume")
@click.argument("username")
@data_option
@json_option
@click.pass_obj
def resume_client(world: World, username: str, data: Path, *, as_json: bool) -> None:
    """Let the queues of the account USERNAME that are on go on, first what became due meanwhile.

    Whoever paused it: the operator, or the client itself.
    """

    async def resume() -> None:
        async with world.open_client_pauses(data) as pauses:
            await pauses.resume(username)

    asyncio.run(resume())
    told = {"username": username, "status": "on"}
    click.echo(json.dumps(told) if as_json else f"{username} is paused no longer.")


@click.command("pause")
@_REASON
@json_option
@application_options
def pause_schedule(key: ApplicationKey, reason: str, *, as_json: bool) -> None:
    """Begin no more tasks of any queue; calls that run go on, and queues keep their switches."""
    _change(key, {"status": "paused", "reason": reason}, as_json=as_json)


@click.command("resume")
@json_option
@application_options
def resume_schedule(key: ApplicationKey, *, as_json: bool) -> None:
    """Let the queues that are on go on, first with what became due meanwhile."""
    _change(key, {"status": "on"}, as_json=as_json)


def _change(key: ApplicationKey, wish: Json, *, as_json: bool) -> None:
    async def change() -> Json:
        async with speak_as(key) as server:
            return await server.change_state(wish)

    state = asyncio.run(change())
    click.echo(json.dumps(state) if as_json else f"The client's queues: {state['status']}.")
