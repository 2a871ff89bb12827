"""`callwright schedule call`: a callback at once, watched to its end."""

import asyncio
import json
from typing import Final

import click

from callwright.cli.account import json_option
from callwright.cli.scheduler_client import (
    ApplicationKey,
    Json,
    SchedulerClient,
    application_options,
    ask,
)

NOT_JOINED: Final = 1
"""Exit status of the command when it waited and A and B did not talk."""

LOOKS: Final = (0.5, 3.0)
"""Seconds between looks at the call, at first and at most: a long call costs few requests."""

SLOWER: Final = 1.05
"""Each pause is so many times the one before."""

EXPLANATION: Final = """Call A at once, then B, and join them; no queue is needed.

\b
  callwright schedule call --extension @205 --a 205 --b +37120000001 --wait
  callwright schedule call --extension @205 --a 205 --a 206 --b +37120000001 \\
      --field src_ring_strategy=sequential --field wait_for_pickup=20

Of several A numbers the first to answer is joined with B. It is tried once; a task
of a queue is tried again (callwright schedule add). Fields are the options that a
task has as callback_params, and these:

\b
  variables.NAME   handed to the callback
  dedup_key        asking again with the same key within a day calls nobody again
  deadline_utc     one that has not begun by then is not made
  record           true keeps the conversation as a recording

Printed is the id of the call in the call history. With --wait the exit status is 0
if A and B talked, and 1 if not.
"""

_TRUTHS: Final = {"true": True, "false": False}


@click.command("call", help=EXPLANATION)
@click.option("--extension", required=True, help="Who calls: an extension's id, or @ and number.")
@click.option(
    "--a",
    "sources",
    multiple=True,
    required=True,
    metavar="NUMBER",
    help="Called first; repeatable.",
)
@click.option("--b", "destination", required=True, metavar="NUMBER", help="Called when A answered.")
@click.option(
    "--field", "fields", multiple=True, metavar="NAME=VALUE", help="An option; repeatable."
)
@click.option("--wait", is_flag=True, help="Show what becomes of it, until it has ended.")
@json_option
@application_options
@click.pass_context
def call(
    ctx: click.Context,
    /,
    key: ApplicationKey,
    *,
    extension: str,
    fields: tuple[str, ...],
    wait: bool,
    as_json: bool,
    **numbers: object,
) -> None:
    """Make a callback at once."""
    wish: Json = {"src_num": numbers["sources"], "dst_num": numbers["destination"]}
    wish |= _options(fields)

    async def run(server: SchedulerClient) -> int:
        named = await server.call_at_once(extension, wish)
        if not wait:
            click.echo(json.dumps(named) if as_json else named["call_id"])
            return 0
        return await _follow(server, named["call_id"], as_json=as_json)

    ctx.exit(ask(key, run))


def _options(texts: tuple[str, ...]) -> Json:
    options: Json = {}
    for text in texts:
        name, sign, value = text.partition("=")
        kind, dot, member = name.partition(".")
        if not sign or not name or (dot and (kind != "variables" or not member)):
            raise click.UsageError(
                f"--field {text}: NAME=VALUE was expected, with the name of an option or "
                "variables.NAME; callwright schedule call --help has them"
            )
        if member:
            options.setdefault(kind, {})[member] = value
        else:
            options[name] = _TRUTHS.get(value.lower(), value)
    return options


async def _follow(server: SchedulerClient, call_uuid: str, *, as_json: bool) -> int:
    """Show a call until it has ended."""
    if not as_json:
        click.echo(f"Call {call_uuid}")
    pause, most = LOOKS
    talk = False
    while (found := await server.call(call_uuid))["result"] is None:
        if not talk and found["bridged_time_gmt"] is not None:
            talk = True
            _tell(found["bridged_time_gmt"], _joined(found), as_json=as_json)
        await asyncio.sleep(pause)
        pause = min(most, pause * SLOWER)
    if as_json:
        click.echo(json.dumps(found))
    else:
        _sum_up(found, talked=talk)
    return 0 if found["result"] == "bridged" else NOT_JOINED


def _sum_up(found: Json, *, talked: bool) -> None:
    joined_at = found["bridged_time_gmt"]
    if joined_at is not None and not talked:
        _tell(joined_at, _joined(found), as_json=False)
    for part in found["cdr"]:
        line = f"{part['dest_number']}: {part['result']}, {part['hangup_cause']}"
        _tell(part["hangup_time_gmt"], line, as_json=False)
    duration = "" if found["duration"] is None else f", {found['duration']} s in all"
    _tell(found["hangup_time_gmt"], f"{found['result']}{duration}", as_json=False)


def _joined(found: Json) -> str:
    return f"{found['from_username']} and {found['to_username']} talk"


def _tell(moment: str | None, text: str, *, as_json: bool) -> None:
    if not as_json:
        click.echo(f"  {moment or ''}  {text}")
