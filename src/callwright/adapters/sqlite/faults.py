"""What goes wrong with a database file, and what its owner can do about it.

- `StoreUnavailable`
    - `DatabaseFault`: the file, its folder or its disk
        - `DatabaseInUse`: another server has it
        - `NewerDatabase`: a newer Callwright wrote it
        - `OlderDatabase`: it would have to be migrated under a running server
        - `ForeignDatabase`: it is not one of ours
    - `SqliteTooOld`: the SQLite library has a bug that loses data
"""

from pathlib import Path

import apsw

from callwright.domain.errors import StoreUnavailable


class DatabaseFault(StoreUnavailable):
    """The file, its folder or its disk: the text says which, and what to do."""


class DatabaseInUse(DatabaseFault):
    """Another server has this database open."""


class NewerDatabase(DatabaseFault):
    """The database was written by a newer Callwright."""


class OlderDatabase(DatabaseFault):
    """The database needs a migration, and a server of the older Callwright is running on it."""


class ForeignDatabase(DatabaseFault):
    """The file is no database, or another program's."""


class SqliteTooOld(StoreUnavailable):
    """The SQLite library has a bug that loses data."""


def explain(fault: apsw.Error, path: Path) -> Exception:
    """Say in our words what SQLite reports; what only a bug of ours can cause stays as it is."""
    match fault:
        case apsw.FullError():
            return DatabaseFault(f"the disk of {path} is full: nothing was written")
        case apsw.ReadOnlyError() | apsw.PermissionsError():
            return DatabaseFault(f"{path} or its folder can't be written by this user")
        case apsw.BusyError() | apsw.LockedError() | apsw.ProtocolError():
            return DatabaseFault(f"{path} is locked by another program, which does not let go")
        case apsw.CantOpenError():
            return DatabaseFault(f"{path} can't be opened: is its folder there, and ours?")
        case apsw.NotADBError():
            return ForeignDatabase(f"{path} is not a Callwright database")
        case apsw.CorruptError():
            return DatabaseFault(f"{path} is damaged: restore it from a backup")
        case apsw.IOError():
            return DatabaseFault(f"the disk of {path} reports an error: {fault}")
        case _:
            return fault
