"""`callwright service …`: outbound services, which say what is done on their calls."""

import asyncio
import json
import secrets
from pathlib import Path
from typing import Any, Final  # configurations are JSON objects

import click

from callwright.cli.server import Credentials, server_options, speak_to

PASSWORD_BYTES: Final = 12
"""Random bytes of a service password that we choose: 16 characters."""


@click.group()
def service() -> None:
    """Write and show outbound services.

    A service says what is done on its calls: which pages of your web application are asked, how
    long it may ring, which voice speaks.
    """


@service.command("write")
@click.argument("name")
@click.option("--first-page", help="URL asked when the call is answered.")
@click.option("--final-page", help="URL told when the call is over, also when it failed.")
@click.option("--error-page", help="URL told when something went wrong.")
@click.option("--password", help="Service password; made up when left out.")
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A whole or partial configuration as JSON; options given beside it win.",
)
@server_options
def write(
    credentials: Credentials,
    name: str,
    *,
    first_page: str | None,
    final_page: str | None,
    error_page: str | None,
    password: str | None,
    file: Path | None,
) -> None:
    """Create or replace the service NAME; print its complete configuration.

    Options that are not given take their defaults, also when the service existed before.
    """
    pages = {"first_page": first_page, "final_page": final_page, "error_page": error_page}
    given = {page: address for page, address in pages.items() if address is not None}
    if not given and file is None:
        raise click.UsageError(
            "What shall be done on the service's calls? Give --first-page URL, or --file with a "
            "configuration."
        )
    configuration = _configuration(file, given, password)
    created, complete = asyncio.run(_write(credentials, name, configuration))
    click.echo(f"{name} was {'created' if created else 'replaced'}.", err=True)
    click.echo(json.dumps(complete, indent=2))


@service.command("show")
@click.argument("name")
@server_options
def show(credentials: Credentials, name: str) -> None:
    """Print the complete configuration of the service NAME, its password too."""

    async def read() -> dict[str, Any]:
        async with speak_to(credentials) as server:
            return await server.read_service(name)

    click.echo(json.dumps(asyncio.run(read()), indent=2))


def _configuration(
    file: Path | None, pages: dict[str, str], password: str | None
) -> dict[str, Any]:
    configuration: dict[str, Any] = {}
    if file is not None:
        try:
            configuration = json.loads(file.read_bytes())
        except ValueError as problem:
            raise click.UsageError(f"{file} is not JSON: {problem}") from None
        if not isinstance(configuration, dict):
            raise click.UsageError(f"{file}: a JSON object was expected")
    if pages:
        configuration["application_type"] = "REST"
        rest = configuration.setdefault("rest", {})
        for page, address in pages.items():
            rest.setdefault(page, {})["address"] = address
    if password is not None:
        configuration["service_password"] = password
    configuration.setdefault("service_password", secrets.token_urlsafe(PASSWORD_BYTES))
    return configuration


async def _write(
    credentials: Credentials, name: str, configuration: dict[str, Any]
) -> tuple[bool, dict[str, Any]]:
    async with speak_to(credentials) as server:
        return await server.write_service(name, configuration)
