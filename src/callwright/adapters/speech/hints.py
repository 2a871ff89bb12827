"""Finds hinted words and phrases in free speech, also those that no language model knows.

A hint is told from the sound alone: where its phones explain a stretch better than any others do,
by more than its price, it was said, and takes the place of the words that were understood there. A
boost lowers the price.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from callwright.adapters.speech.grammar import words_of
from callwright.adapters.speech.model_files import Floats
from callwright.adapters.speech.phrase_decoder import PHONE_PENALTY, PhraseModels, chains_of
from callwright.adapters.speech.telephone_features import centre, cepstra, fitted, streams
from callwright.adapters.speech.word_network import Chain, phones_and
from callwright.adapters.speech.word_search import SILENCE_PENALTY, LoopSearch, Piece
from callwright.runner.ports import SpeechFault

PRICE: Final = -35.0
"""Log likelihood of beginning a hint without a boost. At -8, of 45 hinted words and phrases 42 were
found and 9 more were taken for one, in 120 sentences; at -20, 40 and 8; at -35, 36 and 4."""

BOOST: Final = 2.0
"""Log likelihood of one unit of boost (5.4.2): one of 12.5 brings a price to -10."""

LARGEST_SHARE: Final = 0.5
"""Of a word's time: what a hint covers more of, it replaces."""


class Hints:
    """The hints of one stream."""

    def __init__(self, models: PhraseModels, hints: Sequence[tuple[str, int]]) -> None:
        """Lay them out, each with a hundred times its boost; those that cannot be said are left."""
        self._models = models
        chains, prices = [], []
        for text, priority in hints:
            price = min(PHONE_PENALTY, PRICE + BOOST * priority / 100)
            for chain in _sayable(models, text):
                chains.append(chain)
                prices.append(price)
        self._network = phones_and(models.model, chains) if chains else None
        if self._network is not None:
            phones = len(self._network.texts) - 1 - len(chains)
            self._penalties = np.array(
                [SILENCE_PENALTY, *[PHONE_PENALTY] * phones, *prices], np.float32
            )

    def found_in(self, heard: Floats) -> list[Piece]:
        """Return the hints in the bands of a phrase, in order."""
        if self._network is None or not len(heard):
            return []
        values = cepstra(heard, self._models.fit)
        frames = streams(fitted(values, centre(heard, values), self._models.fit))
        search = LoopSearch(self._network, self._penalties)
        for start in range(0, len(frames), _PIECE_FRAMES):
            piece = frames[start : start + _PIECE_FRAMES]
            scores = self._models.model.log_likelihoods(piece, self._network.senones)
            search.take(scores[:, self._network.columns].max(axis=2))
        return [piece for piece in search.pieces() if piece.text]


def with_hints(words: Sequence[Piece], hints: Sequence[Piece]) -> str:
    """Put hints in the place of the words that were understood there."""
    left = [word for word in words if not any(_covers(hint, word) for hint in hints)]
    return " ".join(each.text for each in sorted((*left, *hints), key=lambda each: each.start))


def _covers(hint: Piece, word: Piece) -> bool:
    common = min(hint.end, word.end) - max(hint.start, word.start)
    return common > LARGEST_SHARE * (word.end - word.start)


def _sayable(models: PhraseModels, text: str) -> list[Chain]:
    words = "" if text.startswith("$") else " ".join(words_of(text))
    try:
        return list(chains_of(models, words)) if words else []
    except SpeechFault:
        return []


_PIECE_FRAMES: Final = 200
"""Scored in one go: bounds the memory of a long phrase."""
