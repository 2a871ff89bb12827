"""`callwright caller-id …`: which numbers an account may show."""

import asyncio
import json
from enum import StrEnum
from typing import Final

import click

from callwright.cli.account import json_option
from callwright.cli.number_lists import ListWords, number_list_commands
from callwright.cli.server import Credentials, Server, server_options, speak_to

LOOK_INTERVAL: Final = 1.0
"""Seconds between looks at how the call is going."""

LOOKS: Final = 120
"""Two minutes: the server ends the call before."""


class Verdict(StrEnum):
    """How a validation ended."""

    OURS = "validated"
    NOT_KEYED = "not validated"
    UNKNOWN = "under way"


_VERDICTS: Final = {
    Verdict.OURS: "{} is a validated caller ID.",
    Verdict.NOT_KEYED: "The call is over, and the PIN was not keyed: {} is not validated.",
    Verdict.UNKNOWN: "{} is still being called. Nobody waits for it here any more.",
}

_WORDS: Final = ListWords(
    name="caller_id",
    add_help="Let USERNAME show NUMBER, a full international number.",
    added="{} may show {}.",
    remove_help="Let USERNAME show NUMBER no longer.",
    removed="{} may show {} no longer.",
    list_help="Print the numbers that USERNAME may show.",
    empty="{} has no caller ID yet: callwright caller-id add",
)


@click.group("caller-id")
def caller_id() -> None:
    """Keep the lists of validated caller IDs.

    An account that validates its caller IDs (callwright account rules) shows only these to
    telephone numbers; anything else ends "couldnotrun Caller ID is not validated".

    validate is for whoever has the account: the server calls the number and asks for a PIN. The
    others are for the operator: they open the database in the data folder; a server may run on it
    meanwhile, and takes changes up at once. Make sure that a number is the account's own before
    you add it.
    """


number_list_commands(caller_id, _WORDS, lambda world, data: world.open_caller_ids(data))


@caller_id.command("validate")
@click.argument("number")
@json_option
@server_options
@click.pass_context
def validate(
    ctx: click.Context, /, credentials: Credentials, number: str, *, as_json: bool
) -> None:
    """Prove that NUMBER is yours: it is called, and you key the PIN that is shown here.

    Exits with 1 if it was not keyed.
    """

    async def run() -> int:
        async with speak_to(credentials) as server:
            trial = await server.validate_caller_id(number)
            click.echo(
                json.dumps(trial)
                if as_json
                else f"{trial['number']} is being called. Key this PIN there: {trial['pin']}"
            )
            click.echo("Waiting for the end of the call ", nl=False, err=True)
            verdict = await _verdict(server, trial["number"])
            click.echo(err=True)
        if as_json:
            click.echo(json.dumps({"number": trial["number"], "verdict": verdict}))
        else:
            click.echo(_VERDICTS[verdict].format(trial["number"]), err=verdict is not Verdict.OURS)
        return int(verdict is not Verdict.OURS)

    ctx.exit(asyncio.run(run()))


async def _verdict(server: Server, number: str) -> Verdict:
    """Wait for the end of the call, with a dot for each look."""
    for _ in range(LOOKS):
        known = await server.caller_ids()
        if number in known["caller_ids"]:
            return Verdict.OURS
        if number not in known["under_way"]:
            return Verdict.NOT_KEYED
        click.echo(".", nl=False, err=True)
        await asyncio.sleep(LOOK_INTERVAL)
    return Verdict.UNKNOWN
