"""What holds for all commands together."""

from collections.abc import Iterator

import click
import pytest

from callwright.app.settings import load_settings
from callwright.cli.main import program


def variables(command: click.Command) -> Iterator[str]:
    """Return what a command and those below it read from the environment."""
    for parameter in command.params:
        if isinstance(parameter.envvar, str):
            yield parameter.envvar
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from variables(below)


@pytest.mark.parametrize("variable", sorted(set(variables(program))))
def test_what_is_exported_for_one_command_does_not_stop_another(variable: str) -> None:
    """The server and the operator's commands read their settings in the same terminal."""
    load_settings({}, {variable: "0-0-0"}, None)
