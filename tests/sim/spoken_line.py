"""Texts as they come out of a call: espeak-ng speaks, G.711 carries."""

import subprocess
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from callwright.adapters.speech.heard import Heard
from callwright.adapters.speech.phrase_ends import Mark, PhraseEnds
from callwright.adapters.speech.recogniser_stream import Decoding
from callwright.media import g711
from callwright.media.frames import FRAME_SAMPLES
from callwright.media.resample import resample

LINE_NOISE = 8.0
"""Of the line, in steps of 16 bits: some -72 dBm0."""


@lru_cache(maxsize=64)
def said(text: str, voice: str = "en-us", law: g711.Law = g711.Law.MU) -> NDArray[np.int16]:
    """A text as it comes out of a call: half a second of line, the speech, a second of line."""
    spoken = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", "150", "--stdout", "--stdin"],
        input=text.encode(),
        capture_output=True,
        check=True,
    ).stdout
    rate_hz = int.from_bytes(spoken[24:28], "little")
    body = np.frombuffer(spoken[44 : len(spoken) // 2 * 2], dtype="<i2").astype(np.int16)
    line = np.concatenate(
        [np.zeros(4000, np.int16), resample(body, rate_hz, 8000) // 2, np.zeros(8000, np.int16)]
    )
    noisy = (line + np.random.default_rng(1).normal(0, LINE_NOISE, line.size)).astype(np.int16)
    return g711.decode(g711.encode(noisy, law), law)


def phrases(decoder: Decoding, sound: NDArray[np.int16], count: int = 1) -> list[list[Heard]]:
    ends, found = PhraseEnds(0.7), []
    for start in range(0, sound.size - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        step = ends.take(sound[start : start + FRAME_SAMPLES])
        if step.mark is Mark.BEGIN:
            decoder.begin()
        if step.mark is not Mark.NOTHING:
            decoder.take(step.sound)
        if step.mark is Mark.END:
            found.append(decoder.end(alternatives=count, sound_frames=ends.sound_frames))
    return found


def best(found: list[list[Heard]]) -> list[str]:
    return [readings[0].text for readings in found if readings]
