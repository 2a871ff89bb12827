"""A leg's life, told by what it says upwards and what the far end and the worker see."""

import pytest

from callwright.domain.call_control import CallState, RecordingOrder, SoundFile
from callwright.domain.call_events import Answered, Ended
from callwright.domain.causes import (
    CANCELLED_BY_US,
    FAILED_HERE,
    HUNG_UP_BY_THEM,
    HUNG_UP_BY_US,
    EndCause,
)
from callwright.domain.clock import Instant
from callwright.domain.facts import CallOver, ErrorReported
from callwright.engine.capacity import WINDOW_MARGIN, Gate, StartWindow
from callwright.engine.leg import LegState
from callwright.worker import rpc
from tests.sim.legs import LegBench
from tests.sim.media_workers import SilentWorkers


def ended(bench: LegBench) -> EndCause:
    """Why the leg ended; it must have said so once, and as its last word."""
    last = bench.told[-1]
    assert isinstance(last, Ended)
    assert bench.names().count("Ended") == 1
    assert bench.facts.names().count("CallOver") == 1
    assert bench.leg.snapshot().state is CallState.IDLE
    assert bench.workers.legs == {}
    return last.cause


def test_an_answered_call_rings_is_answered_and_hangs_up() -> None:
    bench = LegBench()
    bench.place()
    bench.run_for(1)
    assert bench.names() == ["Ringing", "Answered"]
    assert bench.told[-1] == Answered("PCMU")
    assert bench.leg.snapshot().state is CallState.ANSWERED
    bench.leg.hang_up(HUNG_UP_BY_US)
    bench.run_for(1)
    assert ended(bench) == HUNG_UP_BY_US
    assert bench.facts.names() == ["CallPlaced", "CallRinging", "CallAnswered", "CallOver"]
    assert [type(command).__name__ for command in bench.workers.commands] == [
        "OpenLeg",
        "ConnectLeg",
        "CloseLeg",
    ]


def test_the_worker_is_told_what_was_negotiated() -> None:
    bench = LegBench()
    bench.place()
    bench.run_for(1)
    [connect] = bench.workers.sent(rpc.ConnectLeg)
    assert isinstance(connect, rpc.ConnectLeg)
    assert (connect.host, connect.port, connect.encoding) == ("192.0.2.2", 4000, "PCMU")
    assert (connect.payload_type, connect.telephone_event) == (0, 101)


def test_the_extra_headers_are_in_the_invite() -> None:
    bench = LegBench()
    bench.place()
    bench.run_for(1)
    assert b"X-AccountInfo: bob/123456789\r\n" in bench.wire.sent[0][2].data


@pytest.mark.parametrize(
    ("status", "printed"),
    [
        (486, "BUSY(486)"),
        (603, "CALL_REJECTED(603)"),
        (404, "NUMBER_UNOBTAINABLE(404)"),
        (503, "CONGESTION(503)"),
    ],
)
def test_a_refusal_is_the_cause(status: int, printed: str) -> None:
    bench = LegBench()
    bench.phone.status = status
    bench.place()
    bench.run_for(1)
    assert str(ended(bench)) == printed


def test_a_phone_that_only_rings_is_given_up() -> None:
    bench = LegBench(ring_timeout=5.0)
    bench.phone.status = 0
    bench.place()
    bench.run_for(10)
    assert str(ended(bench)).startswith("NO_ANSWER(")
    assert "CANCEL" in bench.wire.start_lines(bench.wire.caller)


def test_a_trunk_that_says_nothing_is_reported() -> None:
    bench = LegBench(ring_timeout=60.0)
    bench.wire.callee.react = None
    bench.wire._loss_rate = 1.0
    bench.place()
    bench.run_for(40)
    assert str(ended(bench)) == "NO_ANSWER(408)"
    [report] = [fact for fact in bench.facts.facts if isinstance(fact, ErrorReported)]
    assert "No response to the INVITE" in report.text


def test_the_far_end_hangs_up() -> None:
    bench = LegBench()
    bench.place()
    bench.run_for(1)
    bench.phone.hang_up(bench.wire.now)
    bench.run_for(1)
    assert ended(bench) == HUNG_UP_BY_THEM


def test_hanging_up_while_it_rings_cancels() -> None:
    bench = LegBench()
    bench.phone.status = 0
    bench.place()
    bench.run_for(1)
    bench.leg.hang_up(HUNG_UP_BY_US)
    bench.run_for(1)
    assert ended(bench) == CANCELLED_BY_US
    assert bench.wire.start_lines(bench.wire.caller)[-2:] == ["CANCEL", "ACK"]


def test_a_fault_of_ours_while_it_rings_stays_one() -> None:
    bench = LegBench()
    bench.phone.status = 0
    bench.place()
    bench.run_for(1)
    bench.leg.hang_up(FAILED_HERE)
    bench.run_for(1)
    assert ended(bench) == FAILED_HERE


def test_the_longest_duration_ends_the_call() -> None:
    bench = LegBench()
    bench.place()
    bench.run_for(599)
    assert bench.leg.state is LegState.ANSWERED
    bench.run_for(3)
    assert ended(bench) == HUNG_UP_BY_US


def test_an_answer_without_a_common_codec_ends_the_call() -> None:
    bench = LegBench()
    bench.phone.answer = b"v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nt=0 0\r\n"
    bench.place()
    bench.run_for(1)
    assert ended(bench) == FAILED_HERE
    assert "BYE" in bench.wire.start_lines(bench.wire.caller)
    assert "ErrorReported" in bench.facts.names()


def test_without_ports_nothing_is_dialled() -> None:
    bench = LegBench(workers=SilentWorkers(is_alive=False))
    bench.place()
    bench.run_for(1)
    assert ended(bench) == FAILED_HERE
    assert bench.wire.sent == []


def test_a_worker_that_hangs_holds_up_no_call() -> None:
    bench = LegBench(workers=SilentWorkers(answers=False))
    bench.place()
    bench.run_for(12)
    assert ended(bench) == FAILED_HERE
    assert bench.wire.sent == []


def test_a_worker_that_dies_ends_the_call_with_a_bye() -> None:
    bench = LegBench()
    bench.place()
    bench.run_for(1)
    bench.workers.die()
    bench.run_for(1)
    assert ended(bench) == FAILED_HERE
    assert "BYE" in bench.wire.start_lines(bench.wire.caller)
    [over] = [fact for fact in bench.facts.facts if isinstance(fact, CallOver)]
    assert str(over.cause) == "FAILED(-1)"


def test_a_recording_is_complete_before_the_call_is_over() -> None:
    bench = LegBench()
    bench.place()
    bench.run_for(1)
    bench.leg.media.record(RecordingOrder("/r.wav", None, 60, 3, 3))
    bench.leg.media.play([SoundFile("/p.wav")])
    bench.phone.hang_up(bench.wire.now)
    bench.run_for(1)
    assert bench.names()[-2:] == ["RecordingOver", "Ended"]
    [record] = bench.workers.sent(rpc.Record)
    assert isinstance(record, rpc.Record)
    assert record.encoding == "PCMU"


def closed_until(seconds: float) -> Gate:
    """A gate through which two starts a second may pass, and two have passed a second before."""
    window = StartWindow(2.0)
    for _ in range(2):
        window.note(Instant(seconds - 1.0))
    return Gate((window,))


def test_an_invite_waits_until_the_rates_let_it_leave() -> None:
    bench = LegBench(gate=closed_until(3.0))
    bench.place()
    bench.run_for(2.9)
    assert (bench.wire.sent, bench.leg.state) == ([], LegState.NEW)
    bench.run_for(1)
    assert bench.names() == ["Ringing", "Answered"]
    assert bench.wire.start_lines(bench.wire.caller).count("INVITE") == 1
    assert bench.leg.gate.free_at() > 3.0


def test_an_invite_counts_from_when_it_was_sent() -> None:
    gate = Gate((StartWindow(1.0),))
    bench = LegBench(gate=gate, sending_takes=0.25)
    bench.leg.media_opened(40_000)
    assert gate.free_at() == 0.25 + WINDOW_MARGIN


def test_a_call_that_is_given_up_while_it_waits_leaves_no_trace() -> None:
    bench = LegBench(gate=closed_until(3.0))
    bench.place()
    bench.run_for(1)
    bench.leg.hang_up(HUNG_UP_BY_US)
    bench.run_for(5)
    assert ended(bench) == CANCELLED_BY_US
    assert bench.wire.sent == []
