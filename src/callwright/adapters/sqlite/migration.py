"""Brings a database forward to this version's schema; never back."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Final

import apsw

from callwright.adapters.sqlite.faults import (
    DatabaseFault,
    ForeignDatabase,
    NewerDatabase,
    OlderDatabase,
)

APPLICATION_ID: Final = 0x43574754
"""`CWGT` in the file's header (SQLite file format, offset 68): tells our files from others'."""

_MIGRATIONS: Final = files("callwright.adapters.sqlite") / "migrations"


def migrate(connection: apsw.Connection, path: Path, *, is_served: Callable[[], bool]) -> None:
    """Run the migrations that are missing, in one transaction.

    `is_served` says whether a server, perhaps an older one, has the database open: a schema is
    not changed under its feet. A database just begun has none that could mind.

    Raises:
        ForeignDatabase: another program's file.
        NewerDatabase: it has a migration that this program doesn't know.
        OlderDatabase: it needs one, and is served.
        DatabaseFault: its rows do not belong together.

    """
    migrations = known_migrations()
    if schema_version(connection, path) == max(migrations):
        return
    # A table is changed by building it anew, which its children must not notice; whether all is
    # as it should be is checked at the end (sqlite.org/lang_altertable.html, section 7).
    connection.pragma("foreign_keys", False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        _bring_forward(connection, path, migrations, is_served)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _bring_forward(
    connection: apsw.Connection,
    path: Path,
    migrations: dict[int, str],
    is_served: Callable[[], bool],
) -> None:
    version, latest = schema_version(connection, path), max(migrations)
    if version > latest:
        raise NewerDatabase(
            f"{path} has schema version {version}, and this Callwright knows {latest}: "
            "it was written by a newer one; install that again"
        )
    if 0 < version < latest and is_served():
        raise OlderDatabase(
            f"{path} has schema version {version}, this Callwright needs {latest}, "
            "and a server is running on it: stop the server first"
        )
    if version == 0:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT")
        connection.execute("INSERT INTO schema_version (version) VALUES (0)")
    for number in range(version + 1, latest + 1):
        connection.execute(migrations[number])
    orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    if orphan is not None:
        raise DatabaseFault(
            f"{path} is damaged: a row of {orphan[0]} belongs to a row of {orphan[2]} that is "
            "not there; restore it from a backup"
        )
    connection.execute("UPDATE schema_version SET version = ?", (latest,))


def schema_version(connection: apsw.Connection, path: Path) -> int:
    """Return the schema's version, 0 for a file just begun.

    Raises:
        ForeignDatabase: another program's file.

    """
    application_id = connection.pragma("application_id")
    is_empty = connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None
    if application_id != APPLICATION_ID:
        if application_id or not is_empty:
            raise ForeignDatabase(f"{path} is another program's database")
        return 0
    row = connection.execute("SELECT version FROM schema_version").fetchone()
    if row is None:
        raise ForeignDatabase(f"{path} does not say which version of the schema it has")
    return int(row[0])


def known_migrations() -> dict[int, str]:
    """Return the scripts by number: `NNN_what.sql`, from 1 on."""
    scripts = [one for one in _MIGRATIONS.iterdir() if one.name.endswith(".sql")]
    return {int(one.name[:3]): one.read_text(encoding="utf-8") for one in scripts}
