"""The voice of the far ends: espeak-ng where it is installed, else a humming of the same length.

All texts are known from the scripts, so they are spoken into wav files once, in a thread, while
the first call is still ringing; a text whose file is not there yet is hummed. A noisy line's noise
is in the files of its texts, and in one of its own for the pauses.
"""

import subprocess
import wave
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from callwright.carrier.scripts import Line
from callwright.media.frames import Samples, amplitude
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


NOISE_DBM0: Final = -38.0
"""About 15 dB under a voice: every word can be understood, and nobody calls it a good line."""

NOISE: Final = 4.0
"""Seconds until the noise between texts is repeated: too long for an ear to notice."""

NOISE_SEED: Final = 1
"""The same noise each time, so that what is heard on a noisy line can be compared."""


class Voice:
    """Texts as sound. The wav files stay in their folder and are taken again."""

    def __init__(self, folder: Path) -> None:
        """Speak into this folder, which exists."""
        self._folder = folder
        self._paths: dict[tuple[str, Line], str] = {}

    def prepare(self, texts: Sequence[str], line: Line = Line.QUIET) -> str:
        """Make the files of a line and what is said on it; blocks. Return what was wrong."""
        try:
            if line is Line.NOISY:
                self._make(_LINE_ALONE, line)
            for text in texts:
                self._make(text, line)
        except FileNotFoundError:
            return "espeak-ng is not installed: the far ends hum"
        except (subprocess.SubprocessError, OSError, EOFError, wave.Error) as problem:
            return f"espeak-ng failed: {problem}; the far ends hum"
        return ""

    def sound_of(self, text: str, line: Line = Line.QUIET) -> tuple[rpc.Playable, ...]:
        """What to play to say a text."""
        path = self._paths.get((text, line))
        return (rpc.PlayFile(path),) if path is not None else humming(text)

    def sound_of_line(self, line: Line) -> tuple[rpc.Playable, ...]:
        """What the line adds while nobody speaks, to be played in a loop; empty for nothing."""
        path = self._paths.get((_LINE_ALONE, line))
        return (rpc.PlayFile(path),) if path is not None else ()

    def _make(self, text: str, line: Line) -> None:
        """Have the file of a text; whole or not there, whoever is killed when."""
        name = sha256(f"{line.value} {text}".encode()).hexdigest()[:16]
        path = self._folder / f"{name}.wav"
        if not path.exists():
            spoken = np.zeros(int(NOISE * SAMPLE_RATE_HZ), np.int16)
            if text:
                spoken = _speak(text, path.with_suffix(".spoken"))
            _write(_on(line, spoken), path)
        self._paths[text, line] = str(path)


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


def _speak(text: str, spoken: Path) -> Samples:
    """Have a text spoken, by way of a file."""
    command = ["espeak-ng", "-v", "en-gb", "-w", str(spoken), "--stdin"]
    # Not a shell, and the text is one of our own scripts.
    subprocess.run(  # noqa: S603 - the same
        command, input=text.encode(), check=True, capture_output=True, timeout=SPEAKS_WITHIN
    )
    with wave.open(str(spoken)) as file:
        rate_hz = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    spoken.unlink()
    return resample(samples, rate_hz, SAMPLE_RATE_HZ)


def _on(line: Line, spoken: Samples) -> Samples:
    """What is left of some sound at the other end of the line."""
    if line is Line.QUIET:
        return spoken
    effective = amplitude(NOISE_DBM0) / np.sqrt(2)
    noise = np.random.default_rng(NOISE_SEED).normal(0.0, effective, len(spoken))
    return np.clip(spoken + noise, -0x8000, 0x7FFF).astype(np.int16)


def _write(samples: Samples, path: Path) -> None:
    """Write a wav file of 8 kHz."""
    unfinished = path.with_suffix(".unfinished")
    with wave.open(str(unfinished), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(samples.astype("<i2").tobytes())
    unfinished.rename(path)


_LINE_ALONE: Final = ""
"""The text of a line on which nobody says anything."""
