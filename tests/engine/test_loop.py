"""The engine: calls that come in and are decided about, and the end of everything."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright.engine.handle import CallHandle
from callwright.engine.invitation import Arrival
from callwright.engine.loop import MAX_UNDECIDED, CallerGone
from callwright.protocol.sip.events import CallFailed
from tests.sim.house import House, invitation, run
from tests.sim.wire import CALLEE_AT

VIDEO_ONLY = (
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
    b"m=video 4000 RTP/AVP 31\r\n"
)


def refusals(house: House) -> list[int]:
    return [event.status for event in house.heard if isinstance(event, CallFailed)]


def test_without_a_receptionist_nobody_is_here() -> None:
    async def story() -> None:
        house = House()
        house.call_in()
        await house.quiet()
        assert refusals(house) == [404]

    run(story())


@pytest.mark.parametrize("offer", [VIDEO_ONLY, b"nonsense"])
def test_an_offer_that_cannot_be_served_is_refused_before_anybody_is_asked(offer: bytes) -> None:
    async def story() -> None:
        house, arrivals = House(), list[Arrival]()
        house.engine.receive_calls(arrivals.append)
        house.call_in(offer=offer)
        await house.quiet()
        assert (refusals(house), arrivals) == ([488], [])

    run(story())


def test_a_call_is_refused_once_by_whoever_decides() -> None:
    async def story() -> None:
        house, arrivals = House(), list[Arrival]()
        house.engine.receive_calls(arrivals.append)
        house.call_in()
        await house.quiet()
        assert refusals(house) == []
        house.engine.refuse(arrivals[0].sip_call, 480)
        house.engine.refuse(arrivals[0].sip_call, 486)
        await house.quiet()
        assert refusals(house) == [480]

    run(story())


def test_a_caller_who_gave_up_is_not_taken() -> None:
    async def story() -> None:
        house, arrivals = House(), list[Arrival]()
        house.engine.receive_calls(arrivals.append)
        sip_call = house.call_in()
        await house.quiet()
        house.far_end.cancel(sip_call, 0.0)
        house.settle()
        await house.quiet()
        with pytest.raises(CallerGone):
            house.take(arrivals[0])
        house.engine.refuse(arrivals[0].sip_call, 480)
        assert (refusals(house), house.engine.legs) == ([487], 0)

    run(story())


def test_a_flood_is_told_to_come_again_later() -> None:
    async def story() -> None:
        house, arrivals = House(), list[Arrival]()
        house.engine.receive_calls(arrivals.append)
        for _ in range(MAX_UNDECIDED + 5):
            house.call_in()
        await house.quiet()
        assert (len(arrivals), refusals(house)) == (MAX_UNDECIDED, [503] * 5)
        house.engine.refuse(arrivals[0].sip_call, 404)
        house.call_in()
        await house.quiet()
        assert len(arrivals) == MAX_UNDECIDED + 1

    run(story())


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 255)), max_size=8))
def test_whatever_is_wrong_with_an_invite_it_costs_an_answer_at_most(
    damage: list[tuple[int, int]],
) -> None:
    async def story() -> None:
        house, arrivals = House(), list[Arrival]()
        house.engine.receive_calls(arrivals.append)
        house.far_end.invite(invitation(), 0.0)
        [datagram] = house.far_end.to_send()
        data = bytearray(datagram.data)
        for place, value in damage:
            data[place % len(data)] = value
        house.engine.receive(bytes(data), *CALLEE_AT)
        for arrival in arrivals:
            house.take(arrival)
        await house.engine.drain(grace=0.0)
        assert (house.engine.legs, house.workers.legs) == (0, {})

    run(story())


def test_calls_of_all_kinds_end_when_the_engine_does() -> None:
    async def story() -> None:
        house, taken = House(), list[CallHandle]()
        house.engine.receive_calls(lambda arrival: taken.append(house.take(arrival)))
        house.call_in()
        outbound = await house.answered()
        rooms = [house.enter(), house.enter()]
        outbound.join(rooms[0])
        await house.quiet()
        assert house.engine.legs == 4
        await house.engine.drain(grace=0.0)
        assert (house.engine.legs, house.workers.legs) == (0, {})
        assert 503 in refusals(house)

    run(story())


def test_a_call_that_ends_by_itself_ends_the_drain() -> None:
    async def story() -> None:
        house = House()
        call = await house.answered()
        draining = asyncio.create_task(house.engine.drain(grace=100.0))
        await house.quiet()
        assert not draining.done()
        await call.hang_up()
        await draining

    run(story())
