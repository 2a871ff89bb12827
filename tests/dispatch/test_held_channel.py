"""Channels of the trunk: who takes none, and who passes it while it is full."""

import asyncio
from collections.abc import Mapping, Sequence

from callwright.domain.ids import ServiceId, ServiceRef
from callwright.domain.service_start import ServiceStart
from callwright.engine.trunk import TrunkLimits
from tests.dispatch.test_loop import World


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
