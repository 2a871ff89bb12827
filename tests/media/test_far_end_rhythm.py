"""How long somebody speaks and waits, and when that says who he is."""

import pytest

from callwright.media.far_end_rhythm import (
    AT_ONCE,
    IN_WORDS,
    IN_WORDS_IN_NOISE,
    PATIENCE,
    PATIENCE_AGAIN,
    PATIENCE_AT_LAST,
    PATIENCE_AT_ONCE,
    PATIENCE_IN_NOISE,
    PAUSE,
    TALKS_ON,
    TALKS_ON_AT_LAST,
    Rhythm,
)
from callwright.media.frames import TICK

ONSET = 0.5


class Speaker:
    """Somebody who begins at `ONSET` and speaks and pauses as told."""

    def __init__(self, *, is_at_once: bool = False, is_noisy: bool = False) -> None:
        self.rhythm = Rhythm(0.0)
        self._ticks = round(ONSET / TICK)
        self.rhythm.take(self._ticks * TICK, is_sound=False, counts=True)
        self.rhythm.is_noisy = is_noisy
        self.rhythm.begin(self._ticks * TICK, is_at_once=is_at_once)

    def speaks(self, seconds: float) -> "Speaker":
        return self._goes_on(seconds, is_sound=True)

    def pauses(self, seconds: float) -> "Speaker":
        return self._goes_on(seconds, is_sound=False)

    def _goes_on(self, seconds: float, *, is_sound: bool) -> "Speaker":
        for _ in range(round(seconds / TICK)):
            self._ticks += 1
            self.rhythm.take(self._ticks * TICK, is_sound=is_sound, counts=True)
        return self


def waits(speaker: Speaker) -> float:
    """Seconds until he counts as waiting for us."""
    for tick in range(100):
        if speaker.rhythm.has_waited(is_time_up=False):
            return tick * TICK
        speaker.pauses(TICK)
    return 2.0


@pytest.mark.parametrize(("talked", "wait"), PATIENCE)
def test_who_has_spoken_for_longer_must_wait_for_longer(talked: float, wait: float) -> None:
    assert waits(Speaker().speaks(talked)) == pytest.approx(wait, abs=TICK)


def test_patience_never_falls_with_what_was_said() -> None:
    limits, patience = zip(*PATIENCE, strict=True)
    assert list(limits) == sorted(limits)
    assert list(patience) == sorted(patience)
    assert waits(Speaker().speaks(PATIENCE[-1][0] + 1)) == pytest.approx(patience[-1], abs=TICK)


def test_who_has_paused_before_must_wait_for_longer() -> None:
    longer = Speaker().speaks(0.3).pauses(PAUSE + 0.1).speaks(0.3)
    shorter = Speaker().speaks(0.4).pauses(PAUSE - 0.1).speaks(0.4)
    assert waits(longer) - waits(shorter) == pytest.approx(PATIENCE_AGAIN, abs=TICK)


def test_noise_and_speech_from_the_first_moment_on_make_patient() -> None:
    assert waits(Speaker(is_noisy=True).speaks(0.3)) == pytest.approx(PATIENCE_IN_NOISE, abs=TICK)
    at_once = waits(Speaker(is_at_once=True).speaks(0.3))
    assert at_once == pytest.approx(PATIENCE_AT_ONCE, abs=TICK)
    assert AT_ONCE < ONSET


def test_when_time_is_up_a_shorter_wait_is_enough() -> None:
    speaker = Speaker().speaks(0.5).pauses(PATIENCE_AT_LAST)
    assert speaker.rhythm.has_waited(is_time_up=True)
    assert not speaker.rhythm.has_waited(is_time_up=False)


TALKING: list[tuple[str, Speaker, bool]] = [
    ("as long as machines", Speaker().speaks(TALKS_ON), True),
    ("as long as people", Speaker().speaks(TALKS_ON - 0.1), False),
    ("with a pause in it", Speaker().speaks(1.2).pauses(0.6).speaks(0.8), True),
    ("in noise", Speaker(is_noisy=True).speaks(TALKS_ON), True),
    ("scraps of a radio", Speaker().speaks(1.0).pauses(1.4).speaks(0.2), False),
    ("at once", Speaker(is_at_once=True).speaks(1.4).pauses(0.9).speaks(0.3), False),
    ("the same, later", Speaker().speaks(1.4).pauses(0.9).speaks(0.3), True),
]


@pytest.mark.parametrize(
    ("speaker", "is_machine"), [one[1:] for one in TALKING], ids=[one[0] for one in TALKING]
)
def test_a_machine_talks_on_in_words(speaker: Speaker, *, is_machine: bool) -> None:
    assert speaker.rhythm.has_talked_on(is_time_up=False) is is_machine


def test_less_in_words_is_enough_where_nothing_else_is_heard() -> None:
    assert IN_WORDS < IN_WORDS_IN_NOISE < TALKS_ON


def test_when_time_is_up_who_still_speaks_has_talked_on() -> None:
    assert Speaker().speaks(TALKS_ON_AT_LAST).rhythm.has_talked_on(is_time_up=True)
    assert not Speaker().speaks(TALKS_ON_AT_LAST - 0.1).rhythm.has_talked_on(is_time_up=True)


def test_a_voice_out_of_noise_begins_anew() -> None:
    speaker = Speaker().speaks(1.0).pauses(0.4).speaks(1.0)
    speaker.rhythm.begin(speaker.rhythm.spoke_until, is_at_once=False)
    speaker.speaks(0.3)
    assert speaker.rhythm.talked == pytest.approx(0.3)
    assert waits(speaker) == pytest.approx(PATIENCE[0][1], abs=TICK)


def test_sound_in_a_pause_does_not_end_the_wait() -> None:
    rhythm = Speaker().speaks(0.4).pauses(0.3).rhythm
    rhythm.take(ONSET + 0.72, is_sound=True, counts=False)
    assert rhythm.waited == pytest.approx(0.32)
