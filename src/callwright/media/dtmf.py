"""Keys heard in the sound itself, over all legs at once: ITU-T Q.23 and Q.24.

Each frame is looked at through two windows of 13.25 ms, 10 ms apart. Within each, one matrix
product gives every leg's amplitude and phase at the eight frequencies. A window holds a key when
one low and one high tone stand out, carry nearly all its power, and are in balance; three in a
row, of the same key and much the same strength, are a press. The phase's advance from window to
window tells the true frequency, which is what keeps voices from being taken for keys.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ, Samples, grown, mean_square
from callwright.media.tones import HIGH_HZ, KEYPAD, LOW_HZ

WINDOW_SAMPLES: Final = 106
"""13.25 ms: neighbours among the low frequencies, 73 Hz apart, just come apart, and a tone that
is 1.5 % off still gives 70 % of its power."""

HOP_SAMPLES: Final = FRAME_SAMPLES // 2

MIN_LEVEL_DBM0: Final = -32.0
"""Of the fainter tone. Q.24: -25 must be heard (Administrations' table); 7 dB are for the twist
and the network's loss."""

MAX_HIGH_OVER_LOW_DB: Final = 6.0
MAX_LOW_OVER_HIGH_DB: Final = 12.0
"""Twist: Q.24's strictest administrations ask for +4 and -8 dB. The rest is for tones off centre,
and for what a strong 941 Hz can take from a faint 1209 Hz in so short a window."""

MIN_SHARE: Final = 0.6
"""Of the window's power that is at the two nominal frequencies. With both tones 1.5 % off and
noise 15 dB below it is 0.67; vowels spread theirs over many harmonics."""

MIN_TUNED_SHARE: Final = 0.75
"""The same at the two true frequencies, as the phases tell them. A window that holds three
quarters of a tone just reaches it; between their syllables, few voices do."""

MIN_LEAD_DB: Final = 6.0
"""How far a tone stands out of the others in its group."""

MAX_DEVIATION: Final = 0.03
"""From the nominal frequency: 1.5 % must be heard, 3.5 % must not (Q.24)."""

MIN_STEADINESS: Final = 0.7
"""Amplitude of the weakest window to that of the strongest. A window that holds 70 % of the tone
still counts: so three fit in every tone of 40 ms, and never in one of 25."""

HITS: Final = 3
MISSES: Final = 3
"""Windows without the key after which it counts as released. A window that is half silent has no
key in it: so a break of 10 ms, which Q.24 asks to bridge, costs two, and a pause of 40 ms four."""

MIN_HELD: Final = 0.5
"""Amplitude to that of the window before, as long as a key is held: see `MISSES`."""


class Heard(NamedTuple):
    """A key in a row's sound: reported once a press, as soon as it is certain."""

    row: int
    key: str
    duration_ms: int
    """So far; the key is still down."""


@dataclass(slots=True)
class _Tone:
    """A row's key, from its first window to its last."""

    key: str
    strength: float
    """Amplitude of its strongest window; once it is certain, of its last."""
    hits: int = 1
    misses: int = 0

    @property
    def is_certain(self) -> bool:
        return self.hits >= HITS


class _Windows(NamedTuple):
    """What one window shows of every row."""

    phases: NDArray[np.complex64]
    """Amplitude and phase at each of the eight frequencies."""
    low: NDArray[np.intp]
    high: NDArray[np.intp]
    """The place of the strongest tone of each group."""
    powers: NDArray[np.float32]
    """All that is in the window, on the scale of squared amplitudes."""
    hits: NDArray[np.intp]
    """Rows in which these two are a key."""


class DtmfDetector:
    """Listens to the rows of the frame matrix."""

    def __init__(self) -> None:
        self._sound = np.zeros((0, _OVERLAP + FRAME_SAMPLES), np.float32)
        self._phases = np.zeros((0, _TONES), np.complex64)
        self._tones: dict[int, _Tone] = {}

    def reset(self, row: int) -> None:
        """Forget a row: another leg is in it now."""
        self._grow(row + 1)
        self._sound[row] = 0
        self._phases[row] = 0
        self._tones.pop(row, None)

    @property
    def held(self) -> set[int]:
        """Rows in which a key is certain, and down; after its end, up to `MISSES` windows more."""
        return {row for row, tone in self._tones.items() if tone.is_certain}

    def detect(self, frames: Samples) -> list[Heard]:
        """Listen to one tick of all rows."""
        count = len(frames)
        self._grow(count)
        sound = self._sound[:count]
        sound[:, :_OVERLAP] = sound[:, FRAME_SAMPLES:]
        sound[:, _OVERLAP:] = frames
        heard: list[Heard] = []
        for start in (0, HOP_SAMPLES):
            windows = _look(sound[:, start : start + WINDOW_SAMPLES])
            self._follow(windows, heard)
            self._phases[:count] = windows.phases
        return heard

    def _grow(self, rows: int) -> None:
        self._sound = grown(self._sound, rows)
        self._phases = grown(self._phases, rows)

    def _follow(self, windows: _Windows, heard: list[Heard]) -> None:
        if not windows.hits.size and not self._tones:
            return
        hits = set(windows.hits.tolist())
        for row in hits:
            if self._count_hit(row, windows):
                tone = self._tones[row]
                heard.append(Heard(row, tone.key, _duration_ms(tone.hits)))
        for row in [row for row in self._tones if row not in hits]:
            self._count_miss(row)

    def _count_hit(self, row: int, windows: _Windows) -> bool:
        """Go on with the row's tone or begin one; True when a press has just become certain."""
        low, high = int(windows.low[row]), int(windows.high[row])
        key = KEYPAD[low][high]
        strength = float(np.abs(windows.phases[row, [low, len(LOW_HZ) + high]]).sum())
        tone = self._tones.get(row)
        if tone is not None and tone.is_certain:
            if tone.key == key and strength >= MIN_HELD * tone.strength:
                tone.strength, tone.misses = strength, 0
            else:
                self._count_miss(row)
            return False
        is_in_tune = self._is_in_tune(row, windows, low, len(LOW_HZ) + high)
        if tone is None or tone.key != key or not is_in_tune:
            self._tones[row] = _Tone(key, strength)
            return False
        return _strengthen(tone, strength)

    def _is_in_tune(self, row: int, windows: _Windows, low: int, high: int) -> bool:
        """Whether the phases have advanced as a key's do, and nearly all power is in its tones."""
        share = 0.0
        for place in (low, high):
            phase = complex(windows.phases[row, place])
            turned = phase * complex(self._phases[row, place]).conjugate() * _UNTURN[place]
            deviation = np.angle(turned) / (2 * np.pi * HOP_SAMPLES / SAMPLE_RATE_HZ)
            if abs(deviation) > MAX_DEVIATION * _FREQUENCIES_HZ[place]:
                return False
            # What a tone off centre gives less: the window's own response.
            response = float(np.sinc(deviation * WINDOW_SAMPLES / SAMPLE_RATE_HZ))
            share += abs(phase / response) ** 2
        return share >= MIN_TUNED_SHARE * float(windows.powers[row])

    def _count_miss(self, row: int) -> None:
        tone = self._tones[row]
        tone.misses += 1
        if not tone.is_certain or tone.misses >= MISSES:
            del self._tones[row]


def _strengthen(tone: _Tone, strength: float) -> bool:
    """Count a window of a press that isn't certain yet; True when it is now."""
    if tone.strength < MIN_STEADINESS * strength:
        tone.hits, tone.strength = 1, strength  # what came before was the tone's onset
    elif strength >= MIN_STEADINESS * tone.strength:
        tone.hits += 1
        tone.strength = max(tone.strength, strength)
    else:
        tone.hits = 0  # it fades already: too short
    return tone.is_certain


def _look(sound: NDArray[np.float32]) -> _Windows:
    both = sound @ _BASIS
    phases = (both[:, :_TONES] + 1j * both[:, _TONES:]).astype(np.complex64)
    powers = np.square(both[:, :_TONES]) + np.square(both[:, _TONES:])
    total = np.einsum("ij,ij->i", sound, sound) * (2 / WINDOW_SAMPLES)
    low, low_power, low_leads = _strongest(powers[:, : len(LOW_HZ)])
    high, high_power, high_leads = _strongest(powers[:, len(LOW_HZ) :])
    hits = (
        low_leads
        & high_leads
        & (np.minimum(low_power, high_power) >= _MIN_POWER)
        & (low_power + high_power >= MIN_SHARE * total)
        & (high_power <= _ratio(MAX_HIGH_OVER_LOW_DB) * low_power)
        & (low_power <= _ratio(MAX_LOW_OVER_HIGH_DB) * high_power)
    )
    return _Windows(phases, low, high, total, np.flatnonzero(hits))


def _strongest(
    powers: NDArray[np.float32],
) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.bool_]]:
    """The strongest of a group: its place, its power, whether it stands out."""
    place = powers.argmax(axis=1)
    power = powers.max(axis=1)
    # The strongest alone exceeds a share of the sum only when no other comes near it.
    leads: NDArray[np.bool_] = power >= _LEAD_SHARE * powers.sum(axis=1)
    return place, power, leads


def _ratio(decibels: float) -> float:
    return float(10 ** (decibels / 10))


def _duration_ms(hits: int) -> int:
    """From the first window's middle to the last one's, and half a window on either side."""
    return ((hits - 1) * HOP_SAMPLES + WINDOW_SAMPLES) * 1000 // SAMPLE_RATE_HZ


def _basis() -> NDArray[Any]:  # Any: numpy's own arithmetic loses the type
    """One column a tone: cosines, then minus sines, so that a sine's amplitude comes out."""
    turns = np.outer(np.arange(WINDOW_SAMPLES), _FREQUENCIES_HZ) / SAMPLE_RATE_HZ
    waves = np.hstack([np.cos(2 * np.pi * turns), -np.sin(2 * np.pi * turns)])
    return (waves * (2 / WINDOW_SAMPLES)).astype(np.float32)


_FREQUENCIES_HZ: Final = (*LOW_HZ, *HIGH_HZ)
_TONES: Final = len(_FREQUENCIES_HZ)
_OVERLAP: Final = WINDOW_SAMPLES - HOP_SAMPLES
_BASIS: Final = _basis()
_UNTURN: Final = np.exp(-2j * np.pi * np.array(_FREQUENCIES_HZ) * HOP_SAMPLES / SAMPLE_RATE_HZ)
_MIN_POWER: Final = 2 * mean_square(MIN_LEVEL_DBM0)
_LEAD_SHARE: Final = 1 / (1 + _ratio(-MIN_LEAD_DB))
