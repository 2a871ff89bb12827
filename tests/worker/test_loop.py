"""Two media loops on loopback, stepped by hand: what one plays, the other hears."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from callwright.domain.clock import Instant, UnixTime
from callwright.media.frames import Samples, level_dbm0
from callwright.media.tones import sines
from callwright.media.wav import Encoding, WavReader, WavWriter
from callwright.worker import rpc
from callwright.worker.loop import MediaLoop
from tests.sim.media import SeededEntropy, SteppedClock, Worker, run

NEAR_PORTS = range(42000, 42060)
FAR_PORTS = range(42100, 42160)


class Pair:
    """A near and a far worker, one leg each, connected."""

    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.near = Worker(self.clock, NEAR_PORTS)
        self.far = Worker(self.clock, FAR_PORTS)

    def connect(self, *, encoding: str = "PCMU", telephone_event: int | None = 101) -> None:
        near = self.near.open(1)
        far = self.far.open(2, reports_speech=True)
        self.near.connect(1, far, encoding=encoding, telephone_event=telephone_event)
        self.far.connect(2, near, encoding=encoding, telephone_event=telephone_event)

    def run(self, seconds: float) -> None:
        run(self.clock, seconds, self.near, self.far)


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.near.loop.close()
    made.far.loop.close()


def record(path: Path, **changes: object) -> rpc.Record:
    command = rpc.Record(
        leg=2,
        recording=9,
        path=str(path),
        encoding="PCM16",
        max_duration=10.0,
        max_silence=0.5,
        max_initial_silence=0.0,
    )
    for name, value in changes.items():
        command = rpc.msgspec.structs.replace(command, **{name: value})
    return command


def sound_in(path: Path) -> Samples:
    with path.open("rb") as stream:
        return WavReader(stream).read(1 << 20)


def share_at(samples: Samples, frequency_hz: float) -> float:
    """How much of the power lies within 20 Hz of a frequency, 0 to 1."""
    spectrum = np.abs(np.fft.rfft(samples.astype(float))) ** 2
    places = np.fft.rfftfreq(len(samples), 1 / 8000)
    return float(spectrum[abs(places - frequency_hz) < 20].sum() / spectrum.sum())


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


def test_a_recording_holds_the_tone_that_was_played(pair: Pair, tmp_path: Path) -> None:
    pair.connect()
    pair.run(0.2)
    path = tmp_path / "heard.wav"
    pair.far.loop.execute(record(path))

    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayTone((1000.0,), 600, -13.0),)))
    pair.run(2.0)

    (ended,) = pair.far.of(rpc.RecordEnded)
    assert (ended.ended_by, ended.contains_sound, ended.problem) == ("silence", True, "")
    sound = sound_in(path)
    assert len(sound) / 8000 == pytest.approx(ended.duration)
    loud = np.flatnonzero(abs(sound) > 300)
    assert (loud[-1] - loud[0]) / 8000 == pytest.approx(0.6, abs=0.03)
    middle = sound[loud[0] + 800 : loud[-1] - 800]
    assert share_at(middle, 1000.0) > 0.98
    assert level_dbm0(middle) == pytest.approx(-13.0, abs=0.3)


@pytest.mark.parametrize("coding", [Encoding.PCMA, Encoding.PCMU, Encoding.PCM16])
def test_a_file_is_heard_as_it_was_written(pair: Pair, tmp_path: Path, coding: Encoding) -> None:
    written = sines((440.0,), -12.0, 0, 8000 * 5)  # longer than what is read at once
    with (tmp_path / "prompt.wav").open("wb") as stream:
        writer = WavWriter(stream, coding)
        writer.write(written)
        writer.close()
    pair.connect()
    pair.run(0.2)
    pair.far.loop.execute(record(tmp_path / "heard.wav", starts_with_sound=False))

    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayFile(str(tmp_path / "prompt.wav")),)))
    pair.run(6.0)

    (ended,) = pair.near.of(rpc.PlayEnded)
    assert (ended.finished, ended.duration) == (True, 5.0)
    heard = sound_in(tmp_path / "heard.wav")
    first = int(np.flatnonzero(abs(heard) > 500)[0])
    assert share_at(heard[first : first + 38_000], 440.0) > 0.999


@pytest.mark.parametrize(
    ("changes", "tone_ms", "ended_by", "contains_sound"),
    [
        ({"max_duration": 0.3}, 1000, "max_duration", True),
        ({"max_silence": 0.2}, 300, "silence", True),
        ({"max_initial_silence": 0.4}, 0, "silence", False),
        ({"max_initial_silence": 0.4, "starts_with_sound": False}, 0, "silence", False),
    ],
)
def test_a_recording_ends_by_each_of_its_rules(
    pair: Pair,
    tmp_path: Path,
    changes: dict[str, object],
    tone_ms: int,
    ended_by: str,
    contains_sound: bool,  # noqa: FBT001 - a column of the table
) -> None:
    pair.connect()
    pair.run(0.1)
    pair.far.loop.execute(record(tmp_path / "heard.wav", **changes))
    pair.near.loop.execute(rpc.Play(1, 5, (rpc.PlayTone((700.0,), tone_ms, -10.0),)))
    pair.run(1.5)
    (ended,) = pair.far.of(rpc.RecordEnded)
    assert (ended.ended_by, ended.contains_sound) == (ended_by, contains_sound)


def test_the_beep_is_heard_and_is_not_in_the_recording(pair: Pair, tmp_path: Path) -> None:
    pair.connect()
    pair.run(0.1)
    pair.near.loop.execute(record(tmp_path / "near.wav", leg=1, starts_with_sound=False))
    pair.far.loop.execute(record(tmp_path / "far.wav", beeps=True, starts_with_sound=False))
    pair.run(1.0)
    pair.near.loop.execute(rpc.StopRecord(1, 9))
    pair.far.loop.execute(rpc.StopRecord(2, 9))
    heard = sound_in(tmp_path / "near.wav")
    loud = np.flatnonzero(abs(heard) > 100)
    assert (loud[-1] - loud[0]) / 8000 == pytest.approx(0.2, abs=0.01)
    assert level_dbm0(sound_in(tmp_path / "far.wav")) < -60


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


def test_a_new_play_replaces_the_one_before_and_each_is_answered_once(pair: Pair) -> None:
    pair.connect()
    tone = rpc.PlayTone((500.0,), 10_000)
    pair.near.loop.execute(rpc.Play(1, 1, (tone,)))
    pair.run(0.1)
    pair.near.loop.execute(rpc.Play(1, 2, (tone,)))
    pair.run(0.1)
    pair.near.loop.execute(rpc.StopPlay(1, 1))  # has ended already
    pair.near.loop.execute(rpc.StopPlay(1, 2))
    pair.near.loop.execute(rpc.StopPlay(1, 2))
    ended = pair.near.of(rpc.PlayEnded)
    assert [(it.play, it.finished) for it in ended] == [(1, False), (2, False)]
    assert ended[0].duration == pytest.approx(0.1)


def test_a_looping_play_goes_on_until_it_is_stopped(pair: Pair) -> None:
    pair.connect()
    pair.near.loop.execute(rpc.Play(1, 1, (rpc.PlayTone((500.0,), 30),), loops=True))
    pair.run(1.0)
    assert not pair.near.of(rpc.PlayEnded)
    pair.near.loop.execute(rpc.StopPlay(1, 1))
    assert pair.near.of(rpc.PlayEnded)


def test_a_looping_play_without_any_sound_ends(pair: Pair) -> None:
    pair.connect()
    pair.near.loop.execute(rpc.Play(1, 1, (rpc.PlayTone((), 0),), loops=True))
    pair.run(0.04)
    (ended,) = pair.near.of(rpc.PlayEnded)
    assert ended.duration == 0.0


def no_wav(path: Path) -> Path:
    path.write_bytes(b"not a wav file at all")
    return path


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (rpc.PlayFile("/nowhere/at/all.wav"), "No such file"),
        (rpc.PlayDigits("12x"), "digits to play"),
        (rpc.PlayDigits("1", tone_ms=9000), "9000 ms"),
        (rpc.PlayTone((9000.0,), 100), "9000.0"),
    ],
)
def test_what_cannot_be_played_is_told_and_the_leg_goes_on(
    pair: Pair, item: rpc.Playable, problem: str
) -> None:
    pair.connect()
    pair.near.loop.execute(rpc.Play(1, 7, (item,)))
    pair.run(0.1)
    (ended,) = pair.near.of(rpc.PlayEnded)
    assert (ended.play, ended.finished) == (7, False)
    assert problem in ended.problem
    pair.near.loop.execute(rpc.Play(1, 8, (rpc.PlayTone((400.0,), 40),)))
    pair.run(0.1)
    assert pair.near.of(rpc.PlayEnded)[-1].finished


def test_a_file_that_is_no_wav_is_told(pair: Pair, tmp_path: Path) -> None:
    pair.connect()
    path = no_wav(tmp_path / "letter.wav")
    pair.near.loop.execute(rpc.Play(1, 7, (rpc.PlayFile(str(path)),)))
    pair.run(0.04)
    assert "RIFF" in pair.near.of(rpc.PlayEnded)[0].problem


def test_a_recording_that_cannot_be_written_is_told(pair: Pair) -> None:
    pair.connect()
    pair.far.loop.execute(record(Path("/nowhere/at/all.wav")))
    pair.run(0.1)
    pair.far.loop.execute(rpc.StopRecord(2, 9))
    (ended,) = pair.far.of(rpc.RecordEnded)
    assert ended.ended_by == "failed"
    assert "/nowhere" in ended.problem


UNKNOWN: list[tuple[rpc.Command, rpc.Event]] = [
    (rpc.CloseLeg(77), rpc.CommandFailed(77, "CloseLeg", "there is no such leg")),
    (rpc.StopPlay(77, 1), rpc.CommandFailed(77, "StopPlay", "there is no such leg")),
    (rpc.StopRecord(77, 1), rpc.CommandFailed(77, "StopRecord", "there is no such leg")),
    (
        rpc.ConnectLeg(77, "127.0.0.1", 9, 10, "PCMU", 0, None),
        rpc.CommandFailed(77, "ConnectLeg", "there is no such leg"),
    ),
    (rpc.Play(77, 3, ()), rpc.PlayEnded(77, 3, finished=False, duration=0.0, problem="there is no such leg")),
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
]  # fmt: skip


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
    pair.far.loop.execute(record(tmp_path / "heard.wav", starts_with_sound=False))
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


def test_ports_run_out_with_an_answer() -> None:
    worker = Worker(SteppedClock(), range(42200, 42202))
    worker.open(1)
    worker.loop.execute(rpc.OpenLeg(2))
    (failed,) = worker.of(rpc.CommandFailed)
    assert (failed.leg, failed.command) == (2, "OpenLeg")
    worker.loop.execute(rpc.CloseLeg(1))
    worker.events.clear()
    assert worker.open(3) == 42200
    worker.loop.close()


class MachineClock:
    def now(self) -> Instant:
        return Instant(time.monotonic())

    def unix_time(self) -> UnixTime:
        return UnixTime(time.time())


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
            rtp_ports=range(42210, 42214),
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
