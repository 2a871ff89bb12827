"""One PostgreSQL database: connected to, checked, brought forward, read and written.

A unit of work is one transaction; it is on the server's disk when `write` returns. When the server
goes away, whoever asks is told so at once, and the next to ask after its return finds it again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, Self, TypeAlias, TypeVar
from urllib.parse import parse_qs, urlsplit

import asyncpg

from callwright.adapters.entropy import SystemEntropy
from callwright.adapters.node_boot import BOOT_BYTES, NodeBoot
from callwright.adapters.postgres.faults import (
    CONFLICTS,
    LINE_FAULTS,
    CommitInDoubt,
    DatabaseFault,
    explain,
)
from callwright.adapters.postgres.migration import migrate
from callwright.adapters.postgres.statements import extended, statement
from callwright.domain.clock import Clock
from callwright.domain.errors import StoreBusy, StoreUnavailable

MAX_CONNECTIONS: Final = 16
"""Of one node, of the 100 that a server takes by default: two cores of database are busy with
fewer, and six nodes fit."""

CONNECT_TIMEOUT: Final = 5.0
"""Seconds for a new connection, in which a server answers or is away."""

BUSY_TIMEOUT: Final = 10.0
"""Seconds in which one of our connections must become free; then too much is going on."""

STATEMENT_TIMEOUT: Final = 30.0
"""Seconds for one statement: the longest takes milliseconds, so this one waits for a lock that
nobody lets go, or for a line that is dead."""

IDLE_TIMEOUT: Final = 5.0
"""Seconds that a node may sleep inside a unit of work, before the server takes its locks from it:
shorter than a lease, so that a frozen node keeps nobody from what it had."""

MAX_TRIES: Final = 5
"""Runs of a unit of work that gets in the way of others, or whose connection had died unnoticed."""

CERTAINTY_PAUSE: Final = 0.5
CERTAINTY_WITHIN: Final = 10.0
"""Seconds between questions whether a commit in doubt was written, and until nobody asks any more:
a lease does not last longer either."""

NODE_TTL: Final = 10.0
"""Seconds until a node that does not renew is dead to the others."""

Row = asyncpg.Record
Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Bindings = Mapping[str, Any]  # what asyncpg takes: it and the tables' types check it
Result = TypeVar("Result")
Work = Callable[[Connection], Awaitable[Result]]
"""A unit of work: it runs inside a transaction, perhaps more than once, and must not commit."""

_SESSION: Final = {
    "application_name": "callwright",
    "jit": "off",  # it costs a claim of many services 9 ms and gains nothing
    # Each statement is planned once a connection, by the indexes that it was written for: planning
    # it each time took as long as running it, and a plan that was made while a table was small
    # would walk that table when it has grown.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "statement_timeout": f"{STATEMENT_TIMEOUT:.0f}s",
    "idle_in_transaction_session_timeout": f"{IDLE_TIMEOUT:.0f}s",
    "timezone": "UTC",
}

_Pool: TypeAlias = "asyncpg.pool.Pool[asyncpg.Record]"


class Database:
    """A database that is connected to; several nodes may share one."""

    def __init__(self, pool: _Pool, where: str) -> None:
        """Use `open`."""
        self._pool = pool
        self._where = where
        self.migrated_from = 0
        """The schema's version before it was opened."""
        self.schema_version = 0

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect and bring the schema forward, unless others are running on it.

        Raises:
            StoreUnavailable: it can't be used, with a text for the one who can mend it.

        """
        where = place_of(url)
        try:
            pool = await asyncpg.create_pool(
                url,
                min_size=0,
                max_size=MAX_CONNECTIONS,
                timeout=CONNECT_TIMEOUT,
                command_timeout=STATEMENT_TIMEOUT + 1,
                server_settings=_SESSION,
                statement_cache_size=200,  # every statement there is
                reset=_as_it_was,
            )
        except (ValueError, asyncpg.ClientConfigurationError) as fault:
            raise _no_url() from fault
        database = cls(pool, where)
        try:
            versions = await database.write(lambda connection: migrate(connection, where))
        except BaseException:
            await database.close()
            raise
        database.migrated_from, database.schema_version = versions
        return database

    async def begin_node(self, node_hex: str, clock: Clock, *, ttl: float = NODE_TTL) -> NodeBoot:
        """Begin a start of the node of this name; its epoch is durable when this returns.

        What earlier epochs of this node hold may be taken from them, so they have to be dead, and
        it is the lock on the node's name that proves it.
        """

        async def begin(connection: Connection) -> int:
            await run(connection, "node_lock", {})
            [(epoch,)] = await run(connection, "node_epoch", {"now": int(clock.unix_time())})
            named = {"node_hex": node_hex}
            await run(connection, "node_end_earlier", named)
            await run(connection, "node_begin", named | {"boot_epoch": epoch, "ttl": ttl})
            return int(epoch)

        boot_epoch = await self.write(begin)
        return NodeBoot(node_hex, SystemEntropy().token(BOOT_BYTES).hex(), boot_epoch)

    async def write(self, work: Work[Result], *, was_done: Work[bool] | None = None) -> Result:
        """Run a unit of work in a transaction; durable when it returns.

        `was_done` tells whether the work is written, for a commit in doubt: whoever gives it waits
        for the server to return, for some seconds, and has certainty.

        Raises:
            StoreBusy: all connections are in use; it did not run.
            CommitInDoubt: it may have been written.
            StoreUnavailable: it was not written.

        """
        doubted: list[Result] = []
        for tries_left in reversed(range(MAX_TRIES)):
            try:
                async with self._connected() as connection:
                    return await _transaction(connection, work, doubted)
            except (*CONFLICTS, *LINE_FAULTS) as fault:
                if not doubted and not tries_left:
                    raise explain(fault, self._where) from fault
                if doubted and was_done is None:
                    raise self._in_doubt() from fault
            except asyncpg.PostgresError as fault:
                told = explain(fault, self._where)
                if told is fault:
                    raise
                raise told from fault
            if doubted and was_done is not None and await self._certainty(was_done):
                return doubted[0]
            doubted.clear()
        raise DatabaseFault(f"{self._where} goes away again and again")

    async def read(self, name: str, bindings: Bindings, *, then: str = "") -> list[Row]:
        """Run a statement that only reads; it sees all that was written.

        `then` is put at its end: an order, of words of ours alone.

        Raises:
            StoreUnavailable: the server can't be reached.

        """

        async def read(connection: Connection) -> list[Row]:
            return await run(connection, name, bindings, then=then)

        return await self._twice(read)

    async def snapshot(self, work: Work[Result]) -> Result:
        """Run several statements that only read and that see the same moment.

        Raises:
            StoreUnavailable: the server can't be reached.

        """

        async def snapshot(connection: Connection) -> Result:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return await work(connection)

        return await self._twice(snapshot)

    async def close(self) -> None:
        """Let go of the server; units of work under way are finished first."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await self._pool.close()
        except LINE_FAULTS:
            self._pool.terminate()

    async def _twice(self, work: Work[Result]) -> Result:
        """Run what only reads; once more when its connection had died unnoticed."""
        try:
            async with self._connected() as connection:
                return await work(connection)
        except LINE_FAULTS:
            try:
                async with self._connected() as connection:
                    return await work(connection)
            except LINE_FAULTS as fault:
                raise explain(fault, self._where) from fault

    async def _certainty(self, was_done: Work[bool]) -> bool:
        try:
            async with asyncio.timeout(CERTAINTY_WITHIN):
                while True:
                    with suppress(*LINE_FAULTS, StoreUnavailable):
                        async with self._connected() as connection, connection.transaction():
                            return await was_done(connection)
                    await asyncio.sleep(CERTAINTY_PAUSE)
        except TimeoutError as fault:
            raise self._in_doubt() from fault

    def _in_doubt(self) -> CommitInDoubt:
        return CommitInDoubt(f"{self._where} went away while it wrote: it may be done already")

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Connection]:
        try:
            connection = await self._pool.acquire(timeout=BUSY_TIMEOUT)
        except (asyncpg.PostgresError, *LINE_FAULTS) as fault:
            is_full = self._pool.get_size() == MAX_CONNECTIONS and not self._pool.get_idle_size()
            if isinstance(fault, TimeoutError) and is_full:
                raise StoreBusy(f"all connections to {self._where} are in use") from fault
            raise explain(fault, self._where) from fault
        try:
            yield connection
        finally:
            # What is wrong with the connection was told by what ran on it.
            with suppress(*LINE_FAULTS):
                await self._pool.release(connection)


async def run(
    connection: Connection, name: str, bindings: Bindings, *, then: str = ""
) -> list[Row]:
    """Run the statement of that name, with `then` at its end, and return its rows."""
    found = extended(name, then)
    rows: list[Row] = await connection.fetch(found.sql, *(bindings[one] for one in found.names))
    return rows


async def run_columns(connection: Connection, name: str, rows: Sequence[Sequence[Any]]) -> None:
    """Write rows by the statement of that name, whose parameters are columns, one value a row.

    The rows' values stand in the order of the parameters. Nothing happens without rows.
    """
    if rows:
        columns = zip(*rows, strict=True)
        await run(connection, name, dict(zip(statement(name).names, columns, strict=True)))


def place_of(url: str) -> str:
    """Name a server for people: what its URL says, less the user and the password.

    Raises:
        DatabaseFault: this is no URL of a PostgreSQL database.

    """
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        host = parts.hostname or ",".join(query.get("host", ["localhost"]))
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise _no_url() from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise _no_url()
    return f"PostgreSQL {host}{port}{parts.path}"


def can_be_kept(text: str) -> bool:
    """Whether PostgreSQL has a text like this at all: it knows no NUL and no lone surrogates."""
    return text == kept_text(text)


def kept_text(text: str) -> str:
    """Return a text as PostgreSQL can keep it: a question mark for what it has no character for."""
    return text.replace("\0", "?").encode(errors="replace").decode()


def _no_url() -> DatabaseFault:
    """Complain without quoting: there may be a password in it."""
    return DatabaseFault(
        "the database's URL can't be read: postgresql://USER:PASSWORD@HOST/NAME expected, with "
        "%40, %2F and so on for special characters of the password"
    )


async def _transaction(connection: Connection, work: Work[Result], doubted: list[Result]) -> Result:
    """Run the work; while the commit is under way, its result stands in `doubted`."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        value = await work(connection)
    except BaseException:
        with suppress(*LINE_FAULTS):
            await transaction.rollback()
        raise
    doubted.append(value)
    try:
        await transaction.commit()
    except CONFLICTS:
        doubted.clear()  # the server said no
        raise
    doubted.clear()
    return value


async def _as_it_was(_connection: object) -> None:
    """Give a connection back: no unit of work changes anything of its session."""
