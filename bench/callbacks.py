"""What callbacks cost the store: added, found when they are due, begun, ended, and while they wait.

Adding is a ratio to bare rows of the same run on the same disk. What a round of the loop asks is
timed with few and with a million tasks waiting for later, and beside as many in a queue that is
off: neither may show. Due tasks are begun, given a start each and ended as the loop does it, with
the calls left out. At the end a server runs for a minute on all that waits, as one did on a new
database before: seconds of CPU of its processes, and of the database's.

    .venv/bin/python bench/callbacks.py --folder . --waiting 1000000 [--store sqlite postgresql]
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import apsw
import asyncpg

# The tests' own database, server and stores.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from callwright.adapters.clock import SystemClock
from callwright.adapters.entropy import SystemEntropy
from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackQueueId,
    CallUuid,
    ExtensionId,
    Task,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceRef
from callwright.scheduler.retries import after_attempt
from callwright.scheduler.values import AttemptBegin, AttemptEnd
from tests.contracts.callback_stores import (
    CallbackStores,
    kept_call,
    postgres_callback_stores_at,
    sqlite_callback_stores,
)
from tests.sim.installation import Installation
from tests.sim.postgres import Postgres

BATCH: Final = 1000
DUE: Final = 10_000
AT_ONCE: Final = 200
ROUNDS: Final = 30
SHARDS: Final = frozenset(range(256))
CLOCK: Final = SystemClock()
DAY: Final = 86_400.0
IDLE: Final = 60.0
"""Seconds over which an idle server's CPU is counted."""
SETTLED_AFTER: Final = 5.0
"""Seconds after which a server that has started is idle."""
ROW_BYTES: Final = 350
"""About what a task takes as a row."""


class Scheduler:
    """The stores of one installation, and the account that everything is of."""

    def __init__(self, stores: CallbackStores, account_id: AccountId) -> None:
        self.stores = stores
        self.tasks = stores.tasks
        self.account_id = account_id

    async def queue(self, *, is_on: bool) -> CallbackQueueId:
        """Make a queue."""
        return await self.stores.queue(self.account_id, is_on=is_on, limit=1000)

    async def add(self, queue_id: CallbackQueueId, count: int, *, later: float) -> float:
        """Add tasks in lists; returns how many a second."""
        at = CLOCK.unix_time()
        one = TaskWish("205", "37120000001", ExtensionId(1), UnixTime(at + later), name="invoice")
        began = time.perf_counter()
        for first in range(0, count, BATCH):
            wishes = [one] * min(BATCH, count - first)
            await self.tasks.add_tasks(self.account_id, queue_id, wishes, at=at)
        return count / (time.perf_counter() - began)

    async def round_ms(self) -> float:
        """Time what a round of the loop asks when nothing is due; the median."""

        async def ask() -> None:
            now = CLOCK.unix_time()
            await self.tasks.due_queues(SHARDS, at=now)
            await self.tasks.next_due(SHARDS, after=now)

        return await median_ms(ask)

    async def attempts_a_second(self, queue_id: CallbackQueueId) -> float:
        """Begin and end all that is due, as the loop does but for the calls."""
        began, count = time.perf_counter(), 0
        while found := await self.tasks.due_tasks(queue_id, at=CLOCK.unix_time(), limit=AT_ONCE):
            await self._attempt(found)
            count += len(found)
        return count / (time.perf_counter() - began)

    async def _attempt(self, found: Sequence[Task]) -> None:
        at, entropy = CLOCK.unix_time(), SystemEntropy()
        attempts = [Attempt(1, CallUuid(entropy.token(16).hex().upper()), at) for _ in found]
        await self.tasks.begin_attempts(
            [
                AttemptBegin(task.task_id, attempt)
                for task, attempt in zip(found, attempts, strict=True)
            ]
        )
        await asyncio.gather(
            *(
                self.tasks.attempt_queued(task.task_id, 1, ServiceRef(f"ref{task.task_id}"))
                for task in found
            )
        )
        outcome = AttemptOutcome.JOINED
        ends = []
        for task, attempt in zip(found, attempts, strict=True):
            after = after_attempt(task, outcome, at=at)
            call = kept_call(task, attempt.call_uuid, outcome, ended_at=at)
            ends.append(AttemptEnd(task.task_id, 1, outcome, at, "205", after, call))
        await asyncio.gather(*map(self.tasks.end_attempt, ends))


async def median_ms(work: Callable[[], Awaitable[None]]) -> float:
    """Time something some times over."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def bare_rows_sqlite(folder: Path) -> float:
    """Rows a second of bare INSERTs in lists of the same length."""
    connection = apsw.Connection(str(folder / "bare.db"))
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.execute("CREATE TABLE task (n INTEGER PRIMARY KEY, wish BLOB)")
    rows, began = [(bytes(ROW_BYTES),)] * BATCH, time.perf_counter()
    for _ in range(DUE // BATCH):
        with connection:
            connection.executemany("INSERT INTO task (wish) VALUES (?)", rows)
    rate = DUE / (time.perf_counter() - began)
    connection.close()
    return rate


async def bare_rows_postgresql(url: str) -> float:
    """Return the same of PostgreSQL, on one connection."""
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE bare (n bigserial PRIMARY KEY, wish bytea)")
    rows, began = [(bytes(ROW_BYTES),)] * BATCH, time.perf_counter()
    for _ in range(DUE // BATCH):
        async with connection.transaction():
            await connection.executemany("INSERT INTO bare (wish) VALUES ($1)", rows)
    rate = DUE / (time.perf_counter() - began)
    await connection.execute("DROP TABLE bare")
    await connection.close()
    return rate


async def more_in_postgresql(url: str, queue_id: CallbackQueueId, count: int) -> None:
    """Copy a task of a queue so often."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = 'callback_task' AND column_name <> 'task_id'"
    )
    columns = ", ".join(row["column_name"] for row in rows)
    await connection.execute(
        f"INSERT INTO callback_task ({columns}) SELECT {columns} "  # noqa: S608 - names of ours
        "FROM callback_task CROSS JOIN generate_series(1, $2) "
        "WHERE task_id = (SELECT max(task_id) FROM callback_task WHERE queue_id = $1)",
        *(queue_id, count),
    )
    await connection.close()


More = Callable[[CallbackQueueId, int], Awaitable[None]]


async def measure(
    stores: CallbackStores, waiting: int, floor: float, more: More | None = None
) -> None:
    """Print the figures of a store; `more` adds tasks like the newest faster than the store."""
    scheduler = Scheduler(stores, await stores.account())
    on, off = await scheduler.queue(is_on=True), await scheduler.queue(is_on=False)
    rate = await scheduler.add(on, DUE, later=DAY)
    print(f"  added         {rate:9.0f}/s   {rate / floor:.2f} of bare rows ({floor:.0f}/s)")
    few = await scheduler.round_ms()
    print(f"  a round       {few:9.3f} ms  with {DUE} waiting")
    if waiting:
        for queue_id, later in ((on, DAY), (off, 0)):
            await scheduler.add(queue_id, waiting if more is None else 1, later=later)
            if more is not None:
                await more(queue_id, waiting - 1)
        many = await scheduler.round_ms()
        beside = f"with {waiting} waiting and {waiting} due in a queue that is off"
        print(f"  a round       {many:9.3f} ms  {beside}: {many / few:.2f} times")
    busy = await scheduler.queue(is_on=True)
    await scheduler.add(busy, DUE, later=0)
    rate = await scheduler.attempts_a_second(busy)
    print(f"  attempted     {rate:9.0f}/s   {DUE} due at once, {AT_ONCE} at a time")


def measure_sqlite(folder: Path, waiting: int) -> None:
    """Measure on a file, and a server on it before and after."""

    async def on_file() -> None:
        async with sqlite_callback_stores(folder) as stores:
            await measure(stores, waiting, bare_rows_sqlite(folder))

    data = folder / "data"
    before = idle_cpu(folder / "new", {})
    asyncio.run(on_file())
    data.mkdir()
    (folder / "callwright.db").rename(data / "callwright.sqlite")
    show_idle(before, idle_cpu(data, {}))


def measure_postgresql(folder: Path, waiting: int) -> None:
    """Measure on a server of its own."""

    async def on_server() -> None:
        async with postgres_callback_stores_at(url) as stores:
            floor = await bare_rows_postgresql(url)
            await measure(stores, waiting, floor, partial(more_in_postgresql, url))

    with Postgres.shared().database() as url:
        settings = {"database": url}
        before = idle_cpu(folder / "new", settings, [Postgres.shared().pid])
        asyncio.run(on_server())
        show_idle(before, idle_cpu(folder / "data", settings, [Postgres.shared().pid]))


def idle_cpu(data: Path, settings: dict[str, str], more: Sequence[int] = ()) -> float:
    """Seconds of CPU that a server's processes, and these beside it, take in a minute."""
    with Installation(data, settings=settings) as cloud:
        time.sleep(SETTLED_AFTER)
        began = cpu_of([cloud.pid, *more])
        time.sleep(IDLE)
        return cpu_of([cloud.pid, *more]) - began


def cpu_of(parents: Sequence[int]) -> float:
    """Seconds of CPU that processes and their children have taken."""
    total = 0
    for parent in parents:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
        for pid in (parent, *children):
            fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
            # utime, stime and those of children that have ended (proc(5), fields 14 to 17).
            total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def show_idle(before: float, after: float) -> None:
    """Print what waiting costs."""
    print(
        f"  idle server   {after:9.2f} s   of CPU in {IDLE:.0f} s; on a new database {before:.2f} s"
    )


STORES: Final = {"sqlite": measure_sqlite, "postgresql": measure_postgresql}


def main() -> None:
    """Measure in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=Path(), help="on the disk that is measured")
    parser.add_argument("--waiting", type=int, default=100_000, help="tasks of tomorrow")
    parser.add_argument("--store", nargs="+", choices=STORES, default=list(STORES))
    options = parser.parse_args()
    for store in options.store:
        print(f"store: {store}")
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            STORES[store](Path(name), options.waiting)


if __name__ == "__main__":
    main()
