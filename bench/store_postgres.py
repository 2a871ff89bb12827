"""What durability costs in PostgreSQL: starts queued, claimed and finished, against its own price.

As `bench/store.py`, with a server of its own on the same machine. The floor is one connection that
inserts as many rows and commits.

    .venv/bin/python bench/store_postgres.py --seconds 1
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
from store import BACKLOGS, FULL_BACKLOG, SLICES, show_backlogs, show_rates
from work.queue import CLOCK, Cloud

from callwright.adapters.postgres.account_store import PostgresAccountStore
from callwright.adapters.postgres.database import Database
from callwright.adapters.postgres.leases import PostgresLeases
from callwright.adapters.postgres.queue_store import PostgresQueueStore
from callwright.adapters.postgres.service_store import PostgresServiceStore
from callwright.domain.ids import IdMint

# The tests' own server.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from tests.sim.postgres import Postgres

TTL = 3600.0
"""Seconds that the node's lease lasts: nobody renews it here."""


@asynccontextmanager
async def postgres_cloud(_folder: Path) -> AsyncIterator[Cloud]:
    """Make a database that is gone afterwards."""
    with Postgres.shared().database() as url:
        database = await Database.open(url)
        boot = await database.begin_node("00000001", CLOCK, ttl=TTL)
        await PostgresLeases(database, boot, ttl=TTL).renew()
        try:
            yield Cloud(
                PostgresAccountStore(database),
                PostgresServiceStore(database),
                PostgresQueueStore(database, node_epoch=boot.boot_epoch),
                IdMint(boot.node_hex, boot.boot_hex, boot.boot_epoch),
                partial(quieten, url),
            )
        finally:
            await database.close()


async def quieten(url: str) -> None:
    """Vacuum and write out what has changed, which the server would begin some time later."""
    connection = await asyncpg.connect(url)
    for command in ("VACUUM (ANALYZE)", "CHECKPOINT"):
        await connection.execute(command)
    await connection.close()


def bare_rows(seconds: float, rows: int) -> float:
    """Rows a second of bare INSERT and COMMIT, so many rows a commit: the median of slices."""

    async def measure(url: str) -> float:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE bare (n bigserial PRIMARY KEY, payload bytea)")
        insert = await connection.prepare("INSERT INTO bare (payload) SELECT unnest($1::bytea[])")
        rates = []
        for _ in range(SLICES):
            written, begin = 0, time.perf_counter()
            while time.perf_counter() - begin < seconds / SLICES:
                await insert.fetch([b"x" * 150] * rows)
                written += rows
            rates.append(written / (time.perf_counter() - begin))
        await connection.close()
        return statistics.median(rates)

    with Postgres.shared().database() as url:
        return asyncio.run(measure(url))


def main() -> None:
    """Measure and print; one line a figure."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=float, default=1.0, help="for each rate")
    arguments.add_argument("--full", action="store_true", help="also with ten million queued")
    asked = arguments.parse_args()
    show_rates(postgres_cloud, Path(), asked.seconds, partial(bare_rows, asked.seconds))
    backlogs = (*BACKLOGS, FULL_BACKLOG) if asked.full else BACKLOGS
    asyncio.run(show_backlogs(postgres_cloud, Path(), backlogs))


if __name__ == "__main__":
    main()
