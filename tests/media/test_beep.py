"""A tone followed through frames: what lasts, what drifts, what is lost."""

from collections.abc import Sequence

import pytest

from callwright.media.beep import (
    HIGHEST_HZ,
    LOWEST_HZ,
    MAX_DRIFT,
    MAX_MISSES,
    MAX_SWELL_DB,
    TRANSITIONS,
    BeepDetector,
    Tone,
    ToneEvent,
    ToneState,
)
from callwright.media.far_end_features import FrameFeatures

BEEP = FrameFeatures(-12.0, 1000.0)
QUIET = FrameFeatures(-70.0, 0.0)
VOICE = FrameFeatures(-20.0, 0.0)


def told(frames: Sequence[FrameFeatures]) -> list[Tone | None]:
    detector = BeepDetector()
    return [detector.take(frame) for frame in frames]


def ends(frames: Sequence[FrameFeatures]) -> list[tuple[float, float]]:
    """Frequency and duration of each tone that is over."""
    return [
        (round(tone.frequency_hz), round(tone.duration, 2))
        for tone in told(frames)
        if tone is not None and tone.is_over
    ]


@pytest.mark.parametrize("frames", [9, 10, 25, 100])
def test_a_tone_is_told_while_it_sounds_and_once_when_it_is_over(frames: int) -> None:
    found = told([QUIET, *[BEEP] * frames, *[QUIET] * 10])
    assert found[: 1 + 8] == [None] * 9  # 180 ms are 9 frames
    sounding = [tone for tone in found if tone is not None and not tone.is_over]
    assert len(sounding) == frames - 8 + MAX_MISSES  # it may go on for as long as a packet is lost
    assert ends([QUIET, *[BEEP] * frames, *[QUIET] * 10]) == [(1000, round(frames * 0.02, 2))]


SHORT_OR_NO_TONES: list[tuple[str, list[FrameFeatures]]] = [
    ("160 ms", [BEEP] * 8),
    ("a voice", [VOICE] * 30),
    ("too low", [FrameFeatures(-12.0, LOWEST_HZ - 1)] * 30),
    ("too high", [FrameFeatures(-12.0, HIGHEST_HZ + 1)] * 30),
    ("two short ones", [*[BEEP] * 7, *[QUIET] * (MAX_MISSES + 1), *[BEEP] * 7]),
    ("a glide", [FrameFeatures(-12.0, 600.0 * 1.02**step) for step in range(30)]),
    ("a fading note", [FrameFeatures(-10.0 - 1.5 * step, 1000.0) for step in range(30)]),
]


@pytest.mark.parametrize("frames", [one[1] for one in SHORT_OR_NO_TONES])
def test_what_is_short_or_drifts_or_swells_is_no_tone(frames: list[FrameFeatures]) -> None:
    assert ends([*frames, *[QUIET] * 5]) == []


@pytest.mark.parametrize("lost", [1, MAX_MISSES])
def test_lost_packets_do_not_end_it_and_count_as_a_part_of_it(lost: int) -> None:
    frames = [*[BEEP] * 10, *[QUIET] * lost, *[BEEP] * 10, *[QUIET] * 5]
    assert ends(frames) == [(1000, round((20 + lost) * 0.02, 2))]


def test_a_longer_gap_ends_it_and_another_begins() -> None:
    frames = [*[BEEP] * 10, *[QUIET] * (MAX_MISSES + 1), *[BEEP] * 12, *[QUIET] * 5]
    assert ends(frames) == [(1000, 0.2), (1000, 0.24)]


def test_the_first_frame_may_hold_a_part_of_it_only() -> None:
    frames = [FrameFeatures(-25.0, 1100.0), *[BEEP] * 12, *[QUIET] * 5]
    assert ends(frames) == [(1000, 0.26)]


@pytest.mark.parametrize(
    ("odd", "belongs"),
    [
        (FrameFeatures(-12.0, 1000.0 * (1 + MAX_DRIFT / 2)), True),
        (FrameFeatures(-12.0, 1000.0 * (1 + MAX_DRIFT * 2)), False),
        (FrameFeatures(-12.0 - MAX_SWELL_DB / 2, 1000.0), True),
        (FrameFeatures(-12.0 - MAX_SWELL_DB * 2, 1000.0), False),
    ],
)
def test_it_stays_where_it_is_and_as_loud(odd: FrameFeatures, *, belongs: bool) -> None:
    [(_, duration)] = ends([*[BEEP] * 10, *[odd] * 5, *[QUIET] * 5])
    assert duration == pytest.approx(0.3 if belongs else 0.2)


def test_its_level_is_that_of_its_loudest_frame() -> None:
    found = told([*[BEEP] * 10, FrameFeatures(-9.0, 1000.0), *[BEEP] * 3])[-1]
    assert found is not None
    assert found.level_dbm0 == -9.0


def detector_in(state: ToneState) -> BeepDetector:
    detector = BeepDetector()
    frames = {ToneState.NONE: 0, ToneState.BEGINNING: 3, ToneState.SOUNDING: 12}[state]
    for _ in range(frames):
        detector.take(BEEP)
    assert detector.state is state
    return detector


ARROWS = [
    (state, event, after) for state, row in TRANSITIONS.items() for event, after in row.items()
]
FRAMES_FOR = {ToneEvent.HIT: 1, ToneEvent.LASTED: 6, ToneEvent.LOST: MAX_MISSES + 1}
"""How many frames bring it about, from where `detector_in` begins."""


@pytest.mark.parametrize(("state", "event", "after"), ARROWS)
def test_every_arrow_is_followed(state: ToneState, event: ToneEvent, after: ToneState) -> None:
    detector = detector_in(state)
    for _ in range(FRAMES_FOR[event]):
        detector.take(QUIET if event is ToneEvent.LOST else BEEP)
    assert detector.state is after


def test_silence_has_no_arrow_where_there_is_no_tone() -> None:
    assert ToneEvent.LOST not in TRANSITIONS[ToneState.NONE]
    detector = detector_in(ToneState.NONE)
    assert [detector.take(QUIET) for _ in range(10)] == [None] * 10
    assert detector.state is ToneState.NONE
