"""Speech to text with pocketsphinx and its American English model.

The model was trained on sound of 16 kHz. That of a call is brought to this rate, and a little noise
is added where its upper half is empty: the model has never heard perfect silence there. The
model's own noise removal makes telephone sound worse, and is off (docs/speech.md has figures).
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pocketsphinx  # type: ignore[import-untyped]  # it has no types
from numpy.typing import NDArray

from callwright.adapters.speech.grammar import Grammar
from callwright.adapters.speech.pronunciation import Pronunciations
from callwright.media.resample import HALF_WIDTH, resample

MODEL_RATE_HZ: Final = 16_000
CALL_RATE_HZ: Final = 8_000

GRAMMAR_NOISE: Final = 30.0
FREE_NOISE: Final = 60.0
"""Root mean square of the noise that fills the empty band, in steps of 16 bits: -58 and -52 dBm0,
below speech. Each is the best of 15, 30 and 60 for what it is named after."""

WORD_PENALTY: Final = 0.005
"""Factor for each word of a grammar: with the default of 0.65, digits fall into two."""

LEAST_MATCH: Final = -6.0
"""Mean log likelihood of a frame against the best sound of the model there; a phrase of a grammar
that matches worse was not said. Nearly all words of menus match
better, half of other speech worse."""

FULL_MATCH: Final = -2.0
"""No word matches better; so a match of this is a confidence of 1."""

LEAST_COVERED: Final = 0.75
"""Share of the sound that the words must explain: a menu's word somewhere in a long sentence,
which was not said alone, is other speech that sounds like it."""

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
-cmn batch
-cmninit 42.4,-0.3,-2.0,0.6,-1.2,-1.4,0.1,-2.4,-0.6,-0.5,-0.7,0.4,-0.5
-varnorm no
-model ptm
-remove_noise no
"""
"""The model's own, without noise removal; the means that a stream begins with are those of
espeak-ng's voices through G.711, and follow the stream from then on."""

_FRAMES_A_TICK: Final = 2
"""The decoder's frames have 10 ms."""

_CONTEXT: Final = HALF_WIDTH + 8
"""Samples on either side that the resampling filter looks at."""


class Heard(NamedTuple):
    """One reading of a phrase, or of its beginning."""

    text: str
    confidence: float


class Models:
    """What all streams of a process share."""

    def __init__(self) -> None:
        """Open the dictionary; the rest is read when it is first needed."""
        self.pronunciations = Pronunciations(MODEL / "cmudict-en-us.dict")
        self._free_speech: Any = None  # pocketsphinx has no types

    def free_speech(self) -> Any:
        """The language model of English: 29 MB, read once when it is first needed."""
        if self._free_speech is None:
            config = pocketsphinx.Config(lm=None)
            path = str(MODEL / "en-us.lm.bin")
            self._free_speech = pocketsphinx.NGramModel(config, pocketsphinx.LogMath(), path)
        return self._free_speech


class StreamDecoder:
    """The decoder of one stream; its idea of the line gets better from phrase to phrase."""

    def __init__(self, models: Models, grammar: Grammar | None) -> None:
        """Prepare for a grammar, or for any speech.

        Raises:
            SpeechFault: a word of the grammar cannot be said.

        """
        self._grammar = grammar
        self._noise = np.random.default_rng(0)
        self._tail = np.zeros(2 * _CONTEXT, np.int16)
        self._whole = bytearray()
        self._decoder = _decoder(models, grammar)

    def begin(self) -> None:
        """A phrase begins."""
        self._tail = np.zeros(2 * _CONTEXT, np.int16)
        self._whole.clear()
        self._decoder.start_utt()

    def take(self, sound: NDArray[np.int16]) -> None:
        """The next sound of it, at the rate of calls."""
        if sound.size:
            prepared = self._for_model(sound).tobytes()
            self._decoder.process_raw(prepared)
            if self._grammar is not None:
                self._whole += prepared

    def so_far(self) -> str:
        """What seems to have been said until now."""
        found = self._decoder.hyp()
        if not found or not found.hypstr:
            return ""
        if self._grammar is not None and _match(self._decoder.seg() or ())[0] < LEAST_MATCH:
            return ""
        return self._original(found.hypstr)

    def end(self, *, alternatives: int, sound_frames: int) -> list[Heard]:
        """The phrase is over: its readings, best first; none when it is not in the grammar.

        `sound_frames` are the frames of 20 ms in which there was sound.
        """
        self.take(np.zeros(_CONTEXT, np.int16))
        self._decoder.end_utt()
        if self._grammar is not None:
            # Once more with the means of the whole phrase, which the stream did not know: two
            # hundredths of a core, for a quarter fewer errors in digits.
            self._decoder.start_utt()
            self._decoder.process_raw(bytes(self._whole), full_utt=True)
            self._decoder.end_utt()
        found = self._decoder.hyp()
        if found is None or not found.hypstr:
            return []
        match, frames = _match(self._decoder.seg() or ())
        if self._grammar is not None and (
            match < LEAST_MATCH or frames < LEAST_COVERED * sound_frames * _FRAMES_A_TICK
        ):
            return []
        confidence = confidence_of(match)
        best = self._original(found.hypstr)
        others = self._others(best, alternatives - 1)
        return [Heard(best, confidence), *(Heard(text, confidence / 2) for text in others)]

    def _others(self, best: str, count: int) -> list[str]:
        others: list[str] = []
        if count <= 0:
            return others
        for _, found in zip(range(_READINGS_TRIED), self._decoder.nbest() or (), strict=False):
            text = self._original(found.hypstr or "") if found is not None else ""
            if text and text != best and text not in others:
                others.append(text)
            if len(others) == count:
                break
        return others

    def _original(self, text: str) -> str:
        plain = " ".join(_without_variant(word) for word in text.split())
        return plain if self._grammar is None else self._grammar.originals.get(plain, plain)

    def _for_model(self, sound: NDArray[np.int16]) -> NDArray[np.int16]:
        whole = np.concatenate([self._tail, sound])
        self._tail = whole[-2 * _CONTEXT :]
        step = MODEL_RATE_HZ // CALL_RATE_HZ
        wide = resample(whole, CALL_RATE_HZ, MODEL_RATE_HZ)
        level = FREE_NOISE if self._grammar is None else GRAMMAR_NOISE
        inner = wide[step * _CONTEXT : step * (whole.size - _CONTEXT)]
        noisy = inner + self._noise.normal(0.0, level, inner.size)
        limits = np.iinfo(np.int16)
        return np.clip(noisy, limits.min, limits.max).astype("<i2")


def confidence_of(match: float) -> float:
    """Bring a match to 0 to 1: even the least that counts is more likely right than wrong."""
    share = (match - LEAST_MATCH) / (FULL_MATCH - LEAST_MATCH)
    return round(min(1.0, max(0.1, 0.5 + share / 2)), 2)


def _match(segments: Iterable[Any]) -> tuple[float, int]:
    """Mean log likelihood of a frame of the words, and the frames that they take."""
    total, frames = 0.0, 0
    for segment in segments:
        if not segment.word.startswith(("<", "[", "+")):
            total += float(np.log(max(segment.ascore, _LEAST_LIKELIHOOD)))
            frames += segment.end_frame - segment.start_frame + 1
    return (total / frames if frames else -np.inf), frames


def _decoder(models: Models, grammar: Grammar | None) -> Any:
    with _in_memory(_FEATURES) as features:
        shared = {
            "hmm": str(MODEL / "en-us"),
            "featparams": features,
            "samprate": MODEL_RATE_HZ,
            "lm": None,
            "loglevel": "FATAL",
        }
        if grammar is None:
            decoder = pocketsphinx.Decoder(dict=str(MODEL / "cmudict-en-us.dict"), **shared)
            decoder.add_lm("said", models.free_speech())
        else:
            with _in_memory(_dictionary(models, grammar)) as words:
                decoder = pocketsphinx.Decoder(dict=words, wip=WORD_PENALTY, **shared)
            decoder.add_jsgf_string("said", grammar.jsgf)
    decoder.activate_search("said")
    return decoder


def _dictionary(models: Models, grammar: Grammar) -> str:
    return "".join(
        f"{word}{f'({number})' if number > 1 else ''} {phones}\n"
        for word in sorted(grammar.words)
        for number, phones in enumerate(models.pronunciations.phones(word), start=1)
    )


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


def _without_variant(word: str) -> str:
    """`either(2)` is `either`, said in its second way."""
    return word.split("(", maxsplit=1)[0]


_READINGS_TRIED: Final = 30
_LEAST_LIKELIHOOD: Final = 1e-300
