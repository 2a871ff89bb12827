"""How well sound fits the phones of English: the model that comes with pocketsphinx, fitted to
telephones.

The model was trained on sound of 16 kHz. What a telephone does to consonants, which have much of
their sound above 4 kHz, is moved into its Gaussians: `telephone.npz`, learnt by
`bench/speech_learn.py`.
"""

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Final

import numpy as np

from callwright.adapters.speech import model_files
from callwright.adapters.speech.model_files import STREAMS, Floats

SILENCE: Final = "SIL"

LEAST_WEIGHT: Final = 1e-8
"""Added to what a senone makes of a frame: none is impossible."""


class Place(IntEnum):
    """Where in its word a phone stands; the numbers are those of the model's file."""

    INSIDE = 0
    FIRST = 1
    LAST = 2
    ALONE = 3


class AcousticModel:
    """Scores frames against senones."""

    def __init__(self, folder: Path, shifts: Floats) -> None:
        """Read a model's folder; `shifts` move the means: phones, streams, values."""
        found = model_files.gaussians(folder)
        self.phones = model_files.phones(folder)
        self.number = {name: number for number, name in enumerate(self.phones.names)}
        self.silence = self.number[SILENCE]
        self._inverse: Floats = np.float32(1) / found.variances
        self._scaled: Floats = np.zeros_like(found.means)
        self._variances, self._means = found.variances, found.means
        self._constants: Floats = np.zeros(found.means.shape[:3], np.float32)
        self.shift(shifts)
        self._weights = model_files.weights(folder, found.means.shape[2], self.phones.phone_of.size)
        self._transitions = model_files.transitions(folder)

    def shift(self, shifts: Floats) -> None:
        """Move the means as the model was read by so much."""
        means = self._means + shifts[:, :, None, :]
        self._scaled = means * self._inverse
        spread = np.log(2 * np.pi * self._variances) + means * self._scaled
        self._constants = np.asarray(-spread.sum(axis=-1) / 2, np.float32)

    def senones(self, phone: int, before: int, after: int, place: Place) -> Sequence[int]:
        """Return the senones of a phone among its neighbours; without these if they are new."""
        contexts = self.phones.contexts
        for tried in (place, *_OTHER_PLACES[place]):
            wanted = model_files.context(tried, phone, before, after)
            at = int(np.searchsorted(contexts, wanted))
            if at < contexts.size and contexts[at] == wanted:
                return [int(senone) for senone in self.phones.among[at]]
        return self.senones_alone(phone)

    def senones_alone(self, phone: int) -> Sequence[int]:
        """Return the senones of a phone whatever its neighbours are."""
        return [int(senone) for senone in self.phones.alone[phone]]

    def transitions(self, phone: int) -> Floats:
        """Return the logarithms of its transitions: from each state to each, and to the end."""
        found: Floats = self._transitions[self.phones.matrix[phone]]
        return found

    def log_likelihoods(self, frames: Floats, senones: Sequence[int]) -> Floats:
        """Score frames (frames, streams, values) against senones: frames, senones."""
        wanted = np.asarray(senones)
        scores = np.zeros((len(frames), wanted.size), np.float32)
        owners = self.phones.phone_of[wanted]
        for phone in np.unique(owners):
            columns = np.flatnonzero(owners == phone)
            for stream in range(STREAMS):
                fit = self.fit(frames[:, stream], int(phone), stream)
                best = fit.max(axis=1, keepdims=True)
                shares = np.exp(fit - best) @ self._weights[stream][:, wanted[columns]]
                scores[:, columns] += np.log(shares + LEAST_WEIGHT) + best
        return scores

    def gaussians(self, phone: int, stream: int) -> tuple[Floats, Floats]:
        """Return the inverse variances of a phone's Gaussians, and their means times these."""
        return self._inverse[phone, stream], self._scaled[phone, stream]

    def weights(self, senone: int, stream: int) -> Floats:
        """Return how much a senone is each Gaussian of its phone."""
        found: Floats = self._weights[stream][:, senone]
        return found

    def fit(self, values: Floats, phone: int, stream: int) -> Floats:
        """Score one stream of frames against the Gaussians of a phone."""
        scaled, inverse = self._scaled[phone, stream], self._inverse[phone, stream]
        fit: Floats = values @ scaled.T - (values * values) @ inverse.T / 2
        fit += self._constants[phone, stream]
        return fit


_OTHER_PLACES: Final = {
    place: tuple(
        other for other in (Place.ALONE, Place.FIRST, Place.LAST, Place.INSIDE) if other != place
    )
    for place in Place
}
