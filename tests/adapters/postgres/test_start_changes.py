"""What becomes of many starts at once: one unit of work, and a fate for each of them."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from callwright.adapters.postgres.record_store import PostgresRecordStore
from callwright.domain.account import Account
from callwright.domain.errors import IllegalTransition
from callwright.domain.ids import CallId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationState
from callwright.domain.records import InstanceRecord
from callwright.queue.ports import LeaseLost
from tests.adapters.postgres.nodes import Node, nodes
from tests.contracts.stores import NOW, intent_of, record_of
from tests.sim.cut_line import cut_line

Run = Callable[[Coroutine[Any, Any, None]], None]

ANOTHER_BOOT = 1


async def claimed(node: Node, count: int) -> tuple[Account, ServiceId, list[ServiceRef]]:
    """Claim so many starts of a new account."""
    account, service_id = await node.account("bob@example.com")
    refs = await node.queued(account, service_id, count)
    await node.leases.renew()
    await node.queue.claim(service_id, limit=count, at=NOW)
    return account, service_id, refs


async def take_over(url: str, refs: Sequence[ServiceRef]) -> None:
    """Let these be another boot's."""
    connection = await asyncpg.connect(url)
    taken = "UPDATE call_start SET held_by = $1 WHERE ref = ANY($2::text[])"
    await connection.execute(taken, ANOTHER_BOOT, refs)
    await connection.close()


async def writers(node: Node) -> int:
    """Count the transactions that wrote what stands in the starts and their records."""
    async with node.database._connected() as connection:
        found = await connection.fetch(
            "SELECT xmin::text FROM call_start UNION SELECT xmin::text FROM adr "
            "UNION SELECT xmin::text FROM cdr UNION SELECT xmin::text FROM fdr"
        )
        return len(found)


async def told(*changes: Coroutine[Any, Any, None]) -> list[type[BaseException] | None]:
    """Ask for all at once; returns what kind of fault each was told."""
    answers = await asyncio.gather(*changes, return_exceptions=True)
    return [type(one) if isinstance(one, BaseException) else None for one in answers]


def finish(node: Node, ref: ServiceRef, record: InstanceRecord | None = None) -> Any:
    """Finish a start with its record."""
    return node.queue.finish(ref, exit_status=0, record=record or record_of(ref), at=NOW)


async def states(node: Node, account: Account, refs: list[ServiceRef]) -> list[InvocationState]:
    """Where these are now."""
    found = await node.queue.status(account.account_id, refs)
    return [found[ref].state for ref in refs]


def test_many_ends_are_one_transaction_with_all_their_records(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 1) as (node,):
            account, _, refs = await claimed(node, 20)
            assert await told(*(node.queue.intend(intent_of(ref)) for ref in refs)) == [None] * 20
            assert await told(*(finish(node, ref) for ref in refs)) == [None] * 20
            assert await writers(node) == 1
            assert await states(node, account, refs) == [InvocationState.COMPLETED] * 20
            assert await node.queue.in_progress([account.account_id]) == {}
            records = PostgresRecordStore(node.database)
            for ref in refs:
                record = record_of(ref)
                read = await records.read(account.account_id, record.adr.instance_id)
                assert read == record

    run(story())


def test_a_start_may_be_changed_several_times_in_one_transaction(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 1) as (node,):
            account, _, [ref] = await claimed(node, 1)
            changes = (
                node.queue.intend(intent_of(ref)),
                node.queue.answered(ref, at=NOW),
                finish(node, ref),
                node.queue.answered(ref, at=NOW),
                node.queue.refuse(ref, reason="Service is disabled", at=NOW),
            )
            assert await told(*changes) == [None, None, None, IllegalTransition, IllegalTransition]
            assert await writers(node) == 1
            assert await states(node, account, [ref]) == [InvocationState.COMPLETED]
            assert await node.queue.in_progress([account.account_id]) == {}

    run(story())


def test_each_hears_of_its_own_fate(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 1) as (node,):
            account, _, refs = await claimed(node, 6)
            for ref in refs[:5]:
                await node.queue.intend(intent_of(ref))
            await finish(node, refs[1])
            await take_over(url, [refs[2]])
            first = record_of(refs[1]).cdrs[0].call_id
            record = record_of(refs[3])
            twice = replace(record, cdrs=(replace(record.cdrs[0], call_id=CallId(first)),))
            answers = await told(
                finish(node, refs[0]),
                finish(node, refs[1]),
                finish(node, refs[2]),
                finish(node, refs[3], twice),  # no row can say this
                finish(node, refs[4]),
                node.queue.refuse(refs[5], reason="Service is disabled", at=NOW),
            )
            violated = asyncpg.UniqueViolationError
            assert answers == [None, IllegalTransition, LeaseLost, violated, None, None]
            assert await states(node, account, refs) == [
                InvocationState.COMPLETED,
                InvocationState.COMPLETED,
                InvocationState.RUNNING,
                InvocationState.RUNNING,
                InvocationState.COMPLETED,
                InvocationState.COULD_NOT_RUN,
            ]
            assert await node.queue.in_progress([account.account_id]) == {account.account_id: 2}

    run(story())


@pytest.mark.parametrize("is_heard", [True, False])
def test_all_are_certain_of_a_commit_in_doubt(
    url: str,
    run: Run,
    is_heard: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async def story() -> None:
        async with cut_line(url) as (line, through), nodes(through, 1) as (node,):
            account, _, refs = await claimed(node, 5)
            for ref in refs[:2]:
                await node.queue.intend(intent_of(ref))
            await finish(node, refs[1])
            line.cut_at_commit(server_hears_it=is_heard)
            answers = await told(
                node.queue.answered(refs[0], at=NOW),
                finish(node, refs[0]),
                finish(node, refs[1]),
                node.queue.intend(intent_of(refs[2])),
                node.queue.refuse(refs[3], reason="Service is disabled", at=NOW),
            )
            assert answers == [None, None, IllegalTransition, None, None]
            assert line.cuts == 1
            assert await states(node, account, refs) == [
                InvocationState.COMPLETED,
                InvocationState.COMPLETED,
                InvocationState.RUNNING,
                InvocationState.COULD_NOT_RUN,
                InvocationState.RUNNING,
            ]
            assert await node.queue.in_progress([account.account_id]) == {account.account_id: 2}

    run(story())


@pytest.mark.parametrize("is_heard", [True, False])
def test_what_was_taken_over_during_the_doubt_is_lost(
    url: str,
    run: Run,
    is_heard: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async def story() -> None:
        async with cut_line(url) as (line, through), nodes(through, 1) as (node,):
            account, _, refs = await claimed(node, 3)
            await node.queue.intend(intent_of(refs[0]))
            line.cut_at_commit(
                server_hears_it=is_heard, meanwhile=lambda: take_over(url, [refs[1]])
            )
            answers = await told(
                finish(node, refs[0]),
                node.queue.intend(intent_of(refs[1])),
                node.queue.intend(intent_of(refs[2])),
            )
            assert answers == [None, LeaseLost, None]
            assert line.cuts == 1
            # Counted once, however often it was tried.
            assert await node.queue.in_progress([account.account_id]) == {account.account_id: 2}

    run(story())
