"""What durability costs: starts queued, claimed and finished, against the disk's own price.

Every figure is a ratio to a floor of the same run on the same disk: one bare INSERT and COMMIT at
a time for single starts, one bare INSERT of a hundred rows and COMMIT for lists. The claim is
timed with few and with many starts queued, since its price must not grow with the queue.

    .venv/bin/python bench/store.py --folder . --seconds 2 --backlog 100000
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import apsw

from callwright.adapters.clock import SystemClock
from callwright.adapters.sqlite.account_store import SqliteAccountStore
from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.adapters.sqlite.service_store import SqliteServiceStore
from callwright.domain.account import AccountType, CallLimits
from callwright.domain.causes import HUNG_UP_BY_US
from callwright.domain.ids import AccountId, IdMint, ServiceId
from callwright.domain.records import Adr, CallDirection, Cdr, InstanceRecord
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import Claim, Intent

CLOCK: Final = SystemClock()
START: Final = ServiceStart("441908273800", "441908273801", "token", "some user data")
LIST: Final = 100
CONCURRENT: Final = (1, 8, 64)
CLAIMED_AT_ONCE: Final = 10
SLICES: Final = 10
ENDS: Final = 1000
"""Calls taken from claim to record."""


@dataclass(slots=True)
class Installation:
    """A database with one service, and what is needed to queue for it."""

    database: Database
    account_id: AccountId
    service_id: ServiceId
    mint: IdMint

    @property
    def queue(self) -> SqliteQueueStore:
        """The queue under test."""
        return SqliteQueueStore(self.database)

    async def enqueue(self, count: int) -> None:
        """Queue starts of one request."""
        await self.queue.enqueue(
            account_id=self.account_id,
            service_id=self.service_id,
            starts=[(ref, START) for ref in self.mint.service_refs(count)],
            at=CLOCK.unix_time(),
        )


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """Make a database that is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        database = Database.open(Path(name) / "callwright.db", exclusive=True)
        boot = database.begin_node(CLOCK)

        async def service() -> tuple[AccountId, ServiceId]:
            account = await SqliteAccountStore(database).create(
                "bench@example.com",
                account_type=AccountType.PREMIUM,
                limits=CallLimits(channels=1000, maximum_cps=1000.0),
                key_hash=bytes(32),
            )
            assert account is not None
            services = SqliteServiceStore(database)
            await services.write(account.account_id, "bench", b"{}")
            made = await services.find(account.account_id, "bench")
            assert made is not None
            return account.account_id, made.service_id

        account_id, service_id = asyncio.run(service())
        mint = IdMint(boot.node_hex, boot.boot_hex, boot.boot_epoch)
        try:
            yield Installation(database, account_id, service_id, mint)
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


async def starts_a_second(cloud: Installation, seconds: float, many: int, each: int) -> float:
    """Starts a second, `each` of them in a request, `many` requests at a time."""
    begin = time.perf_counter()

    async def requests() -> int:
        done = 0
        while time.perf_counter() - begin < seconds:
            await cloud.enqueue(each)
            done += each
        return done

    done = sum(await asyncio.gather(*(requests() for _ in range(many))))
    return done / (time.perf_counter() - begin)


async def claim_ms(cloud: Installation, rounds: int = 50) -> float:
    """Median milliseconds of one claim; what was claimed is given back outside the clock."""
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        claims = await cloud.queue.claim(
            cloud.service_id, limit=CLAIMED_AT_ONCE, at=CLOCK.unix_time()
        )
        taken.append((time.perf_counter() - begin) * 1000)
        await cloud.queue.release([claim.ref for claim in claims])
    return statistics.median(taken)


async def calls_a_second(cloud: Installation, many: int) -> float:
    """Calls a second from claim through intent and answer to the record, `many` at a time."""
    claims = list(await cloud.queue.claim(cloud.service_id, limit=ENDS, at=CLOCK.unix_time()))
    count, begin = len(claims), time.perf_counter()

    async def calls() -> None:
        while claims:
            await one_call(cloud, claims.pop())

    await asyncio.gather(*(calls() for _ in range(many)))
    return count / (time.perf_counter() - begin)


async def one_call(cloud: Installation, claim: Claim) -> None:
    """Take one claimed start through a call that was answered."""
    now = CLOCK.unix_time()
    intent = Intent(claim.ref, cloud.mint.instance_id(), cloud.mint.call_id(7), now)
    await cloud.queue.intend(intent)
    await cloud.queue.answered(claim.ref, at=now)
    cdr = Cdr(
        call_id=intent.call_id,
        destination_address="tel:441908273800",
        originating_address="441908273801@sip-0-0-0.example.net",
        direction=CallDirection.OUT,
        channel_type="p",
        initiated_at=now,
        connected_at=now,
        hung_up_at=now,
        joined=0.0,
        cause=HUNG_UP_BY_US,
    )
    record = InstanceRecord(Adr(intent.instance_id, claim.ref, "bench", now, now, 0), (cdr,))
    await cloud.queue.finish(claim.ref, exit_status=0, record=record, at=now)


def main() -> None:
    """Measure and print; one line a figure."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--folder", type=Path, default=Path(), help="a folder of the disk")
    arguments.add_argument("--seconds", type=float, default=2.0, help="for each figure")
    arguments.add_argument("--backlog", type=int, default=100_000, help="starts queued for claims")
    asked = arguments.parse_args()
    show("bare INSERT and COMMIT", bare := bare_rows(asked.folder, asked.seconds, 1), None)
    for many in CONCURRENT:
        show(f"starts queued, {many} at a time", starts(asked.folder, asked.seconds, many, 1), bare)
    batch = bare_rows(asked.folder, asked.seconds, LIST)
    show(f"bare INSERT of {LIST} and COMMIT", batch, None)
    rate = starts(asked.folder, asked.seconds, 16, LIST)
    show(f"starts queued in lists of {LIST}, 16 at a time", rate, batch)
    for many in CONCURRENT:
        show(f"calls claimed to recorded, {many} at a time", ends(asked.folder, many), bare)
    few, lots = (claims(asked.folder, count) for count in (1000, asked.backlog))
    print(f"claim of {CLAIMED_AT_ONCE}: {few:.2f} ms with 1000 queued, ", end="")
    print(f"{lots:.2f} ms with {asked.backlog}: {few / lots:.2f} of the rate")


def fresh(folder: Path, measure: Callable[[Installation], Coroutine[Any, Any, float]]) -> float:
    """Measure on a database of its own."""
    with installation(folder) as cloud:
        return asyncio.run(measure(cloud))


def starts(folder: Path, seconds: float, many: int, each: int) -> float:
    """Measure starts into an empty queue."""
    return fresh(folder, lambda cloud: starts_a_second(cloud, seconds, many, each))


def ends(folder: Path, many: int) -> float:
    """Measure calls to their ends."""

    async def measure(cloud: Installation) -> float:
        await cloud.enqueue(ENDS)
        return await calls_a_second(cloud, many)

    return fresh(folder, measure)


def claims(folder: Path, backlog: int) -> float:
    """Measure claims behind a backlog."""

    async def measure(cloud: Installation) -> float:
        for _ in range(backlog // 1000):
            await cloud.enqueue(1000)
        return await claim_ms(cloud)

    return fresh(folder, measure)


def show(what: str, rate: float, floor: float | None) -> None:
    """Print one rate, and how it compares with its floor."""
    ratio = "" if floor is None else f"{rate / floor:8.2f} of the floor"
    print(f"{what:45} {rate:10.0f}/s {ratio}")


if __name__ == "__main__":
    main()
