"""`callwright service …`: outbound services, which say what is done on their calls."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, TypeVar  # configurations are JSON objects

import click

from callwright.cli.account import json_option
from callwright.cli.server import Credentials, Server, server_options, speak_to

_Answer = TypeVar("_Answer")

PASSWORD_BYTES: Final = 12
"""Random bytes of a service password that we choose: 16 characters."""


@click.group()
def service() -> None:
    """Write, show, change and delete outbound services.

    A service says what is done on its calls: which pages of your web application are asked, how
    long it may ring, which voice speaks.
    """


_file_option = click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A whole or partial configuration as JSON; options given beside it win.",
)


@service.command("list")
@json_option
@server_options
def list_services(credentials: Credentials, *, as_json: bool) -> None:
    """List all services: name, what each starts, and what it is for."""
    services = _ask(credentials, Server.services)
    if as_json:
        click.echo(json.dumps(services, indent=2))
        return
    if not services:
        click.echo("There is no service yet: callwright service write NAME", err=True)
    for one in services:
        click.echo(f"{one['name']:24} {one['target']}  {one['description'] or ''}".rstrip())


@service.command("write")
@click.argument("name")
@click.option("--first-page", help="URL asked when the call is answered.")
@click.option("--final-page", help="URL told when the call is over, also when it failed.")
@click.option("--error-page", help="URL told when something went wrong.")
@click.option("--password", help="Service password; made up when left out.")
@_file_option
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
    created, complete = _ask(credentials, lambda server: server.write_service(name, configuration))
    click.echo(f"{name} was {'created' if created else 'replaced'}.", err=True)
    click.echo(json.dumps(complete, indent=2))


@service.command("show")
@click.argument("name")
@server_options
def show(credentials: Credentials, name: str) -> None:
    """Print the complete configuration of the service NAME, its password too."""
    configuration = _ask(credentials, lambda server: server.read_service(name))
    click.echo(json.dumps(configuration, indent=2))


@service.command("modify")
@click.argument("name")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="OPTION=VALUE",
    help="An option with its new value, such as rest.answer_timeout=45; null clears it. The "
    "value is JSON; what is no JSON is text. May be given several times.",
)
@_file_option
@server_options
def modify(
    credentials: Credentials, name: str, *, settings: tuple[str, ...], file: Path | None
) -> None:
    """Change options of the service NAME; print its complete configuration.

    Options that are not given stay as they are.
    """
    if not settings and file is None:
        raise click.UsageError(
            "What shall be changed? Give --set OPTION=VALUE, or --file with some options."
        )
    options = {} if file is None else _read(file)
    for setting in settings:
        _set(options, setting)
    complete = _ask(credentials, lambda server: server.modify_service(name, options))
    click.echo(f"{name} was modified.", err=True)
    click.echo(json.dumps(complete, indent=2))


@service.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask whether that is meant.")
@server_options
def delete(credentials: Credentials, name: str, *, yes: bool) -> None:
    """Delete the service NAME and cancel all that waits for it.

    Calls that run go on.
    """
    if not yes:
        click.confirm(f"Delete {name} and cancel everything that waits for it?", abort=True)
    _ask(credentials, lambda server: server.delete_service(name))
    click.echo(f"{name} was deleted.", err=True)


def _configuration(
    file: Path | None, pages: dict[str, str], password: str | None
) -> dict[str, Any]:
    configuration = {} if file is None else _read(file)
    if pages:
        configuration["application_type"] = "REST"
        rest = configuration.setdefault("rest", {})
        for page, address in pages.items():
            rest.setdefault(page, {})["address"] = address
    if password is not None:
        configuration["service_password"] = password
    configuration.setdefault("service_password", secrets.token_urlsafe(PASSWORD_BYTES))
    return configuration


def _read(file: Path) -> dict[str, Any]:
    try:
        configuration = json.loads(file.read_bytes())
    except ValueError as problem:
        raise click.UsageError(f"{file} is not JSON: {problem}") from None
    if not isinstance(configuration, dict):
        raise click.UsageError(f"{file}: a JSON object was expected")
    return configuration


def _set(options: dict[str, Any], setting: str) -> None:
    """Put `rest.answer_timeout=45` into its place."""
    path, equals, text = setting.partition("=")
    *outer, last = path.split(".")
    if not equals or not all((*outer, last)):
        raise click.UsageError(f"--set {setting}: OPTION=VALUE was expected")
    for name in outer:
        options = options.setdefault(name, {})
        if not isinstance(options, dict):
            raise click.UsageError(f"--set {setting}: {name} has another value already")
    try:
        options[last] = json.loads(text)
    except ValueError:
        options[last] = text


def _ask(credentials: Credentials, question: Callable[[Server], Awaitable[_Answer]]) -> _Answer:
    async def ask() -> _Answer:
        async with speak_to(credentials) as server:
            return await question(server)

    return asyncio.run(ask())
