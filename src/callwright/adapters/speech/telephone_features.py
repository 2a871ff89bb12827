"""What the acoustic model is told of the sound of a telephone call: cepstra of each 10 ms.

    samples ──▶ 18 bands up to 3.8 kHz ──▶ 25 bands ──▶ 13 cepstra ──▶ evened ──▶ fitted ──▶ streams

The model knows 25 bands up to 6.8 kHz. What the upper 7 are likely to be is told by the lower ones;
that and the fit of the cepstra were learnt from synthetic speech before and after a call
(`bench/speech_learn.py`), and stand in `telephone.npz`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from callwright.adapters.speech.model_files import VALUES, Floats
from callwright.media.frames import SAMPLE_RATE_HZ

STEP: Final = SAMPLE_RATE_HZ // 100
"""Samples from one frame to the next: 10 ms, which is the model's."""

WINDOW: Final = 205
"""Samples of a frame: 25.6 ms, which is the model's."""

BANDS: Final = 25
LOWEST_HZ, HIGHEST_HZ = 130.0, 6800.0
"""The model's (`feat.params`)."""

HEARD_BANDS: Final = 18
"""Of these, those that end below 3.9 kHz."""

MODEL_RATE_HZ: Final = 16_000
EMPHASIS: Final = 0.97
LIFTER: Final = 22
"""The model's."""

SILENT_SHARE: Final = 0.2
"""Share of silence in what cepstra are evened by: that of the sound that the model learnt from."""

LOUD_SHARE: Final = 0.45
"""A frame is speech from this far up between the quietest and the loudest ones."""

Doubles = NDArray[np.float64]

_TRANSFORM_SAMPLES: Final = 256
_SPACING_HZ: Final = SAMPLE_RATE_HZ / _TRANSFORM_SAMPLES
"""Between two pitches of the transform; the model's, whose windows are twice as many samples."""
LEAST_NOISE: Final = 4.0
"""Root mean square of noise that is heard on any line, in steps of 16 bits: -78 dBm0. What plays
files is perfectly silent between them, and nothing would stand out of such silence like noise."""

_QUIETEST, _LOUDEST = 5, 95
"""Percentiles, so that no single frame decides."""


@dataclass(frozen=True, slots=True)
class TelephoneFit:
    """What was learnt."""

    widening: Floats
    """Heard bands and a constant one, to all bands."""
    matrix: Floats
    """Evened cepstra and a constant one, to fitted ones."""
    shifts: Floats
    """Of the model's means: phones, streams, values."""
    usual: Floats
    """What cepstra are evened by until a stream has had its first phrase."""


LEARNT: Final = Path(__file__).with_name("telephone.npz")


def telephone_fit() -> TelephoneFit:
    """Read what was learnt."""
    with np.load(LEARNT, allow_pickle=False) as file:
        return TelephoneFit(*(file[name] for name in ("widening", "matrix", "shifts", "usual")))


def bands(samples: NDArray[np.int16]) -> Floats:
    """Return the logarithms of the heard bands' power; sound of less than a window has no frame.

    The first sample is only what the second one is told from.
    """
    sound = samples.astype(np.float32)
    emphasised = sound[1:] - np.float32(EMPHASIS) * sound[:-1]
    count = max(0, (emphasised.size - WINDOW) // STEP + 1)
    if not count:
        return np.zeros((0, HEARD_BANDS), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(emphasised, WINDOW)[::STEP][:count]
    spectrum = np.fft.rfft(windows * _HAMMING, _TRANSFORM_SAMPLES)
    power = (np.abs(spectrum) ** 2).astype(np.float32)
    logarithms: Floats = np.log(power @ _FILTERS + _FLOOR)
    return logarithms


def cepstra(heard: Floats, fit: TelephoneFit) -> Floats:
    """Return the cepstra of heard bands, as the model would have them from wide ones."""
    upper = _with_one(heard) @ fit.widening[:, HEARD_BANDS:]
    whole: Floats = np.concatenate([heard, upper], axis=1) @ _COSINES
    return whole


def centre(heard: Floats, values: Floats) -> Floats:
    """Return what the cepstra of a phrase are to be evened by: loudness, line and voice."""
    level = heard[:, 2:].mean(axis=1)
    quiet, loud = np.percentile(level, (_QUIETEST, _LOUDEST))
    is_speech = level > quiet + LOUD_SHARE * (loud - quiet)
    if is_speech.all() or not is_speech.any():
        middle: Floats = values.mean(axis=0)
        return middle
    speech, silence = values[is_speech].mean(axis=0), values[~is_speech].mean(axis=0)
    found: Floats = (1 - SILENT_SHARE) * speech + SILENT_SHARE * silence
    return found


def fitted(values: Floats, middle: Floats, fit: TelephoneFit) -> Floats:
    """Even cepstra and fit them to the model."""
    whole: Floats = _with_one(values - middle) @ fit.matrix.T
    return whole


def streams(values: Floats) -> Floats:
    """Return frames, streams, values: cepstra, their slopes and the slopes of these."""
    around = np.pad(values, ((3, 3), (0, 0)), mode="edge")

    def after(frames: int) -> Floats:
        return around[3 + frames : 3 + frames + len(values)]

    slopes = after(2) - after(-2)
    bends = (after(3) - after(-1)) - (after(1) - after(-3))
    return np.stack([values, slopes, bends], axis=1)


def triangles(hertz: Doubles) -> Doubles:
    """Return the model's bands: of equal area, between points that are equally far apart in mel."""
    mels = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2)
    points = np.floor(700 * (10 ** (mels / 2595) - 1) / _SPACING_HZ + 0.5) * _SPACING_HZ
    low, middle, high = points[:-2], points[1:-1], points[2:]
    pitch = hertz[:, None]
    rising, falling = (pitch - low) / (middle - low), (high - pitch) / (high - middle)
    found: Doubles = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    return found


def _with_one(values: Floats) -> Floats:
    return np.concatenate([values, np.ones((len(values), 1), np.float32)], axis=1)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def _filters() -> Floats:
    """What brings power at each pitch into the heard bands."""
    hertz = np.asarray(np.arange(_TRANSFORM_SAMPLES // 2 + 1) * _SPACING_HZ, np.float64)
    heard, tilt = triangles(hertz)[:, :HEARD_BANDS], _tilt(hertz)[:, None]
    return np.asarray(heard * tilt, np.float32)


def _floor() -> Floats:
    """The power of white noise in the heard bands."""
    hertz = np.asarray(np.arange(_TRANSFORM_SAMPLES // 2 + 1) * _SPACING_HZ, np.float64)
    spread = LEAST_NOISE**2 * float((_HAMMING**2).sum())
    return np.asarray(spread * _emphasis(hertz, SAMPLE_RATE_HZ) @ _FILTERS, np.float32)


def _tilt(hertz: Doubles) -> Doubles:
    """Power at the model's rate for that at ours: twice the samples, another emphasis."""
    longer = (MODEL_RATE_HZ / SAMPLE_RATE_HZ) ** 2
    tilt: Doubles = longer * _emphasis(hertz, MODEL_RATE_HZ) / _emphasis(hertz, SAMPLE_RATE_HZ)
    return tilt


def _emphasis(hertz: Doubles, rate_hz: int) -> Doubles:
    """What emphasis at a rate does to the power of a pitch."""
    turn = 2 * np.pi * hertz / rate_hz
    power: Doubles = np.asarray(1 - 2 * EMPHASIS * np.cos(turn) + EMPHASIS**2, np.float64)
    return power


def _cosines() -> Floats:
    order, band = np.arange(VALUES), np.arange(BANDS)[:, None]
    waves = np.cos(np.pi * order * (band + 0.5) / BANDS) * np.sqrt(2 / BANDS)
    waves[:, 0] = np.sqrt(1 / BANDS)
    lifted = waves * (1 + LIFTER / 2 * np.sin(np.pi * order / LIFTER))
    found: Floats = lifted.astype(np.float32)
    return found


_HAMMING: Final = np.hamming(WINDOW).astype(np.float32)
_FILTERS: Final = _filters()
_FLOOR: Final = _floor()
_COSINES: Final = _cosines()
