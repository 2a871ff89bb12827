"""The grammar of the command line; each group of commands has its own file."""

from typing import Any  # what click hands through

import click

from callwright import __version__
from callwright.cli.account import account
from callwright.cli.call import call
from callwright.cli.caller_id import caller_id
from callwright.cli.client import client
from callwright.cli.client_pause import (
    pause_client,
    pause_schedule,
    resume_client,
    resume_schedule,
)
from callwright.cli.conference import conference
from callwright.cli.demo import demo
from callwright.cli.doctor import doctor
from callwright.cli.file import file
from callwright.cli.number import number
from callwright.cli.queue import queue
from callwright.cli.schedule import schedule
from callwright.cli.service import service
from callwright.cli.webhook_secret import set_webhook_secret
from callwright.domain.errors import CallwrightError


class Program(click.Group):
    """The commands; errors that we raise on purpose are told in one line, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CallwrightError as error:
            raise click.ClickException(str(error)) from error


EXPLANATION = """Callwright: place calls from a web application, on your own machine.

\b
A first call, in four commands (the server runs in another terminal):
  callwright account create ann@example.com
  export CALLWRIGHT_USERNAME=ann@example.com CALLWRIGHT_KEY=...
  callwright service write reminder --first-page http://127.0.0.1:9000/first
  callwright call start reminder 443069990123 --from 443069999876

\b
Accounts are made in the data folder (--data). Services and calls speak HTTP to a
server; where it is and who you are may stand in the environment:
  CALLWRIGHT_SERVER     where it is         http://127.0.0.1:8080
  CALLWRIGHT_CLOUD_ID   its Cloud ID        0-0-0
  CALLWRIGHT_USERNAME   your account
  CALLWRIGHT_KEY        its API Access Key

New here? callwright demo places two real calls on this machine and shows them.
Something is wrong with the machine? Ask: callwright doctor
"""


@click.group(
    cls=Program, help=EXPLANATION, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="callwright")
def program() -> None:
    """Hold the commands; `app.command_line` adds those that need the whole server."""


for command in (
    account,
    caller_id,
    number,
    client,
    service,
    queue,
    call,
    conference,
    file,
    schedule,
    doctor,
    demo,
):
    program.add_command(command)
client.add_command(set_webhook_secret)
client.add_command(pause_client)
client.add_command(resume_client)
schedule.add_command(pause_schedule)
schedule.add_command(resume_schedule)
