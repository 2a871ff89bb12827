"""Whole calls over the simulated wire: every race and every loss, each with one end a side."""

from collections import Counter
from random import Random

import pytest

from callwright.protocol.sip.endpoint import Datagram
from callwright.protocol.sip.events import (
    Acknowledged,
    Answered,
    CallEnded,
    CallFailed,
    HungUp,
    Invited,
    Progress,
    SipCallId,
    SipEvent,
)
from tests.sim.calls import (
    ANSWER,
    OFFER,
    TERMINAL,
    answering,
    assert_over,
    callee_hangs_up,
    hang_up_at,
    names,
    place,
    rejecting,
    ringing,
)
from tests.sim.wire import CALLER_AT, Wire


def test_a_call_is_answered_and_hung_up() -> None:
    wire = Wire()
    answering(wire)

    call = place(wire)
    hang_up_at(wire, 5.0, call)
    wire.run_until(6.0)

    assert wire.caller.events == [
        Progress(call, 180, "Ringing", b""),
        Answered(call, ANSWER),
        CallEnded(call, 200),
    ]
    assert names(wire.callee.events) == ["Invited", "Acknowledged", "HungUp"]
    assert wire.start_lines() == ["INVITE", "100", "180", "200", "ACK", "BYE", "200"]
    assert_over(wire)


def test_the_callee_sees_the_offer_and_where_it_came_from() -> None:
    wire = Wire()

    place(wire)
    wire.run_until(1.0)

    [event] = wire.callee.events
    assert isinstance(event, Invited)
    assert event.request.body == OFFER
    assert event.source == CALLER_AT


def test_early_media_travels_in_a_provisional_response() -> None:
    wire = Wire()
    call = place(wire)
    wire.run_until(0.05)
    [invited] = wire.callee.events

    wire.callee.endpoint.ring(invited.call, wire.now, status=183, body=ANSWER)
    wire.run_until(0.1)

    assert wire.caller.events == [Progress(call, 183, "Session Progress", ANSWER)]


@pytest.mark.parametrize(
    ("status", "reason", "phrase"),
    [(486, "", "Busy Here"), (603, "", "Decline"), (480, "Gone fishing", "Gone fishing"),
     (302, "", "Moved Temporarily"), (401, "", "Unauthorized"),
     (407, "", "Proxy Authentication Required"), (499, "", "Client Error")],
)  # fmt: skip
def test_a_refusal_is_reported_as_it_came(status: int, reason: str, phrase: str) -> None:
    wire = Wire()
    rejecting(wire, status, reason)

    call = place(wire)
    wire.run_until(1.0)

    assert wire.caller.events == [CallFailed(call, status, phrase)]
    assert wire.start_lines() == ["INVITE", "100", str(status), "ACK"]
    assert_over(wire)


def test_nobody_there_is_reported_when_timer_b_fires() -> None:
    wire = Wire(loss_rate=1.0)

    call = place(wire)
    wire.run_out()

    assert wire.caller.events == [CallFailed(call, 408, "Request Timeout", is_local=True)]
    assert wire.start_lines() == ["INVITE"] * 7
    assert wire.now == 32.0
    assert wire.caller.is_idle


def test_a_call_that_rings_too_long_is_cancelled() -> None:
    wire = Wire()
    ringing(wire)

    call = place(wire, ring_timeout=20.0)
    wire.run_until(21.0)

    assert wire.caller.events[1:] == [
        CallFailed(call, 487, "Request Terminated", timed_out=True),
    ]
    assert names(wire.callee.events) == ["Invited", "Cancelled"]
    assert wire.start_lines()[3:] == ["CANCEL", "200", "487", "ACK"]
    assert_over(wire)


def test_a_cancel_that_is_ignored_is_reported_after_64_t1() -> None:
    """9.1: after that long, the INVITE counts as cancelled."""
    wire = Wire(lost=range(4, 1000))
    ringing(wire)

    call = place(wire)
    wire.at(10.0, lambda at: wire.caller.endpoint.cancel(call, at))
    wire.run_until(60.0)

    assert wire.caller.events[1:] == [
        CallFailed(call, 408, "Request Timeout", cancelled=True, is_local=True)
    ]
    assert wire.caller.is_idle


def test_the_callee_hangs_up() -> None:
    wire = Wire()
    wire.callee.react = callee_hangs_up(wire, 3.0)

    call = place(wire)
    wire.run_until(5.0)

    assert wire.caller.events == [Answered(call, ANSWER), HungUp(call, None, "")]
    assert names(wire.callee.events) == ["Invited", "Acknowledged", "CallEnded"]
    assert_over(wire)


def test_a_bye_says_why() -> None:
    wire = Wire()
    answering(wire)
    call = place(wire)
    wire.run_until(3.0)

    reason = 'Q.850;cause=16;text="Normal call clearing"'
    wire.caller.endpoint.hang_up(call, wire.now, reason=reason)
    wire.run_until(4.0)

    assert wire.callee.events[-1] == HungUp(wire.callee.events[0].call, 16, reason)


def test_hanging_up_at_once_waits_for_the_ack() -> None:
    """15: the callee sends no BYE before the ACK."""
    wire = Wire(latency=0.2)
    wire.callee.react = callee_hangs_up(wire, 0.0)

    place(wire)
    wire.run_until(2.0)

    assert wire.start_lines() == ["INVITE", "100", "200", "ACK", "BYE", "200"]
    assert names(wire.callee.events) == ["Invited", "CallEnded"]
    assert_over(wire)


def test_both_hang_up_at_once() -> None:
    wire = Wire(latency=0.2)
    wire.callee.react = callee_hangs_up(wire, 3.0)

    call = place(wire)
    hang_up_at(wire, 3.3, call)
    wire.run_until(8.0)

    assert wire.start_lines().count("BYE") == 2
    assert wire.caller.events[-1] == CallEnded(call, 200)
    assert wire.callee.events[-1] == CallEnded(wire.callee.events[0].call, 200)
    assert_over(wire)


def test_a_bye_that_nobody_answers_ends_after_64_t1() -> None:
    wire = Wire(lost=range(6, 1000))
    answering(wire)
    call = place(wire)
    hang_up_at(wire, 5.0, call)
    wire.run_until(37.1)

    assert wire.caller.events[-1] == CallEnded(call, 408)


def test_an_answer_that_is_never_acknowledged_ends_the_call() -> None:
    """13.3.1.4. Its ACKs are lost, its BYE is not."""
    wire = Wire()
    answering(wire)
    place(wire)
    carry = wire._carry

    def lose_acks(source: object, datagram: Datagram) -> None:
        if not datagram.data.startswith(b"ACK "):
            carry(CALLER_AT if source == CALLER_AT else wire.callee.at, datagram)

    wire._carry = lose_acks  # type: ignore[method-assign]  # one wire that loses by method
    wire.run_until(40.0)

    assert wire.callee.events[-1] == HungUp(wire.callee.events[0].call, None, "no ACK")
    assert names(wire.caller.events) == ["Progress", "Answered", "HungUp"]
    assert_over(wire)


@pytest.mark.parametrize(
    ("lost", "what"),
    [
        ({1}, "INVITE"),
        ({2}, "100"),
        ({3}, "180"),
        ({4}, "200"),
        ({4, 5}, "200 twice"),
        ({5}, "ACK"),
        ({6}, "BYE"),
        ({7}, "the BYE's 200"),
        ({1, 2, 3, 5, 7, 8, 11, 13}, "every second datagram"),
    ],
)
def test_a_call_survives_the_loss_of(lost: set[int], what: str) -> None:
    wire = Wire(lost=lost)
    answering(wire)

    call = place(wire)
    hang_up_at(wire, 20.0, call)
    wire.run_out()

    assert names(wire.caller.events)[-2:] == ["Answered", "CallEnded"], what
    assert names(wire.callee.events) == ["Invited", "Acknowledged", "HungUp"], what
    assert_over(wire)


@pytest.mark.parametrize("seed", range(4))
def test_a_bad_wire_costs_no_call_its_one_end(seed: int) -> None:
    """50 calls each: 20 % loss, 5 % duplicates, reordering; people who do all kinds of things."""
    wire = Wire(loss_rate=0.2, duplicate_rate=0.05, jitter=0.4, seed=seed)
    people = Random(seed)

    def react(event: SipEvent, now: float) -> None:
        callee = wire.callee.endpoint
        if isinstance(event, Invited):
            call, mood = event.call, people.randrange(4)
            if mood:
                callee.ring(call, now)
            later = now + people.uniform(0.0, 12.0)
            if mood == 1:
                refused.add(call)
                wire.at(later, lambda at: callee.reject(call, 486, at))
            elif mood > 1:
                wire.at(later, lambda at: callee.accept(call, ANSWER, at))
        if isinstance(event, Acknowledged) and people.randrange(2):
            wire.at(now + people.uniform(0.0, 5.0), lambda at: callee.hang_up(event.call, at))

    wire.callee.react = react
    calls = []
    refused: set[SipCallId] = set()

    def start(_: float) -> None:
        call = place(wire, ring_timeout=people.uniform(3.0, 15.0))
        calls.append(call)
        hang_up_at(wire, wire.now + people.uniform(0.1, 25.0), call)

    for number in range(50):
        wire.at(number * 0.3, start)
    wire.run_out()

    ends = Counter(event.call for event in wire.caller.events if isinstance(event, TERMINAL))
    assert ends == dict.fromkeys(calls, 1)
    callee_ends = Counter(event.call for event in wire.callee.events if isinstance(event, TERMINAL))
    invited = {event.call for event in wire.callee.events if isinstance(event, Invited)}
    assert set(callee_ends.values()) <= {1}
    assert set(callee_ends) | refused == invited
    assert_over(wire)


def test_a_phone_that_rings_for_long_says_so_every_minute() -> None:
    """13.3.1.1."""
    wire = Wire()
    ringing(wire)

    place(wire, ring_timeout=150.0)
    wire.run_until(149.0)

    assert [round(at) for at, _, item in wire.sent if b" 180 " in item.data[:16]] == [0, 60, 120]
