"""Calls that ended before calls had records of their own: still found, by their tasks."""

import asyncio
from pathlib import Path

import apsw

from callwright.adapters.sqlite.migration import APPLICATION_ID, known_migrations
from callwright.domain.callback import AttemptOutcome
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.history.calls import CallFilter, UnwrittenCall
from callwright.scheduler.values import Page
from tests.contracts.callback_stores import sqlite_callback_stores

BEFORE = min(n for n, sql in known_migrations().items() if "TABLE callback_call (" in sql) - 1
"""The last version without records of calls."""

WISH = '{"a_number": "200", "b_number": "201", "extension_id": 1, "starts_at": 10.0}'
UUID = "5D0C1B7E9A2F4C6DB3E8F1A2075C9E44"
ACCOUNT = """
INSERT INTO account (account_id, username, username_key, account_type, channels, maximum_cps)
    VALUES (1, 'bob@example.com', 'bob@example.com', 'production', 200, 5.0);
INSERT INTO service VALUES (1, 1, 'callback', '1', CAST('{}' AS BLOB));
INSERT INTO callback_queue (queue_id, account_id, service_id, name, comment, is_on,
    concurrent_task_limit, created_at) VALUES (1, 1, 1, '', '', 1, 1, 10.0);
"""
TASK = """
INSERT INTO callback_task (task_id, account_id, queue_id, wish, name, a_number, b_number,
    extension_id, starts_at, created_at, state, finish_result, finished_at)
    VALUES (1, 1, 1, CAST(? AS BLOB), '', '200', '201', 1, 10.0, 10.0, 'finished', 'failed', 20.0)
"""
ATTEMPT = """
INSERT INTO callback_attempt (task_id, number, call_uuid, started_at, ended_at, outcome)
    VALUES (1, 1, ?, 10.0, 20.0, 'b_busy')
"""


def test_they_are_listed_by_their_attempts(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "callwright.db"))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT")
    connection.execute("INSERT INTO schema_version VALUES (?)", (BEFORE,))
    for number in range(1, BEFORE + 1):
        connection.execute(known_migrations()[number])
    connection.execute(ACCOUNT)
    connection.execute(TASK, (WISH,))
    connection.execute(ATTEMPT, (UUID,))
    connection.close()

    async def story() -> None:
        async with sqlite_callback_stores(tmp_path) as stores:
            period = CallFilter(UnixTime(0.0), UnixTime(30.0))
            (found,) = await stores.calls.calls(AccountId(1), period, Page(9))
            assert isinstance(found, UnwrittenCall)
            assert found.attempt.outcome is AttemptOutcome.B_BUSY
            assert found.attempt.call_uuid == UUID

    asyncio.run(story())
