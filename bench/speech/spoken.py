"""Speech out of espeak-ng, before and after a telephone line."""

import subprocess
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from callwright.adapters.speech.phrase_ends import LEAD_FRAMES, TAIL_FRAMES
from callwright.media import g711
from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ, Samples
from callwright.media.resample import resample

LEARNING_VOICES: Final = (
    *("en-us+m2", "en-us+f1", "en-gb+f2", "en-gb-scotland", "en-us+m5", "en-gb-x-rp+m3"),
    *("en-us+f4", "en-gb+m7", "en-gb-x-gbclan", "en-us+f5", "en-us-nyc+steph", "en-us+belinda"),
)
LEARNING_SPEEDS: Final = (130, 145, 165, 180)
"""Words a minute."""

REPORT_VOICES: Final = ("en-us", "en-gb", "en-us+f3")
REPORT_SPEEDS: Final = (120, 150, 175)

QUIET_LINE: Final = 8.0
"""Root mean square of a good line's noise, in steps of 16 bits: some -72 dBm0."""

WIDE_HZ: Final = 16_000


@dataclass(frozen=True, slots=True)
class Saying:
    """A text, who says it how, and the line it comes through."""

    text: str
    voice: str
    speed: int
    law: g711.Law = g711.Law.MU
    gain: float = 0.5
    noise: float = QUIET_LINE


def heard(saying: Saying) -> Samples:
    """Return half a second of line, the speech and a second of line, as a call gives it."""
    line = _with_line(_spoken(saying, SAMPLE_RATE_HZ), saying, SAMPLE_RATE_HZ)
    return g711.decode(g711.encode(line, saying.law), saying.law)


def heard_phrase(saying: Saying) -> Samples:
    """Return what a decoder gets of it: little more than the speech."""
    return _phrase(heard(saying), saying, 1)


def wide_phrase(saying: Saying) -> Samples:
    """Return the same with the whole band of 16 kHz."""
    line = _with_line(_spoken(saying, WIDE_HZ), saying, WIDE_HZ)
    return _phrase(line, saying, WIDE_HZ // SAMPLE_RATE_HZ)


def _with_line(speech: Samples, saying: Saying, rate_hz: int) -> Samples:
    line = np.pad(speech * saying.gain, (rate_hz // 2, rate_hz))
    line += np.random.default_rng(1).normal(0, saying.noise, line.size)
    limits = np.iinfo(np.int16)
    return np.clip(line, limits.min, limits.max).astype(np.int16)


def _phrase(line: Samples, saying: Saying, step: int) -> Samples:
    speech = _spoken(saying, SAMPLE_RATE_HZ)
    start = SAMPLE_RATE_HZ // 2 - LEAD_FRAMES * FRAME_SAMPLES
    end = SAMPLE_RATE_HZ // 2 + speech.size + TAIL_FRAMES * FRAME_SAMPLES
    return line[step * start : step * end]


@lru_cache(maxsize=2000)
def _spoken(saying: Saying, rate_hz: int) -> Samples:
    spoken = subprocess.run(
        ["espeak-ng", "-v", saying.voice, "-s", str(saying.speed), "--stdout", "--stdin"],
        input=saying.text.encode(),
        capture_output=True,
        check=True,
    ).stdout
    body = np.frombuffer(spoken[44 : len(spoken) // 2 * 2], dtype="<i2").astype(np.int16)
    return resample(body, int.from_bytes(spoken[24:28], "little"), rate_hz)
