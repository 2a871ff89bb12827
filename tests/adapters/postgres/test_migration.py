"""Schemas of every age, and databases that are not ours."""

from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import pytest

from callwright.adapters.postgres.account_store import PostgresAccountStore
from callwright.adapters.postgres.database import Database
from callwright.adapters.postgres.faults import (
    DatabaseFault,
    ForeignDatabase,
    NewerDatabase,
    OlderDatabase,
)
from callwright.adapters.postgres.migration import known_migrations
from tests.adapters.postgres.nodes import nodes

Run = Callable[[Coroutine[Any, Any, None]], None]

LATEST = max(known_migrations())


async def execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


def test_migrations_are_numbered_without_a_gap() -> None:
    assert sorted(known_migrations()) == list(range(1, LATEST + 1))


def test_an_empty_database_is_brought_to_the_latest(url: str, run: Run) -> None:
    async def story() -> None:
        for before in (0, LATEST):
            database = await Database.open(url)
            assert (database.migrated_from, database.schema_version) == (before, LATEST)
            await database.close()

    run(story())


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["CREATE TABLE invoice (number integer)"], ForeignDatabase),
        (["CREATE TABLE schema_version (version integer)"], ForeignDatabase),
        (
            [
                "CREATE TABLE schema_version (version integer)",
                "INSERT INTO schema_version VALUES (999)",
            ],
            NewerDatabase,
        ),
    ],
)
def test_what_is_not_ours_is_left_alone(
    url: str, run: Run, statements: list[str], fault: type[DatabaseFault]
) -> None:
    async def story() -> None:
        await execute(url, *statements)
        with pytest.raises(fault):
            await Database.open(url)
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT to_regclass('account') IS NULL")
        await connection.close()

    run(story())


def test_who_had_a_service_with_fax_keeps_it(url: str, run: Run) -> None:
    configurations = {
        1: '{"fax":{"send":true,"receive":false}}',
        2: '{"fax":{"send":false,"receive":true}}',
        3: '{"fax":{"send":false,"receive":false}}',
        4: r'{"description":"\\u0000\"fax\":{\"send\":true","fax":{"send":false}}',
    }

    async def story() -> None:
        await execute(url, known_migrations()[1], "CREATE TABLE schema_version (version integer)")
        connection = await asyncpg.connect(url)
        for number, configuration in configurations.items():
            await connection.execute(
                "INSERT INTO account (username, username_key, account_type, channels, maximum_cps,"
                " guaranteed_cps) VALUES ($1, $1, 'premium', 1, 1, 0)",
                str(number),
            )
            await connection.execute(
                "INSERT INTO service (account_id, kind, name, configuration)"
                " VALUES ($1, 'outbound', 's', $2)",
                number,
                configuration.encode(),
            )
        await connection.execute("INSERT INTO schema_version VALUES (1)")
        await connection.close()
        database = await Database.open(url)
        accounts = await PostgresAccountStore(database).everyone()
        assert [account.features.fax for account in accounts] == [True, True, False, False]
        await database.close()

    run(story())


def test_a_schema_is_not_changed_under_running_servers(
    url: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    further = known_migrations() | {LATEST + 1: "CREATE TABLE further (number integer)"}

    async def story() -> None:
        async with nodes(url, 1) as (node,):
            monkeypatch.setattr(
                "callwright.adapters.postgres.migration.known_migrations", lambda: further
            )
            with pytest.raises(OlderDatabase, match="callwright migrate"):
                await Database.open(url)
            await node.expire()
            database = await Database.open(url)
            assert (database.migrated_from, database.schema_version) == (LATEST, LATEST + 1)
            await database.close()

    run(story())
