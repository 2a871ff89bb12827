"""Calls to customers' servers: answered, ended from either side, and every way not to get there."""

import asyncio
from dataclasses import replace

import pytest

from callwright.domain.call_control import CallIsOver
from callwright.domain.causes import FAILED_HERE
from callwright.domain.facts import CallPlaced, ErrorReported
from callwright.domain.ids import CallId
from callwright.engine.call_leg import MEDIA_PATIENCE
from callwright.engine.call_plan import SocketPlan
from callwright.engine.call_sockets import SUB_PROTOCOLS
from callwright.engine.handle import CallHandle
from callwright.engine.socket_leg import PARTING_PATIENCE
from callwright.worker import rpc
from tests.sim.clock import VirtualClock
from tests.sim.house import House, run
from tests.sim.media_workers import SilentWorkers

URL = "wss://voice.example/call?token=s3cret"
PLAN = SocketPlan(
    CallId("049136ca36e44662.7.9"),
    URL,
    "wss://voice.example/call?***",
    "441908273801@example.net",
    ring_timeout=30.0,
    max_duration=600.0,
    call_from="441908273801",
)


async def placed(house: House, plan: SocketPlan = PLAN) -> CallHandle:
    return await house.engine.call_socket(plan, house.facts)


async def answered(house: House) -> CallHandle:
    call = await placed(house)
    house.workers.tell(rpc.SocketConnected(call.leg.leg, "v2.ws.cloud.aculab.com"))
    await call.answered()
    return call


async def pass_time(house: House, call: CallHandle, seconds: float) -> None:
    """Let the leg's own timer fire, as the engine does when the time has come."""
    assert isinstance(house.clock, VirtualClock)
    house.clock.seconds += seconds
    call.leg.handle_timer(house.clock.now())
    house.engine._leg_changed(call.leg)
    await house.quiet()


def errors(house: House) -> list[str]:
    return [fact.text for fact in house.facts.facts if isinstance(fact, ErrorReported)]


def test_the_worker_is_told_all_that_it_needs() -> None:
    async def story() -> None:
        house = House()
        call = await answered(house)
        leg = call.leg.leg
        assert house.workers.sent(rpc.OpenSocketLeg) == [
            rpc.OpenSocketLeg(leg, URL, "192.0.2.3", "441908273801", SUB_PROTOCOLS)
        ]
        [fact] = [fact for fact in house.facts.facts if isinstance(fact, CallPlaced)]
        assert (fact.destination_address, fact.trunk) == ("wss://voice.example/call?***", "")
        assert call.parties.call_to == "wss://voice.example/call?***"
        assert "s3cret" not in f"{PLAN} {house.facts.facts}"
        await call.hang_up()

    run(story())


def test_whoever_has_no_number_is_a_sip_address() -> None:
    assert replace(PLAN, call_from="").caller == "sip:441908273801@example.net"
    assert replace(PLAN, call_from="tel:441").caller == "441"


def test_we_end_the_call_with_a_word_to_the_server() -> None:
    async def story() -> None:
        house = House()
        call = await answered(house)
        await call.hang_up()
        cause = await call.over()
        assert (str(cause), cause.call_cause) == ("NORMAL(0)", "completed")
        assert house.workers.sent(rpc.EndSocket) == [rpc.EndSocket(call.leg.leg, "NORMAL", 0)]
        assert (house.engine.legs, house.workers.legs) == (0, {})
        assert house.facts.names() == ["CallPlaced", "CallAnswered", "CallOver"]

    run(story())


ENDS = [
    ("server", "NORMAL", 16, "hung_up"),
    ("server", "BUSY", 17, "busy"),
    ("server", "NO_ANSWER", 19, "no_answer"),
    ("server", "NUMBER_UNOBTAINABLE", 1, "unobtainable"),
    ("server", "NUMBER_CHANGED", 22, "unobtainable"),
    ("server", "CONGESTION", 34, "failed"),
    ("server", "NORMAL", 1000, "hung_up"),
    ("error", "FAILED", 1006, "failed"),
    ("error", "FAILED", 900, "failed"),
]


@pytest.mark.parametrize(("origin", "cause", "raw_cause", "call_cause"), ENDS)
def test_the_server_ends_the_call_for_a_cause(
    origin: str, cause: str, raw_cause: int, call_cause: str
) -> None:
    async def story() -> None:
        house = House()
        call = await answered(house)
        ended = rpc.SocketEnded(call.leg.leg, origin, cause, raw_cause, "it broke")
        house.workers.tell(ended)
        end = await call.over()
        assert (str(end), end.call_cause) == (f"{cause}({raw_cause})", call_cause)
        is_error = origin == "error"
        assert errors(house) == ["wss://voice.example/call?***: it broke"] * is_error
        assert house.workers.sent(rpc.CloseLeg) == [rpc.CloseLeg(call.leg.leg)]

    run(story())


@pytest.mark.parametrize(
    ("url", "end"),
    [
        ("wss://voice.example:port/", "NUMBER_UNOBTAINABLE(901)"),
        ("wss://nowhere.invalid/", "NUMBER_UNOBTAINABLE(902)"),
        ("wss://private.example/", "OUT_OF_ORDER(903)"),
    ],
)
def test_a_server_that_is_nowhere_is_how_the_call_ends(url: str, end: str) -> None:
    async def story() -> None:
        house = House()
        call = await placed(house, replace(PLAN, url=url))
        with pytest.raises(CallIsOver) as over:
            await call.answered()
        assert str(over.value.cause) == end
        assert (len(errors(house)), house.workers.commands) == (1, [])
        assert house.facts.names() == ["CallPlaced", "ErrorReported", "CallOver"]

    run(story())


def test_a_call_may_end_while_its_servers_name_is_looked_up() -> None:
    async def story() -> None:
        house, looking = House(), asyncio.Event()

        async def never(_: str) -> str:
            looking.set()
            await asyncio.Event().wait()
            return ""

        house.address = never  # type: ignore[method-assign, assignment]
        placing = asyncio.create_task(placed(house))
        await looking.wait()
        placing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await placing
        assert (house.engine.legs, house.facts.names()) == (0, ["CallPlaced", "CallOver"])

    run(story())


def test_a_drain_ends_the_call_while_its_servers_name_is_looked_up() -> None:
    async def story() -> None:
        house, found = House(), asyncio.Event()

        async def late(_: str) -> str:
            await found.wait()
            return "192.0.2.3"

        house.address = late  # type: ignore[method-assign, assignment]
        placing = asyncio.create_task(placed(house))
        await house.quiet()
        await house.engine.drain(grace=0.0)
        found.set()
        call = await placing
        assert await call.over() == FAILED_HERE
        assert house.workers.commands == []

    run(story())


def test_a_server_that_does_not_take_the_call_in_time_is_given_up() -> None:
    async def story() -> None:
        house = House()
        call = await placed(house)
        await pass_time(house, call, PLAN.ring_timeout)
        cause = await call.over()
        assert (str(cause), cause.call_cause) == ("NO_ANSWER(0)", "no_answer")
        assert len(house.workers.sent(rpc.EndSocket)) == 1

    run(story())


def test_a_call_ends_when_it_has_lasted_long_enough() -> None:
    async def story() -> None:
        house = House()
        call = await answered(house)
        await pass_time(house, call, PLAN.max_duration)
        assert str(await call.over()) == "NORMAL(0)"

    run(story())


def test_a_worker_that_hangs_costs_the_call_and_no_more_time() -> None:
    async def story() -> None:
        house = House(SilentWorkers(answers=False))
        call = await placed(house)
        await pass_time(house, call, MEDIA_PATIENCE)
        await pass_time(house, call, PARTING_PATIENCE)
        await pass_time(house, call, MEDIA_PATIENCE)
        assert await call.over() == FAILED_HERE
        assert len(errors(house)) == 1

    run(story())


def test_a_worker_without_ports_or_one_that_dies_costs_the_call() -> None:
    async def story() -> None:
        house = House(SilentWorkers(is_alive=False))
        call = await placed(house)
        assert await call.over() == FAILED_HERE
        house = House()
        call = await answered(house)
        house.workers.die()
        assert await call.over() == FAILED_HERE
        assert house.engine.legs == 0

    run(story())


def test_an_end_from_both_sides_at_once_is_one_end() -> None:
    async def story() -> None:
        house = House()
        call = await answered(house)
        house.workers.answers = False
        call.request_end(FAILED_HERE)
        house.workers.tell(rpc.SocketEnded(call.leg.leg, "server", "BUSY", 17))
        house.workers.tell(rpc.SocketConnected(call.leg.leg, ""))
        house.workers.tell(rpc.LegClosed(call.leg.leg, 0, 0, 0, 0, 0.0, None))
        assert await call.over() == FAILED_HERE
        assert house.workers.sent(rpc.EndSocket) == [rpc.EndSocket(call.leg.leg, "FAILED", 0)]

    run(story())


def test_calls_to_servers_are_joined_like_any_others() -> None:
    async def story() -> None:
        house = House()
        phone, call = await house.answered(), await answered(house)
        phone.join(call)
        assert len(house.workers.sent(rpc.Bridge)) == 1
        house.workers.tell(rpc.SocketEnded(call.leg.leg, "server", "BUSY", 17))
        await call.over()
        assert phone.leg.joint is None
        await phone.hang_up()

    run(story())
