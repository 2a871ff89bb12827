"""The voice of the far ends: espeak-ng where it is installed, else a humming of the same length.

All texts are known from the scripts, so they are spoken into wav files once, in a thread, while
the first call is still ringing; a text whose file is not there yet is hummed.
"""

import subprocess
import wave
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from callwright.media.resample import resample
from callwright.worker import rpc

SAMPLE_RATE_HZ: Final = 8000
SPEAKS_WITHIN: Final = 20.0
"""Seconds for one sentence; espeak-ng needs hundredths, so one that takes this long hangs."""

SYLLABLE_MS: Final = 160
SYLLABLE_GAP_MS: Final = 40
"""Together five syllables a second: how fast people speak."""

LETTERS_A_SYLLABLE: Final = 3
_SYLLABLES_HZ: Final = ((180.0, 540.0), (150.0, 900.0), (200.0, 400.0))
"""A fundamental and a formant each, none of them near a pair that dials (ITU-T Q.23)."""

_HUM_DBM0: Final = -16.0
"""Each; speech on telephone lines averages about this with its pauses left out (ITU-T P.56)."""


class Voice:
    """Texts as sound. The wav files stay in their folder and are taken again."""

    def __init__(self, folder: Path) -> None:
        """Speak into this folder, which exists."""
        self._folder = folder
        self._paths: dict[str, str] = {}

    def prepare(self, texts: tuple[str, ...]) -> str:
        """Speak texts into files; blocks. Return what was wrong, or nothing."""
        for text in texts:
            path = self._folder / f"{sha256(text.encode()).hexdigest()[:16]}.wav"
            try:
                if not path.exists():
                    _speak(text, path)
            except FileNotFoundError:
                return "espeak-ng is not installed: the far ends hum"
            except (subprocess.SubprocessError, OSError, EOFError, wave.Error) as problem:
                return f"espeak-ng failed: {problem}; the far ends hum"
            self._paths[text] = str(path)
        return ""

    def sound_of(self, text: str) -> tuple[rpc.Playable, ...]:
        """What to play to say a text."""
        path = self._paths.get(text)
        return (rpc.PlayFile(path),) if path is not None else humming(text)


def humming(text: str) -> tuple[rpc.Playable, ...]:
    """A sound about as long as the text would be."""
    count = max(1, len(text) // LETTERS_A_SYLLABLE)
    return tuple(
        part
        for number in range(count)
        for part in (
            rpc.PlayTone(_SYLLABLES_HZ[number % len(_SYLLABLES_HZ)], SYLLABLE_MS, _HUM_DBM0),
            rpc.PlayTone((), SYLLABLE_GAP_MS),
        )
    )


def _speak(text: str, path: Path) -> None:
    """Make a wav file of 8 kHz; whole or not there, whoever is killed when."""
    spoken, converted = path.with_suffix(".spoken"), path.with_suffix(".converted")
    command = ["espeak-ng", "-v", "en-gb", "-w", str(spoken), "--stdin"]
    # Not a shell, and the text is one of our own scripts.
    subprocess.run(  # noqa: S603 - the same
        command, input=text.encode(), check=True, capture_output=True, timeout=SPEAKS_WITHIN
    )
    with wave.open(str(spoken)) as file:
        rate_hz = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    spoken.unlink()
    with wave.open(str(converted), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(resample(samples, rate_hz, SAMPLE_RATE_HZ).astype("<i2").tobytes())
    converted.rename(path)
