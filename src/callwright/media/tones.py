"""Sounds made of sines: call progress, beeps and keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from callwright.media.frames import SAMPLE_RATE_HZ, Samples, amplitude


@dataclass(frozen=True, slots=True)
class Burst:
    """Some frequencies for some time; no frequency is silence."""

    duration_ms: int
    frequencies_hz: tuple[float, ...] = ()
    level_dbm0: float = -10.0
    """Of each frequency."""


RINGBACK_UK: Final = (
    Burst(400, (400.0, 450.0), -19.0),
    Burst(200),
    Burst(400, (400.0, 450.0), -19.0),
    Burst(2000),
)
"""BT SIN 350: 0.4 s on, 0.2 off, 0.4 on, 2.0 off."""

RINGBACK_US: Final = (Burst(2000, (440.0, 480.0), -19.0), Burst(4000))
"""ANSI T1.401: audible ringing, -19 dBm0 a frequency."""

BUSY_UK: Final = (Burst(375, (400.0,), -13.0), Burst(375))
"""BT SIN 350."""

BUSY_US: Final = (Burst(500, (480.0, 620.0), -24.0), Burst(500))
"""ANSI T1.401: -24 dBm0 a frequency."""

MILLIWATT: Final = (Burst(1000, (1000.0,), 0.0),)
"""ITU-T O.2's reference: 1 kHz at 0 dBm0."""

RECORD_BEEP: Final = (Burst(200, (1000.0,), -13.0),)
"""Says that recording begins: long enough to be noticed, faint enough not to startle."""


CNG: Final = (Burst(500, (1100.0,), -12.0), Burst(3000))
"""ITU-T T.30 4.3.3.1: a fax that calls says so with 1100 Hz, 0.5 s on and 3 s off."""

CED: Final = (Burst(1800), Burst(3300, (2100.0,), -12.0), Burst(75))
"""ITU-T T.30 4.3.3.2: a fax that answers is silent for 1.8 to 2.5 s, sends 2100 Hz for 2.6 to 4 s
and pauses for 75 ms. ITU-T V.8's ANSam is the same tone with reversals of its phase."""


def render(bursts: Sequence[Burst]) -> Samples:
    """Turn bursts into sound, one after another."""
    if not bursts:
        return np.zeros(0, np.int16)
    return np.concatenate([_burst(burst) for burst in bursts])


def sines(frequencies_hz: Sequence[float], level_dbm0: float, start: int, count: int) -> Samples:
    """Samples `start` to `start + count` of an endless tone; each frequency at this level."""
    times = np.arange(start, start + count) / SAMPLE_RATE_HZ
    sound = np.zeros(count)
    for frequency in frequencies_hz:
        sound += amplitude(level_dbm0) * np.sin(2 * np.pi * frequency * times)
    return np.clip(np.rint(sound), -0x8000, 0x7FFF).astype(np.int16)


KEY_LEVEL_DBM0: Final = -8.0
"""Of each of a key's two tones; together -5. ITU-T Q.23 leaves it to the network; receivers
must take -25 to 0 (Q.24)."""

LOW_HZ: Final = (697.0, 770.0, 852.0, 941.0)
HIGH_HZ: Final = (1209.0, 1336.0, 1477.0, 1633.0)
KEYPAD: Final = ("123A", "456B", "789C", "*0#D")
"""ITU-T Q.23: a row shares its low frequency, a column its high one."""


def key_burst(key: str, duration_ms: int, level_dbm0: float = KEY_LEVEL_DBM0) -> Burst:
    """The tone of one key of `KEYPAD`."""
    row = next(place for place, keys in enumerate(KEYPAD) if key in keys)
    return Burst(duration_ms, (LOW_HZ[row], HIGH_HZ[KEYPAD[row].index(key)]), level_dbm0)


def _burst(burst: Burst) -> Samples:
    count = burst.duration_ms * SAMPLE_RATE_HZ // 1000
    return sines(burst.frequencies_hz, burst.level_dbm0, 0, count)
