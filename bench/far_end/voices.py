"""Speech out of espeak-ng: voices of one part never speak in the other."""

import subprocess
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from callwright.media.frames import SAMPLE_RATE_HZ
from callwright.media.resample import resample

Wave = NDArray[np.float64]
"""Sound in the making: 8 kHz, one channel, any scale."""

DIALECTS: Final = {
    "report": {
        "en": ("en-us", "en-gb"),
        "de": ("de",),
        "hu": ("hu",),
        "fi": ("fi",),
        "ro": ("ro",),
        "nb": ("nb",),
    },
    "tune1": {
        "en": ("en-gb", "en-us"),
        "de": ("de",),
        "fr": ("fr-fr",),
        "es": ("es",),
        "it": ("it",),
    },
    "tune3": {
        "en": ("en-029", "en-gb-x-gbcwmd", "en-us"),
        "de": ("de",),
        "sv": ("sv",),
        "pt": ("pt", "pt-br"),
        "cs": ("cs",),
        "tr": ("tr",),
    },
    "tune2": {
        "en": ("en-gb-scotland", "en-us-nyc", "en-gb-x-gbclan", "en-gb-x-rp"),
        "de": ("de",),
        "fr": ("fr-be", "fr-ch"),
        "es": ("es-419",),
        "it": ("it",),
        "pl": ("pl",),
        "nl": ("nl",),
    },
}
VARIANTS: Final = {
    "report": (
        *("Andy", "AnxiousAndy", "Jacky", "Mario", "ed", "edward2", "gustave", "Gene2", "iven4"),
        *("kaukovalta", "marcelo", "quincy", "RicishayMax", "RicishayMax3", "Storm", "Nguyen"),
        *("klatt3", "klatt6", "croak"),
    ),
    "tune1": (
        *("m1", "m3", "m5", "m7", "f1", "f3", "f5", "Alicia", "belinda", "David", "Diogo"),
        *("Andrea", "Gene", "iven2", "Lee", "Mike", "steph", "klatt2", "grandma", "Hugo"),
    ),
    "tune3": (
        *("adam", "Alex", "anika", "antonio", "benjamin", "boris", "caleb", "Henrique", "iven"),
        *("iven3", "Marco", "Michael", "miguel", "norbert", "pablo", "pedro", "robert"),
        *("shelby", "steph2", "travis", "victor", "zac", "klatt5", "klatt"),
    ),
    "tune2": (
        *("m2", "m4", "m6", "m8", "f2", "f4", "Annie", "linda", "Denis", "edward", "aunty"),
        *("Michel", "steph3", "john", "max", "paul", "rob", "sandro", "klatt4", "grandpa"),
    ),
}

SPOKEN_DB: Final = 40.0
"""Fainter than this below the loudest 10 ms, the two ends of what espeak-ng writes are cut."""

_HEADER_BYTES: Final = 44
_ESPEAK_HZ: Final = 22050


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks."""

    name: str
    """espeak-ng's voice and variant."""
    pitch: int
    """0 to 99."""
    words_a_minute: int


def voice(part: str, language: str, chance: np.random.Generator) -> Voice:
    """Choose somebody of this part who speaks the language."""
    dialect = chance.choice(DIALECTS[part][language])
    variant = chance.choice(VARIANTS[part])
    return Voice(
        f"{dialect}+{variant}", int(chance.integers(25, 75)), int(chance.integers(135, 205))
    )


@lru_cache(maxsize=4096)
def speak(text: str, by: Voice) -> Wave:
    """Render a sentence, its loudest sample 1, without silence at its ends."""
    wav = subprocess.run(
        [
            *("espeak-ng", "--stdout", "-v", by.name, "-p", str(by.pitch)),
            *("-s", str(by.words_a_minute), text),
        ],
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    samples = np.frombuffer(wav[_HEADER_BYTES : len(wav) & ~1], "<i2").astype(np.int16)
    spoken = _trimmed(resample(samples, _ESPEAK_HZ, SAMPLE_RATE_HZ).astype(np.float64))
    if not spoken.size:
        raise ValueError(f"espeak-ng says nothing to {text!r} as {by.name}")
    return spoken / float(np.abs(spoken).max())


def _trimmed(wave: Wave) -> Wave:
    step = SAMPLE_RATE_HZ // 100
    pieces = wave[: len(wave) // step * step].reshape(-1, step)
    loudness = np.sqrt(np.mean(pieces**2, axis=1))
    loud = np.flatnonzero(loudness > loudness.max(initial=0.0) * 10 ** (-SPOKEN_DB / 20))
    if not loud.size:
        return wave[:0]
    first, last = int(loud[0]), int(loud[-1])
    return wave[first * step : (last + 1) * step]
