"""What a far end hears of its caller: tones as they come, and how each utterance sounded.

Sound is looked at half a second at a time, which is soon enough for people and cheap.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from callwright.media.beep import BeepDetector, Tone
from callwright.media.far_end_features import measure
from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ, TICK, Samples
from callwright.media.speech_activity import MIN_LEVEL_DBM0

LOOK_FRAMES: Final = 25
"""What is looked at at once: 0.5 s, so that two frequencies 4 Hz apart are told from each other."""

NEAR_HZ: Final = 20.0
"""What counts as one frequency: a window smears, and a voice drifts further."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """How the caller's sound was between two silences."""

    seconds: float
    """How long it was louder than silence, in all."""
    level_dbm0: float
    """Of the frames that were louder than silence."""
    loudest_hz: float
    """The strongest frequency of all of it."""
    tone_share: float
    """Of its power, what is within `NEAR_HZ` of that frequency: 1 for a sine, 0.1 to 0.2
    for a voice."""


class Ear:
    """Listens to one caller."""

    def __init__(self) -> None:
        """Hear nothing yet."""
        self._beeps = BeepDetector()
        self._waiting = bytearray()
        self._powers: NDArray[np.float64] = np.zeros(_LOOK_SAMPLES // 2 + 1)
        self._loud: list[float] = []
        self._sounds: Tone | None = None

    def take(self, sound: bytes) -> list[Tone]:
        """Hear some frames of 16-bit sound; tell tones when they are certain and when they end."""
        self._waiting += sound
        tones: list[Tone] = []
        while len(self._waiting) >= _LOOK_BYTES:
            tones += self._look(_LOOK_BYTES)
        return tones

    def catch_up(self) -> list[Tone]:
        """Look at what has been heard so far, though it is less than is looked at at once."""
        return self._look(len(self._waiting)) if self._waiting else []

    def utterance(self) -> Utterance | None:
        """How it sounded since the last time this was asked; None for silence."""
        loud, powers = self._loud, self._powers
        self._loud, self._powers = [], np.zeros_like(powers)
        total = float(powers.sum())
        if not loud or not total:
            return None
        loudest = int(powers.argmax())
        near = float(powers[max(0, loudest - _NEAR) : loudest + _NEAR + 1].sum())
        level = 10 * math.log10(sum(loud) / len(loud))
        return Utterance(
            seconds=len(loud) * TICK,
            level_dbm0=round(level, 1),
            loudest_hz=loudest * _BIN_HZ,
            tone_share=round(near / total, 2),
        )

    def _look(self, size: int) -> list[Tone]:
        heard = np.frombuffer(bytes(self._waiting[:size]), "<i2")
        del self._waiting[:size]
        features = measure(heard.reshape(-1, FRAME_SAMPLES))
        loud = [10 ** (it.level_dbm0 / 10) for it in features if it.level_dbm0 > MIN_LEVEL_DBM0]
        if loud:
            self._loud += loud
            self._powers += _powers(heard)
        told: list[Tone] = []
        for frame in features:
            tone = self._beeps.take(frame)
            if tone is not None and (tone.is_over or self._sounds is None):
                told.append(tone)
            self._sounds = None if tone is None or tone.is_over else tone
        return told


def _powers(heard: Samples) -> NDArray[np.float64]:
    window = _WINDOW if len(heard) == len(_WINDOW) else np.hanning(len(heard))
    spectrum = np.fft.rfft(heard * window, _LOOK_SAMPLES)
    powers: NDArray[np.float64] = np.square(np.abs(spectrum))
    return powers


_LOOK_SAMPLES: Final = LOOK_FRAMES * FRAME_SAMPLES
_WINDOW: Final = np.hanning(_LOOK_SAMPLES)
_LOOK_BYTES: Final = _LOOK_SAMPLES * 2
_BIN_HZ: Final = SAMPLE_RATE_HZ / _LOOK_SAMPLES
_NEAR: Final = round(NEAR_HZ / _BIN_HZ)
