"""Where phrases begin and end."""

import numpy as np
import pytest
from numpy.typing import NDArray

from callwright.adapters.speech.phrase_ends import LEAD_FRAMES, MAX_PHRASE, Mark, PhraseEnds
from callwright.media.frames import FRAME_SAMPLES, TICK

_RANDOM = np.random.default_rng(4)


def frames(seconds: float, level: float) -> list[NDArray[np.int16]]:
    count = round(seconds / TICK)
    return [_RANDOM.normal(0, level, FRAME_SAMPLES).astype(np.int16) for _ in range(count)]


def marks(ends: PhraseEnds, sound: list[NDArray[np.int16]]) -> list[Mark]:
    return [ends.take(frame).mark for frame in sound]


@pytest.mark.parametrize("end_silence", [0.2, 0.7, 2.0])
def test_a_phrase_ends_after_its_silence(end_silence: float) -> None:
    ends = PhraseEnds(end_silence)
    found = marks(ends, frames(1, 8) + frames(1, 2000) + frames(3, 8))

    begin, end = found.index(Mark.BEGIN), found.index(Mark.END)
    assert 1.0 <= begin * TICK <= 1.2
    assert end * TICK == pytest.approx(2.0 + end_silence, abs=0.1)
    assert found.count(Mark.BEGIN) == found.count(Mark.END) == 1


def test_a_pause_that_is_shorter_ends_nothing() -> None:
    found = marks(
        PhraseEnds(0.7), frames(1, 8) + frames(1, 2000) + frames(0.4, 8) + frames(1, 2000)
    )
    assert found.count(Mark.BEGIN) == 1
    assert Mark.END not in found


def test_what_came_just_before_belongs_to_the_phrase() -> None:
    ends = PhraseEnds(0.7)
    steps = [ends.take(frame) for frame in frames(1, 8) + frames(0.5, 2000)]
    first = next(step for step in steps if step.mark is Mark.BEGIN)
    assert first.sound.size == LEAD_FRAMES * FRAME_SAMPLES


def test_noise_of_the_line_is_no_phrase() -> None:
    assert set(marks(PhraseEnds(0.7), frames(5, 30))) == {Mark.NOTHING}


def test_sound_without_end_is_cut() -> None:
    found = marks(PhraseEnds(0.7), frames(1, 8) + frames(MAX_PHRASE + 3, 3000))
    assert found.count(Mark.END) == 1
    assert found.count(Mark.BEGIN) == 2
