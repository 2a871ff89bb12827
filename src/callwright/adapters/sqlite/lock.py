"""One server a database: a lock that dies with its holder."""

import fcntl
import os
from pathlib import Path
from typing import Final

from callwright.adapters.sqlite.faults import DatabaseInUse

_OWNER_ONLY: Final = 0o600
_PID_LENGTH: Final = 20


class ServerLock:
    """The file `<database>.lock`, held by a server as long as it lives (flock(2)).

    The kernel lets go when the process ends, however it ends; the file stays and means nothing.
    """

    def __init__(self, database: Path) -> None:
        """Take the lock.

        Raises:
            DatabaseInUse: another process has it.

        """
        path = _lock_path(database)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._descriptor, _PID_LENGTH).decode(errors="replace").strip()
            os.close(self._descriptor)
            raise DatabaseInUse(
                f"{database} is in use by another server (process {holder or 'unknown'}): "
                "stop that one, or choose another data folder"
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go."""
        os.close(self._descriptor)


def is_served(database: Path) -> bool:
    """Say whether a server has this database open."""
    try:
        ServerLock(database).release()
    except DatabaseInUse:
        return True
    return False


def _lock_path(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock")
