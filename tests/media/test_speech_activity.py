"""Who makes sound, and when it begins and ends."""

import numpy as np
import pytest

from callwright.media.frames import FRAME_SAMPLES, Samples, amplitude
from callwright.media.speech_activity import SpeechActivity
from callwright.media.tones import Burst, render, sines


def hiss(duration: float, level: float, seed: int = 1) -> Samples:
    chance = np.random.default_rng(seed)
    wave = chance.normal(0, amplitude(level) / np.sqrt(2), int(duration * 8000))
    return wave.astype(np.int16)


def times(sound: Samples, activity: SpeechActivity | None = None) -> list[tuple[str, float]]:
    """When sound is reported to have started and ended, in seconds."""
    activity = activity or SpeechActivity()
    found = []
    for start in range(0, len(sound) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        tick = activity.listen(sound[start : start + FRAME_SAMPLES].reshape(1, -1))
        at = (start + FRAME_SAMPLES) / 8000
        found += [("started", at)] * len(tick.started) + [("ended", at)] * len(tick.ended)
    return found


def test_a_word_starts_after_60_ms_and_ends_half_a_second_after() -> None:
    sound = render([Burst(1000), Burst(1000, (300.0, 800.0)), Burst(1500)])
    assert times(sound) == [("started", 1.06), ("ended", 2.5)]


def test_a_click_is_no_word() -> None:
    assert times(render([Burst(500), Burst(40, (500.0,), 0.0), Burst(1000)])) == []


def test_pauses_between_words_do_not_end_it() -> None:
    word = [Burst(300, (400.0,)), Burst(400)]
    found = times(render([*word * 4, Burst(1000)]))
    assert [kind for kind, _ in found] == ["started", "ended"]


@pytest.mark.parametrize("level", [-70.0, -60.0, -52.0])
def test_a_lines_own_noise_is_silence(level: float) -> None:
    assert times(hiss(10.0, level)) == []


def test_noise_that_stays_is_taken_for_silence_after_a_while() -> None:
    found = times(np.concatenate([hiss(2.0, -65.0), hiss(20.0, -44.0)]))
    assert [kind for kind, _ in found] == ["started", "ended"]
    assert found[1][1] < 15.0


def test_speech_is_found_above_that_noise() -> None:
    word = sines((300.0, 700.0), -20.0, 0, 8000)
    sound = np.concatenate([hiss(15.0, -46.0), word + hiss(1.0, -46.0), hiss(2.0, -46.0)])
    found = [(kind, at) for kind, at in times(sound) if at > 14.0]
    assert [kind for kind, _ in found] == ["started", "ended"]
    assert found[0][1] == pytest.approx(15.06, abs=0.03)


def test_a_steady_loud_tone_remains_sound() -> None:
    assert times(sines((1000.0,), -15.0, 0, 8000 * 60)) == [("started", 0.06)]


def test_rows_are_judged_by_themselves_and_reset_by_themselves() -> None:
    activity = SpeechActivity()
    rows = np.zeros((3, FRAME_SAMPLES), np.int16)
    rows[1] = sines((500.0,), -10.0, 0, FRAME_SAMPLES)
    found = [activity.listen(rows) for _ in range(3)]
    assert found[2].is_sound.tolist() == [False, True, False]
    assert found[2].started.tolist() == [1]
    activity.reset(1)
    again = [activity.listen(rows) for _ in range(3)]
    assert again[2].started.tolist() == [1]
