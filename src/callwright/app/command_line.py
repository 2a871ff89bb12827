"""The program `callwright`: the command line's grammar with the world behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from callwright.accounts.registry import AccountRegistry
from callwright.adapters.entropy import SystemEntropy
from callwright.adapters.secrets import InstallationSecret
from callwright.adapters.sqlite.account_store import SqliteAccountStore
from callwright.adapters.sqlite.database import Database
from callwright.app.data_folder import DataFolder
from callwright.app.serve_command import serve_command
from callwright.cli.main import program
from callwright.cli.ports import World


@asynccontextmanager
async def open_accounts(data: Path) -> AsyncIterator[AccountRegistry]:
    """Open the accounts in a data folder, also while a server runs on it."""
    folder = DataFolder(data)
    secret = InstallationSecret.open_or_make(folder.secret)
    database = Database.open(folder.database, exclusive=False)
    try:
        yield AccountRegistry(SqliteAccountStore(database), secret, SystemEntropy())
    finally:
        database.close()


def main() -> None:
    """Run the command that the arguments name."""
    program.add_command(serve_command())
    program(obj=World(open_accounts=open_accounts), prog_name="callwright")
