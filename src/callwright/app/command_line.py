"""The program `callwright`: the command line's grammar with the world behind it."""

from callwright.app.migrate_command import migrate_command
from callwright.app.serve_command import serve_command
from callwright.app.wiring import (
    open_accounts,
    open_applications,
    open_caller_ids,
    open_client_pauses,
    open_numbers,
    open_webhook_secrets,
)
from callwright.cli.main import program
from callwright.cli.ports import World


def main() -> None:
    """Run the command that the arguments name."""
    program.add_command(serve_command())
    program.add_command(migrate_command)
    world = World(
        open_accounts,
        open_caller_ids,
        open_numbers,
        open_applications,
        open_webhook_secrets,
        open_client_pauses,
    )
    program(obj=world, prog_name="callwright")
