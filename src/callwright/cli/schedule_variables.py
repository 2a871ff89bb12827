"""`callwright schedule variable …`: values that requests refer to by name."""

import json

import click

from callwright.cli.account import json_option
from callwright.cli.scheduler_client import (
    ApplicationKey,
    Json,
    SchedulerClient,
    application_options,
    ask,
)

EXPLANATION = """Keep values that callbacks and tasks refer to by name.

\b
  callwright schedule variable set BOSS +37120000001
  callwright schedule call --extension @205 --a 205 --b '$cv(BOSS)'

$cv(NAME) may stand in any text of a callback or of a task, also in the cells of a file that is
imported; @{NAME} in the place of an extension's id, where the value is an id, or @ and a number.
It is replaced as the server takes the request: tasks that wait keep the value they were made with.
"""


@click.group("variable", help=EXPLANATION)
def variable() -> None:
    """Hold the commands."""


@variable.command("set")
@click.argument("name")
@click.argument("value")
@application_options
def set_value(key: ApplicationKey, name: str, *, value: str) -> None:
    """Have NAME stand for VALUE from now on, a text of up to 200 characters.

    NAME has 1 to 64 letters, digits and _; capitals count.
    """
    ask(key, lambda server: server.set_variable(name, value))
    click.echo(f"$cv({name}) is set.")


@variable.command("list")
@json_option
@application_options
def list_values(key: ApplicationKey, *, as_json: bool) -> None:
    """List the variables by name, with their values."""

    async def all_of_them(server: SchedulerClient) -> list[Json]:
        return [one async for one in server.variables()]

    found = ask(key, all_of_them)
    if as_json:
        click.echo(json.dumps(found))
        return
    width = max((len(one["name"]) for one in found), default=0)
    for one in found:
        click.echo(f"{one['name']:{width}}  {one['value']}".rstrip())
    if not found:
        click.echo("There is no variable yet: callwright schedule variable set", err=True)


@variable.command("remove")
@click.argument("name")
@application_options
def remove(key: ApplicationKey, name: str) -> None:
    """Forget NAME; requests that refer to it are refused from now on."""
    ask(key, lambda server: server.remove_variable(name))
    click.echo(f"$cv({name}) is removed.")
