"""The endpoint's verbs in every state: what is a bug of ours, and what merely comes late."""

from collections.abc import Callable

import pytest

from callwright.protocol.sip.errors import LocalSipError
from callwright.protocol.sip.events import (
    CallEnded,
    CallFailed,
    Cancelled,
)
from tests.sim.calls import (
    ANSWER,
    assert_over,
    place,
    ringing,
)
from tests.sim.wire import Wire


class TestVerbs:
    """A verb in the wrong state is our bug, and loud; one that comes too late is no bug."""

    def test_answering_our_own_call_is_a_bug(self) -> None:
        wire = Wire()
        call = place(wire)
        verbs: list[Callable[[], None]] = [
            lambda: wire.caller.endpoint.accept(call, b"", 0.0),
            lambda: wire.caller.endpoint.ring(call, 0.0),
            lambda: wire.caller.endpoint.reject(call, 486, 0.0),
        ]
        for verb in verbs:
            with pytest.raises(LocalSipError, match="only its callee"):
                verb()

    def test_verbs_in_the_wrong_state_are_bugs(self) -> None:
        wire = Wire()
        place(wire)
        wire.run_until(0.1)
        callee, call = wire.callee.endpoint, wire.callee.events[0].call

        with pytest.raises(LocalSipError, match="not ours to cancel"):
            callee.cancel(call, wire.now)
        with pytest.raises(LocalSipError, match="101 to 199"):
            callee.ring(call, wire.now, status=100)
        with pytest.raises(LocalSipError, match="300 to 699"):
            callee.reject(call, 200, wire.now)
        with pytest.raises(LocalSipError, match="control characters"):
            callee.reject(call, 486, wire.now, reason="a\r\nb")
        callee.accept(call, ANSWER, wire.now)
        with pytest.raises(LocalSipError, match="ACCEPT for a call that is ACCEPTED"):
            callee.accept(call, ANSWER, wire.now)
        with pytest.raises(LocalSipError, match="control characters"):
            callee.hang_up(call, wire.now, reason="Q.850\r\n")

    def test_verbs_for_a_call_that_is_over_do_nothing(self) -> None:
        wire = Wire()
        ringing(wire)
        call = place(wire)
        wire.run_until(1.0)
        wire.caller.endpoint.cancel(call, wire.now)
        wire.run_until(2.0)
        assert isinstance(wire.callee.events[-1], Cancelled)
        sent, over = len(wire.sent), wire.callee.events[0].call

        verbs: list[Callable[[], None]] = [
            lambda: wire.callee.endpoint.accept(over, ANSWER, wire.now),
            lambda: wire.callee.endpoint.reject(over, 486, wire.now),
            lambda: wire.callee.endpoint.ring(over, wire.now),
            lambda: wire.callee.endpoint.hang_up(over, wire.now),
            lambda: wire.callee.endpoint.answer_reinvite(over, b"", wire.now),
            lambda: wire.callee.endpoint.reject_reinvite(over, 488, wire.now),
            lambda: wire.caller.endpoint.cancel(call, wire.now),
            lambda: wire.caller.endpoint.hang_up(call, wire.now),
        ]
        for verb in verbs:
            verb()
        wire.run_until(3.0)

        assert len(wire.sent) == sent

    def test_hanging_up_on_an_unanswered_caller_refuses_the_call(self) -> None:
        wire = Wire()
        call = place(wire)
        wire.run_until(0.1)
        invited = wire.callee.events[0].call

        wire.callee.endpoint.hang_up(invited, wire.now)
        wire.run_until(1.0)

        assert wire.callee.events[-1] == CallEnded(invited, 480)
        assert wire.caller.events == [CallFailed(call, 480, "Temporarily Unavailable")]
        assert_over(wire)
