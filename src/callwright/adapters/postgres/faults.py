"""What goes wrong with a PostgreSQL database, and what its owner can do about it.

- `StoreUnavailable`
    - `DatabaseFault`: the server can't be reached, refuses us, or is out of something
        - `CommitInDoubt`: it went away in the middle of a commit
        - `NewerDatabase`: a newer Callwright wrote it
        - `OlderDatabase`: it would have to be migrated under a running server
        - `ForeignDatabase`: it is not one of ours
        - `NodeReplaced`: another server runs with this node's name

No text holds the password of the database's URL.
"""

from typing import Final

import asyncpg

from callwright.domain.errors import StoreUnavailable


class DatabaseFault(StoreUnavailable):
    """The server can't be used: the text says why, and what to do."""


class CommitInDoubt(DatabaseFault):
    """The server went away in the middle of a commit: it was written, or it was not."""


class NewerDatabase(DatabaseFault):
    """The database was written by a newer Callwright."""


class OlderDatabase(DatabaseFault):
    """The database needs a migration, and servers of the older Callwright are running on it."""


class ForeignDatabase(DatabaseFault):
    """The database holds another program's tables."""


class NodeReplaced(DatabaseFault):
    """Another server runs with this node's name: a data folder was copied."""


LINE_FAULTS: Final = (
    OSError,  # also TimeoutError: nobody answers
    asyncpg.InterfaceError,  # the connection was closed meanwhile
    asyncpg.PostgresConnectionError,  # class 08: connection exceptions
    asyncpg.CannotConnectNowError,  # it starts or stops just now
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,  # we slept too long inside a unit of work
)
"""The server or the line to it went away; nothing says that the work itself is wrong."""

CONFLICTS: Final = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""Two units of work got in each other's way: one was rolled back and may be run again."""


def explain(fault: Exception, where: str) -> Exception:
    """Say in our words what PostgreSQL reports; what only a bug of ours can cause stays as it is.

    `where` names the server without a password.
    """
    match fault:
        case asyncpg.ClientConfigurationError():  # its text may quote the URL
            return DatabaseFault(f"{where}: the URL says what no postgresql:// URL can say")
        case asyncpg.InvalidAuthorizationSpecificationError():  # also of a wrong password
            return DatabaseFault(f"{where} refuses this user or password")
        case asyncpg.InvalidCatalogNameError():
            return DatabaseFault(f"{where}: there is no such database; createdb makes one")
        case asyncpg.InsufficientPrivilegeError() | asyncpg.ReadOnlySQLTransactionError():
            return DatabaseFault(f"{where} can't be written by this user, or is a standby")
        case asyncpg.InsufficientResourcesError():
            return DatabaseFault(f"{where} is out of disk, memory or connections: {fault}")
        case asyncpg.QueryCanceledError() | asyncpg.LockNotAvailableError():
            return DatabaseFault(f"{where} took too long for one statement")
        case _ if isinstance(fault, CONFLICTS):
            return DatabaseFault(f"{where}: this kept getting in the way of others; try again")
        case _ if isinstance(fault, LINE_FAULTS):
            return DatabaseFault(f"{where} can't be reached just now")
        case _:
            return fault
