"""What every `QueueStore` does."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from callwright.domain.account import Account
from callwright.domain.clock import UnixTime
from callwright.domain.errors import IllegalTransition
from callwright.domain.ids import CallId, InstanceId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationState, InvocationStatus
from callwright.queue.ports import CancelResult, Claim, Intent, WaitingService
from tests.contracts.stores import NOW, START, OpenStores, Stores, intent_of, record_of

Run = Callable[[Coroutine[Any, Any, Any]], Any]
LATER = UnixTime(NOW + 60)


def test_starts_are_claimed_in_order_and_as_they_were_queued(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    refs = run(stores.queued(account, service_id, 3))
    more = run(stores.queued(account, service_id, 2, "more"))
    first = run(stores.queue.claim(service_id, limit=4, at=LATER))
    assert first == [
        Claim(ref, account.account_id, service_id, START, NOW) for ref in [*refs, more[0]]
    ]
    rest = run(stores.queue.claim(service_id, limit=4, at=LATER))
    assert [claim.ref for claim in rest] == [more[1]]
    assert run(stores.queue.claim(service_id, limit=4, at=LATER)) == []


def test_requests_that_come_at_once_are_queued_in_their_order(stores: Stores, run: Run) -> None:
    async def story() -> None:
        account = await stores.account()
        services = [await stores.service(account, name) for name in ("one", "two", "three")]
        sizes = [n % 7 for n in range(60)]
        asked = [(services[n % 3], size, f"{n}.") for n, size in enumerate(sizes)]
        told = await asyncio.gather(*(stores.queued(account, *one) for one in asked))
        for service_id in services:
            expected = [
                ref
                for one, refs in zip(asked, told, strict=True)
                if one[0] == service_id
                for ref in refs
            ]
            claims = await stores.queue.claim(service_id, limit=sum(sizes), at=LATER)
            assert [claim.ref for claim in claims] == expected

    run(story())


def test_what_would_be_claimed_next_can_be_looked_at(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    one, other, empty = (run(stores.service(account, name)) for name in ("one", "other", "empty"))
    services = [other, empty, one]
    assert run(stores.queue.next_starts(services)) == {}
    refs = run(stores.queued(account, one, 2))
    run(stores.queued(account, other, 1, "more"))
    assert run(stores.queue.next_starts(services)) == {one: START, other: START}
    assert run(stores.queue.next_starts([])) == {}
    run(stores.queue.claim(other, limit=1, at=LATER))
    run(stores.queue.cancel(account.account_id, refs[:1], at=LATER))
    assert run(stores.queue.next_starts(services)) == {one: START}
    run(stores.queue.claim(one, limit=1, at=LATER))
    assert run(stores.queue.next_starts(services)) == {}
    run(stores.queue.release(refs[1:]))
    assert run(stores.queue.next_starts(services)) == {one: START}


def test_a_claim_of_nothing_takes_nothing(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    run(stores.queued(account, service_id, 1))
    assert run(stores.queue.claim(service_id, limit=0, at=LATER)) == []
    assert run(stores.queue.waiting()) == [WaitingService(account.account_id, service_id, 1)]


def test_an_empty_request_queues_nothing(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    run(stores.queued(account, service_id, 0))
    assert run(stores.queue.waiting()) == []


def test_a_request_is_queued_whole_or_not_at_all(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    run(stores.queued(account, service_id, 1, "a"))
    twice = [(ServiceRef("b"), START), (ServiceRef("a0"), START)]
    with pytest.raises(Exception, match=r"call_start\.ref"):
        run(
            stores.queue.enqueue(
                account_id=account.account_id, service_id=service_id, starts=twice, at=NOW
            )
        )
    assert run(stores.queue.status(account.account_id, [ServiceRef("b")])) == {}
    assert run(stores.queue.waiting()) == [WaitingService(account.account_id, service_id, 1)]


def test_the_length_is_counted_through_every_change(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    other = run(stores.service(account, "other"))
    refs = run(stores.queued(account, service_id, 10))
    run(stores.queued(account, other, 2, "other"))

    def lengths() -> dict[int, int]:
        return {one.service_id: one.length for one in run(stores.queue.waiting())}

    assert lengths() == {service_id: 10, other: 2}
    claims = run(stores.queue.claim(service_id, limit=4, at=NOW))
    assert lengths() == {service_id: 6, other: 2}
    run(stores.queue.cancel(account.account_id, refs[6:8], at=NOW))
    assert lengths() == {service_id: 4, other: 2}
    run(stores.queue.release([claim.ref for claim in claims[1:3]]))
    assert lengths() == {service_id: 6, other: 2}
    run(stores.queue.claim(service_id, limit=100, at=NOW))
    assert lengths() == {other: 2}


def test_what_is_given_back_goes_to_the_head(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    refs = run(stores.queued(account, service_id, 5))
    run(stores.queue.claim(service_id, limit=4, at=NOW))
    run(stores.queue.release([refs[2], refs[0]]))
    again = run(stores.queue.claim(service_id, limit=9, at=NOW))
    assert [claim.ref for claim in again] == [refs[0], refs[2], refs[4]]


def test_only_queued_starts_are_cancelled(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    service_id = run(stores.service(bob))
    claimed, queued, cancelled = run(stores.queued(bob, service_id, 3))
    run(stores.queue.claim(service_id, limit=1, at=NOW))
    run(stores.queue.cancel(bob.account_id, [cancelled], at=NOW))
    strange = ServiceRef("no such ☎ \ud800")
    asked = [claimed, queued, cancelled, strange]
    assert run(stores.queue.cancel(ann.account_id, asked, at=NOW)) == dict.fromkeys(
        asked, CancelResult.UNKNOWN
    )
    assert run(stores.queue.cancel(bob.account_id, asked, at=NOW)) == {
        claimed: CancelResult.FAILED,
        queued: CancelResult.SUCCESS,
        cancelled: CancelResult.FAILED,
        strange: CancelResult.UNKNOWN,
    }
    assert run(stores.queue.claim(service_id, limit=9, at=NOW)) == []


def test_a_start_is_told_through_its_life(stores: Stores, run: Run) -> None:
    bob, ann = run(stores.account("bob@example.com")), run(stores.account("ann@example.com"))
    service_id = run(stores.service(bob))
    finished, refused, cancelled = refs = run(stores.queued(bob, service_id, 3))
    intent = intent_of(finished)

    def told() -> dict[ServiceRef, InvocationStatus]:
        asked = [*refs, ServiceRef("no such ☎ \ud800")]
        answer: dict[ServiceRef, InvocationStatus] = run(stores.queue.status(bob.account_id, asked))
        return answer

    assert told() == dict.fromkeys(refs, InvocationStatus(InvocationState.QUEUED))
    run(stores.queue.cancel(bob.account_id, [cancelled], at=NOW))
    run(stores.queue.claim(service_id, limit=9, at=NOW))
    assert told()[finished] == InvocationStatus(InvocationState.RUNNING)
    run(stores.queue.intend(intent))
    running = InvocationStatus(InvocationState.RUNNING, intent.instance_id)
    assert told()[finished] == running
    run(stores.queue.answered(finished, at=LATER))
    assert told()[finished] == running
    run(stores.queue.refuse(refused, reason="Service is disabled", at=LATER))
    run(stores.queue.finish(finished, exit_status=-1, record=record_of(finished), at=LATER))
    assert told() == {
        finished: InvocationStatus(
            InvocationState.COMPLETED, intent.instance_id, exit_status=-1, ended_at=LATER
        ),
        refused: InvocationStatus(
            InvocationState.COULD_NOT_RUN, reason="Service is disabled", ended_at=LATER
        ),
        cancelled: InvocationStatus(InvocationState.CANCELLED, ended_at=NOW),
    }
    assert run(stores.queue.status(ann.account_id, refs)) == {}


Change = Callable[[Stores, ServiceRef], Awaitable[object]]
Prepare = Callable[[Stores, Any, ServiceRef], Awaitable[object]]


async def leave_queued(_stores: Stores, _service_id: Any, _ref: ServiceRef) -> None:
    """Nothing happened to it yet."""


async def claim(stores: Stores, service_id: Any, _ref: ServiceRef) -> None:
    await stores.queue.claim(service_id, limit=1, at=NOW)


async def dial(stores: Stores, service_id: Any, _ref: ServiceRef) -> None:
    await stores.running(service_id)


async def complete(stores: Stores, service_id: Any, ref: ServiceRef) -> None:
    await stores.running(service_id)
    await stores.queue.finish(ref, exit_status=0, record=record_of(ref), at=NOW)


async def could_not_run(stores: Stores, service_id: Any, ref: ServiceRef) -> None:
    await claim(stores, service_id, ref)
    await stores.queue.refuse(ref, reason="Invalid destination", at=NOW)


def intend(stores: Stores, ref: ServiceRef) -> Awaitable[object]:
    return stores.queue.intend(Intent(ref, InstanceId("i"), CallId("c"), NOW))


def note_answer(stores: Stores, ref: ServiceRef) -> Awaitable[object]:
    return stores.queue.answered(ref, at=NOW)


def finish(stores: Stores, ref: ServiceRef) -> Awaitable[object]:
    return stores.queue.finish(ref, exit_status=0, record=record_of(ref), at=NOW)


def refuse(stores: Stores, ref: ServiceRef) -> Awaitable[object]:
    return stores.queue.refuse(ref, reason="Invalid destination", at=NOW)


def release(stores: Stores, ref: ServiceRef) -> Awaitable[object]:
    return stores.queue.release([ref])


CHANGES: list[Change] = [intend, note_answer, finish, refuse, release]
ALLOWED: dict[Prepare, list[Change]] = {
    leave_queued: [],
    claim: [intend, refuse, release],
    dial: [note_answer, finish],
    complete: [],
    could_not_run: [],
}
REFUSED = [
    (prepare, change)
    for prepare, allowed in ALLOWED.items()
    for change in CHANGES
    if change not in allowed
]


@pytest.mark.parametrize(("prepare", "change"), REFUSED)
def test_every_other_change_is_refused_and_changes_nothing(
    stores: Stores, run: Run, prepare: Prepare, change: Change
) -> None:
    async def story() -> None:
        account = await stores.account()
        service_id = await stores.service(account)
        [ref] = await stores.queued(account, service_id, 1)
        await prepare(stores, service_id, ref)
        before = await stores.queue.status(account.account_id, [ref])
        with pytest.raises(IllegalTransition, match=ref):
            await change(stores, ref)
        assert await stores.queue.status(account.account_id, [ref]) == before

    run(story())


@pytest.mark.parametrize("change", CHANGES)
def test_an_unknown_start_cannot_be_changed(stores: Stores, run: Run, change: Change) -> None:
    async def story() -> None:
        with pytest.raises(IllegalTransition, match="no such start"):
            await change(stores, ServiceRef("unheard of"))

    run(story())


def test_a_start_ends_with_the_record_of_its_own_instance(stores: Stores, run: Run) -> None:
    account = run(stores.account())
    service_id = run(stores.service(account))
    [ref] = run(stores.queued(account, service_id, 1))
    run(stores.running(service_id))
    strange = record_of(ServiceRef("another"))
    with pytest.raises(IllegalTransition, match="another"):
        run(stores.queue.finish(ref, exit_status=0, record=strange, at=NOW))
    assert run(stores.records.read(account.account_id, strange.adr.instance_id)) is None


def test_a_second_process_gives_back_what_was_not_dialled(
    open_stores: OpenStores, tmp_path: Path, run: Run
) -> None:
    async def first() -> tuple[Account, ServiceId, list[ServiceRef], list[ServiceRef]]:
        async with open_stores(tmp_path) as stores:
            account = await stores.account()
            service_id = await stores.service(account)
            refs = await stores.queued(account, service_id, 6)
            dialled, answered, done = [await stores.running(service_id) for _ in range(3)]
            await stores.queue.answered(answered, at=LATER)
            await stores.queue.finish(done, exit_status=0, record=record_of(done), at=NOW)
            await stores.queue.claim(service_id, limit=2, at=NOW)
        return account, service_id, refs, [dialled, answered]

    async def second() -> None:
        async with open_stores(tmp_path) as stores:
            interrupted = await stores.queue.settle_dead()
            assert [(one.claim.ref, one.intent, one.answered_at) for one in interrupted] == [
                (dialled, intent_of(dialled), None),
                (answered, intent_of(answered), LATER),
            ]
            claim = Claim(dialled, account.account_id, service_id, START, NOW)
            assert interrupted[0].claim == claim
            waiting = [WaitingService(account.account_id, service_id, 3)]
            assert await stores.queue.waiting() == waiting
            again = await stores.queue.claim(service_id, limit=9, at=NOW)
            assert [claim.ref for claim in again] == refs[3:]
            record = record_of(dialled)
            await stores.queue.finish(dialled, exit_status=-9, record=record, at=NOW)

    account, service_id, refs, [dialled, answered] = run(first())
    run(second())
