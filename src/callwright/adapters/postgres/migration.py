"""Brings a database forward to this version's schema; never back."""

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from callwright.adapters.postgres.faults import ForeignDatabase, NewerDatabase, OlderDatabase
from callwright.adapters.postgres.statements import statement

if TYPE_CHECKING:
    from callwright.adapters.postgres.database import Connection  # which imports us

_MIGRATIONS: Final = files("callwright.adapters.postgres") / "migrations"


async def migrate(connection: "Connection", where: str) -> tuple[int, int]:
    """Run the migrations that are missing, in the caller's transaction.

    Returns the schema's version before and after.

    Raises:
        ForeignDatabase: it holds another program's tables.
        NewerDatabase: it has a migration that this program doesn't know.
        OlderDatabase: it needs one, and servers are running on it.

    """
    migrations = known_migrations()
    latest = max(migrations)
    if await schema_version(connection, where) == latest:
        return latest, latest
    await connection.execute(statement("migration_lock").sql)
    version = await schema_version(connection, where)
    if version > latest:
        raise NewerDatabase(
            f"{where} has schema version {version}, and this Callwright knows {latest}: "
            "it was written by a newer one; install that again"
        )
    if 0 < version < latest and await connection.fetch(statement("node_alive").sql):
        raise OlderDatabase(
            f"{where} has schema version {version}, this Callwright needs {latest}, and servers "
            "are running on it: stop them all, wait ten seconds, then run callwright migrate"
        )
    if version == 0:
        await connection.execute("CREATE TABLE schema_version (version integer NOT NULL)")
        await connection.execute("INSERT INTO schema_version (version) VALUES (0)")
    for number in range(version + 1, latest + 1):
        await connection.execute(migrations[number])
    await connection.execute("UPDATE schema_version SET version = $1", latest)
    return version, latest


async def schema_version(connection: "Connection", where: str) -> int:
    """Return the schema's version, 0 for an empty database.

    Raises:
        ForeignDatabase: it holds another program's tables.

    """
    if await connection.fetchval("SELECT to_regclass('schema_version') IS NULL"):
        tables = await connection.fetchval(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"
        )
        if tables:
            raise ForeignDatabase(f"{where} holds another program's tables: give us our own")
        return 0
    version = await connection.fetchval("SELECT version FROM schema_version")
    if version is None:
        raise ForeignDatabase(f"{where} does not say which version of the schema it has")
    return int(version)


def known_migrations() -> dict[int, str]:
    """Return the scripts by number: `NNN_what.sql`, from 1 on."""
    scripts = [one for one in _MIGRATIONS.iterdir() if one.name.endswith(".sql")]
    return {int(one.name[:3]): one.read_text(encoding="utf-8") for one in scripts}
