"""Any English speech to text, with pocketsphinx and its American model.

The model was trained on sound of 16 kHz. Here it is given
cepstra of telephone sound that are fitted to it, and are even already.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pocketsphinx  # type: ignore[import-untyped]  # it has no types
from numpy.typing import NDArray

from callwright.adapters.speech.acoustic_model import AcousticModel
from callwright.adapters.speech.heard import Heard, confidence_of
from callwright.adapters.speech.hints import Hints, with_hints
from callwright.adapters.speech.phrase_decoder import PhraseModels
from callwright.adapters.speech.pronunciation import Pronunciations
from callwright.adapters.speech.telephone_features import cepstra, fitted, telephone_fit
from callwright.adapters.speech.telephone_line import Line, TelephoneSound
from callwright.adapters.speech.word_search import Piece

MODEL_RATE_HZ: Final = 16_000

LEAST_MATCH: Final = -6.0
"""Mean log likelihood of a frame against the best sound of the model there: half a confidence."""

FULL_MATCH: Final = -2.0
"""No word matches better; so a match of this is a confidence of 1."""

MODEL: Final = Path(pocketsphinx.get_model_path()) / "en-us"

_FEATURES: Final = """
-lowerf 130
-upperf 6800
-nfilt 25
-transform dct
-lifter 22
-feat 1s_c_d_dd
-svspec 0-12/13-25/26-38
-agc none
-cmn none
-varnorm no
-model ptm
-remove_noise no
"""
"""The model's own, but for noise removal and means: those that we hand over are even."""

USUAL_FRAMES: Final = 500
"""Frames that move what a stream is evened by half of the way from the usual: five seconds of a
voice on its line tell both."""


class Models:
    """What all streams of a process share."""

    def __init__(self) -> None:
        """Open the dictionary; the rest is read when it is first needed."""
        self.pronunciations = Pronunciations(MODEL / "cmudict-en-us.dict")
        self._free_speech: Any = None  # pocketsphinx has no types
        self._phrases: PhraseModels | None = None

    def free_speech(self) -> Any:
        """The language model of English: 29 MB, read once when it is first needed."""
        if self._free_speech is None:
            config = pocketsphinx.Config(lm=None)
            path = str(MODEL / "en-us.lm.bin")
            self._free_speech = pocketsphinx.NGramModel(config, pocketsphinx.LogMath(), path)
        return self._free_speech

    def phrases(self) -> PhraseModels:
        """What grammars need: 20 MB, read once when they are first needed."""
        if self._phrases is None:
            fit = telephone_fit()
            acoustic = AcousticModel(MODEL / "en-us", fit.shifts)
            self._phrases = PhraseModels(acoustic, fit, self.pronunciations)
        return self._phrases


class StreamDecoder:
    """The decoder of one stream; its idea of the line gets better from phrase to phrase."""

    def __init__(self, models: Models, hints: Sequence[tuple[str, int]] = ()) -> None:
        """Prepare for any speech; hints are likely words, each with a hundred times its boost."""
        self._fit = models.phrases().fit
        self._hints = Hints(models.phrases(), hints)
        self._line = Line(self._fit, USUAL_FRAMES)
        self._sound = TelephoneSound()
        self._decoder = _decoder(models)

    def begin(self) -> None:
        """A phrase begins."""
        self._sound = TelephoneSound()
        self._decoder.start_utt()

    def take(self, sound: NDArray[np.int16]) -> None:
        """The next sound of it, at the rate of calls."""
        heard = self._sound.take(sound)
        if len(heard):
            even = fitted(cepstra(heard, self._fit), self._line.middle, self._fit)
            self._decoder.process_cep(even.astype("<f4").tobytes())

    def so_far(self) -> str:
        """What seems to have been said until now."""
        found = self._decoder.hyp()
        return _plain(found.hypstr) if found and found.hypstr else ""

    def end(self, *, alternatives: int, sound_frames: int) -> list[Heard]:  # noqa: ARG002 - for others
        """The phrase is over: its readings, best first."""
        self._decoder.end_utt()
        heard = self._sound.whole()
        self._line.learn(heard)
        segments = list(self._decoder.seg() or ())
        words = [
            Piece(_plain(segment.word), segment.start_frame, segment.end_frame + 1)
            for segment in segments
            if not segment.word.startswith(_NO_WORD)
        ]
        best = with_hints(words, self._hints.found_in(heard))
        if not best:
            return []
        confidence = confidence_of(_match(segments), least=LEAST_MATCH, full=FULL_MATCH)
        others = self._others(best, alternatives - 1)
        return [Heard(best, confidence), *(Heard(text, confidence / 2) for text in others)]

    def _others(self, best: str, count: int) -> list[str]:
        others: list[str] = []
        if count <= 0:
            return others
        for _, found in zip(range(_READINGS_TRIED), self._decoder.nbest() or (), strict=False):
            text = _plain(found.hypstr or "") if found is not None else ""
            if text and text != best and text not in others:
                others.append(text)
            if len(others) == count:
                break
        return others


def _match(segments: Iterable[Any]) -> float:
    """Mean log likelihood of a frame of the words."""
    total, frames = 0.0, 0
    for segment in segments:
        if not segment.word.startswith(_NO_WORD):
            total += float(np.log(max(segment.ascore, _LEAST_LIKELIHOOD)))
            frames += segment.end_frame - segment.start_frame + 1
    return total / frames if frames else -np.inf


def _decoder(models: Models) -> Any:
    with _in_memory(_FEATURES) as features:
        decoder = pocketsphinx.Decoder(
            hmm=str(MODEL / "en-us"),
            featparams=features,
            samprate=MODEL_RATE_HZ,
            dict=str(MODEL / "cmudict-en-us.dict"),
            lm=None,
            loglevel="FATAL",
        )
    decoder.add_lm("said", models.free_speech())
    decoder.activate_search("said")
    return decoder


@contextmanager
def _in_memory(text: str) -> Iterator[str]:
    """Name a file without a place on any disk: pocketsphinx reads files only."""
    file = os.memfd_create("recogniser")
    try:
        os.write(file, text.encode())
        os.lseek(file, 0, os.SEEK_SET)
        yield f"/proc/self/fd/{file}"
    finally:
        os.close(file)


def _plain(text: str) -> str:
    """`either(2)` is `either`, said in its second way."""
    return " ".join(word.split("(", maxsplit=1)[0] for word in text.split())


_NO_WORD: Final = ("<", "[", "+")
"""What begins the names of silence and noises."""

_READINGS_TRIED: Final = 30
_LEAST_LIKELIHOOD: Final = 1e-300
