"""`callwright serve`: its options are the settings, so that neither can miss one of the other."""

import gc
import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final  # what click hands through

import click
import uvloop

from callwright.app.settings import FILE_NAME, PREFIX, Settings, settings_here
from callwright.app.supervisor import Addresses, serve
from callwright.app.telemetry import configure_logging

EXPLANATION: Final = f"""Run the server: web services, dispatcher, SIP, media workers.

Everything it keeps is in the data folder; any number of servers run beside each other, each with
a data folder and ports of its own. By default it listens on loopback only and calls nobody but
its own simulated carrier (--trunk sim:).

\b
Each option may also stand in the environment as {PREFIX}HTTP=..., or in a
{FILE_NAME} as http = "..."; flags win over the environment, and that over the file.

Stops on SIGTERM or Ctrl-C: calls in progress get --shutdown-grace seconds to end.
"""


def serve_command() -> click.Command:
    """Make the command."""
    options: list[click.Parameter] = [_option(one.name) for one in fields(Settings)]
    options.append(
        click.Option(
            ["--config"],
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help=f"Read settings from this file instead of ./{FILE_NAME}.",
        )
    )
    options.append(
        click.Option(
            ["--json", "as_json"],
            is_flag=True,
            help="When ready, print one line of JSON: where it listens.",
        )
    )
    return click.Command("serve", callback=_serve, params=options, help=EXPLANATION)


def _option(name: str) -> click.Option:
    setting = {one.name: one for one in fields(Settings)}[name]
    default: Any = setting.default
    text = f"{setting.metadata['help']}."
    if str(default):
        text += f"  [default: {default}]"
    return click.Option([f"--{name.replace('_', '-')}", name], help=text[0].upper() + text[1:])


def _serve(*, config: Path | None, as_json: bool, **flags: str | None) -> None:
    settings = settings_here(flags, config)
    configure_logging(settings.log_level)

    def announce(addresses: Addresses) -> None:
        # What start-up made lives as long as the process: the collector need not walk it again.
        gc.collect()
        gc.freeze()
        if as_json:
            click.echo(json.dumps(asdict(addresses)))
        else:
            click.echo(
                f"Callwright is ready: {addresses.http} (SIP {addresses.sip}, "
                f"trunk {addresses.trunk}, data {settings.data}). Ctrl-C stops it."
            )

    uvloop.run(serve(settings, announce=announce))
