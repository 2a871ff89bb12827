"""An inbound leg's life: what the caller hears of it, and what it says upwards."""

import pytest

from callwright.domain.call_control import CallState
from callwright.domain.call_events import Ended
from callwright.domain.causes import FAILED_HERE, HUNG_UP_BY_THEM, HUNG_UP_BY_US, EndCause
from callwright.domain.facts import CallPlaced, ErrorReported
from callwright.domain.records import CallDirection
from callwright.engine.inbound_leg import GIVEN_UP, UNANSWERED_PATIENCE
from callwright.engine.leg import LegState
from callwright.protocol.sip.events import Acknowledged, CallFailed, Reinvited
from callwright.worker import rpc
from tests.sim.inbound import OFFER, InboundBench, answer_to
from tests.sim.media_workers import SilentWorkers


def ended(bench: InboundBench) -> EndCause:
    """Why the leg ended; it must have said so once, and as its last word."""
    last = bench.told[-1]
    assert isinstance(last, Ended)
    assert bench.names().count("Ended") == 1
    assert bench.facts.names().count("CallOver") == 1
    assert bench.leg.snapshot().state is CallState.IDLE
    assert bench.workers.legs == {}
    return last.cause


def refused_with(bench: InboundBench) -> int:
    """What the caller was told instead of an answer."""
    [failed] = [event for event in bench.wire.caller.events if isinstance(event, CallFailed)]
    return failed.status


def test_a_call_rings_at_once_and_waits_for_somebody_to_answer() -> None:
    bench = InboundBench()
    bench.ring()
    assert bench.caller_heard() == [180]
    assert bench.leg.snapshot().state is CallState.INBOUND
    [placed] = bench.facts.facts
    assert isinstance(placed, CallPlaced)
    assert (placed.direction, placed.destination_address, placed.originating_address) == (
        CallDirection.IN,
        "sip:desk@192.0.2.2",
        "441632960961",
    )
    assert bench.workers.sent(rpc.ConnectLeg) == []


def test_an_answered_call_has_sound_and_is_hung_up_by_us() -> None:
    bench = InboundBench()
    bench.ring()
    assert bench.leg.answer((("X-Desk", "4"),))
    bench.run_for(1)
    assert bench.caller_heard() == [180, 200]
    assert bench.names() == ["Answered"]
    assert bench.leg.snapshot().state is CallState.ANSWERED
    [connect] = bench.workers.sent(rpc.ConnectLeg)
    assert isinstance(connect, rpc.ConnectLeg)
    assert (connect.host, connect.port, connect.encoding) == ("192.0.2.1", 4000, "PCMA")
    assert any(b"X-Desk: 4\r\n" in one.data for _, _, one in bench.wire.sent)
    bench.leg.hang_up(HUNG_UP_BY_US)
    bench.run_for(1)
    assert ended(bench) == HUNG_UP_BY_US
    assert bench.facts.names() == ["CallPlaced", "CallAnswered", "CallOver"]
    assert "BYE" in bench.wire.start_lines(bench.wire.callee)


def test_answering_twice_answers_once() -> None:
    bench = InboundBench()
    bench.ring()
    bench.leg.answer(())
    bench.leg.answer(())
    bench.run_for(1)
    bench.leg.answer(())
    bench.run_for(1)
    assert bench.caller_heard() == [180, 200]


def test_the_caller_hangs_up() -> None:
    bench = InboundBench()
    bench.ring()
    bench.leg.answer(())
    bench.run_for(1)
    assert bench.call is not None
    bench.wire.caller.endpoint.hang_up(bench.call, bench.wire.now)
    bench.run_for(1)
    assert ended(bench) == HUNG_UP_BY_THEM


def test_the_caller_gives_up_before_the_answer() -> None:
    bench = InboundBench()
    bench.ring()
    assert bench.call is not None
    bench.wire.caller.endpoint.cancel(bench.call, bench.wire.now)
    bench.run_for(1)
    assert ended(bench) == GIVEN_UP
    assert refused_with(bench) == 487


@pytest.mark.parametrize(
    ("status", "printed"),
    [
        (404, "NUMBER_UNOBTAINABLE(404)"),
        (480, "NO_ANSWER(480)"),
        (486, "BUSY(486)"),
        (503, "CONGESTION(503)"),
        (603, "CALL_REJECTED(603)"),
    ],
)
def test_a_refusal_is_the_callers_and_the_cause(status: int, printed: str) -> None:
    bench = InboundBench()
    bench.ring()
    assert bench.leg.reject(status)
    bench.run_for(1)
    assert (refused_with(bench), str(ended(bench))) == (status, printed)


@pytest.mark.parametrize(("cause", "status"), [(HUNG_UP_BY_US, 603), (FAILED_HERE, 503)])
def test_hanging_up_before_the_answer_refuses(cause: EndCause, status: int) -> None:
    bench = InboundBench()
    bench.ring()
    bench.leg.hang_up(cause)
    bench.run_for(1)
    assert (refused_with(bench), ended(bench)) == (status, cause)


def test_an_answered_call_cannot_be_refused() -> None:
    bench = InboundBench()
    bench.ring()
    bench.leg.answer(())
    bench.run_for(1)
    assert not bench.leg.reject(486)
    assert bench.leg.state is LegState.ANSWERED


def test_early_media_flows_before_the_answer_which_repeats_the_description() -> None:
    bench = InboundBench()
    bench.ring()
    assert bench.leg.open_early_media()
    bench.run_for(0.5)
    assert bench.caller_heard() == [180, 183]
    assert bench.names() == ["EarlyMedia"]
    assert bench.leg.can_be_heard
    assert bench.leg.snapshot().state is CallState.INBOUND
    bench.leg.answer(())
    bench.run_for(0.5)
    early, final = bench.bodies()
    assert early == final
    assert len(bench.workers.sent(rpc.ConnectLeg)) == 1


def test_a_call_with_early_media_may_still_be_refused() -> None:
    bench = InboundBench()
    bench.ring()
    bench.leg.open_early_media()
    bench.run_for(0.5)
    bench.leg.reject(486)
    bench.run_for(0.5)
    assert str(ended(bench)) == "BUSY(486)"


def test_what_is_asked_for_before_there_are_ports_is_done_when_there_are() -> None:
    workers = SilentWorkers(answers=False)
    bench = InboundBench(workers=workers)
    bench.ring()
    bench.leg.open_early_media()
    bench.leg.answer(())
    bench.run_for(0.5)
    assert bench.caller_heard() == [180]
    workers.answers = True
    workers.tell(rpc.LegOpened(1, 16386))
    bench.run_for(0.5)
    assert bench.caller_heard() == [180, 183, 200]


def test_a_caller_without_an_offer_gets_ours_and_answers_it_in_his_ack() -> None:
    bench = InboundBench()
    bench.ring(offer=b"")
    bench.leg.open_early_media()
    bench.leg.answer(())
    bench.wire.run_until(bench.wire.now + 0.015)
    [ours] = bench.bodies()
    assert bench.call is not None
    bench.leg.take(Acknowledged(bench.leg.call.sip_call, answer_to(ours)))
    assert bench.names() == ["EarlyMedia", "Answered"]
    [connect] = bench.workers.sent(rpc.ConnectLeg)
    assert isinstance(connect, rpc.ConnectLeg)
    assert connect.host == "192.0.2.1"


def test_an_ack_without_the_answer_that_was_asked_for_ends_the_call() -> None:
    bench = InboundBench()
    bench.ring(offer=b"")
    bench.leg.answer(())
    bench.run_for(1)
    assert ended(bench) == FAILED_HERE
    assert "BYE" in bench.wire.start_lines(bench.wire.callee)


def test_an_answer_whose_ack_never_comes_ends_the_call() -> None:
    bench = InboundBench()
    bench.ring()
    bench.leg.answer(())
    bench.wire._loss_rate = 1.0
    bench.run_for(40)
    assert ended(bench) == HUNG_UP_BY_THEM
    assert "CallAnswered" not in bench.facts.names()


def test_hanging_up_between_answer_and_ack_waits_for_the_ack() -> None:
    bench = InboundBench()
    bench.ring()
    bench.leg.answer(())
    bench.leg.hang_up(HUNG_UP_BY_US)
    assert bench.leg.state is LegState.CLEARING
    bench.run_for(1)
    assert ended(bench) == HUNG_UP_BY_US


def test_a_call_that_nobody_answers_is_refused_in_the_end() -> None:
    bench = InboundBench()
    bench.ring()
    bench.run_for(UNANSWERED_PATIENCE + 1)
    assert str(ended(bench)) == "NO_ANSWER(480)"


def test_the_longest_duration_ends_the_call() -> None:
    bench = InboundBench()
    bench.ring()
    bench.leg.answer(())
    bench.run_for(603)
    assert ended(bench) == HUNG_UP_BY_US


@pytest.mark.parametrize("workers", [SilentWorkers(is_alive=False), SilentWorkers(answers=False)])
def test_without_ports_the_caller_is_told_to_come_again(workers: SilentWorkers) -> None:
    bench = InboundBench(workers=workers)
    bench.ring()
    bench.run_for(12)
    assert (refused_with(bench), ended(bench)) == (503, FAILED_HERE)
    assert any(isinstance(fact, ErrorReported) for fact in bench.facts.facts)


def test_an_offer_inside_the_call_is_answered_and_none_gets_ours() -> None:
    bench = InboundBench()
    bench.ring()
    bench.leg.answer(())
    bench.run_for(1)
    hold = bench.leg.call.offer.replace(b"sendrecv", b"sendonly")
    bench.leg.take(Reinvited(bench.leg.call.sip_call, hold))
    connect = bench.workers.sent(rpc.ConnectLeg)[-1]
    assert isinstance(connect, rpc.ConnectLeg)
    assert not connect.sends
    bench.leg.take(Reinvited(bench.leg.call.sip_call, b""))
    bench.leg.take(Acknowledged(bench.leg.call.sip_call, answer_to(OFFER)))
    connect = bench.workers.sent(rpc.ConnectLeg)[-1]
    assert isinstance(connect, rpc.ConnectLeg)
    assert connect.sends
    assert bench.leg.state is LegState.ANSWERED
