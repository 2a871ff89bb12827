"""Keys in the sound: what Q.24 says must be heard, and what must not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from callwright.media.dtmf import DtmfDetector
from callwright.media.frames import FRAME_SAMPLES, Samples, amplitude
from callwright.media.tones import HIGH_HZ, KEYPAD, LOW_HZ

KEYS = "".join(KEYPAD)
Wave = NDArray[np.float64]


def tone(
    key: str,
    duration_ms: float,
    *,
    level: float = -10.0,
    twist: float = 0.0,
    off: float = 0.0,
    off_high: float | None = None,
) -> Wave:
    """A key; twist is the high tone's level over the low one's, off a share of the frequency."""
    row = next(place for place, keys in enumerate(KEYPAD) if key in keys)
    times = np.arange(round(duration_ms * 8)) / 8000
    low = LOW_HZ[row] * (1 + off)
    high = HIGH_HZ[KEYPAD[row].index(key)] * (1 + (off if off_high is None else off_high))
    wave: Wave = amplitude(level - twist / 2) * np.sin(2 * np.pi * low * times)
    wave += amplitude(level + twist / 2) * np.sin(2 * np.pi * high * times + 1.0)
    return wave


def silence(duration_ms: float) -> Wave:
    return np.zeros(round(duration_ms * 8))


def noise(wave: Wave, level: float, seed: int = 1) -> Wave:
    power = amplitude(level) / np.sqrt(2)
    return wave + np.random.default_rng(seed).normal(0.0, power, len(wave))


def heard_in(*waves: Wave) -> list[str]:
    """The keys heard in each of several sounds, listened to side by side."""
    length = max(len(wave) for wave in waves) + 800
    length += -length % FRAME_SAMPLES
    rows = np.zeros((len(waves), length))
    for row, wave in zip(rows, waves, strict=True):
        row[: len(wave)] = wave
    sound: Samples = np.clip(np.rint(rows), -0x8000, 0x7FFF).astype(np.int16)
    detector = DtmfDetector()
    keys = [""] * len(waves)
    for start in range(0, length, FRAME_SAMPLES):
        for heard in detector.detect(sound[:, start : start + FRAME_SAMPLES]):
            keys[heard.row] += heard.key
    return keys


OFFSETS_MS = [0, 2.5, 5, 7.5, 10, 12.5, 15, 17.5, 19]
"""Where a press may begin within a frame."""


def placed(wave: Wave) -> list[Wave]:
    return [np.concatenate([silence(40 + offset), wave]) for offset in OFFSETS_MS]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("level", [0.0, -10.0, -25.0])
@pytest.mark.parametrize("twist", [-8.0, 0.0, 4.0])
def test_forty_milliseconds_are_a_key(key: str, level: float, twist: float) -> None:
    level -= abs(twist) / 2 if level == 0.0 else 0.0  # neither tone may clip
    presses = placed(tone(key, 40, level=level, twist=twist))
    assert heard_in(*presses) == [key] * len(presses)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("duration_ms", [10, 20, 23])
def test_a_shorter_one_is_none(key: str, duration_ms: float) -> None:
    presses = placed(tone(key, duration_ms))
    assert heard_in(*presses) == [""] * len(presses)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("off", [-0.015, 0.015])
def test_tones_a_little_off_are_a_key(key: str, off: float) -> None:
    presses = placed(tone(key, 50, off=off)) + placed(tone(key, 50, off=off, off_high=-off))
    assert heard_in(*presses) == [key] * len(presses)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("off", [-0.037, 0.037])
def test_tones_far_off_are_none(key: str, off: float) -> None:
    presses = [
        *placed(tone(key, 200, off=off)),
        *placed(tone(key, 200, off=off, off_high=0.0)),
        *placed(tone(key, 200, off=0.0, off_high=off)),
    ]
    assert key not in "".join(heard_in(*presses))


@pytest.mark.parametrize("key", KEYS)
def test_noise_15_db_below_does_not_hide_a_key(key: str) -> None:
    presses = [
        noise(wave, -22.0, seed) for seed, wave in enumerate(placed(tone(key, 60, level=-10.0)))
    ]
    assert heard_in(*presses) == [key] * len(presses)


@pytest.mark.parametrize("twist", [-16.0, 10.0])
def test_tones_out_of_balance_are_none(twist: float) -> None:
    assert heard_in(*placed(tone("5", 200, twist=twist))) == [""] * len(OFFSETS_MS)


def test_faint_tones_are_none() -> None:
    assert heard_in(tone("5", 200, level=-40.0)) == [""]


@pytest.mark.parametrize("frequency", [*LOW_HZ, *HIGH_HZ])
def test_one_tone_alone_is_none(frequency: float) -> None:
    times = np.arange(4000) / 8000
    assert heard_in(amplitude(-10.0) * np.sin(2 * np.pi * frequency * times)) == [""]


@pytest.mark.parametrize(
    ("duration_ms", "pause_ms", "keys"), [(40, 40, "1111"), (100, 100, "1111"), (1000, 40, "1111")]
)
def test_presses_with_a_pause_between_are_counted(
    duration_ms: float, pause_ms: float, keys: str
) -> None:
    for offset in OFFSETS_MS:
        parts = [silence(offset)]
        for key in keys:
            parts += [tone(key, duration_ms), silence(pause_ms)]
        assert heard_in(np.concatenate(parts)) == [keys]


def test_a_break_of_10_ms_does_not_end_a_press() -> None:
    presses = [
        np.concatenate([silence(offset), tone("7", 80), silence(10), tone("7", 80)])
        for offset in OFFSETS_MS
    ]
    assert heard_in(*presses) == ["7"] * len(presses)


def test_keys_without_a_pause_are_told_apart() -> None:
    presses = [
        np.concatenate([silence(offset), tone("1", 100), tone("9", 100)]) for offset in OFFSETS_MS
    ]
    assert heard_in(*presses) == ["19"] * len(presses)


def test_the_same_press_is_reported_once_however_long() -> None:
    assert heard_in(tone("#", 3000)) == ["#"]


def voice(pitch: float, formants: tuple[float, float, float], seed: int) -> Wave:
    """A vowel: harmonics of a wavering pitch under three resonances, in syllables."""
    times = np.arange(16000) / 8000
    chance = np.random.default_rng(seed)
    wavering = pitch * (1 + 0.03 * np.sin(2 * np.pi * 5.0 * times) + 0.1 * np.sin(3 * times))
    phase = 2 * np.pi * np.cumsum(wavering) / 8000
    wave = np.zeros(len(times))
    for harmonic in range(1, int(3800 / pitch)):
        at = harmonic * pitch
        # Resonances are 60 to 150 Hz wide, the higher the wider and the fainter.
        gain = sum(
            strength / (1 + ((at - formant) / width) ** 2)
            for formant, width, strength in zip(
                formants, (70.0, 90.0, 150.0), (1.0, 0.6, 0.3), strict=True
            )
        )
        gain += 100.0 / at**1.2  # the vocal cords' own slope, between the resonances
        wave += gain * np.sin(harmonic * phase + chance.uniform(0, 6))
    wave *= 0.2 + 0.8 * np.clip(np.sin(2 * np.pi * 3.0 * times), 0, 1)
    loud: Wave = wave * (amplitude(-8.0) / abs(wave).max())
    return loud


FORMANTS = [
    (730.0, 1090.0, 2440.0),
    (270.0, 2290.0, 3010.0),
    (300.0, 870.0, 2240.0),
    (660.0, 1720.0, 2410.0),
    (570.0, 840.0, 2410.0),
    (520.0, 1190.0, 2390.0),
    (640.0, 1190.0, 2390.0),
    (490.0, 1350.0, 1690.0),
]


def test_voices_are_no_keys() -> None:
    voices = [
        voice(pitch, formants, seed)
        for seed, formants in enumerate(FORMANTS)
        for pitch in (90.0, 110.0, 130.0, 150.0, 180.0, 210.0, 240.0, 280.0)
    ]
    assert "".join(heard_in(*voices)) == ""


@pytest.mark.parametrize("level", [-10.0, -20.0, -40.0])
def test_noise_is_no_key(level: float) -> None:
    rows = [noise(silence(5000), level, seed) for seed in range(10)]
    assert "".join(heard_in(*rows)) == ""


def test_every_row_is_heard_by_itself() -> None:
    assert heard_in(*(tone(key, 60) for key in KEYS)) == list(KEYS)


def test_a_row_that_is_reset_forgets_its_press() -> None:
    detector = DtmfDetector()
    press = tone("1", 60).astype(np.int16).reshape(1, -1)
    assert not detector.detect(press[:, :160])
    detector.reset(0)
    silent = np.zeros((1, 160), np.int16)
    assert not detector.detect(silent)
    assert not detector.detect(silent)


def test_a_press_is_reported_while_the_key_is_down() -> None:
    detector = DtmfDetector()
    press = tone("1", 400).astype(np.int16)
    heard = [detector.detect(press[at : at + 160].reshape(1, -1)) for at in range(0, 800, 160)]
    (found,) = [it for tick in heard for it in tick]
    assert (found.key, found.row) == ("1", 0)
    assert 30 <= found.duration_ms <= 50
