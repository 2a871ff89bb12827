"""Calls to a service here: real SIP whose datagrams never leave the engine."""

from dataclasses import replace
from typing import Any

import pytest

from callwright.domain.call_control import CallIsOver
from callwright.domain.facts import ErrorReported
from callwright.engine.call_plan import CallPlan, LocalRoute
from callwright.engine.capacity import Gate
from callwright.engine.handle import CallHandle
from callwright.engine.invitation import Arrival
from callwright.worker import rpc
from tests.sim.house import ACCOUNT, House, invitation, run
from tests.sim.wire import CALLEE_AT

ROUTE = LocalRoute(ACCOUNT, "desk", hops=3)


class Town:
    """A house that calls itself; `arrivals` are the other sides of its calls."""

    def __init__(self) -> None:
        self.house = House()
        self.arrivals: list[Arrival] = []
        self.sent: list[bytes] = []
        self.house.engine.receive_calls(self.arrivals.append)
        self.house.send = self._send  # type: ignore[method-assign]

    async def call(self, **changes: Any) -> tuple[CallHandle, Arrival]:
        """Call a service here; return the call and what arrived."""
        plan: CallPlan = replace(
            self.house._plan("loc:desk"),
            route=ROUTE,
            target="sip:desk@example.net",
            headers=(("X-Order", "4711"),),
            **changes,
        )
        caller = await self.house.engine.place(plan, self.house.facts, Gate())
        await self.house.quiet()
        return caller, self.arrivals[-1]

    def _send(self, data: bytes, host: str, port: int) -> None:
        del host, port
        self.sent.append(data)


def test_both_sides_are_calls_like_any_other_and_nothing_leaves() -> None:
    async def story() -> None:
        town = Town()
        caller, arrival = await town.call()
        callee = town.house.take(arrival)
        await callee.answer()
        await caller.answered()
        assert arrival.route == ROUTE
        assert arrival.call_from == "441908273801"
        assert arrival.destination_address == "sip:desk@example.net"
        assert arrival.parties(["X-Order"]).sip_headers == (("X-Order", "4711"),)
        await callee.hang_up()
        assert str(await caller.over()) == "NORMAL(200)"
        assert (town.sent, town.house.engine.legs) == ([], 0)

    run(story())


def test_the_callers_end_is_the_callees_too() -> None:
    async def story() -> None:
        town = Town()
        caller, arrival = await town.call()
        callee = town.house.take(arrival)
        await callee.answer()
        await caller.answered()
        await caller.hang_up()
        assert (await callee.over()).call_cause == "hung_up"

    run(story())


def test_a_caller_who_gives_up_is_gone_from_the_other_side() -> None:
    async def story() -> None:
        town = Town()
        caller, arrival = await town.call()
        callee = town.house.take(arrival)
        await town.house.quiet()
        await caller.hang_up()
        assert str(await callee.over()) == "NORMAL(487)"

    run(story())


def test_a_callee_is_heard_before_the_answer() -> None:
    async def story() -> None:
        town = Town()
        caller, arrival = await town.call(wants_early_media=True)
        callee = town.house.take(arrival)
        await callee.open_early_media()
        await caller.early_media()
        assert caller.leg.can_be_heard
        await caller.hang_up()
        await callee.over()

    run(story())


def test_an_applications_refusal_is_the_callers_cause_and_no_error() -> None:
    async def story() -> None:
        town = Town()
        caller, arrival = await town.call()
        callee = town.house.take(arrival)
        await callee.reject(404)
        with pytest.raises(CallIsOver, match=r"NUMBER_UNOBTAINABLE\(404\)"):
            await caller.answered()
        assert "ErrorReported" not in town.house.facts.names()

    run(story())


def test_what_the_reception_refuses_is_explained() -> None:
    async def story() -> None:
        town = Town()
        caller, arrival = await town.call()
        town.house.engine.refuse(arrival.sip_call, 404, "there is no desk")
        with pytest.raises(CallIsOver, match=r"NUMBER_UNOBTAINABLE\(404\)"):
            await caller.answered()
        errors = [one for one in town.house.facts.facts if isinstance(one, ErrorReported)]
        assert [one.text for one in errors] == ["loc:desk is not called: there is no desk"]

    run(story())


def test_the_sound_of_both_sides_stays_inside_the_machine() -> None:
    async def story() -> None:
        town = Town()
        town.house.workers.inner_host = "127.0.0.9"
        caller, arrival = await town.call()
        callee = town.house.take(arrival)
        await callee.answer()
        await caller.answered()
        commands = town.house.workers.commands
        hosts = [command.host for command in commands if isinstance(command, rpc.ConnectLeg)]
        assert hosts == ["127.0.0.9"] * 2
        await caller.hang_up()
        await callee.over()

    run(story())


def test_nobody_else_can_pass_for_a_local_call() -> None:
    """Who knows the Call-ID of one is still somewhere else."""

    async def story() -> None:
        town = Town()
        _, arrival = await town.call()
        call_id, own = arrival.request.call_id, b"Call-ID: "
        town.house.far_end.invite(invitation(), 0.0)
        [datagram] = town.house.far_end.to_send()
        before, _, after = datagram.data.partition(own)
        forged = before + own + call_id.encode() + after[after.index(b"\r\n") :]
        town.house.engine.receive(forged, *CALLEE_AT)
        await town.house.quiet()
        assert town.arrivals[-1].request.call_id == call_id
        assert town.arrivals[-1].route is None
        await town.house.engine.drain(grace=0.0)

    run(story())
