"""What every `QueueStore` does for several nodes, of which some are dead."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any

import pytest

from callwright.dispatch.ports import SHARDS, shard_of
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceRef
from callwright.domain.invocation import InvocationState
from callwright.queue.ports import LeaseLost, QueueStore
from tests.contracts.stores import NOW, Stores, intent_of, record_of

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Change = Callable[[QueueStore, ServiceRef], Awaitable[object]]

CHANGES: dict[str, Change] = {
    "intend": lambda queue, ref: queue.intend(intent_of(ref)),
    "answered": lambda queue, ref: queue.answered(ref, at=NOW),
    "finish": lambda queue, ref: queue.finish(ref, exit_status=0, record=record_of(ref), at=NOW),
    "refuse": lambda queue, ref: queue.refuse(ref, reason="Invalid destination", at=NOW),
    "release": lambda queue, ref: queue.release([ref]),
}


async def leave_it(_stores: Stores, _ref: ServiceRef) -> None:
    """Leave it as it was settled."""


async def claim_again(stores: Stores, ref: ServiceRef) -> None:
    service_id = next(iter(await stores.queue.waiting())).service_id
    [claim] = await stores.queue.claim(service_id, limit=1, at=NOW)
    assert claim.ref == ref


async def refuse_it(stores: Stores, ref: ServiceRef) -> None:
    await claim_again(stores, ref)
    await stores.queue.refuse(ref, reason="Service is disabled", at=NOW)


async def finish_it(stores: Stores, ref: ServiceRef) -> None:
    await stores.queue.finish(ref, exit_status=-9, record=record_of(ref), at=NOW)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("has_intent", "fate"),
    [
        (False, leave_it),
        (False, claim_again),
        (False, refuse_it),
        (True, leave_it),
        (True, finish_it),
    ],
)
def test_what_another_node_settled_is_lost(
    stores: Stores,
    run: Run,
    change: str,
    has_intent: bool,  # noqa: FBT001 - a column of the table
    fate: Callable[[Stores, ServiceRef], Awaitable[None]],
) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        [ref] = await stores.queued(account, service_id, 1)
        await stores.queue.claim(service_id, limit=1, at=NOW)
        if has_intent:
            await stores.queue.intend(intent_of(ref))
        heir = await stores.successor()
        await heir.queue.settle_dead()
        await fate(heir, ref)
        before = await heir.queue.status(account.account_id, [ref])
        record = await heir.records.read(account.account_id, intent_of(ref).instance_id)
        with pytest.raises(LeaseLost):
            await CHANGES[change](stores.queue, ref)
        assert await heir.queue.status(account.account_id, [ref]) == before
        after = await heir.records.read(account.account_id, intent_of(ref).instance_id)
        assert after == record

    run(story())


def test_what_was_dialled_is_settled_by_one_node_and_once(stores: Stores, run: Run) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        await stores.queued(account, service_id, 1)
        ref = await stores.running(service_id)
        assert await stores.queue.settle_dead() == []
        heir = await stores.successor()
        [interrupted] = await heir.queue.settle_dead()
        assert interrupted.claim.ref == ref
        assert await heir.queue.settle_dead() == []
        # The heir dies before it has written the record.
        [again] = await (await heir.successor()).queue.settle_dead()
        assert again == interrupted

    run(story())


def test_what_was_not_dialled_waits_at_the_head_again(stores: Stores, run: Run) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        refs = await stores.queued(account, service_id, 4)
        await stores.queue.claim(service_id, limit=2, at=NOW)
        heir = await stores.successor()
        assert await heir.queue.settle_dead() == []
        assert await heir.queue.lengths(account.account_id) == {service_id: 4}
        claims = await heir.queue.claim(service_id, limit=9, at=NOW)
        assert [claim.ref for claim in claims] == refs

    run(story())


def test_the_dead_are_settled_in_the_order_in_which_they_dialled(stores: Stores, run: Run) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        refs = await stores.queued(account, service_id, 3)
        await stores.queue.claim(service_id, limit=3, at=NOW)
        for moment, ref in enumerate(reversed(refs)):
            await stores.queue.intend(replace(intent_of(ref), at=UnixTime(NOW + moment)))
        interrupted = await (await stores.successor()).queue.settle_dead()
        assert [one.claim.ref for one in interrupted] == refs[::-1]

    run(story())


def test_starts_in_progress_are_counted_through_every_change(stores: Stores, run: Run) -> None:
    async def story() -> None:
        bob, ann = await stores.account("bob@example.com"), await stores.account("ann@example.com")
        bobs, anns = await stores.service(bob), await stores.service(ann)
        both = [bob.account_id, ann.account_id]
        refs = await stores.queued(bob, bobs, 6)
        await stores.queued(ann, anns, 1, "ann")

        async def counts() -> Mapping[AccountId, int]:
            return await stores.queue.in_progress(both)

        assert await counts() == {}
        await stores.queue.claim(bobs, limit=5, at=NOW)
        await stores.queue.claim(anns, limit=5, at=NOW)
        assert await counts() == {bob.account_id: 5, ann.account_id: 1}
        assert await stores.queue.in_progress([ann.account_id]) == {ann.account_id: 1}
        await stores.queue.release([refs[4]])
        await stores.queue.refuse(refs[3], reason="Service is disabled", at=NOW)
        await stores.queue.intend(intent_of(refs[0]))
        assert await counts() == {bob.account_id: 3, ann.account_id: 1}
        await stores.queue.finish(refs[0], exit_status=0, record=record_of(refs[0]), at=NOW)
        await stores.queue.intend(intent_of(refs[1]))
        assert await counts() == {bob.account_id: 2, ann.account_id: 1}
        heir = await stores.successor()
        await heir.queue.settle_dead()
        # Only what has an intent is still in progress: the heir has not finished it yet.
        assert await heir.queue.in_progress(both) == {bob.account_id: 1}

    run(story())


def test_a_node_is_told_of_its_own_shards(stores: Stores, run: Run) -> None:
    async def story() -> None:
        accounts = [await stores.account(f"{name}@example.com") for name in "abc"]
        for account in accounts:
            await stores.queued(account, await stores.service(account), 1, account.username)
        shards = [shard_of(account.account_id) for account in accounts]
        assert len(set(shards)) == len(accounts)
        mine = await stores.queue.waiting(frozenset(shards[1:]))
        assert [one.account_id for one in mine] == [one.account_id for one in accounts[1:]]
        assert await stores.queue.waiting(frozenset()) == []
        everything = frozenset(range(SHARDS))
        assert await stores.queue.waiting(everything) == await stores.queue.waiting()

    run(story())


def test_lengths_are_an_accounts_own(stores: Stores, run: Run) -> None:
    async def story() -> None:
        bob, ann = await stores.account("bob@example.com"), await stores.account("ann@example.com")
        short, long = await stores.service(bob, "short"), await stores.service(bob, "long")
        empty, anns = await stores.service(bob, "empty"), await stores.service(ann)
        for account, service_id, count in [(bob, short, 1), (bob, long, 3), (ann, anns, 2)]:
            await stores.queued(account, service_id, count, f"{service_id}.")
        [ref] = await stores.queued(bob, empty, 1, "empty")
        await stores.queue.cancel(bob.account_id, [ref], at=NOW)
        assert await stores.queue.lengths(bob.account_id) == {short: 1, long: 3}
        assert await stores.queue.lengths(ann.account_id) == {anns: 2}

    run(story())


def test_a_cancelled_start_of_a_dead_node_stays_cancelled(stores: Stores, run: Run) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        [ref] = await stores.queued(account, service_id, 1)
        await stores.queue.claim(service_id, limit=1, at=NOW)
        heir = await stores.successor()
        await heir.queue.settle_dead()
        await heir.queue.cancel(account.account_id, [ref], at=NOW)
        with pytest.raises(LeaseLost):
            await stores.queue.intend(intent_of(ref))
        told = await heir.queue.status(account.account_id, [ref])
        assert told[ref].state is InvocationState.CANCELLED

    run(story())
