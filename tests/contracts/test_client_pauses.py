"""Clients that are paused, on every kind of store."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Final

import pytest

from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.client_pause import ClientPause, Pauser
from tests.contracts.callback_stores import NOW, CallbackStores, wish

Run = Callable[[Coroutine[object, object, object]], Any]

ALL_SHARDS: Final = frozenset(range(256))
LATER: Final = UnixTime(NOW + 100)


def pause(
    account_id: AccountId, reason: str = "", *, by: Pauser = Pauser.CLIENT, at: UnixTime = NOW
) -> ClientPause:
    return ClientPause(account_id, by, reason, at)


def test_a_pause_is_kept_until_it_is_lifted(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        bob = await callback_stores.account()
        ann = await callback_stores.account("ann@example.com")
        pauses = callback_stores.pauses
        assert await pauses.pause_of(bob) is None
        assert await pauses.resume(bob, by=Pauser.CLIENT) is None
        first = pause(bob, "holidays ☎")
        assert await pauses.pause(first) == first == await pauses.pause_of(bob)
        assert await pauses.pause_of(ann) is None
        # Since when stays, why may change.
        again = await pauses.pause(pause(bob, "inventory", at=LATER))
        assert again == replace(first, reason="inventory")
        assert await pauses.resume(bob, by=Pauser.CLIENT) is None
        assert await pauses.pause_of(bob) is None

    run(scenario())


def test_what_the_operator_pauses_only_he_resumes(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        bob, pauses = await callback_stores.account(), callback_stores.pauses
        await pauses.pause(pause(bob, "mine"))
        operators = await pauses.pause(pause(bob, "not paid", by=Pauser.OPERATOR))
        assert (operators.by, operators.reason) == (Pauser.OPERATOR, "not paid")
        assert await pauses.pause(pause(bob, "mine")) == operators
        assert await pauses.resume(bob, by=Pauser.CLIENT) == operators
        assert await pauses.pause_of(bob) == operators
        assert await pauses.resume(bob, by=Pauser.OPERATOR) is None
        await pauses.pause(pause(bob, "mine"))
        assert await pauses.resume(bob, by=Pauser.OPERATOR) is None

    run(scenario())


@pytest.mark.parametrize("by", Pauser)
def test_nothing_of_a_paused_client_is_due(
    callback_stores: CallbackStores, run: Run, by: Pauser
) -> None:
    async def scenario() -> None:
        stores = callback_stores
        ids = [await stores.account(), await stores.account("ann@example.com")]
        queues = [await stores.queue(account_id) for account_id in ids for _ in range(2)]
        for number, queue_id in enumerate(queues):
            wishes = [wish(), wish(UnixTime(LATER + number))]
            await stores.tasks.add_tasks(ids[number // 2], queue_id, wishes, at=NOW)

        async def due() -> list[int]:
            found = await stores.tasks.due_queues(ALL_SHARDS, at=NOW)
            return sorted(one.queue.queue_id for one in found)

        async def next_due() -> float | None:
            return await stores.tasks.next_due(ALL_SHARDS, after=NOW)

        assert (await due(), await next_due()) == (queues, LATER)
        await stores.pauses.pause(pause(ids[0], by=by))
        assert (await due(), await next_due()) == (queues[2:], LATER + 2)
        await stores.pauses.pause(pause(ids[1], by=by))
        assert (await due(), await next_due()) == ([], None)
        await stores.pauses.resume(ids[0], by=by)
        assert (await due(), await next_due()) == (queues[:2], LATER)

    run(scenario())
