"""A claim costs the same at any length of any queue: counted in steps of SQLite's machine."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.domain.account import Account
from callwright.domain.ids import ServiceId
from tests.contracts.stores import NOW, Stores, sqlite_stores

CLAIMED, MANY = 10, 5000


class Steps:
    """How many steps the writer's statements have taken."""

    def __init__(self, stores: Stores) -> None:
        assert isinstance(stores.queue, SqliteQueueStore)
        self.taken = 0
        stores.queue._database._writer._connection.set_progress_handler(self._step, 1)

    def _step(self) -> bool:
        self.taken += 1
        return False


async def just_enough(stores: Stores, account: Account, service_id: ServiceId) -> None:
    """Queue what is claimed, and a few more."""
    await stores.queued(account, service_id, 3 * CLAIMED)


async def a_long_queue(stores: Stores, account: Account, service_id: ServiceId) -> None:
    """Queue many."""
    await stores.queued(account, service_id, MANY)


async def others_ahead(stores: Stores, account: Account, service_id: ServiceId) -> None:
    """Queue many for a service that may not run, before and behind this one in the table."""
    blocked = await stores.service(account, "blocked")
    await stores.queued(account, blocked, MANY, "blocked")
    await just_enough(stores, account, service_id)


async def cancelled_ahead(stores: Stores, account: Account, service_id: ServiceId) -> None:
    """Cancel many one by one, so that the head has not heard of it."""
    refs = await stores.queued(account, service_id, MANY, "cancelled")
    await stores.queue.cancel(account.account_id, refs, at=NOW)
    await just_enough(stores, account, service_id)


async def purged_ahead(stores: Stores, account: Account, service_id: ServiceId) -> None:
    """Purge many."""
    await stores.queued(account, service_id, MANY, "purged")
    await stores.purged(account, service_id)
    await just_enough(stores, account, service_id)


async def claimed_ahead(stores: Stores, account: Account, service_id: ServiceId) -> None:
    """Claim many."""
    await stores.queued(account, service_id, MANY, "claimed")
    await stores.queue.claim(service_id, limit=MANY, at=NOW)
    await just_enough(stores, account, service_id)


async def forgotten_ahead(stores: Stores, account: Account, service_id: ServiceId) -> None:
    """Leave a history of starts that ended."""
    await purged_ahead(stores, account, service_id)
    await stores.queue.forget(ended_before=NOW, limit=MANY)


Prepare = Callable[[Stores, Account, ServiceId], Awaitable[None]]


def steps_of_a_claim(folder: Path, prepare: Prepare) -> int:
    async def story() -> int:
        async with sqlite_stores(folder) as stores:
            account = await stores.account()
            service_id = await stores.service(account)
            await prepare(stores, account, service_id)
            # The first of all counts the account's starts in a new row: some steps more.
            await stores.queue.claim(service_id, limit=CLAIMED, at=NOW)
            steps = Steps(stores)
            claims = await stores.queue.claim(service_id, limit=CLAIMED, at=NOW)
            assert len(claims) == CLAIMED
            return steps.taken

    return asyncio.run(story())


@pytest.mark.parametrize(
    "prepare",
    [
        a_long_queue,
        others_ahead,
        cancelled_ahead,
        purged_ahead,
        claimed_ahead,
        forgotten_ahead,
    ],
)
def test_a_claim_takes_as_many_steps_as_from_a_short_queue(
    tmp_path: Path, prepare: Prepare
) -> None:
    short = steps_of_a_claim(tmp_path / "short", just_enough)
    assert steps_of_a_claim(tmp_path / "long", prepare) == short > CLAIMED
