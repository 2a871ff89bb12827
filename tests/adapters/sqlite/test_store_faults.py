"""A disk or a neighbour that fails: a clear error for whoever asked, and nothing lost."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import apsw
import pytest

from callwright.adapters.sqlite.faults import DatabaseFault
from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.domain.account import Account
from callwright.domain.ids import IdMint, ServiceId, ServiceRef
from callwright.queue.ports import Once
from tests.contracts.stores import NOW, Stores, record_of, sqlite_stores

MANY = 2000
"""Starts of one request: more than any page still has room for."""
MORE_PAGES = 1_000_000
IMPATIENT_MS = 20


def writing(stores: Stores) -> apsw.Connection:
    """Return the connection that writes, to break it."""
    assert isinstance(stores.queue, SqliteQueueStore)
    return stores.queue._database._writer._connection


@contextmanager
def full(stores: Stores, _path: Path) -> Iterator[None]:
    """Let the file not grow any more."""
    connection = writing(stores)
    connection.pragma("max_page_count", connection.pragma("page_count"))
    yield
    connection.pragma("max_page_count", MORE_PAGES)


@contextmanager
def read_only(stores: Stores, _path: Path) -> Iterator[None]:
    """Take the right to write away."""
    connection = writing(stores)
    connection.pragma("query_only", True)
    yield
    connection.pragma("query_only", False)


@contextmanager
def locked(stores: Stores, path: Path) -> Iterator[None]:
    """Let another program lock the file and keep it."""
    writing(stores).set_busy_timeout(IMPATIENT_MS)
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


Break = Callable[[Stores, Path], AbstractContextManager[None]]
Ask = Callable[[Stores, Account, ServiceId], Awaitable[object]]

MINT = IdMint("2e891aea", "049136ca36e44662", 1366641192)
DIALLED, WAITING = ServiceRef("ref0"), ServiceRef("ref1")


def start_many(stores: Stores, account: Account, service_id: ServiceId) -> Awaitable[object]:
    refs = MINT.service_refs(MANY)
    return stores.requested(account, service_id, refs, Once("once", b"fingerprint"))


def claim(stores: Stores, _account: Account, service_id: ServiceId) -> Awaitable[object]:
    return stores.queue.claim(service_id, limit=1, at=NOW)


def finish(stores: Stores, _account: Account, _service_id: ServiceId) -> Awaitable[object]:
    record = record_of(DIALLED)
    return stores.queue.finish(DIALLED, exit_status=0, record=record, at=NOW)


def cancel(stores: Stores, account: Account, _service_id: ServiceId) -> Awaitable[object]:
    return stores.queue.cancel(account.account_id, [WAITING], at=NOW)


def purge(stores: Stores, account: Account, service_id: ServiceId) -> Awaitable[object]:
    return stores.purged(account, service_id)


BREAKS: dict[str, tuple[Break, list[Ask]]] = {
    # What fits into the pages that are there is still written.
    "is full: nothing was written": (full, [start_many]),
    "can't be written by this user": (read_only, [start_many, claim, finish, cancel, purge]),
    "is locked by another program": (locked, [start_many, claim, finish, cancel, purge]),
}


@pytest.mark.parametrize(
    ("text", "breaks", "ask"),
    [(text, breaks, ask) for text, (breaks, asked) in BREAKS.items() for ask in asked],
)
def test_what_fails_says_why_and_changes_nothing(
    tmp_path: Path, text: str, breaks: Break, ask: Ask
) -> None:
    async def story() -> None:
        async with sqlite_stores(tmp_path) as stores:
            account = await stores.account()
            service_id = await stores.service(account)
            refs = await stores.queued(account, service_id, 3)
            await stores.running(service_id)

            async def told() -> object:
                return (
                    await stores.queue.status(account.account_id, refs),
                    await stores.queue.lengths(account.account_id),
                    await stores.queue.in_progress([account.account_id]),
                    await stores.queue.job(account.account_id, "once"),
                )

            before = await told()
            with breaks(stores, tmp_path / "callwright.db"):
                with pytest.raises(DatabaseFault, match=text):
                    await ask(stores, account, service_id)
                assert await told() == before
            assert await told() == before
            await ask(stores, account, service_id)
            assert await told() != before

    asyncio.run(story())


def test_a_full_disk_refuses_one_request_and_serves_the_next(tmp_path: Path) -> None:
    """The transaction is rolled back by SQLite itself; those who shared it are told so too."""

    async def story() -> None:
        async with sqlite_stores(tmp_path) as stores:
            account = await stores.account()
            service_id = await stores.service(account)
            with full(stores, tmp_path):
                answers = await asyncio.gather(
                    *(start_many(stores, account, service_id) for _ in range(3)),
                    return_exceptions=True,
                )
                assert all(isinstance(answer, DatabaseFault) for answer in answers)
                assert await stores.queue.lengths(account.account_id) == {}
            answers = await asyncio.gather(
                *(start_many(stores, account, service_id) for _ in range(3))
            )
            assert answers == [answers[0]] * 3
            assert await stores.queue.lengths(account.account_id) == {service_id: MANY}

    asyncio.run(story())
