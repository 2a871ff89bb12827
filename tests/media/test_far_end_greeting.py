"""When a machine that was found is ready to record."""

import math

import pytest

from callwright.media.far_end import FarEndClassifier
from callwright.media.far_end_features import FrameFeatures
from callwright.media.far_end_greeting import (
    MAX_WAIT,
    SILENCE,
    SILENCE_AFTER_BEEP,
    TRANSITIONS,
    GreetingEvent,
    GreetingState,
    Ready,
    ReadyReason,
    greeting_end,
)
from callwright.media.far_end_verdict import FarEndType
from callwright.media.frames import TICK

Frames = list[FrameFeatures]


def quiet(seconds: float) -> Frames:
    return [FrameFeatures(-65.0, 0.0)] * round(seconds / TICK)


def words(seconds: float) -> Frames:
    swells = [12 * abs(math.sin(math.pi * tick / 10)) for tick in range(round(seconds / TICK))]
    return [FrameFeatures(-30.0 + swell, 0.0) for swell in swells]


def beep(seconds: float = 0.4, level: float = -15.0) -> Frames:
    return [FrameFeatures(level, 1000.0)] * round(seconds / TICK)


def ready(frames: Frames) -> tuple[Ready, float]:
    """When a machine is ready, and how many seconds after answer that is."""
    classifier = FarEndClassifier(0.0)
    waiting = None
    for tick, frame in enumerate([*frames, *quiet(20.0)], 1):
        now = tick * TICK
        if waiting is not None:
            found = waiting.take(frame, now)
            if found is not None:
                assert waiting.take(frame, now + TICK) is found
                return found, now
            continue
        verdict = classifier.take(frame, now)
        if verdict is not None:
            assert verdict.far_end_type is FarEndType.ANSWERING_MACHINE
            waiting = greeting_end(classifier, verdict, now)
    raise AssertionError("the longest wait ends every greeting")


GREETINGS: list[tuple[str, Frames, ReadyReason, float]] = [
    ("a beep", words(6.0) + quiet(0.4) + beep(), ReadyReason.BEEP, 7.1 + SILENCE_AFTER_BEEP),
    ("no beep", words(5.0), ReadyReason.SILENCE, 5.3 + SILENCE),
    ("a beep alone", quiet(0.7) + beep(), ReadyReason.BEEP, 1.4 + SILENCE_AFTER_BEEP),
    (
        "two beeps",
        words(5.0) + beep() + quiet(0.5) + beep(),
        ReadyReason.BEEP,
        6.6 + SILENCE_AFTER_BEEP,
    ),
    (
        "goes on after a chime",
        words(4.0) + beep() + quiet(0.3) + words(3.0) + beep(),
        ReadyReason.BEEP,
        8.4 + SILENCE_AFTER_BEEP,
    ),
    (
        "a long pause",
        words(4.0) + quiet(2.5) + words(2.0) + beep(),
        ReadyReason.BEEP,
        9.2 + SILENCE_AFTER_BEEP,
    ),
    (
        "a click in the silence",
        words(4.0) + quiet(1.0) + words(0.04) + quiet(9.0),
        ReadyReason.SILENCE,
        4.3 + SILENCE,
    ),
]


@pytest.mark.parametrize(
    ("frames", "reason", "after"),
    [one[1:] for one in GREETINGS],
    ids=[one[0] for one in GREETINGS],
)
def test_a_machine_is_ready_after_its_beep_or_a_long_silence(
    frames: Frames, reason: ReadyReason, after: float
) -> None:
    found, at = ready(quiet(0.3) + frames)
    assert found.reason is reason
    assert at == pytest.approx(after, abs=0.15)


def test_a_machine_that_never_stops_is_given_up() -> None:
    found, _ = ready(quiet(0.3) + words(30.0))
    assert found == Ready(ReadyReason.TIME_UP, MAX_WAIT)


def test_a_faint_tone_is_a_note_of_its_music_and_no_beep() -> None:
    found, _ = ready(quiet(0.3) + words(5.0) + beep(level=-40.0))
    assert found.reason is ReadyReason.SILENCE


@pytest.mark.parametrize("state", GreetingState)
def test_every_state_but_the_last_ends_in_time(state: GreetingState) -> None:
    row = TRANSITIONS[state]
    assert (row == {}) is (state is GreetingState.READY)
    if row:
        assert row[GreetingEvent.TIME_UP] is GreetingState.READY
        assert row[GreetingEvent.BEEPED] is GreetingState.BEEPED
