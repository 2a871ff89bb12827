"""A database of an earlier Callwright goes on where it was left."""

import asyncio
from pathlib import Path

import apsw
import pytest

from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.faults import DatabaseFault
from callwright.adapters.sqlite.migration import APPLICATION_ID, known_migrations
from callwright.domain.account import Features
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationState, InvocationStatus
from callwright.queue.ports import LeaseLost
from tests.contracts.stores import Stores, intent_of, record_of, sqlite_stores

ACCOUNT, SERVICE = AccountId(1), ServiceId(1)
QUEUED, CLAIMED, DIALLED, DONE = (ServiceRef(f"old.{n}") for n in range(4))

AS_IT_WAS = """
INSERT INTO account VALUES (1, 'Bob@example.com', 'bob@example.com', 'production', 200, 5.0);
INSERT INTO service VALUES (1, 1, 'reminder', x'7b7d');
INSERT INTO queue_tail VALUES (1, 4);
INSERT INTO queue_head VALUES (1, 3, 3, 0);
INSERT INTO ready VALUES (1, 4, 4);
"""
START = """
INSERT INTO call_start (
    start_id, ref, account_id, service_id, seq, payload, queued_at,
    state, claimed_at, instance_id, call_id, dialled_at, ended_at, exit_status
) VALUES (?1, ?2, 1, 1, ?1, CAST('{"to":"sip:ann@example.com"}' AS BLOB), 10.0,
    ?3, ?4, ?5, ?6, ?7, ?8, ?9)
"""
STARTS = [
    (1, DONE, "completed", 11.0, "i1", "c1", 12.0, 13.0, 0),
    (2, DIALLED, "running", 11.0, f"{DIALLED}.instance", f"{DIALLED}.call", 12.0, None, None),
    (3, CLAIMED, "running", 11.0, None, None, None, None, None),
    (4, QUEUED, "queued", None, None, None, None, None, None),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation of the first version, stopped in the middle of a call."""
    connection = apsw.Connection(str(tmp_path / "callwright.db"))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT")
    connection.execute("INSERT INTO schema_version VALUES (1)")
    connection.execute(known_migrations()[1])
    connection.execute(AS_IT_WAS)
    connection.executemany(START, STARTS)
    connection.close()
    return tmp_path


def test_the_first_version_is_brought_forward(folder: Path) -> None:
    async def story(stores: Stores) -> None:
        account = await stores.accounts.find("bob@example.com")
        assert account is not None
        # Its calls went out with any caller ID, and still do.
        assert (account.account_id, account.validates_caller_ids) == (ACCOUNT, False)
        found = await stores.services.find(ACCOUNT, "reminder")
        assert found is not None
        assert (found.service_id, found.configuration) == (SERVICE, b"{}")
        assert await stores.queue.in_progress([ACCOUNT]) == {ACCOUNT: 2}
        told = await stores.queue.status(ACCOUNT, [DONE])
        ended = InvocationStatus(
            InvocationState.COMPLETED, told[DONE].instance_id, 0, ended_at=UnixTime(13.0)
        )
        assert told[DONE] == ended
        with pytest.raises(LeaseLost):
            await stores.queue.answered(DIALLED, at=UnixTime(12.5))
        [interrupted] = await stores.queue.settle_dead()
        assert interrupted.intent.instance_id == intent_of(DIALLED).instance_id
        record = record_of(DIALLED)
        await stores.queue.finish(DIALLED, exit_status=-9, record=record, at=UnixTime(20.0))
        assert await stores.queue.in_progress([ACCOUNT]) == {}
        claims = await stores.queue.claim(SERVICE, limit=9, at=UnixTime(20.0))
        assert [claim.ref for claim in claims] == [CLAIMED, QUEUED]
        assert await stores.queue.forget(ended_before=UnixTime(20.0), limit=9) == 1

    async def begin() -> None:
        async with sqlite_stores(folder) as stores:
            await story(stores)

    asyncio.run(begin())


@pytest.mark.parametrize(
    ("configuration", "has_fax"),
    [
        (b'{"fax":{"send":true,"receive":false}}', True),
        (b'{"fax":{"send":false,"receive":true}}', True),
        (b'{"fax":{"send":false,"receive":false}}', False),
        (b'{"description":"\\"fax\\":{\\"send\\":true","fax":{"send":false}}', False),
    ],
)
def test_who_had_a_service_with_fax_keeps_it(
    folder: Path, configuration: bytes, *, has_fax: bool
) -> None:
    connection = apsw.Connection(str(folder / "callwright.db"))
    connection.execute("UPDATE service SET configuration = ?", (configuration,))
    connection.close()

    async def story() -> None:
        async with sqlite_stores(folder) as stores:
            account = await stores.accounts.read(ACCOUNT)
            assert account is not None
            assert account.features == Features(fax=has_fax)

    asyncio.run(story())


def test_a_service_may_be_deleted_though_starts_of_before_point_at_it(folder: Path) -> None:
    async def story() -> None:
        async with sqlite_stores(folder) as stores:
            await stores.services.delete(SERVICE)
            assert await stores.services.write(ACCOUNT, "reminder", b"[]") is True

    asyncio.run(story())


def test_rows_that_do_not_belong_together_are_found_and_left(folder: Path) -> None:
    path = folder / "callwright.db"
    connection = apsw.Connection(str(path))
    connection.execute("DELETE FROM service")
    connection.close()
    with pytest.raises(DatabaseFault, match="belongs to a row of service that is not there"):
        Database.open(path, exclusive=True)
    connection = apsw.Connection(str(path))
    assert connection.execute("SELECT version FROM schema_version").fetchall() == [(1,)]
    connection.close()
