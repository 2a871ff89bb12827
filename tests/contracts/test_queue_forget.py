"""What every `QueueStore` and `RecordStore` forgets, and what it does not."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from callwright.domain.clock import UnixTime
from callwright.domain.ids import IdMint, ServiceRef
from callwright.queue.ports import Job, Once
from tests.contracts.stores import NOW, Stores, record_of

Run = Callable[[Coroutine[Any, Any, Any]], Any]
ONCE = Once("5b6bb1c1-0b9a", b"fingerprint")
EVERYTHING = 10**6


def at(seconds: float) -> UnixTime:
    return UnixTime(NOW + seconds)


def test_only_what_ended_long_ago_is_forgotten_oldest_first(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    cancelled, refused, finished, claimed, queued = run(stores.queued(account, service_id, 5))
    run(stores.queue.cancel(account.account_id, [cancelled], at=at(30)))
    run(stores.queue.claim(service_id, limit=1, at=NOW))
    run(stores.queue.refuse(refused, reason="Service is disabled", at=at(10)))
    run(stores.running(service_id))
    run(stores.queue.finish(finished, exit_status=0, record=record_of(finished), at=at(20)))
    run(stores.queue.claim(service_id, limit=1, at=NOW))
    refs = [cancelled, refused, finished, claimed, queued]

    def known() -> set[ServiceRef]:
        return set(run(stores.queue.status(account.account_id, refs)))

    assert run(stores.queue.forget(ended_before=at(10), limit=EVERYTHING)) == 0
    assert run(stores.queue.forget(ended_before=at(30), limit=1)) == 1
    assert known() == {finished, cancelled, claimed, queued}
    assert run(stores.queue.forget(ended_before=at(30), limit=EVERYTHING)) == 1
    assert known() == {cancelled, claimed, queued}
    assert run(stores.queue.forget(ended_before=at(9999), limit=EVERYTHING)) == 1
    assert known() == {claimed, queued}
    assert run(stores.queue.forget(ended_before=at(9999), limit=EVERYTHING)) == 0
    assert run(stores.queue.lengths(account.account_id)) == {service_id: 1}
    assert run(stores.queue.in_progress([account.account_id])) == {account.account_id: 1}
    instance_id = record_of(finished).adr.instance_id
    assert run(stores.records.read(account.account_id, instance_id)) == record_of(finished)


def test_many_are_forgotten_as_exactly_as_few(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    run(stores.queued(account, service_id, 2500))
    run(stores.purged(account, service_id))
    assert run(stores.queue.forget(ended_before=at(1), limit=1200)) == 1200
    assert run(stores.queue.forget(ended_before=at(1), limit=EVERYTHING)) == 1300


def test_a_request_is_known_until_its_last_start_is_forgotten(stores: Stores, run: Run) -> None:
    mint = IdMint("2e891aea", "049136ca36e44662", 1366641192)
    account = run(stores.account())
    service_id = run(stores.service(account))
    refs = run(stores.requested(account, service_id, mint.service_refs(3), ONCE))
    run(stores.queue.cancel(account.account_id, refs[:1], at=at(1)))
    run(stores.queue.forget(ended_before=at(5), limit=EVERYTHING))
    assert run(stores.queue.job(account.account_id, ONCE.unique_id)) == Job(tuple(refs))
    assert run(stores.requested(account, service_id, mint.service_refs(3), ONCE)) == refs
    run(stores.purged(account, service_id))
    assert run(stores.queue.forget(ended_before=at(5), limit=EVERYTHING)) == 2
    assert run(stores.queue.job(account.account_id, ONCE.unique_id)) is None
    later = run(stores.requested(account, service_id, mint.service_refs(1), ONCE))
    assert later != refs


@pytest.mark.parametrize("limit", [1, 2, EVERYTHING])
def test_records_are_forgotten_whole(stores: Stores, run: Run, limit: int) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        refs = await stores.queued(account, service_id, 3)
        records = [record_of(ref) for ref in refs]
        for ref, record in zip(refs, records, strict=True):
            await stores.running(service_id)
            await stores.queue.finish(ref, exit_status=0, record=record, at=NOW)
        stopped = records[0].adr.stopped_at
        assert await stores.records.forget(stopped_before=stopped, limit=limit) == 0
        after = UnixTime(stopped + 1)
        assert await stores.records.forget(stopped_before=after, limit=limit) == min(limit, 3)
        found = [
            await stores.records.read(account.account_id, record.adr.instance_id)
            for record in records
        ]
        assert sum(one is not None for one in found) == max(3 - limit, 0)
        assert all(one is None or one == record for one, record in zip(found, records, strict=True))
        assert set(await stores.queue.status(account.account_id, refs)) == set(refs)

    run(story())
