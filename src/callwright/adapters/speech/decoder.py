"""Speech to text with pocketsphinx and its American English model.

The model was trained on sound of 16 kHz. That of a call is brought to this rate, and a little noise
is added where its upper half is empty: the model has never heard perfect silence there. The
model's own noise removal makes telephone sound worse, and is off (docs/speech.md has figures).
"""

import tempfile
from collections.abc import Iterable
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

NOISE_RMS: Final = 60.0
"""Of the noise that fills the empty band, in steps of 16 bits: some -55 dBm0, below speech."""

WORD_PENALTY: Final = 0.005
"""Factor for each word of a grammar: with the default of 0.65, digits fall into two."""

LEAST_MATCH: Final = -5.8
"""Mean log likelihood of a frame against the best sound of the model there; a phrase of a grammar
that matches worse was not said. Of menu words, 97 % match better; of other speech, half."""

FULL_MATCH: Final = -2.0
"""No word matches better; so a match of this is a confidence of 1."""

LEAST_COVERED: Final = 0.6
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
-cmn live
-varnorm no
-model ptm
-remove_noise no
"""
"""The model's own, with other noise removal, and means that follow the stream."""

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
        """Write the settings of the features, which pocketsphinx reads from a file."""
        self.pronunciations = Pronunciations(MODEL / "cmudict-en-us.dict")
        self.folder = tempfile.TemporaryDirectory(prefix="callwright-recogniser-")
        self.features = Path(self.folder.name) / "features"
        self.features.write_text(_FEATURES, encoding="utf-8")
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
        self._decoder = _decoder(models, grammar)

    def begin(self) -> None:
        """A phrase begins."""
        self._tail = np.zeros(2 * _CONTEXT, np.int16)
        self._decoder.start_utt()

    def take(self, sound: NDArray[np.int16]) -> None:
        """The next sound of it, at the rate of calls."""
        if sound.size:
            self._decoder.process_raw(self._for_model(sound).tobytes())

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
        self._decoder.process_raw(self._for_model(np.zeros(_CONTEXT, np.int16)).tobytes())
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
        inner = wide[step * _CONTEXT : step * (whole.size - _CONTEXT)]
        noisy = inner + self._noise.normal(0.0, NOISE_RMS, inner.size)
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
    shared = {
        "hmm": str(MODEL / "en-us"),
        "featparams": str(models.features),
        "samprate": MODEL_RATE_HZ,
        "lm": None,
        "loglevel": "FATAL",
    }
    if grammar is None:
        decoder = pocketsphinx.Decoder(dict=str(MODEL / "cmudict-en-us.dict"), **shared)
        decoder.add_lm("said", models.free_speech())
    else:
        lines = [
            f"{word}{f'({number})' if number > 1 else ''} {phones}\n"
            for word in sorted(grammar.words)
            for number, phones in enumerate(models.pronunciations.phones(word), start=1)
        ]
        with tempfile.NamedTemporaryFile("w", dir=models.folder.name, encoding="utf-8") as words:
            words.writelines(lines)
            words.flush()
            decoder = pocketsphinx.Decoder(dict=words.name, wip=WORD_PENALTY, **shared)
        decoder.add_jsgf_string("said", grammar.jsgf)
    decoder.activate_search("said")
    return decoder


def _without_variant(word: str) -> str:
    """`either(2)` is `either`, said in its second way."""
    return word.split("(", maxsplit=1)[0]


_READINGS_TRIED: Final = 30
_LEAST_LIKELIHOOD: Final = 1e-300
