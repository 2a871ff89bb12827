"""Sine waves in, sine waves out: what passes, what must not, and how long it all is."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from callwright.media.resample import Resampler, resample

SPEECH_HZ = 22_050
"""What espeak-ng speaks at."""


def _sine(frequency_hz: float, rate_hz: int, seconds: float = 0.5) -> NDArray[np.int16]:
    time = np.arange(int(rate_hz * seconds)) / rate_hz
    return (10_000 * np.sin(2 * np.pi * frequency_hz * time)).astype(np.int16)


def _level_db(samples: NDArray[np.int16], like: NDArray[np.int16]) -> float:
    """How much louder the middle of one sound is than that of another."""
    energy = [
        float(np.mean(sound[sound.size // 5 : -sound.size // 5].astype(float) ** 2)) + 1e-9
        for sound in (samples, like)
    ]
    return float(10 * np.log10(energy[0] / energy[1]))


@pytest.mark.parametrize("from_hz", [11_025, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("frequency_hz", [100, 1000, 3400])
def test_a_tone_of_the_telephone_band_passes_unchanged(from_hz: int, frequency_hz: int) -> None:
    expected = _sine(frequency_hz, 8000)
    found = resample(_sine(frequency_hz, from_hz), from_hz, 8000)[: expected.size]
    middle = slice(500, -500)
    error = found[middle].astype(float) - expected[middle]
    assert float(np.max(np.abs(error))) < 120  # 1.2 %: 0.1 dB


@pytest.mark.parametrize("frequency_hz", [4400, 5000, 7000, 10_000])
def test_a_tone_above_half_the_rate_does_not_fold_back(frequency_hz: int) -> None:
    tone = _sine(frequency_hz, SPEECH_HZ)
    assert _level_db(resample(tone, SPEECH_HZ, 8000), tone) < -60


@pytest.mark.parametrize("size", [0, 1, 2, 441, 442, 100_000])
def test_the_sound_is_as_long_as_before(size: int) -> None:
    found = resample(np.ones(size, np.int16), SPEECH_HZ, 8000)
    assert found.size == -(-size * 160 // 441)


def test_full_scale_is_clipped_and_never_wraps() -> None:
    square = np.where(_sine(300, SPEECH_HZ) > 0, 32_767, -32_768).astype(np.int16)
    found = resample(square, SPEECH_HZ, 8000)
    reference = resample((square // 4).astype(np.int16), SPEECH_HZ, 8000)
    assert np.array_equal(
        np.sign(found[np.abs(reference) > 100]), np.sign(reference[np.abs(reference) > 100])
    )


def test_a_higher_rate_is_reached_as_well() -> None:
    found = resample(_sine(1000, 8000), 8000, 16_000)
    assert abs(_level_db(found, _sine(1000, 16_000))) < 0.1


def test_the_same_rate_is_left_alone() -> None:
    tone = _sine(1000, 8000)
    assert resample(tone, 8000, 8000) is tone


@pytest.mark.parametrize(
    ("from_hz", "to_hz"), [(6000, 8000), (11_000, 8000), (11_025, 8000), (48_000, 8000), (1, 3)]
)
@pytest.mark.parametrize("pieces", [(1,), (7, 100), (3000,), (1, 0, 9000)])
def test_pieces_give_what_the_whole_gives(
    from_hz: int, to_hz: int, pieces: tuple[int, ...]
) -> None:
    sound = np.random.default_rng(7).integers(-20_000, 20_000, 11_111).astype(np.int16)
    resampler, found, at = Resampler(from_hz, to_hz), [], 0
    for size in itertools.cycle(pieces):
        found.append(resampler.feed(sound[at : at + size]))
        at += size
        if at >= sound.size:
            break
    found.append(resampler.finish())

    assert np.array_equal(np.concatenate(found), resample(sound, from_hz, to_hz))


def test_what_is_not_heard_yet_is_bounded() -> None:
    resampler = Resampler(48_000, 8000)
    made = sum(resampler.feed(np.zeros(480, np.int16)).size for _ in range(100))

    assert 8000 - made < 50
    assert resampler.finish().size == 8000 - made


def test_nothing_gives_nothing() -> None:
    assert Resampler(11_025, 8000).finish().size == 0
