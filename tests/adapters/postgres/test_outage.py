"""A server that goes away, also in the middle of a commit, and comes back."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

import pytest

from callwright.adapters.postgres import database as under_test
from callwright.adapters.postgres.faults import CommitInDoubt
from callwright.domain.errors import StoreUnavailable
from callwright.domain.invocation import InvocationState
from tests.adapters.postgres.nodes import Node, nodes
from tests.contracts.stores import NOW, intent_of, record_of
from tests.sim.cut_line import CutLine, cut_line
from tests.sim.postgres import Postgres

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    """A server that is this test's to stop."""
    server = Postgres()
    server.start()
    yield server
    server.remove()


def test_nothing_is_lost_while_the_server_is_away(own_server: Postgres, run: Run) -> None:
    async def story() -> None:
        async with nodes(own_server.create_database(), 1) as (node,):
            account, service_id = await node.account("bob@example.com")
            refs = await node.queued(account, service_id, 3)
            await node.leases.renew()
            await node.queue.claim(service_id, limit=1, at=NOW)
            own_server.stop()
            for ask in (
                lambda: node.account("ann@example.com"),
                node.queue.waiting,
                lambda: node.queue.claim(service_id, limit=1, at=NOW),
                lambda: node.queue.intend(intent_of(refs[0])),
                node.queue.settle_dead,
                node.leases.renew,
                lambda: node.queued(account, service_id, 1),
            ):
                with pytest.raises(StoreUnavailable, match="can't be reached"):
                    await ask()
            own_server.start()

            await node.leases.renew()
            await node.queue.intend(intent_of(refs[0]))
            claims = await node.queue.claim(service_id, limit=9, at=NOW)
            assert [claim.ref for claim in claims] == refs[1:]
            await node.queue.finish(refs[0], exit_status=0, record=record_of(refs[0]), at=NOW)

    run(story())


async def claim_one(node: Node, line: CutLine, *, is_heard: bool) -> None:
    account, service_id = await node.account("bob@example.com")
    refs = await node.queued(account, service_id, 2)
    line.cut_at_commit(server_hears_it=is_heard)
    [claim] = await node.queue.claim(service_id, limit=1, at=NOW)
    assert claim.ref == refs[0]
    assert await node.queue.in_progress([account.account_id]) == {account.account_id: 1}


async def run_one(node: Node, line: CutLine, *, is_heard: bool) -> None:
    account, service_id = await node.account("bob@example.com")
    [ref] = await node.queued(account, service_id, 1)
    await node.queue.claim(service_id, limit=1, at=NOW)
    line.cut_at_commit(server_hears_it=is_heard)
    await node.queue.intend(intent_of(ref))
    line.cut_at_commit(server_hears_it=is_heard)
    await node.queue.finish(ref, exit_status=0, record=record_of(ref), at=NOW)
    told = await node.queue.status(account.account_id, [ref])
    assert told[ref].state is InvocationState.COMPLETED


async def refuse_one_and_release_one(node: Node, line: CutLine, *, is_heard: bool) -> None:
    account, service_id = await node.account("bob@example.com")
    refs = await node.queued(account, service_id, 2)
    await node.queue.claim(service_id, limit=2, at=NOW)
    line.cut_at_commit(server_hears_it=is_heard)
    await node.queue.refuse(refs[0], reason="Invalid destination", at=NOW)
    line.cut_at_commit(server_hears_it=is_heard)
    await node.queue.release([refs[1]])
    told = await node.queue.status(account.account_id, refs)
    assert told[refs[0]].state is InvocationState.COULD_NOT_RUN
    assert told[refs[1]].state is InvocationState.QUEUED


async def settle_one(node: Node, line: CutLine, *, is_heard: bool) -> None:
    account, service_id = await node.account("bob@example.com")
    [ref] = await node.queued(account, service_id, 1)
    await node.queue.claim(service_id, limit=1, at=NOW)
    await node.queue.intend(intent_of(ref))
    async with node.database._connected() as connection:
        await connection.execute("UPDATE call_start SET held_by = 1")
    line.cut_at_commit(server_hears_it=is_heard)
    [interrupted] = await node.queue.settle_dead()
    assert interrupted.claim.ref == ref


@pytest.mark.parametrize("is_heard", [True, False])
@pytest.mark.parametrize("work", [claim_one, run_one, refuse_one_and_release_one, settle_one])
def test_a_dispatcher_is_certain_of_a_commit_in_doubt(
    url: str,
    run: Run,
    work: Callable[..., Awaitable[None]],
    is_heard: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async def story() -> None:
        async with cut_line(url) as (line, through), nodes(through, 1) as (node,):
            await node.leases.renew()
            await work(node, line, is_heard=is_heard)
            assert line.cuts > 0
            assert not line.is_armed

    run(story())


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_customer_is_told_of_a_commit_in_doubt(
    url: str,
    run: Run,
    is_heard: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async def story() -> None:
        async with cut_line(url) as (line, through), nodes(through, 1) as (node,):
            account, service_id = await node.account("bob@example.com")
            line.cut_at_commit(server_hears_it=is_heard)
            with pytest.raises(CommitInDoubt):
                await node.queued(account, service_id, 1)
            assert bool(await node.queue.lengths(account.account_id)) == is_heard

    run(story())


def test_what_a_claim_in_doubt_took_is_given_back_before_the_next(
    own_server: Postgres, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody waits for certainty here: the server stays away for longer than that.
    monkeypatch.setattr(under_test, "CERTAINTY_WITHIN", 0.0)

    async def story() -> None:
        url = own_server.create_database()
        async with cut_line(url) as (line, through), nodes(through, 1) as (node,):
            account, service_id = await node.account("bob@example.com")
            refs = await node.queued(account, service_id, 2)
            await node.leases.renew()
            line.cut_at_commit(server_hears_it=True)
            with pytest.raises(CommitInDoubt):
                await node.queue.claim(service_id, limit=2, at=NOW)
            assert await node.queue.lengths(account.account_id) == {}
            claims = await node.queue.claim(service_id, limit=2, at=NOW)
            assert [claim.ref for claim in claims] == refs
            in_progress = await node.queue.in_progress([account.account_id])
            assert in_progress == {account.account_id: 2}

    run(story())


def test_many_requests_at_once_each_hear_of_their_own_fate(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 1) as (node,):
            accounts = [await node.account(f"{number}@example.com") for number in range(20)]
            await node.queued(*accounts[7], 1)  # its references will be taken
            told = await asyncio.gather(
                *(node.queued(*each, 3) for each in accounts), return_exceptions=True
            )
            failed = [number for number, one in enumerate(told) if isinstance(one, Exception)]
            assert failed == [7]
            waiting = await node.queue.waiting()
            assert [one.length for one in waiting] == [1 if one == 7 else 3 for one in range(20)]

    run(story())
