"""Shares of several nodes, and what becomes of those of a dead one."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from callwright.adapters.clock import SystemClock
from callwright.adapters.postgres.faults import NodeReplaced
from callwright.adapters.postgres.leases import fair_share
from callwright.dispatch.ports import SHARDS, shard_of
from callwright.engine.trunk import TrunkClaim
from callwright.queue.ports import LeaseLost
from tests.adapters.postgres.nodes import Node, nodes
from tests.contracts.stores import NOW, intent_of, record_of

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.mark.parametrize(("count", "share"), [(1, 256), (2, 128), (3, 86), (7, 37), (256, 1)])
def test_a_share_is_rounded_up(count: int, share: int) -> None:
    assert fair_share(count) == share


@pytest.mark.parametrize("count", [2, 3, 5])
def test_all_shards_are_dealt_out_evenly_and_once(url: str, run: Run, count: int) -> None:
    async def story() -> None:
        async with nodes(url, count) as them:
            for node in them:
                await node.leases.renew()
            # Whoever came first gives back now what is too much for one of so many.
            tenures = [await node.leases.renew() for node in them]
            owned = [shard for tenure in tenures for shard in tenure.shards]
            assert sorted(owned) == list(range(SHARDS))
            assert {tenure.nodes for tenure in tenures} == {count}
            assert max(len(tenure.shards) for tenure in tenures) <= fair_share(count)

    run(story())


def test_a_node_claims_for_its_own_shards_alone(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 2) as (one, two):
            account, service_id = await one.account("bob@example.com")
            await one.queued(account, service_id, 4)
            await one.leases.renew()
            assert await two.queue.claim(service_id, limit=1, at=NOW) == []
            assert len(await one.queue.claim(service_id, limit=1, at=NOW)) == 1
            await two.leases.renew()
            owners = [
                node
                for node in (one, two)
                if shard_of(account.account_id) in (await node.leases.renew()).shards
            ]
            claims = [await node.queue.claim(service_id, limit=1, at=NOW) for node in (one, two)]
            assert [bool(claim) for claim in claims] == [node in owners for node in (one, two)]

    run(story())


def test_a_sleeper_claims_nothing_and_loses_what_it_held(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 2) as (sleeper, heir):
            account, service_id = await sleeper.account("bob@example.com")
            refs = await sleeper.queued(account, service_id, 3)
            await sleeper.leases.renew()
            await sleeper.queue.claim(service_id, limit=2, at=NOW)
            await sleeper.queue.intend(intent_of(refs[0]))
            await sleeper.expire()

            assert await sleeper.queue.claim(service_id, limit=1, at=NOW) == []
            assert len((await heir.leases.renew()).shards) == SHARDS
            [interrupted] = await heir.queue.settle_dead()
            assert interrupted.claim.ref == refs[0]
            with pytest.raises(LeaseLost):
                await sleeper.queue.intend(intent_of(refs[1]))
            with pytest.raises(LeaseLost):
                await sleeper.queue.finish(
                    refs[0], exit_status=0, record=record_of(refs[0]), at=NOW
                )
            claims = await heir.queue.claim(service_id, limit=9, at=NOW)
            assert [claim.ref for claim in claims] == refs[1:]

    run(story())


def test_of_two_that_settle_at_once_one_gets_each_start(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 3) as (dead, one, two):
            account, service_id = await dead.account("bob@example.com")
            refs = await dead.queued(account, service_id, 20)
            await dead.leases.renew()
            await dead.queue.claim(service_id, limit=20, at=NOW)
            for ref in refs[:10]:
                await dead.queue.intend(intent_of(ref))
            await dead.expire()

            both = await asyncio.gather(one.queue.settle_dead(), two.queue.settle_dead())
            taken = [interrupted.claim.ref for each in both for interrupted in each]
            assert sorted(taken) == sorted(refs[:10])
            assert await one.queue.lengths(account.account_id) == {service_id: 10}
            assert await one.queue.in_progress([account.account_id]) == {account.account_id: 10}

    run(story())


def test_one_that_wakes_up_takes_part_again(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 2) as (sleeper, heir):
            await sleeper.leases.renew()
            await sleeper.expire()
            await heir.leases.renew()
            assert (await sleeper.leases.renew()).shards == frozenset()
            await heir.leases.renew()
            assert len((await sleeper.leases.renew()).shards) == SHARDS // 2

    run(story())


def test_a_resigned_node_leaves_everything_at_once(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 2) as (one, two):
            await one.leases.renew()
            await one.leases.resign()
            await two.leases.resign()
            assert len((await two.leases.renew()).shards) == SHARDS

    run(story())


def test_a_name_that_somebody_else_uses_is_noticed(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 1) as (one,):
            await one.leases.renew()
            await one.database.begin_node("00000000", SystemClock())
            with pytest.raises(NodeReplaced, match="copied"):
                await one.leases.renew()

    run(story())


def test_starts_of_the_trunk_have_one_owner_each(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 2) as (one, two):

            async def renew(node: Node, used: int) -> tuple[int, int]:
                tenure = await node.leases.renew(TrunkClaim(10, used, 10))
                return tenure.trunk_starts, tenure.trunk_kept

            # Nobody else has renewed, but two are alive: half of it is granted.
            assert await renew(one, 0) == (5, 0)
            assert await renew(two, 0) == (5, 0)
            await two.expire()
            assert await renew(one, 5) == (10, 5)
            # The other wakes up: what it had is gone, and what is fair is not given up yet.
            assert await renew(two, 5) == (0, 0)
            assert await renew(one, 10) == (5, 10)
            assert await renew(two, 0) == (0, 0)
            assert await renew(one, 5) == (5, 5)
            assert await renew(two, 0) == (5, 0)
            await one.leases.resign()
            assert await renew(two, 5) == (10, 5)

    run(story())


def test_a_node_too_many_for_the_trunk_dispatches_for_nobody(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 3) as them:
            claim = TrunkClaim(2, 0, most_nodes=2)
            tenures = [await node.leases.renew(claim) for node in them]
            assert [tenure.trunk_starts for tenure in tenures] == [1, 1, 0]
            assert [len(tenure.shards) for tenure in tenures] == [SHARDS // 2, SHARDS // 2, 0]
            assert [tenure.rank for tenure in tenures] == [0, 1, 2]

    run(story())


def test_what_was_another_nodes_is_told_apart(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 2) as (one, two):
            first = await one.leases.renew()
            assert first.taken == first.shards
            assert (await one.leases.renew()).taken == frozenset()
            await two.expire()
            heir = await one.leases.renew()
            assert heir.taken == heir.shards - first.shards
            assert len(heir.shards) == SHARDS

    run(story())
