"""Channels of the trunk: who takes none, and who passes it while it is full."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from callwright.dispatch.demand import Demand
from callwright.dispatch.ports import Tenure
from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.service_start import ServiceStart
from callwright.engine.trunk import TrunkLimits
from callwright.queue.ports import WaitingService
from tests.dispatch.test_loop import World

NOW, ACCOUNT = Instant(100.0), AccountId(1)
QUEUE = [WaitingService(ACCOUNT, ServiceId(3), 1000)]


def known() -> Demand:
    """An account that may have ten calls, on a trunk that takes one at a time."""
    demand = Demand(TrunkLimits(channels=1, maximum_cps=10.0))
    starts = demand.trunk_claim().starts
    tenure = Tenure(frozenset(), 1, 10.0, rank=0, trunk_starts=starts, trunk_kept=0)
    demand.share_trunk(tenure, Instant(NOW - 10))
    limits = CallLimits(channels=10, maximum_cps=100.0)
    demand.follow(Account(ACCOUNT, "a@example.com", AccountType.PREMIUM, limits), NOW)
    return demand


def test_a_start_that_stays_inside_gives_the_trunk_back_whole() -> None:
    demand = known()
    [share] = demand.shares(QUEUE, NOW)
    demand.begun(share, 1, NOW)
    assert (demand.shares(QUEUE, NOW), demand.take_trunk_channel()) == ([], False)
    demand.leave_trunk()
    soon = Instant(NOW + 0.02)  # the account's next start; the trunk's would be 0.1 s later
    assert demand.shares(QUEUE, soon) == [share]
    demand.begun(share, 1, soon)
    demand.ended(ACCOUNT, by_trunk=False)
    assert not demand.take_trunk_channel()
    demand.ended(ACCOUNT)
    assert demand.take_trunk_channel()


def test_the_trunk_is_passed_only_while_it_takes_no_more_and_within_all_other_limits() -> None:
    demand = known()
    assert demand.inside_shares(QUEUE, NOW) == []
    [share] = demand.shares(QUEUE, NOW)
    demand.begun(share, 1, NOW)
    assert demand.inside_shares(QUEUE, NOW) == []  # the account's own rate
    soon = Instant(NOW + 0.02)
    [inside] = demand.inside_shares(QUEUE, soon)
    assert inside == replace(share, count=1, by_trunk=False)
    assert demand.has_room(inside, soon)
    demand.begun(inside, 9, soon)
    late = Instant(NOW + 5)
    assert demand.inside_shares(QUEUE, late) == []  # its channels
    assert not demand.has_room(inside, late)
    assert demand.next_at(QUEUE, late, by_trunk=False) is None
    demand.ended(ACCOUNT, by_trunk=False)
    assert demand.next_at(QUEUE, late, by_trunk=False) == late
    assert demand.next_at(QUEUE, late) is None


def test_what_stays_inside_waits_for_no_trunk_and_takes_none() -> None:
    """The one channel of the trunk is in use until three rooms have been entered."""
    world = World(channels=4, trunk=TrunkLimits(channels=1, maximum_cps=1000.0))
    rooms, others = ["con:A", "con:B", "con:C"], ["441908273800", "441908273801"]
    all_are_in = asyncio.Event()

    async def lasts() -> int:
        if len(world.placed) == 4:
            all_are_in.set()
        await all_are_in.wait()
        return 0

    world.application = lasts
    ends = asyncio.run(world.run(others[0], *rooms, others[1]))
    assert {one.exit_status for one in ends.values()} == {0}
    assert world.placed == [f"tel:{others[0]}", *rooms, f"tel:{others[1]}"]


def test_a_start_that_came_up_in_anothers_place_waits_for_the_trunk_again() -> None:
    world = World(trunk=TrunkLimits(channels=1))
    first, second = "441908273800", "441908273801"
    released = asyncio.Event()

    async def looks(service_ids: Sequence[ServiceId]) -> Mapping[ServiceId, ServiceStart]:
        """Tell of a room that somebody has cancelled meanwhile."""
        return {service_id: ServiceStart("con:Room") for service_id in service_ids}

    async def release(refs: Sequence[ServiceRef]) -> None:
        await give_back(refs)
        released.set()

    async def lasts() -> int:
        await released.wait()
        return 0

    give_back, world.queue.release = world.queue.release, release  # type: ignore[method-assign]
    world.queue.next_starts = looks  # type: ignore[method-assign]
    world.application = lasts
    ends = asyncio.run(world.run(first, second))
    assert {one.exit_status for one in ends.values()} == {0}
    assert world.placed == [f"tel:{first}", f"tel:{second}"]
    assert world.most_at_once == 1
