"""Two media loops on loopback, stepped by hand: what one plays, the other hears."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from callwright.worker import rpc
from callwright.worker.loop import MediaLoop
from callwright.worker.machine import MachineClock
from tests.sim.media import (
    InstantDisk,
    P,
    Pair,
    SeededEntropy,
    SteppedClock,
    T,
    Worker,
    record_command,
    run,
    sound_in,
)


@pytest.mark.parametrize("encoding", ["PCMU", "PCMA"])
@pytest.mark.parametrize("telephone_event", [101, None])
def test_keys_that_one_leg_plays_arrive_at_the_other(
    pair: Pair, encoding: str, telephone_event: int | None
) -> None:
    pair.connect(encoding=encoding, telephone_event=telephone_event)
    pair.run(0.2)
    keys = "1234567890*#ABCD"

    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayDigits(keys + ",1"),)))
    pair.run(0.2 * 17 + 1.0)

    digits = pair.far.of(rpc.DigitReceived)
    assert "".join(event.digit for event in digits) == keys + "1"
    assert {event.in_band for event in digits} == {telephone_event is None}
    (ended,) = pair.near.of(rpc.PlayEnded)
    assert ended.finished
    assert ended.duration == pytest.approx(0.2 * 17 + 0.5)


def test_speech_is_reported_when_it_begins_and_ends(pair: Pair) -> None:
    pair.connect()
    pair.run(0.2)
    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayTone((300.0, 800.0), 1000),)))
    pair.run(2.0)
    assert len(pair.far.of(rpc.SpeechStarted)) == 1
    (ended,) = pair.far.of(rpc.SpeechEnded)
    assert ended.duration == pytest.approx(1.0, abs=0.06)
    assert len(pair.far.of(rpc.MediaArrived)) == 1
    assert not pair.near.of(rpc.SpeechStarted)  # not asked for, nothing said


UNKNOWN: list[tuple[rpc.Command, rpc.Event]] = [
    (rpc.CloseLeg(77), rpc.CommandFailed(77, "CloseLeg", "there is no such leg")),
    (rpc.StopPlay(77, 1), rpc.CommandFailed(77, "StopPlay", "there is no such leg")),
    (rpc.StopRecord(77, 1), rpc.CommandFailed(77, "StopRecord", "there is no such leg")),
    (
        rpc.ConnectLeg(77, "127.0.0.1", 9, 10, "PCMU", 0, None),
        rpc.CommandFailed(77, "ConnectLeg", "there is no such leg"),
    ),
    (
        rpc.Play(77, 3, ()),
        rpc.PlayEnded(77, 3, finished=False, duration=0.0, problem="there is no such leg"),
    ),
    (
        rpc.Record(77, 3, "x.wav", "PCMU", 1.0, 1.0, 1.0),
        rpc.RecordEnded(
            77,
            3,
            duration=0.0,
            contains_sound=False,
            ended_by="failed",
            problem="there is no such leg",
        ),
    ),
]


@pytest.mark.parametrize(("command", "answer"), UNKNOWN, ids=lambda it: type(it).__name__)
def test_a_command_for_an_unknown_leg_is_answered(
    pair: Pair, command: rpc.Command, answer: rpc.Event
) -> None:
    pair.near.loop.execute(command)
    assert pair.near.events == [answer]


@pytest.mark.parametrize(
    "command",
    [
        rpc.ConnectLeg(1, "example.com", 9, 10, "PCMU", 0, None),
        rpc.ConnectLeg(1, "::1", 9, 10, "PCMU", 0, None),
        rpc.ConnectLeg(1, "127.0.0.1", 70000, 10, "PCMU", 0, None),
        rpc.ConnectLeg(1, "127.0.0.1", 9, 10, "G729", 18, None),
        rpc.ConnectLeg(1, "127.0.0.1", 9, 10, "PCMU", 0, 200),
        rpc.OpenLeg(1),
    ],
)
def test_a_command_that_makes_no_sense_is_answered_and_changes_nothing(
    pair: Pair, command: rpc.Command
) -> None:
    pair.near.open(1)
    pair.near.loop.execute(command)
    (failed,) = pair.near.of(rpc.CommandFailed)
    assert (failed.leg, failed.command) == (1, type(command).__name__)
    pair.run(0.1)
    assert pair.near.events == [failed]


def test_closing_a_leg_ends_everything_on_it_in_order(pair: Pair, tmp_path: Path) -> None:
    pair.connect()
    pair.far.loop.execute(record_command(tmp_path / "heard.wav", starts_with_sound=False))
    pair.far.loop.execute(rpc.Play(2, 4, (rpc.PlayTone((440.0,), 60_000),)))
    pair.run(0.5)
    pair.far.events.clear()
    pair.far.loop.execute(rpc.CloseLeg(2))
    assert [type(event) for event in pair.far.events] == [
        rpc.PlayEnded,
        rpc.RecordEnded,
        rpc.LegClosed,
    ]
    (closed,) = pair.far.of(rpc.LegClosed)
    assert closed.packets_sent == 25
    assert closed.packets_received == 25
    assert (closed.packets_lost, closed.packets_discarded) == (0, 0)
    assert len(sound_in(tmp_path / "heard.wav")) == 25 * 160


def test_rows_and_ports_are_used_again_without_a_trace_of_the_leg_before(pair: Pair) -> None:
    pair.connect()
    pair.near.loop.execute(rpc.Play(1, 1, (rpc.PlayTone((697.0, 1209.0), 60_000),)))
    pair.run(0.3)
    pair.far.loop.execute(rpc.CloseLeg(2))
    pair.far.events.clear()
    pair.far.open(3, reports_speech=True)
    pair.run(0.3)
    assert pair.far.events == []


def test_reports_measure_the_round_trip(pair: Pair) -> None:
    pair.connect()
    pair.run(20.0)
    pair.near.loop.execute(rpc.CloseLeg(1))
    (closed,) = pair.near.of(rpc.LegClosed)
    assert closed.round_trip_ms is not None
    assert 0 <= closed.round_trip_ms <= 40


class FaultyDisk(InstantDisk):
    """Has a bug that shows once, when it is told to."""

    is_faulty = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if self.is_faulty:
            self.is_faulty = False
            raise RuntimeError("a bug")
        return super().submit(fn, *args, **kwargs)


def test_a_legs_bug_ends_that_leg_and_no_other(tmp_path: Path) -> None:
    clock, disk = SteppedClock(), FaultyDisk()
    worker = Worker(clock, range(11220, 11230), disk)
    for leg in (1, 2):
        worker.connect(leg, worker.open(leg))
        command = record_command(tmp_path / f"{leg}.wav", leg=leg, starts_with_sound=False)
        worker.loop.execute(command)
    disk.is_faulty = True
    run(clock, 2.5, worker)  # longer than what is handed to the disk at once

    (failed,) = worker.of(rpc.CommandFailed)
    (closed,) = worker.of(rpc.LegClosed)
    assert failed.leg == closed.leg == 1
    assert "a bug" in failed.problem
    worker.loop.execute(rpc.CloseLeg(2))
    assert worker.of(rpc.RecordEnded)[-1].duration == 2.5
    worker.loop.close()


def test_ports_run_out_with_an_answer() -> None:
    worker = Worker(SteppedClock(), range(11200, 11202))
    worker.open(1)
    worker.loop.execute(rpc.OpenLeg(2))
    (failed,) = worker.of(rpc.CommandFailed)
    assert (failed.leg, failed.command) == (2, "OpenLeg")
    worker.loop.execute(rpc.CloseLeg(1))
    worker.events.clear()
    assert worker.open(3) == 11200
    worker.loop.close()


def test_it_ticks_by_itself_and_reports_how_punctually() -> None:
    events: list[rpc.Event] = []

    async def until_reported() -> None:
        reported = asyncio.Event()

        def emit(event: rpc.Event) -> None:
            events.append(event)
            if isinstance(event, rpc.TickReport):
                reported.set()

        loop = MediaLoop(
            emit=emit,
            rtp_host="127.0.0.1",
            rtp_ports=range(11210, 11214),
            clock=MachineClock(),
            entropy=SeededEntropy(1),
        )
        ticking = asyncio.create_task(loop.run())
        async with asyncio.timeout(10):  # far from the second that it takes: only ends a hang
            await reported.wait()
        loop.stop()
        await ticking

    asyncio.run(until_reported())
    (report,) = events
    assert isinstance(report, rpc.TickReport)
    assert report.ticks == sum(report.late_counts) > 0
    assert len(report.late_counts) == len(rpc.TICK_LATENESS_BOUNDS_MS) + 1
    assert 0 < report.busy_ratio < 1
