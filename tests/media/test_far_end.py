"""Human, machine or fax: whole answers, frame by frame, and every arrow of the table."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from callwright.media.far_end import (
    LONGEST_RINGING_PAUSE,
    MAX_RINGING,
    MAX_TIMEOUT,
    TRANSITIONS,
    Event,
    FarEndClassifier,
    State,
)
from callwright.media.far_end_features import FrameFeatures
from callwright.media.far_end_verdict import FarEndType, Mode, SegmentKind, Verdict
from callwright.media.frames import TICK

Frames = list[FrameFeatures]


def quiet(seconds: float) -> Frames:
    return [FrameFeatures(-65.0, 0.0)] * round(seconds / TICK)


def words(seconds: float, level: float = -18.0) -> Frames:
    """Syllables of 200 ms that swell by 12 dB and are no tone."""
    swells = [12 * abs(math.sin(math.pi * tick / 10)) - 12 for tick in range(round(seconds / TICK))]
    return [FrameFeatures(level + swell, 0.0) for swell in swells]


def tone(hertz: float, seconds: float, level: float = -12.0) -> Frames:
    return [FrameFeatures(level, hertz)] * round(seconds / TICK)


def hiss(seconds: float, level: float) -> Frames:
    chance = np.random.default_rng(1)
    return [FrameFeatures(level + chance.normal(), 0.0) for _ in range(round(seconds / TICK))]


def ringing(turns: int, pause: float = 3.0) -> Frames:
    return (tone(425.0, 1.0, -15.0) + quiet(pause)) * turns


def verdict(
    frames: Sequence[FrameFeatures],
    *,
    mode: Mode = Mode.NETWORK_CONNECT,
    timeout: float = MAX_TIMEOUT,
) -> Verdict:
    """What is said of these frames, with silence after them."""
    classifier = FarEndClassifier(100.0, mode=mode, timeout=timeout)
    for tick, frame in enumerate([*frames, *quiet(MAX_RINGING + 5)], 1):
        found = classifier.take(frame, 100.0 + tick * TICK)
        if found is not None:
            return found
    raise AssertionError("the timeout decides every call")


HUMAN, MACHINE = FarEndType.HUMAN, FarEndType.ANSWERING_MACHINE
FAX, UNKNOWN = FarEndType.FAX_MACHINE, FarEndType.UNKNOWN

ANSWERS: list[tuple[str, Frames, FarEndType, float, str]] = [
    ("hello", quiet(0.5) + words(0.4), HUMAN, 1.5, "was silent for 0.5"),
    ("a name", quiet(0.5) + words(1.4), HUMAN, 2.8, "spoke for 1."),
    ("late", quiet(2.5) + words(0.4), HUMAN, 3.5, "then was silent"),
    ("a greeting", quiet(0.3) + words(6.0), MACHINE, 2.9, "without waiting"),
    ("two sentences", quiet(0.3) + words(1.4) + quiet(0.5) + words(3.0), MACHINE, 2.9, "without"),
    ("a beep alone", quiet(1.0) + tone(1000.0, 0.4), MACHINE, 1.5, "beep: 1000 Hz for 0.40 s"),
    ("a beep soon", quiet(0.3) + words(1.0) + quiet(0.2) + tone(1400.0, 0.3), MACHINE, 1.9, "beep"),
    ("CED", quiet(0.5) + tone(2100.0, 3.0), FAX, 1.0, "fax tone: 2100 Hz"),
    ("CNG", quiet(0.5) + tone(1100.0, 0.5), FAX, 1.1, "fax tone: 1100 Hz for 0.50 s"),
    ("nobody", [], UNKNOWN, 5.0, "nothing decisive within 5.00 s"),
    ("noise alone", hiss(8.0, -40.0), UNKNOWN, 5.0, "nothing decisive"),
    ("a line's ringing alone", ringing(3), UNKNOWN, 5.0, "nothing decisive"),
    ("hello in hiss", [*hiss(0.6, -42.0), *words(0.4), *hiss(8.0, -42.0)], HUMAN, 1.6, "silent"),
    ("somebody at last", quiet(4.2) + words(0.4), HUMAN, 5.0, "time was up"),
    ("a machine at last", quiet(2.9) + words(6.0), MACHINE, 5.0, "time was up"),
]


@pytest.mark.parametrize(
    ("frames", "far_end_type", "after", "reason"),
    [one[1:] for one in ANSWERS],
    ids=[one[0] for one in ANSWERS],
)
def test_it_is_told_who_answered_when_and_why(
    frames: Frames, far_end_type: FarEndType, after: float, reason: str
) -> None:
    found = verdict(frames)
    assert found.far_end_type is far_end_type
    assert found.decided_after == pytest.approx(after, abs=0.15)
    assert reason in ", ".join(found.reasons)


@pytest.mark.parametrize("frames", [one[1] for one in ANSWERS], ids=[one[0] for one in ANSWERS])
def test_the_timeline_has_no_gaps_and_ends_with_the_verdict(frames: Frames) -> None:
    found = verdict(frames)
    assert found.timeline[0].start == 0.0
    for one, after in zip(found.timeline, found.timeline[1:], strict=False):
        assert one.end == after.start
        assert one.start < one.end
    assert found.timeline[-1].end == pytest.approx(found.decided_after, abs=TICK)


def test_the_timeline_names_what_was_heard() -> None:
    kinds = [it.kind for it in verdict(quiet(0.5) + words(1.0) + quiet(0.4) + words(3.0)).timeline]
    spoken = [SegmentKind.SPEECH, SegmentKind.SILENCE, SegmentKind.SPEECH]
    assert kinds == [SegmentKind.SILENCE, *spoken]


@pytest.mark.parametrize("timeout", [0.5, 1.0, 2.0, 5.0])
def test_silence_is_given_up_when_time_is_up_and_no_sooner(timeout: float) -> None:
    found = verdict([], timeout=timeout)
    assert (found.far_end_type, found.decided_after) == (UNKNOWN, timeout)


def test_a_verdict_stays_as_it_is() -> None:
    classifier = FarEndClassifier(0.0)
    frames = quiet(0.5) + words(0.4) + quiet(1.0) + words(6.0)
    found = [classifier.take(frame, tick * TICK) for tick, frame in enumerate(frames, 1)]
    said = {it.far_end_type for it in found if it is not None}
    assert said == {HUMAN}


def test_the_clock_starts_when_somebody_picks_up_where_networks_ring_after_answer() -> None:
    frames = ringing(3) + words(0.4)
    found = verdict(frames, mode=Mode.ANSWER_DETECT)
    assert found.far_end_type is HUMAN
    assert found.decided_after == pytest.approx(1.0, abs=0.2)
    assert SegmentKind.RINGING in {it.kind for it in found.timeline}


def test_who_picks_up_and_says_nothing_is_unknown_after_the_timeout() -> None:
    found = verdict(ringing(1, pause=0.0), mode=Mode.ANSWER_DETECT, timeout=2.0)
    assert found.far_end_type is UNKNOWN
    assert found.timeline[-1].end == pytest.approx(1.0 + LONGEST_RINGING_PAUSE + 2.0, abs=0.2)


def test_what_rings_for_ever_is_given_up() -> None:
    found = verdict(ringing(20), mode=Mode.ANSWER_DETECT)
    assert found.far_end_type is UNKNOWN
    assert found.timeline[-1].end == pytest.approx(MAX_RINGING, abs=0.1)


FINAL = [State.HUMAN, State.MACHINE, State.FAX, State.UNDECIDED]


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_row_and_only_verdicts_have_none(state: State) -> None:
    assert (TRANSITIONS[state] == {}) is (state in FINAL)


@pytest.mark.parametrize("state", [state for state in State if state not in FINAL])
def test_time_ends_every_state(state: State) -> None:
    assert TRANSITIONS[state][Event.TIME_UP] is State.UNDECIDED


def test_random_sound_is_decided_in_time_and_never_breaks_it() -> None:
    chance = np.random.default_rng(7)
    for _ in range(60):
        level = chance.uniform(-90, 3, 30)
        hertz = chance.choice([0.0, 0.0, 430.0, 1000.0, 1100.0, 2100.0], 30)
        frames = [
            FrameFeatures(float(level[piece]), float(hertz[piece]))
            for piece in range(30)
            for _ in range(int(chance.integers(1, 30)))
        ]
        assert 0 < verdict(frames).decided_after <= MAX_TIMEOUT


class Walker(FarEndClassifier):
    """Notes the arrows that it follows."""

    walked: set[tuple[State, Event]]

    def _step(self, event: Event) -> None:
        self.walked.add((self.state, event))
        super()._step(event)


def walked(frames: Sequence[FrameFeatures], mode: Mode) -> set[tuple[State, Event]]:
    walker = Walker(0.0, mode=mode)
    walker.walked = set()
    for tick, frame in enumerate([*frames, *quiet(MAX_RINGING + 5)], 1):
        walker.take(frame, tick * TICK)
    return walker.walked


DETECTED: list[Frames] = [
    ringing(2) + words(0.4),
    ringing(1) + tone(1000.0, 0.4),
    ringing(1) + tone(2100.0, 1.0),
    ringing(1),
    ringing(20),
]
RADIO = words(0.8, -30.0)
CONNECTED: list[Frames] = [
    *(one[1] for one in ANSWERS),
    quiet(0.5) + words(1.0) + tone(1000.0, 0.4),
    quiet(0.5) + words(1.0) + tone(2100.0, 1.0),
    quiet(0.5) + words(1.0) + quiet(0.3) + tone(2100.0, 1.0),
    RADIO + words(1.0, -16.0),
    quiet(0.4) + hiss(2.0, -30.0),
    quiet(4.4) + words(2.0),
    quiet(4.4) + words(0.4),
    quiet(0.5) + words(1.0) + tone(1000.0, 0.2) + words(1.0),
    quiet(2.8) + words(2.0) + quiet(1.0),
]


def test_every_arrow_is_followed_by_some_answer() -> None:
    followed = {arrow for frames in DETECTED for arrow in walked(frames, Mode.ANSWER_DETECT)}
    followed |= {arrow for frames in CONNECTED for arrow in walked(frames, Mode.NETWORK_CONNECT)}
    arrows = {(state, event) for state, row in TRANSITIONS.items() for event in row}
    assert followed == arrows
