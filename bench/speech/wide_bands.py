"""All bands of sound of 16 kHz, as the model was trained on them."""

from typing import Final

import numpy as np

from callwright.adapters.speech.model_files import Floats
from callwright.adapters.speech.telephone_features import EMPHASIS, triangles
from callwright.media.frames import Samples
from speech.spoken import WIDE_HZ

WINDOW: Final = 410
STEP: Final = 160
TRANSFORM_SAMPLES: Final = 512
"""The model's."""


def wide_bands(samples: Samples) -> Floats:
    """Return the logarithms of the power of all bands, each 10 ms."""
    sound = samples.astype(np.float64)
    emphasised = sound[1:] - EMPHASIS * sound[:-1]
    windows = np.lib.stride_tricks.sliding_window_view(emphasised, WINDOW)[::STEP]
    spectrum = np.fft.rfft(windows * np.hamming(WINDOW), TRANSFORM_SAMPLES)
    hertz = np.arange(TRANSFORM_SAMPLES // 2 + 1) * WIDE_HZ / TRANSFORM_SAMPLES
    power = np.abs(spectrum) ** 2 @ triangles(hertz)
    found: Floats = np.log(power + 1e-3).astype(np.float32)
    return found
