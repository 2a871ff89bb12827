"""Fits telephone sound to an acoustic model: what `telephone.npz` holds.

A step gathers statistics over all sayings, each aligned with its text by the fit so far. One matrix
for all phones is found by maximum likelihood (constrained MLLR: Gales 1998, "Maximum likelihood
linear transformations for HMM-based speech recognition", 3.3); then the means of consonants are
moved, those heard rarely by less.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from callwright.adapters.speech.acoustic_model import AcousticModel
from callwright.adapters.speech.model_files import STREAMS, VALUES, Floats
from callwright.adapters.speech.pronunciation import Pronunciations
from callwright.adapters.speech.telephone_features import (
    BANDS,
    HEARD_BANDS,
    Doubles,
    TelephoneFit,
    bands,
    centre,
    cepstra,
    fitted,
    streams,
)
from speech.alignment import aligned
from speech.spoken import Saying, heard_phrase, wide_phrase
from speech.wide_bands import wide_bands

CONSONANTS: Final = frozenset({
    "F", "TH", "S", "SH", "CH", "T", "K", "P", "HH", "V", "DH", "Z", "ZH", "JH", "D", "B", "G",
})  # fmt: skip
"""Those with sound above 4 kHz, or with little sound at all. The means of vowels stay: their sound
is inside the telephone's band, and synthetic voices are no measure of people's."""

SILENCE_WEIGHT: Final = 0.2
"""Of a frame of silence: there are many, and all alike."""

RARE: Final = 200.0
"""Frames of a phone that move its means half of the way."""

RIDGE: Final = 10.0
"""Keeps the widening small where nothing is known."""

SWEEPS: Final = 12
"""Over the rows of the matrix, each of which depends on the others; they settle within ten."""


class Phrase(NamedTuple):
    """A saying, and its cepstra."""

    text: str
    evened: Floats


class Evidence(NamedTuple):
    """What one phone says of some frames."""

    phone: int
    rows: np.ndarray
    shares: list[Floats]
    """Of each stream: frames, Gaussians."""


def learnt_widening(sayings: Sequence[Saying]) -> Floats:
    """Tell all bands of wide sound by the heard ones, by least squares."""
    squares: Doubles = RIDGE * np.eye(HEARD_BANDS + 1)
    products: Doubles = np.zeros((HEARD_BANDS + 1, BANDS))
    for saying in sayings:
        narrow, wide = bands(heard_phrase(saying)), wide_bands(wide_phrase(saying))
        count = min(len(narrow), len(wide))
        told = np.concatenate([narrow[:count], np.ones((count, 1))], axis=1)
        squares += told.T @ told
        products += told.T @ wide[:count]
    return np.linalg.solve(squares, products).astype(np.float32)


def phrases_of(sayings: Sequence[Saying], fit: TelephoneFit) -> tuple[list[Phrase], Floats]:
    """Return the evened cepstra of all sayings, and what they were evened by in the mean."""
    found, middles = [], []
    for saying in sayings:
        heard = bands(heard_phrase(saying))
        values = cepstra(heard, fit)
        middles.append(centre(heard, values))
        found.append(Phrase(saying.text, values - middles[-1]))
    return found, np.mean(middles, axis=0, dtype=np.float32)


class Fitting:
    """One fit on its way; `fit` is what it is by now."""

    def __init__(
        self, model: AcousticModel, pronunciations: Pronunciations, fit: TelephoneFit
    ) -> None:
        """Begin with a fit."""
        self.fit = fit
        self._model = model
        self._pronunciations = pronunciations
        self._model.shift(fit.shifts)

    def improve_matrix(self, phrases: Sequence[Phrase]) -> float:
        """Find a better matrix; returns the log likelihood of a frame before that."""
        squares: Doubles = np.zeros((VALUES, VALUES + 1, VALUES + 1))
        products: Doubles = np.zeros((VALUES, VALUES + 1))
        weight_of_all, scores = 0.0, []
        model = self._model
        for phrase in phrases:
            plain = streams(phrase.evened)
            steady = np.zeros((*plain.shape[:2], 1)) + np.eye(STREAMS)[:1].T
            whole = np.concatenate([plain, steady], axis=2)
            evidence, score = self._evidence(phrase)
            scores.append(score)
            for phone, rows, shares in evidence:
                weight = SILENCE_WEIGHT if phone == model.silence else 1.0
                weight_of_all += weight * len(rows) * STREAMS
                for stream in range(STREAMS):
                    inverse, scaled = model.gaussians(phone, stream)
                    told = whole[rows, stream]
                    certainty = weight * (shares[stream] @ inverse)
                    squares += np.einsum("ti,tp,tq->ipq", certainty, told, told)
                    products += weight * (shares[stream] @ scaled).T @ told
        matrix = _likeliest(squares, products, weight_of_all, self.fit.matrix)
        self.fit = replace(self.fit, matrix=matrix)
        return float(np.mean(scores))

    def improve_shifts(self, phrases: Sequence[Phrase]) -> None:
        """Move the means of consonants towards what was heard."""
        model = self._model
        shape = (len(model.phones.names), STREAMS, VALUES)
        away, certainty, frames = np.zeros(shape), np.full(shape, 1e-9), np.zeros(shape[0])
        for phrase in phrases:
            sound = streams(fitted(phrase.evened, np.zeros(VALUES, np.float32), self.fit))
            for phone, rows, shares in self._evidence(phrase)[0]:
                frames[phone] += len(rows)
                for stream in range(STREAMS):
                    inverse, scaled = model.gaussians(phone, stream)
                    sure = shares[stream] @ inverse
                    away[phone, stream] += (sure * sound[rows, stream]).sum(axis=0)
                    away[phone, stream] -= (shares[stream] @ scaled).sum(axis=0)
                    certainty[phone, stream] += sure.sum(axis=0)
        heard_enough = (frames / (frames + RARE))[:, None, None]
        is_moved = np.isin(model.phones.names, list(CONSONANTS))[:, None, None]
        steps = np.where(is_moved, heard_enough * away / certainty, 0.0)
        self.fit = replace(self.fit, shifts=(self.fit.shifts + steps).astype(np.float32))
        model.shift(self.fit.shifts)

    def _evidence(self, phrase: Phrase) -> tuple[Iterator[Evidence], float]:
        sound = streams(fitted(phrase.evened, np.zeros(VALUES, np.float32), self.fit))
        found = aligned(sound, phrase.text, self._model, self._pronunciations)
        return self._shares(sound, found.senones), found.score

    def _shares(self, sound: Floats, senones: np.ndarray) -> Iterator[Evidence]:
        for senone in np.unique(senones):
            rows = np.flatnonzero(senones == senone)
            phone = int(self._model.phones.phone_of[senone])
            shares = []
            for stream in range(STREAMS):
                fit = self._model.fit(sound[rows, stream], phone, stream)
                fit += np.log(self._model.weights(int(senone), stream) + 1e-12)
                likely = np.exp(fit - fit.max(axis=1, keepdims=True))
                shares.append(likely / likely.sum(axis=1, keepdims=True))
            yield Evidence(phone, rows, shares)


def _likeliest(squares: Doubles, products: Doubles, weight: float, start: Floats) -> Floats:
    """Solve row by row: Gales 1998, equations 25 to 28."""
    matrix = start.astype(np.float64)
    for _ in range(SWEEPS):
        for row in range(VALUES):
            square = matrix[:, :VALUES]
            cofactors = np.append(np.linalg.inv(square).T[row], 0.0)
            cofactors /= np.abs(cofactors).max()
            inverse = np.linalg.inv(squares[row] + 1e-6 * np.eye(VALUES + 1))
            first = cofactors @ inverse @ cofactors
            second = cofactors @ inverse @ products[row]
            root = np.sqrt(second**2 + 4 * first * weight)
            tried = [
                (sign * root - second) / (2 * first) * cofactors + products[row]
                for sign in (1.0, -1.0)
            ]
            rows = [each @ inverse for each in tried]
            gains = [
                weight * np.log(abs(each @ cofactors) + 1e-30)
                - each @ squares[row] @ each / 2
                + each @ products[row]
                for each in rows
            ]
            matrix[row] = rows[int(np.argmax(gains))]
    return matrix.astype(np.float32)
