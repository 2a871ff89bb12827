"""CANCEL crossing everything that it can cross: RFC 3261 9.1 and 13.2.2.4."""

from callwright.protocol.sip.events import (
    CallFailed,
    Invited,
    SipEvent,
)
from tests.sim.calls import (
    answering,
    assert_over,
    names,
    place,
    ringing,
)
from tests.sim.wire import Wire


class TestCancelRaces:
    """9.1 and 13.2.2.4: whatever crosses, one end is reported, and no call stays up."""

    def test_cancel_waits_for_the_first_provisional_response(self) -> None:
        wire = Wire(latency=0.2)
        ringing(wire)

        call = place(wire)
        wire.caller.endpoint.cancel(call, 0.0)
        wire.run_until(0.39)
        assert "CANCEL" not in wire.start_lines()

        wire.run_until(5.0)
        assert wire.start_lines().count("CANCEL") == 1
        assert wire.caller.events[-1] == CallFailed(call, 487, "Request Terminated", cancelled=True)
        assert_over(wire)

    def test_cancel_crosses_the_answer(self) -> None:
        wire = Wire(latency=0.2)
        answering(wire, after=2.0)

        call = place(wire)
        wire.at(2.3, lambda at: wire.caller.endpoint.cancel(call, at))
        wire.run_until(6.0)

        assert wire.caller.events[1:] == [
            CallFailed(call, 487, "Request Terminated", cancelled=True, is_local=True)
        ]
        assert names(wire.callee.events) == ["Invited", "Acknowledged", "HungUp"]
        assert_over(wire)

    def test_the_ring_timeout_crosses_the_answer(self) -> None:
        wire = Wire(latency=0.2)
        answering(wire, after=2.0)

        call = place(wire, ring_timeout=2.3)
        wire.run_until(6.0)

        assert wire.caller.events[1:] == [
            CallFailed(call, 408, "Request Timeout", timed_out=True, is_local=True)
        ]
        assert_over(wire)

    def test_the_answer_is_lost_and_then_cancelled(self) -> None:
        wire = Wire(lost={4})
        answering(wire, after=2.0)

        call = place(wire)
        wire.at(2.1, lambda at: wire.caller.endpoint.cancel(call, at))
        wire.run_until(6.0)

        assert wire.caller.events[1:] == [
            CallFailed(call, 487, "Request Terminated", cancelled=True, is_local=True)
        ]
        assert names(wire.callee.events) == ["Invited", "Acknowledged", "HungUp"]
        assert_over(wire)

    def test_the_answer_comes_before_any_provisional_response(self) -> None:
        wire = Wire(latency=1.0, lost={3})  # the INVITE goes twice; its 100 is lost
        answering(wire, after=0.0, rings=False)

        call = place(wire)
        wire.caller.endpoint.cancel(call, 0.0)
        wire.run_until(10.0)

        assert "CANCEL" not in wire.start_lines()
        assert wire.caller.events == [
            CallFailed(call, 487, "Request Terminated", cancelled=True, is_local=True)
        ]
        assert_over(wire)

    def test_a_refusal_crosses_the_cancel(self) -> None:
        wire = Wire(latency=0.5)

        def busy_later(event: SipEvent, now: float) -> None:
            if isinstance(event, Invited):
                wire.at(now + 2, lambda at: wire.callee.endpoint.reject(event.call, 486, at))

        wire.callee.react = busy_later
        call = place(wire)
        wire.at(2.6, lambda at: wire.caller.endpoint.cancel(call, at))
        wire.run_until(6.0)

        assert wire.caller.events == [CallFailed(call, 486, "Busy Here", cancelled=True)]
        assert_over(wire)

    def test_a_cancel_after_the_answer_hangs_up(self) -> None:
        wire = Wire()
        answering(wire)
        call = place(wire)
        wire.run_until(3.0)

        wire.caller.endpoint.cancel(call, wire.now)
        wire.run_until(4.0)

        assert names(wire.caller.events) == ["Progress", "Answered", "CallEnded"]
        assert_over(wire)

    def test_hang_up_before_the_answer_cancels(self) -> None:
        wire = Wire()
        ringing(wire)
        call = place(wire)
        wire.run_until(3.0)

        wire.caller.endpoint.hang_up(call, wire.now)
        wire.run_until(4.0)

        assert wire.caller.events[1:] == [
            CallFailed(call, 487, "Request Terminated", cancelled=True)
        ]
        assert_over(wire)

    def test_a_lost_cancel_and_a_lost_487_are_repeated(self) -> None:
        wire = Wire(lost={4, 6, 7})
        ringing(wire)
        call = place(wire)
        wire.at(3.0, lambda at: wire.caller.endpoint.cancel(call, at))
        wire.run_until(10.0)

        assert wire.caller.events[-1] == CallFailed(call, 487, "Request Terminated", cancelled=True)
        assert names(wire.callee.events) == ["Invited", "Cancelled"]
        assert_over(wire)
