"""Two calls that hear each other: in one media worker, and across two."""

import asyncio

import pytest

from callwright.domain.call_control import MediaFault
from callwright.domain.causes import HUNG_UP_BY_US
from callwright.domain.facts import CallJoined, CallOver, CallParted, ErrorReported
from callwright.worker import rpc
from tests.sim.house import House, run
from tests.sim.media_workers import SilentWorkers


def joins(house: House) -> list[str]:
    """What was told of joining, in order, with the last part of the call's name."""
    return [
        f"{type(fact).__name__} {fact.call_id.split('.')[1]}"
        for fact in house.facts.facts
        if isinstance(fact, CallJoined | CallParted | CallOver)
    ]


def test_calls_in_one_worker_are_bridged_there_and_part_before_they_end() -> None:
    async def story() -> None:
        house = House()
        one, other = await house.answered(), await house.answered()
        one.join(other)
        one.join(other)
        other.join(one)
        assert house.workers.sent(rpc.Bridge) == [rpc.Bridge(1, 2)]
        await other.hang_up()
        assert joins(house) == [
            "CallJoined 1",
            "CallJoined 2",
            "CallParted 1",
            "CallParted 2",
            "CallOver 2",
        ]
        one.part()
        await one.hang_up()
        assert joins(house)[-1] == "CallOver 1"

    run(story())


def test_calls_may_part_and_be_joined_to_others() -> None:
    async def story() -> None:
        house = House()
        one, other, third = [await house.answered() for _ in range(3)]
        one.join(other)
        one.part()
        assert house.workers.sent(rpc.Unbridge) == [rpc.Unbridge(1)]
        one.join(other)
        third.join(one)
        assert joins(house)[-4:] == ["CallParted 1", "CallParted 2", "CallJoined 3", "CallJoined 1"]
        assert other.leg.joint is None

    run(story())


def test_calls_in_two_workers_get_a_line_between_them() -> None:
    async def story() -> None:
        house = House(SilentWorkers(count=2))
        one, other = await house.answered(), await house.answered()
        assert not one.leg.media.is_beside(other.leg.media)
        one.join(other)
        assert house.workers.sent(rpc.Bridge) == [rpc.Bridge(1, 3), rpc.Bridge(2, 4)]
        ends = [
            command
            for command in house.workers.sent(rpc.ConnectLeg)
            if isinstance(command, rpc.ConnectLeg) and command.leg > 2
        ]
        assert [(end.leg, end.host, end.port) for end in ends] == [
            (3, "127.0.0.1", 16392),
            (4, "127.0.0.1", 16390),
        ]
        await one.hang_up()
        assert house.workers.sent(rpc.CloseLeg) == [rpc.CloseLeg(n) for n in (3, 4, 1)]
        assert sorted(house.workers.legs) == [2]

    run(story())


def test_a_line_that_cannot_be_had_parts_the_calls_and_says_so() -> None:
    async def story() -> None:
        house = House(SilentWorkers(count=2))
        one, other = await house.answered(), await house.answered()
        house.workers.answers = False
        one.join(other)
        house.workers.answers = True
        house.workers.tell(rpc.CommandFailed(3, "OpenLeg", "no ports are left"))
        assert one.leg.joint is None
        [error] = [fact for fact in house.facts.facts if isinstance(fact, ErrorReported)]
        assert error.text == "The calls could not be joined: no ports are left"
        assert sorted(house.workers.legs) == [1, 2]
        assert house.workers.sent(rpc.Bridge) == []

    run(story())


def test_a_call_that_is_not_answered_cannot_be_joined_and_one_that_is_over_is_not() -> None:
    async def story() -> None:
        house = House()
        one = await house.answered()
        house.react = house.early
        ringing = await house.place()
        await house.quiet()
        with pytest.raises(MediaFault, match="before it is answered"):
            one.join(ringing)
        ringing.request_end(HUNG_UP_BY_US)
        one.join(ringing)
        assert joins(house)[:1] == []

    run(story())


def test_a_call_with_early_media_is_joined_before_its_answer_and_stays_so() -> None:
    async def story() -> None:
        house = House()
        one = await house.answered()
        house.react = house.early
        other = await house.place(wants_early_media=True)
        waiting = asyncio.create_task(other.early_media())
        await waiting
        one.join(other)
        assert house.workers.sent(rpc.Bridge) == [rpc.Bridge(1, 2)]

    run(story())


def test_a_secondary_call_is_placed_beside_its_primary() -> None:
    workers = SilentWorkers(count=3)
    first = workers.choose(1, lambda _: None)
    workers.choose(2, lambda _: None)
    assert workers.choose(3, lambda _: None, beside=1) is first
