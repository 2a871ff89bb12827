"""What durability costs: starts queued, claimed and finished, against the disk's own price.

Every rate is a ratio to a floor of the same run on the same disk: one bare INSERT and COMMIT at a
time for single starts, one bare INSERT of as many rows and COMMIT for lists. The claim is timed
with few and with many starts queued, and with many ahead that may not run: its price must not
grow. `--full` goes on to ten million. Each is timed by turns with a claim from a store that holds
a thousand starts and nothing else.

    .venv/bin/python bench/store.py --folder . --seconds 1 --full
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import apsw
from work.queue import (
    ASKED,
    CLAIMED_AT_ONCE,
    CLOCK,
    LIST,
    Cloud,
    OpenCloud,
    Waiting,
    calls_a_second,
    claim_ms,
    purge,
    starts_a_second,
    status_ms,
    waiting_ms,
)

from callwright.adapters.sqlite.account_store import SqliteAccountStore
from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.adapters.sqlite.service_store import SqliteServiceStore
from callwright.domain.account import Account
from callwright.domain.ids import IdMint

CONCURRENT: Final = (1, 8, 64, 256)
LISTS: Final = (100, LIST)
SLICES: Final = 10
ENDS: Final = 5000
"""Calls taken from claim to record."""
SHORT: Final = 1000
BACKLOGS: Final = (SHORT, 100_000, 1_000_000)
FULL_BACKLOG: Final = 10_000_000
SERVICES: Final = 1000
"""Services with something queued, when the dispatcher asks what waits."""


Floor = Callable[[int], float]
"""Rows a second that the disk takes at best, so many rows a commit."""


@asynccontextmanager
async def sqlite_cloud(folder: Path) -> AsyncIterator[Cloud]:
    """Make a database that is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        database = Database.open(Path(name) / "callwright.db", exclusive=True)
        boot = database.begin_node(CLOCK)
        try:
            yield Cloud(
                SqliteAccountStore(database),
                SqliteServiceStore(database),
                SqliteQueueStore(database, node_epoch=boot.boot_epoch),
                IdMint(boot.node_hex, boot.boot_hex, boot.boot_epoch),
            )
        finally:
            database.close()


def bare_rows(folder: Path, seconds: float, rows: int) -> float:
    """Rows a second of bare INSERT and COMMIT, so many rows a commit: the median of slices.

    A disk that others use too stumbles now and then; a floor taken in a stumble flatters us.
    """
    with tempfile.TemporaryDirectory(dir=folder) as name:
        connection = apsw.Connection(f"{name}/bare.db")
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        connection.execute("CREATE TABLE call_start (n INTEGER PRIMARY KEY, payload BLOB)")
        batch = [(b"x" * 150,)] * rows
        rates = [_bare_slice(connection, seconds / SLICES, batch) for _ in range(SLICES)]
        connection.close()
    return statistics.median(rates)


def _bare_slice(connection: apsw.Connection, seconds: float, batch: list[tuple[bytes]]) -> float:
    written, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO call_start (payload) VALUES (?)", batch)
        connection.execute("COMMIT")
        written += len(batch)
    return written / (time.perf_counter() - begin)


def show_rates(open_cloud: OpenCloud, folder: Path, seconds: float, floor: Floor) -> None:
    """Measure starts and calls, each on a store of its own."""

    async def rate(work: Callable[[Cloud], Coroutine[Any, Any, float]]) -> float:
        async with open_cloud(folder) as cloud:
            return await work(cloud)

    bare = floor(1)
    show("bare INSERT and COMMIT", bare, None)
    for many in CONCURRENT:
        started = asyncio.run(rate(partial(starts_a_second, seconds=seconds, many=many, each=1)))
        show(f"starts queued, {many} at a time", started, bare)
    for many in CONCURRENT:
        ended = asyncio.run(rate(partial(calls_a_second, count=ENDS, many=many)))
        show(f"calls claimed to recorded, {many} at a time", ended, bare)
    for each in LISTS:
        bare = floor(each)
        show(f"bare INSERT of {each} and COMMIT", bare, None)
        listed = asyncio.run(rate(partial(starts_a_second, seconds=seconds, many=16, each=each)))
        show(f"starts queued in lists of {each}, 16 at a time", listed, bare)


async def show_backlogs(open_cloud: OpenCloud, folder: Path, backlogs: Sequence[int]) -> None:
    """Measure claims, statuses and a purge on one store that grows, beside one that stays small."""
    async with open_cloud(folder) as small, open_cloud(folder) as cloud:
        first = await short_queue(small, await small.account(), "short")
        account = await cloud.account()
        allowed = (await short_queue(cloud, account, "allowed")).service_id
        blocked = await cloud.service(account, "blocked")
        queued = 0
        for backlog in backlogs:
            await cloud.fill(account, blocked, backlog - queued)
            queued = backlog
            # A new service's starts lie behind all others' in the table.
            behind = await short_queue(cloud, account, f"behind {backlog}")
            await cloud.quieten()
            claimed = await claim_ms(Waiting(cloud, blocked), first)
            show_claim(f"{backlog} queued", *claimed)
            when = f"{SHORT} queued, {backlog} of another service ahead"
            show_claim(when, *await claim_ms(behind, first))
        refs = await cloud.enqueue(account, allowed, ASKED)
        print(f"status of {ASKED} references: {await status_ms(cloud, account, refs):.2f} ms")
        for n in range(SERVICES):
            await cloud.enqueue(account, await cloud.service(account, f"s{n}"), 1)
        print(f"what waits, of {SERVICES} services: {await waiting_ms(cloud):.2f} ms")
        purged = await purge(cloud, account, blocked, allowed)
        print(
            f"purge of {queued}: {purged.seconds:.1f} s, {queued / purged.seconds:.0f}/s, "
            f"{purged.grown_mb:.1f} MB"
        )
        print(
            f"beside it, a claim took {purged.longest_claim_ms:.0f} ms at most, "
            f"a start {purged.longest_start_ms:.0f} ms"
        )


async def short_queue(cloud: Cloud, account: Account, name: str) -> Waiting:
    """Make a service with a short queue."""
    service_id = await cloud.service(account, name)
    await cloud.fill(account, service_id, SHORT)
    return Waiting(cloud, service_id)


def main() -> None:
    """Measure and print; one line a figure."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--folder", type=Path, default=Path(), help="a folder of the disk")
    arguments.add_argument("--seconds", type=float, default=1.0, help="for each rate")
    arguments.add_argument("--full", action="store_true", help="also with ten million queued")
    asked = arguments.parse_args()
    floor = partial(bare_rows, asked.folder, asked.seconds)
    show_rates(sqlite_cloud, asked.folder, asked.seconds, floor)
    backlogs = (*BACKLOGS, FULL_BACKLOG) if asked.full else BACKLOGS
    asyncio.run(show_backlogs(sqlite_cloud, asked.folder, backlogs))


def show(what: str, rate: float, floor: float | None) -> None:
    """Print one rate, and how it compares with its floor."""
    ratio = "" if floor is None else f"{rate / floor:8.2f} of the floor"
    print(f"{what:45} {rate:10.0f}/s {ratio}")


def show_claim(when: str, ms: float, short: float) -> None:
    """Print what a claim costs, and how its rate compares with that of the small store."""
    print(
        f"claim of {CLAIMED_AT_ONCE}, {when}: {ms:.2f} ms, "
        f"{short:.2f} ms with {SHORT} alone: {short / ms:.2f} of its rate"
    )


if __name__ == "__main__":
    main()
