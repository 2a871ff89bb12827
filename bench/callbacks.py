"""What callbacks cost the store: added, found when they are due, begun and ended.

Adding is a ratio to bare rows of the same run on the same disk. What a round of the loop asks is
timed with few and with a million tasks waiting for later, and beside as many in a queue that is
off: neither may show. Due tasks are begun, given a start each and ended as the loop does it, with
the calls left out.

    .venv/bin/python bench/callbacks.py --folder . --waiting 1000000
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

import apsw

from callwright.adapters.clock import SystemClock
from callwright.adapters.entropy import SystemEntropy
from callwright.adapters.sqlite.account_store import SqliteAccountStore
from callwright.adapters.sqlite.callback_queue_store import SqliteCallbackQueueStore
from callwright.adapters.sqlite.callback_task_store import SqliteCallbackTaskStore
from callwright.adapters.sqlite.database import Database
from callwright.domain.account import AccountType, CallLimits
from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackQueue,
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

BATCH: Final = 1000
DUE: Final = 10_000
AT_ONCE: Final = 200
ROUNDS: Final = 30
SHARDS: Final = frozenset(range(256))
CLOCK: Final = SystemClock()
DAY: Final = 86_400.0
ROW_BYTES: Final = 350
"""About what a task takes as a row."""


class Scheduler:
    """Both stores on one new database."""

    def __init__(self, database: Database) -> None:
        self.accounts = SqliteAccountStore(database)
        self.queues = SqliteCallbackQueueStore(database)
        self.tasks = SqliteCallbackTaskStore(database)
        self.account_id = AccountId(0)

    async def open(self) -> None:
        """Make the account that everything is of."""
        account = await self.accounts.create(
            "bob@example.com",
            account_type=AccountType.PREMIUM,
            limits=CallLimits(1000, 1000.0),
            key_hash=bytes(32),
        )
        assert account is not None
        self.account_id = account.account_id

    async def queue(self, *, is_on: bool) -> CallbackQueueId:
        """Make a queue."""
        wanted = CallbackQueue(
            CallbackQueueId(0), self.account_id, "", "", is_on, 1000, None, CLOCK.unix_time()
        )
        queue = await self.queues.add_queue(wanted, most=1000)
        assert queue is not None
        return queue.queue_id

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
        await asyncio.gather(
            *(
                self.tasks.end_attempt(
                    AttemptEnd(
                        task.task_id, 1, outcome, at, "205", after_attempt(task, outcome, at=at)
                    )
                )
                for task in found
            )
        )


async def median_ms(work: Callable[[], Awaitable[None]]) -> float:
    """Time something some times over."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def bare_rows(folder: Path) -> float:
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


async def measure(folder: Path, waiting: int) -> None:
    """Print all figures."""
    database = Database.open(folder / "callwright.db", exclusive=True)
    database.begin_node(CLOCK)
    scheduler = Scheduler(database)
    try:
        await scheduler.open()
        on, off = await scheduler.queue(is_on=True), await scheduler.queue(is_on=False)
        floor = bare_rows(folder)
        rate = await scheduler.add(on, DUE, later=DAY)
        print(f"added         {rate:9.0f}/s   {rate / floor:.2f} of bare rows ({floor:.0f}/s)")
        few = await scheduler.round_ms()
        print(f"a round       {few:9.3f} ms  with {DUE} waiting")
        if waiting:
            await scheduler.add(on, waiting, later=DAY)
            await scheduler.add(off, waiting, later=0)
            many = await scheduler.round_ms()
            beside = f"with {waiting} waiting and {waiting} due in a queue that is off"
            print(f"a round       {many:9.3f} ms  {beside}: {many / few:.2f} times")
        busy = await scheduler.queue(is_on=True)
        await scheduler.add(busy, DUE, later=0)
        rate = await scheduler.attempts_a_second(busy)
        print(f"attempted     {rate:9.0f}/s   {DUE} due at once, {AT_ONCE} at a time")
    finally:
        database.close()


def main() -> None:
    """Measure in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=Path(), help="on the disk that is measured")
    parser.add_argument("--waiting", type=int, default=100_000, help="tasks of tomorrow")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        asyncio.run(measure(Path(name), options.waiting))


if __name__ == "__main__":
    main()
