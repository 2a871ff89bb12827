"""What is told of a database that can't be used, and what is kept of texts."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from callwright.adapters.postgres.account_store import PostgresAccountStore
from callwright.adapters.postgres.database import Connection, Database, kept_text, place_of
from callwright.adapters.postgres.database import run as run_statement
from callwright.adapters.postgres.faults import DatabaseFault
from callwright.adapters.postgres.service_store import PostgresServiceStore
from callwright.domain.ids import AccountId, ServiceRef
from callwright.queue.ports import CancelResult
from tests.adapters.postgres.nodes import nodes
from tests.contracts.stores import NOW

Run = Callable[[Coroutine[Any, Any, None]], None]

PASSWORD = "s3cr3t"


@pytest.mark.parametrize(
    ("url", "text"),
    [
        (f"postgresql://ann:{PASSWORD}@127.0.0.1:1/calls", "PostgreSQL 127.0.0.1:1/calls can't be"),
        (f"postgresql://ann:{PASSWORD}/@db/calls", "%2F"),
        (f"postgresql://ann:{PASSWORD}@db:port/calls", "%2F"),
        (f"mysql://ann:{PASSWORD}@db/calls", "postgresql://"),
        (f"postgresql://ann:{PASSWORD}@127.0.0.1/calls?sslmode={PASSWORD}", "postgresql://"),
    ],
)
def test_a_password_is_in_no_error(run: Run, url: str, text: str) -> None:
    async def story() -> None:
        with pytest.raises(DatabaseFault) as caught:
            await Database.open(url)
        assert text in str(caught.value)
        assert PASSWORD not in str(caught.value)

    run(story())


def test_an_unknown_database_is_named(url: str, run: Run) -> None:
    async def story() -> None:
        with pytest.raises(DatabaseFault, match="/nowhere: there is no such database; createdb"):
            await Database.open(url.rpartition("/")[0] + "/nowhere")

    run(story())


def test_a_socket_is_named_by_its_folder() -> None:
    place = place_of("postgresql:///calls?host=/run/postgresql")
    assert place == "PostgreSQL /run/postgresql/calls"


@pytest.mark.parametrize(
    ("text", "kept"), [("Zoë ☎", "Zoë ☎"), ("a\0b", "a?b"), ("a\ud800b", "a?b"), ("", "")]
)
def test_what_postgresql_has_no_character_for(text: str, kept: str) -> None:
    assert kept_text(text) == kept


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_names_that_cannot_be_kept_are_unknown(url: str, run: Run, name: str) -> None:
    async def story() -> None:
        async with nodes(url, 1) as (node,):
            assert await PostgresAccountStore(node.database).find(name) is None
            assert await PostgresServiceStore(node.database).find(AccountId(1), name) is None
            assert await node.queue.job(AccountId(1), name) is None
            ref = ServiceRef(name)
            assert await node.queue.status(AccountId(1), [ref]) == {}
            cancelled = await node.queue.cancel(AccountId(1), [ref], at=NOW)
            assert cancelled == {ref: CancelResult.UNKNOWN}

    run(story())


def test_two_that_get_in_each_others_way_both_come_through(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 1) as (node,):
            first = (await node.account("ann@example.com"))[0].account_id
            second = (await node.account("bob@example.com"))[0].account_id
            both_hold_one = asyncio.Barrier(2)
            tries = 0

            async def lock(connection: Connection, order: list[AccountId]) -> None:
                nonlocal tries
                tries += 1
                is_first_try = tries <= 2
                for account_id in order:
                    await _touch(connection, account_id)
                    if is_first_try:
                        await both_hold_one.wait()
                        is_first_try = False

            await asyncio.gather(
                node.database.write(lambda connection: lock(connection, [first, second])),
                node.database.write(lambda connection: lock(connection, [second, first])),
            )
            # The database ends one of them or, when both have waited equally long, both.
            assert tries > 2

    run(story())


async def _touch(connection: Connection, account_id: AccountId) -> None:
    rules = {"validates_caller_ids": True, "blocked_prefixes": []}
    await run_statement(connection, "account_change_rules", rules | {"account_id": account_id})
