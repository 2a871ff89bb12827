"""One stream's sound on its way into cepstra, and what is known of its line by now."""

import numpy as np
from numpy.typing import NDArray

from callwright.adapters.speech.model_files import Floats
from callwright.adapters.speech.telephone_features import (
    HEARD_BANDS,
    STEP,
    TelephoneFit,
    bands,
    centre,
    cepstra,
)


class TelephoneSound:
    """The bands of one phrase, as its sound comes in pieces of any length."""

    def __init__(self) -> None:
        """Begin before the first sample."""
        self._waiting = np.zeros(1, np.int16)
        self._heard: list[Floats] = []

    def take(self, sound: NDArray[np.int16]) -> Floats:
        """Return the bands of the frames that this sound completes."""
        self._waiting = np.concatenate([self._waiting, sound])
        found = bands(self._waiting)
        self._waiting = self._waiting[len(found) * STEP :]
        if len(found):
            self._heard.append(found)
        return found

    def whole(self) -> Floats:
        """Return the bands of all frames until now."""
        return np.concatenate([np.zeros((0, HEARD_BANDS), np.float32), *self._heard])


class Line:
    """What the cepstra of a stream are evened by: the usual at first, more and more its own."""

    def __init__(self, fit: TelephoneFit, usual_frames: int) -> None:
        """`usual_frames` move it half of the way from the usual."""
        self.middle = fit.usual
        self._fit = fit
        self._sum = fit.usual * np.float32(usual_frames)
        self._frames = usual_frames

    def learn(self, heard: Floats) -> None:
        """Take a phrase into account."""
        if len(heard):
            self._sum = self._sum + centre(heard, cepstra(heard, self._fit)) * len(heard)
            self._frames += len(heard)
            self.middle = self._sum / np.float32(self._frames)
