"""Legs without packets, in rooms: tones tell who is heard where. Stepped by hand."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from callwright.media.frames import Samples
from callwright.worker import rpc
from tests.sim.media import Pair, SteppedClock, Worker, record_command, run, share_at, sound_in

FORTY = range(1, 41)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def worker(clock: SteppedClock) -> Iterator[Worker]:
    made = Worker(clock, range(11400, 11410))
    yield made
    made.loop.close()


def tone_of(leg: int) -> float:
    return 300.0 + 70.0 * leg


def strengths(sound: Samples) -> dict[int, float]:
    """How strong each leg's tone is in a sound: the amplitude of its line in the spectrum."""
    spectrum = abs(np.fft.rfft(sound.astype(float) * np.hanning(len(sound)))) / len(sound)
    places = np.fft.rfftfreq(len(sound), 1 / 8000)
    return {leg: float(spectrum[abs(places - tone_of(leg)) < 20].max()) for leg in FORTY}


def test_forty_legs_each_hear_all_others_and_not_themselves(
    worker: Worker, clock: SteppedClock, tmp_path: Path
) -> None:
    for leg in FORTY:
        worker.open_in_room(leg, 1)
        tone = rpc.PlayTone((tone_of(leg),), 60_000, -30.0)
        worker.loop.execute(rpc.Play(leg, leg, (tone,)))
        path = tmp_path / f"{leg}.wav"
        worker.loop.execute(
            record_command(path, leg=leg, max_duration=0.5, starts_with_sound=False)
        )
    run(clock, 0.6, worker)
    for leg in FORTY:
        found = strengths(sound_in(tmp_path / f"{leg}.wav"))
        own = found.pop(leg)
        assert own < min(found.values()) / 20
        assert max(found.values()) < min(found.values()) * 1.2


def heard(worker: Worker, clock: SteppedClock, leg: int, path: Path) -> Samples:
    command = record_command(path, leg=leg, max_duration=0.4, starts_with_sound=False)
    worker.loop.execute(command)
    run(clock, 0.4, worker)
    return sound_in(path)


def test_rooms_are_apart_and_end_with_their_legs(
    worker: Worker, clock: SteppedClock, tmp_path: Path
) -> None:
    for leg, room in ((1, 1), (2, 1), (3, 2), (4, 2)):
        worker.open_in_room(leg, room)
        worker.say(leg, tone_of(leg))
    run(clock, 0.1, worker)
    assert share_at(heard(worker, clock, 1, tmp_path / "a.wav"), tone_of(2)) > 0.99
    worker.loop.execute(rpc.CloseLeg(2))
    assert worker.of(rpc.LegClosed) == [rpc.LegClosed(2, 0, 0, 0, 0, 0.0, None)]
    run(clock, 0.1, worker)
    assert not heard(worker, clock, 1, tmp_path / "b.wav").any()
    assert share_at(heard(worker, clock, 3, tmp_path / "c.wav"), tone_of(4)) > 0.99


@pytest.mark.parametrize(
    ("talks", "hears", "it_hears", "others_hear"),
    [
        (True, True, True, True),
        (False, True, True, False),
        (True, False, False, True),
        (False, False, False, False),
    ],
)
@pytest.mark.parametrize("is_set_later", [True, False])
def test_a_leg_talks_and_hears_as_it_is_told(
    worker: Worker,
    clock: SteppedClock,
    tmp_path: Path,
    *,
    talks: bool,
    hears: bool,
    it_hears: bool,
    others_hear: bool,
    is_set_later: bool,
) -> None:
    worker.open_in_room(1, 5)
    if is_set_later:
        worker.open_in_room(2, 5)
        worker.loop.execute(rpc.SetRoomLeg(2, talks, hears))
    else:
        worker.open_in_room(2, 5, talks=talks, hears=hears)
    for leg in (1, 2):
        worker.say(leg, tone_of(leg))
    run(clock, 0.1, worker)
    assert heard(worker, clock, 2, tmp_path / "it.wav").any() == it_hears
    assert heard(worker, clock, 1, tmp_path / "others.wav").any() == others_hear


def test_a_frame_takes_one_tick_through_a_room(
    worker: Worker, clock: SteppedClock, tmp_path: Path
) -> None:
    for leg in (1, 2):
        worker.open_in_room(leg, 1)
    worker.loop.execute(rpc.Play(1, 1, (rpc.PlayTone((1000.0,), 40),)))
    sound = heard(worker, clock, 2, tmp_path / "late.wav")
    loud = np.flatnonzero(abs(sound) > 500)
    assert 160 <= loud[0] < 170
    assert 470 < loud[-1] < 480


def test_far_ends_talk_through_a_room_and_their_keys_stay_events(
    pair: Pair, tmp_path: Path
) -> None:
    for leg in (1, 2):
        pair.line(leg, leg + 10)
        pair.near.open_in_room(leg + 20, 7)
        pair.near.loop.execute(rpc.Bridge(leg, leg + 20))
        pair.far.say(leg + 10, tone_of(leg))
    pair.run(0.4)
    assert share_at(pair.heard_by(11, tmp_path / "11.wav", 0.5), tone_of(2)) > 0.99
    assert share_at(pair.heard_by(12, tmp_path / "12.wav", 0.5), tone_of(1)) > 0.99

    pair.far.loop.execute(rpc.Play(11, 1, (rpc.PlayDigits("19"),)))
    pair.run(1.0)
    assert [(it.leg, it.digit) for it in pair.near.of(rpc.DigitReceived)] == [
        (leg, digit) for digit in "19" for leg in (1, 22)
    ]
    assert [(it.leg, it.in_band) for it in pair.far.of(rpc.DigitReceived)] == [(12, False)] * 2


def test_in_a_conference_nobody_hears_the_others_keys(pair: Pair, tmp_path: Path) -> None:
    for leg in (1, 2, 3):
        pair.line(leg, leg + 10)
        pair.near.open_in_room(leg + 20, 7)
        pair.near.loop.execute(rpc.Bridge(leg, leg + 20))
    pair.far.loop.execute(rpc.Play(11, 1, (rpc.PlayDigits("19"),)))
    assert not pair.heard_by(12, tmp_path / "12.wav", 1.0).any()
    assert {it.leg for it in pair.near.of(rpc.DigitReceived)} == {1}
    assert not pair.far.of(rpc.DigitReceived)


def test_keys_that_a_rooms_leg_plays_are_tones(worker: Worker, clock: SteppedClock) -> None:
    for leg in (1, 2):
        worker.open_in_room(leg, 1)
    worker.loop.execute(rpc.Play(1, 1, (rpc.PlayDigits("42"),)))
    run(clock, 1.0, worker)
    digits = worker.of(rpc.DigitReceived)
    assert [(it.leg, it.digit, it.in_band) for it in digits] == [(2, "4", True), (2, "2", True)]


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (rpc.ConnectLeg(1, "127.0.0.1", 9, 10, "PCMU", 0, None), "no packets"),
        (rpc.OpenRoomLeg(1, 3), "open already"),
        (rpc.SetRoomLeg(2, talks=True, hears=True), "in no room"),
    ],
)
def test_what_a_room_cannot_do_is_refused(
    worker: Worker, command: rpc.Command, problem: str
) -> None:
    worker.open_in_room(1, 3)
    worker.open(2)
    worker.loop.execute(command)
    (failed,) = worker.of(rpc.CommandFailed)
    assert failed.command == type(command).__name__
    assert problem in failed.problem


def test_rows_of_rooms_and_of_packets_take_turns_without_a_trace(
    worker: Worker, clock: SteppedClock, tmp_path: Path
) -> None:
    for leg in (1, 2):
        worker.open_in_room(leg, 3)
        worker.say(leg, tone_of(leg))
    run(clock, 0.1, worker)
    for leg in (1, 2):
        worker.loop.execute(rpc.CloseLeg(leg))
    port = worker.open(3)
    worker.connect(3, port)
    worker.open_in_room(4, 3)
    assert not heard(worker, clock, 3, tmp_path / "3.wav").any()
    assert not heard(worker, clock, 4, tmp_path / "4.wav").any()
