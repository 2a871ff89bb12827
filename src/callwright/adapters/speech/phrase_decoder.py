"""Recognises one of some phrases, or digits, in the sound of a telephone.

Beside the phrases, every phone of English may follow any other: what that explains much better than
the best phrase does was another word.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from callwright.adapters.speech.acoustic_model import AcousticModel
from callwright.adapters.speech.grammar import Grammar
from callwright.adapters.speech.heard import Heard, confidence_of
from callwright.adapters.speech.model_files import Floats
from callwright.adapters.speech.pronunciation import Pronunciations
from callwright.adapters.speech.telephone_features import (
    TelephoneFit,
    centre,
    cepstra,
    fitted,
    streams,
)
from callwright.adapters.speech.telephone_line import TelephoneSound
from callwright.adapters.speech.word_network import Chain, Network, network, phone_loop
from callwright.adapters.speech.word_search import ChoiceSearch, Found, LoopSearch, Piece

WORD_PENALTY: Final = -60.0
"""Log likelihood of one more word among any number of them: less, and digits fall into two."""

PHONE_PENALTY: Final = -8.0
"""The same of a phone among any number of them."""

FURTHEST: Final = -2.2
"""Log likelihood of a frame, against any phones: a phrase that is further off was not said."""

LEAST_COVERED: Final = 0.6
"""Share of the sound that the words must take: a menu's word somewhere in a long sentence, a tone
or a noise was not said alone."""

LONGEST_WORD: Final = 90
"""Frames of one word among any number of them: nobody drawls a digit for so long, but noise and
tones go on."""

CLOSEST: Final = 3.0
"""The same of a phrase that could not fit better, which is a confidence of 1."""

VOWELS: Final = frozenset({
    "AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
})  # fmt: skip

MAX_WAYS: Final = 6
"""Ways to say one phrase that are looked for: words have up to four, phrases their product."""

AROUND: Final = 3
"""Frames on either side that slopes and bends are told from."""


class PhraseModels:
    """What all grammars of a process share."""

    def __init__(
        self, model: AcousticModel, fit: TelephoneFit, pronunciations: Pronunciations
    ) -> None:
        """Lay out what any voice may say."""
        self.model = model
        self.fit = fit
        self.pronunciations = pronunciations
        self.phones = phone_loop(model)


class PhraseDecoder:
    """The decoder of one stream; implements `recogniser_stream.Decoding`."""

    def __init__(self, models: PhraseModels, grammar: Grammar) -> None:
        """Lay the grammar out.

        Raises:
            SpeechFault: a word of it cannot be said.

        """
        self._models = models
        self._grammar = grammar
        self._network = network(
            models.model,
            [chain for text in grammar.originals for chain in chains_of(models, text)],
            follow_each_other=grammar.is_any_number,
        )
        self._middle = models.fit.usual
        self._sound = TelephoneSound()
        self._so_far = self._attempt()

    def begin(self) -> None:
        """A phrase begins."""
        self._sound = TelephoneSound()
        self._so_far = self._attempt()

    def take(self, sound: NDArray[np.int16]) -> None:
        """The next sound of it, at the rate of calls."""
        self._sound.take(sound)

    def so_far(self) -> str:
        """What seems to have been said until now."""
        heard = self._sound.whole()
        if len(heard):
            values = cepstra(heard, self._models.fit)
            frames = streams(fitted(values, self._middle, self._models.fit))
            # The last ones change with what follows them.
            self._so_far.take(frames[self._so_far.frames : max(0, len(frames) - AROUND)])
        readings = self._so_far.readings(1, sound_frames=0)
        return readings[0].text if readings else ""

    def end(self, *, alternatives: int, sound_frames: int) -> list[Heard]:
        """The phrase is over: its readings, best first; none when it is not in the grammar.

        `sound_frames` are the frames of 20 ms in which there was sound.
        """
        heard = self._sound.whole()
        if not len(heard):
            return []
        values = cepstra(heard, self._models.fit)
        self._middle = centre(heard, values)
        whole = self._attempt()
        whole.take(streams(fitted(values, self._middle, self._models.fit)))
        return whole.readings(alternatives, sound_frames=sound_frames)

    def _attempt(self) -> "_Attempt":
        return _Attempt(self._models, self._network, self._grammar)


class _Attempt:
    """The search through one phrase, and beside it that through all phones."""

    def __init__(self, models: PhraseModels, words: Network, grammar: Grammar) -> None:
        self.frames = 0
        self._models = models
        self._words = words
        self._originals = grammar.originals
        self._search: LoopSearch | ChoiceSearch = (
            LoopSearch(words, WORD_PENALTY) if grammar.is_any_number else ChoiceSearch(words)
        )
        self._anything = LoopSearch(models.phones, PHONE_PENALTY)
        self._scores: list[Floats] = []

    def take(self, frames: Floats) -> None:
        """Go on with more frames: frames, streams, values."""
        if not len(frames):
            return
        self.frames += len(frames)
        for search, found in ((self._search, self._words), (self._anything, self._models.phones)):
            scores = self._models.model.log_likelihoods(frames, found.senones)
            states = scores[:, found.columns].max(axis=2)
            search.take(states)
            if search is self._search:
                self._scores.append(states)

    def readings(self, count: int, *, sound_frames: int) -> list[Heard]:
        """Return the best readings so far; none when something else was said."""
        found = self._found(count)
        if not found:
            return []
        spoken = max(found[0].frames, _FRAMES_OF_OURS * sound_frames)
        match = (found[0].score - self._anything.score) / spoken
        if match < FURTHEST or found[0].frames < LEAST_COVERED * spoken:
            return []
        first = confidence_of(match, least=FURTHEST, full=CLOSEST)
        later = first / 2
        return [
            Heard(self._originals.get(each.text, each.text), later if number else first)
            for number, each in enumerate(found)
        ]

    def _found(self, count: int) -> list[Found]:
        if isinstance(self._search, ChoiceSearch):
            return self._search.found(count)
        pieces = self._search.pieces()
        if not pieces or max(piece.end - piece.start for piece in pieces) > LONGEST_WORD:
            return []
        frames = sum(piece.end - piece.start for piece in pieces)
        score = self._search.score - WORD_PENALTY * len(pieces)
        best = Found(" ".join(piece.text for piece in pieces), score, frames)
        return [best, *(self._exchanged(pieces, best, count - 1) if count > 1 else ())]

    def _exchanged(self, pieces: Sequence[Piece], best: Found, count: int) -> list[Found]:
        """Exchange one word at a time for another that fits its sound nearly as well."""
        states, found = np.concatenate(self._scores), []
        for at, piece in enumerate(pieces):
            search = ChoiceSearch(self._words)
            search.take(states[piece.start : piece.end])
            of_piece = search.found(count + 1)
            for other in of_piece[1:]:
                words = [each.text for each in pieces]
                words[at] = other.text
                loss = of_piece[0].score - other.score
                found.append(Found(" ".join(words), best.score - loss, best.frames))
        found.sort(key=lambda each: -each.score)
        return [each for each in found if each.text != best.text][:count]


def chains_of(models: PhraseModels, text: str) -> Iterator[Chain]:
    """Lay out the ways to say a text: words in lower case with blanks between them.

    Raises:
        SpeechFault: a word of it cannot be said.

    """
    number = models.model.number
    ways = [_ways(models.pronunciations.phones(word)) for word in text.split()]
    for way in islice(product(*ways), MAX_WAYS):
        yield Chain(text, tuple(tuple(number[phone] for phone in word) for word in way))


def _ways(listed: Iterable[str]) -> list[tuple[str, ...]]:
    """Say a word as in America, and as where an R is heard before vowels only."""
    ways = [tuple(phones.split()) for phones in listed]
    without = [
        tuple(
            phone
            for phone, before, after in zip(way, ("", *way), (*way[1:], ""), strict=False)
            if phone != "R" or before not in VOWELS or after in VOWELS
        )
        for way in ways
    ]
    return list(dict.fromkeys((*ways, *without)))


_FRAMES_OF_OURS: Final = 2
"""The model's frames in one of 20 ms."""
