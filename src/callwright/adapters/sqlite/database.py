"""One SQLite file: opened, checked, brought forward, written by one thread, read at once.

Writes go through a group-committing thread and are durable when they return: WAL with
`synchronous=FULL`. Point reads run where they are asked for, on a connection that can't write: a
few microseconds, less than a thread would cost.
"""

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Self

import apsw

from callwright.adapters.entropy import SystemEntropy
from callwright.adapters.folders import sync_folder
from callwright.adapters.node_boot import BOOT_BYTES, NODE_BYTES, NodeBoot
from callwright.adapters.sqlite.faults import DatabaseFault, SqliteTooOld, explain
from callwright.adapters.sqlite.lock import ServerLock, is_served
from callwright.adapters.sqlite.migration import migrate, schema_version
from callwright.adapters.sqlite.statements import statement
from callwright.adapters.sqlite.writer import (
    MAX_WAITING,
    Asked,
    GroupWork,
    Result,
    Work,
    Writer,
)
from callwright.domain.clock import Clock

OLDEST_SQLITE: Final = (3, 51, 3)
"""Up to 3.51.2, two connections that write and checkpoint could lose a transaction of the WAL."""

BUSY_TIMEOUT_MS: Final = 10_000
"""How long a write waits for another process: a server's transactions take milliseconds, so a
command line tool beside it gets its turn long before."""

CHECKPOINT_PAGES: Final = 4000
"""Pages in the WAL before they move into the file: 16 MB, checkpointed by the writer itself; a
thread of its own gained nothing and let the WAL grow to 1 GB."""

Row = tuple[Any, ...]  # what a row holds is its statement's affair; the stores type it
Bindings = Mapping[str, Any]  # what SQLite takes: it and STRICT tables check it

_OWNER_ONLY: Final = 0o600
_FOLDER_MODE: Final = 0o700


class Database:
    """An open database; several installations may stand beside each other."""

    def __init__(self, path: Path, writer: Writer, reader: apsw.Connection) -> None:
        """Use `open`."""
        self._path = path
        self._writer = writer
        self._reader = reader
        self._surveyor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="survey")
        self._survey_reader: apsw.Connection | None = None
        self._lock: ServerLock | None = None
        self.migrated_from = 0
        """The schema's version before it was opened."""
        self.schema_version = 0

    @classmethod
    def open(cls, path: Path, *, exclusive: bool, max_waiting: int = MAX_WAITING) -> Self:
        """Open the file, or make it, and bring its schema forward.

        A server opens it `exclusive`; command line tools don't, and may work beside a server.

        Raises:
            DatabaseInUse: another server has it.
            StoreUnavailable: every other reason, with a text for the one who can mend it.

        """
        _check_sqlite()
        lock = None
        try:
            _make_file(path)
            lock = ServerLock(path) if exclusive else None
            database = cls._open(path, exclusive=exclusive, max_waiting=max_waiting)
        except apsw.Error as fault:
            _release(lock)
            raise explain(fault, path) from fault
        except OSError as fault:
            _release(lock)
            raise DatabaseFault(f"{path} can't be opened: {fault.strerror}") from fault
        except Exception:
            _release(lock)
            raise
        database._lock = lock  # noqa: SLF001 - its own
        return database

    @classmethod
    def _open(cls, path: Path, *, exclusive: bool, max_waiting: int) -> Self:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.set_busy_timeout(BUSY_TIMEOUT_MS)
            before = schema_version(connection, path)  # and not a page of a stranger's file written
            connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", "full")
            connection.pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
            migrate(connection, path, is_served=lambda: not exclusive and is_served(path))
            after = schema_version(connection, path)
            connection.pragma("foreign_keys", True)
            reader = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        except Exception:
            connection.close()
            raise
        reader.set_busy_timeout(BUSY_TIMEOUT_MS)
        database = cls(path, Writer(connection, path, max_waiting=max_waiting), reader)
        database.migrated_from, database.schema_version = before, after
        return database

    def begin_node(self, clock: Clock) -> NodeBoot:
        """Begin a start of this node; its epoch is durable when this returns.

        The node gets its name when the database is new and keeps it. A server does this once,
        after opening: what earlier epochs hold is taken from them, so they have to be dead, and
        it is the lock that proves it.
        """
        if self._lock is None:
            raise RuntimeError(f"{self._path} was not opened exclusively: no node begins on it")
        entropy = SystemEntropy()
        bindings = {"node_hex": entropy.token(NODE_BYTES).hex(), "now": int(clock.unix_time())}
        node_hex, boot_epoch = self._writer.run_waiting(
            lambda connection: run(connection, "node_begin", bindings)[0]
        )
        return NodeBoot(node_hex, entropy.token(BOOT_BYTES).hex(), boot_epoch)

    async def write(self, work: Work[Result], *, goes_on: bool = False) -> Result:
        """Run a unit of work in the writer's next transaction; durable when it returns.

        `goes_on`: it is the next portion of something begun, which is not given up half-way
        because others wait.

        Raises:
            StoreBusy: too many are waiting; it did not run.
            StoreUnavailable: it was not written.

        """
        return await self._writer.run(work, goes_on=goes_on)

    async def write_in_group(self, group: GroupWork[Asked, Result], asked: Asked) -> Result:
        """Run work of this kind with what else of it waits; durable when it returns.

        Raises:
            StoreBusy: too many are waiting; it did not run.
            StoreUnavailable: it was not written.

        """
        return await self._writer.run_in_group(group, asked)

    def read(self, name: str, bindings: Bindings, *, then: str = "") -> list[Row]:
        """Run a statement that only reads; it sees all that was written.

        `then` is put at its end: an order, of words of ours alone.

        Raises:
            StoreUnavailable: the file can't be read.

        """
        try:
            return run(self._reader, name, bindings, then=then)
        except apsw.Error as fault:
            raise explain(fault, self._path) from fault

    async def survey(self, name: str, bindings: Bindings, *, then: str = "") -> list[Row]:
        """Run a statement that may read much: in a thread, one after another, in nobody's way.

        `then` is put at its end: conditions and an order, of words of ours alone.

        Raises:
            StoreUnavailable: the file can't be read.

        """
        return await asyncio.get_running_loop().run_in_executor(
            self._surveyor, self._survey, name, bindings, then
        )

    def _survey(self, name: str, bindings: Bindings, then: str) -> list[Row]:
        # Only ever on the one thread of the surveyor.
        try:
            if self._survey_reader is None:
                flags = apsw.SQLITE_OPEN_READONLY
                self._survey_reader = apsw.Connection(str(self._path), flags=flags)
                self._survey_reader.set_busy_timeout(BUSY_TIMEOUT_MS)
            return run(self._survey_reader, name, bindings, then=then)
        except apsw.Error as fault:
            raise explain(fault, self._path) from fault

    def close(self) -> None:
        """Write what is waiting and let go of the file.

        The last connection to close moves the WAL into the file and removes it. Readers can't
        write, so they go first.
        """
        self._surveyor.shutdown()
        if self._survey_reader is not None:
            self._survey_reader.close()
        self._reader.close()
        self._writer.close()
        _release(self._lock)
        self._lock = None


def run(connection: apsw.Connection, name: str, bindings: Bindings, *, then: str = "") -> list[Row]:
    """Run the statement of that name, with `then` at its end, and return its rows."""
    return connection.execute(statement(name) + then, bindings).fetchall()


def _check_sqlite() -> None:
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if version < OLDEST_SQLITE:
        raise SqliteTooOld(
            f"SQLite {apsw.sqlite_lib_version()} has a bug that loses data: "
            f"{'.'.join(map(str, OLDEST_SQLITE))} or newer is needed (pip install -U apsw)"
        )


def _make_file(path: Path) -> None:
    """Make the file for its owner's eyes only; SQLite gives its WAL the same mode."""
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
        sync_folder(path.parent)


def _release(lock: ServerLock | None) -> None:
    if lock is not None:
        lock.release()
