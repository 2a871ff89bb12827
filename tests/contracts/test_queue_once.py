"""What every `QueueStore` does with a request that is sent more than once."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from callwright.domain.ids import IdMint, ServiceRef
from callwright.queue.ports import Job, Once, UniqueIdReused, WaitingService
from tests.contracts.stores import NOW, OpenStores, Stores

Run = Callable[[Coroutine[Any, Any, Any]], Any]
ONCE = Once("5b6bb1c1-0b9a", b"fingerprint")
REPEATS = 100


@pytest.fixture
def mint() -> IdMint:
    return IdMint("2e891aea", "049136ca36e44662", 1366641192)


def test_a_repeat_is_answered_alike_and_queues_nothing(
    stores: Stores, run: Run, mint: IdMint
) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    first = run(stores.requested(account, service_id, mint.service_refs(3), ONCE))
    assert run(stores.requested(account, service_id, mint.service_refs(3), ONCE)) == first
    assert first == [f"2e891aea_0.1366641192.{n}" for n in (1, 2, 3)]
    assert run(stores.queue.waiting()) == [WaitingService(account.account_id, service_id, 3)]
    claims = run(stores.queue.claim(service_id, limit=9, at=NOW))
    assert [claim.ref for claim in claims] == first
    assert run(stores.requested(account, service_id, mint.service_refs(3), ONCE)) == first


def test_a_unique_id_stands_for_one_request(stores: Stores, run: Run, mint: IdMint) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    run(stores.requested(account, service_id, mint.service_refs(1), ONCE))
    other = Once(ONCE.unique_id, b"other parameters")
    with pytest.raises(UniqueIdReused):
        run(stores.requested(account, service_id, mint.service_refs(1), other))
    assert run(stores.queue.waiting()) == [WaitingService(account.account_id, service_id, 1)]


def test_accounts_do_not_share_unique_ids(stores: Stores, run: Run, mint: IdMint) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    bobs, anns = run(stores.service(bob)), run(stores.service(ann))
    first = run(stores.requested(bob, bobs, mint.service_refs(1), ONCE))
    second = run(stores.requested(ann, anns, mint.service_refs(1), Once(ONCE.unique_id, b"x")))
    assert run(stores.queue.job(bob.account_id, ONCE.unique_id)) == Job(tuple(first))
    assert run(stores.queue.job(ann.account_id, ONCE.unique_id)) == Job(tuple(second))


@pytest.mark.parametrize("unique_id", ["another", "", "no such ☎ \ud800"])
def test_a_request_that_never_came_has_no_job(stores: Stores, run: Run, unique_id: str) -> None:
    account = run(stores.account())
    assert run(stores.queue.job(account.account_id, unique_id)) is None


def test_a_hundred_at_once_are_carried_out_once(stores: Stores, run: Run, mint: IdMint) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        answers = await asyncio.gather(
            *(
                stores.requested(account, service_id, mint.service_refs(2), ONCE)
                for _ in range(REPEATS)
            )
        )
        assert len({tuple(answer) for answer in answers}) == 1
        assert await stores.queue.waiting() == [WaitingService(account.account_id, service_id, 2)]

    run(story())


def test_of_a_hundred_at_once_with_two_fingerprints_one_kind_wins(
    stores: Stores, run: Run, mint: IdMint
) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        answers = await asyncio.gather(
            *(
                stores.requested(
                    account, service_id, mint.service_refs(1), Once("one", b"%d" % (n % 2))
                )
                for n in range(REPEATS)
            ),
            return_exceptions=True,
        )
        refused = [answer for answer in answers if isinstance(answer, UniqueIdReused)]
        carried_out = [answer for answer in answers if isinstance(answer, list)]
        assert (len(refused), len(carried_out)) == (REPEATS // 2, REPEATS // 2)
        assert all(answer == carried_out[0] for answer in carried_out)
        assert await stores.queue.waiting() == [WaitingService(account.account_id, service_id, 1)]

    run(story())


def test_a_second_process_answers_alike(
    open_stores: OpenStores, tmp_path: Path, run: Run, mint: IdMint
) -> None:
    async def story() -> None:
        async with open_stores(tmp_path) as stores:
            account = await stores.account()
            service_id = await stores.service(account)
            first = await stores.requested(account, service_id, mint.service_refs(2), ONCE)
        async with open_stores(tmp_path) as stores:
            again = await stores.requested(account, service_id, mint.service_refs(2), ONCE)
        assert again == first

    run(story())


def test_a_request_that_fails_may_be_sent_again(stores: Stores, run: Run, mint: IdMint) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    refs = mint.service_refs(2)
    run(stores.requested(account, service_id, refs, Once("first", b"")))
    with pytest.raises(Exception, match=r"call_start\.ref"):
        run(stores.requested(account, service_id, refs, ONCE))
    assert run(stores.queue.job(account.account_id, ONCE.unique_id)) is None
    assert run(stores.requested(account, service_id, mint.service_refs(1), ONCE))


def test_only_consecutive_references_are_one_request(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    refs = [ServiceRef("2e891aea_0.1.1"), ServiceRef("2e891aea_0.1.3")]
    with pytest.raises(ValueError, match="consecutive"):
        run(stores.requested(account, service_id, refs, ONCE))
    assert run(stores.queue.waiting()) == []
