"""Sound in journeys: tones that phones say, and which tone is in what was heard (8 kHz, mono)."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

RATE_HZ: Final = 8000
NEAR_HZ: Final = 10
"""How far from its frequency a tone's energy may lie: its begin and end make it a little wider."""


def make_tone(path: Path, hertz: int, *, seconds: float = 2) -> Path:
    """Write a tone, made by sox, and return its path: `.wav`, or `.ul` for bare mu-law samples."""
    path.parent.mkdir(parents=True, exist_ok=True)
    form = ["-r", str(RATE_HZ), "-c", "1"]
    form += ["-b", "16", "-e", "signed-integer"] if path.suffix == ".wav" else ["-t", "ul"]
    synth = ["synth", str(seconds), "sine", str(hertz), "vol", "0.3"]
    subprocess.run(["sox", "-n", *form, str(path), *synth], check=True)
    return path


def samples_of(recording: Path, *, channel: int = 1) -> list[int]:
    """Return the samples of one channel of a recording, read by sox; channels count from 1."""
    raw = subprocess.run(
        [
            *("sox", str(recording), "-t", "raw", "-r", str(RATE_HZ), "-e", "signed", "-b", "16"),
            *("-", "remix", str(channel)),
        ],
        check=True,
        capture_output=True,
    ).stdout
    return memoryview(raw).cast("h").tolist()


def share_of(samples: Sequence[int], hertz: int) -> float:
    """How much of the sound's energy lies near a frequency, 0 to 1; none in silence."""
    spectrum, frequencies = _power(samples)
    near = np.abs(frequencies - hertz) <= NEAR_HZ
    return float(spectrum[near].sum() / max(float(spectrum.sum()), 1.0))


def seconds_of(samples: Sequence[int], hertz: int) -> float:
    """How long a tone is heard in this, to a tenth of a second: where it is half of the energy."""
    step = RATE_HZ // 10
    pieces = [samples[at : at + step] for at in range(0, len(samples) - step + 1, step)]
    return sum(_has(piece, hertz) for piece in pieces) / 10


def _has(piece: Sequence[int], hertz: int) -> bool:
    spectrum, frequencies = _power(piece)
    # Pieces of 100 ms have lines 10 Hz apart, and a window spreads a tone over four of them.
    near = np.abs(frequencies - hertz) <= 2 * NEAR_HZ
    loudness = float(np.sqrt(np.mean(np.square(np.array(piece, float)))))
    return loudness > _AUDIBLE and float(spectrum[near].sum()) > float(spectrum.sum()) / 2


_AUDIBLE: Final = 100.0
"""Root mean square that is more than the noise of G.711: 50 dB below the loudest."""


def _power(samples: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    sound = np.array(samples, float)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    return spectrum, np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
