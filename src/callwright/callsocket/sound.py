"""Sound as call WebSockets carry it: 8,000 samples a second, in one of four encodings."""

import math
import sys
import wave
from array import array
from dataclasses import dataclass
from enum import StrEnum
from os import PathLike
from typing import Final

SAMPLE_RATE_HZ: Final = 8000
"""The only rate that there is at present."""

FRAME_MS: Final = 20
"""What the platform's frames normally hold, in milliseconds."""


class Encoding(StrEnum):
    """How a sample is coded."""

    PCM_16 = "16bit_PCM"
    """Signed, little endian. What the platform sends on calls."""
    A_LAW = "alaw"
    MU_LAW = "mulaw"
    PCM_8 = "8bit_PCM"
    """Unsigned, 128 is silence."""


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """How sound is laid out; the samples of two channels alternate."""

    encoding: Encoding = Encoding.PCM_16
    channels: int = 1

    def __post_init__(self) -> None:
        """Refuse what no message can say."""
        if self.channels not in {1, 2}:
            raise ValueError(f"channels is {self.channels}: 1 or 2 was expected")

    @property
    def sample_bytes(self) -> int:
        """The size of one sample of all channels."""
        return self.channels * (2 if self.encoding is Encoding.PCM_16 else 1)

    def size_of(self, milliseconds: int) -> int:
        """How many bytes so much sound has."""
        return milliseconds * SAMPLE_RATE_HZ // 1000 * self.sample_bytes

    def seconds_of(self, size_bytes: int) -> float:
        """How long so many bytes last."""
        return size_bytes / self.sample_bytes / SAMPLE_RATE_HZ


TELEPHONE: Final = SoundFormat()
"""16-bit linear sound of one channel: what is heard on calls, and what is played by default."""


def silence(seconds: float) -> bytes:
    """Make silence, 16-bit linear."""
    return bytes(2 * round(seconds * SAMPLE_RATE_HZ))


def tone(hertz: float, seconds: float, *, loudness: float = 0.25) -> bytes:
    """Make a tone, 16-bit linear; `loudness` is the share of the greatest possible, 0 to 1."""
    peak = loudness * 32767
    turn = 2 * math.pi * hertz / SAMPLE_RATE_HZ
    return _bytes_of(
        array("h", (round(peak * math.sin(turn * at)) for at in range(_samples(seconds))))
    )


def loudness(sound: bytes) -> float:
    """How loud 16-bit linear sound is: its root mean square as a share of the greatest, 0 to 1.

    Somebody who speaks is at 0.02 and more, a quiet line below 0.005.
    """
    samples = _samples_of(sound)
    if not samples:
        return 0.0
    return math.sqrt(sum(it * it for it in samples) / len(samples)) / 32768


def read_wav(path: str | PathLike[str]) -> bytes:
    """Read a wav file of 8,000 16-bit samples a second, one channel, for `Call.play`.

    Raises:
        ValueError: it is another kind of wav file, or none.

    """
    try:
        with wave.open(str(path), "rb") as file:
            found = (file.getframerate(), 8 * file.getsampwidth(), file.getnchannels())
            if found != (SAMPLE_RATE_HZ, 16, 1):
                raise ValueError(
                    f"{path} has {found[0]} samples a second of {found[1]} bits in {found[2]} "
                    "channels: 8000 of 16 bits in 1 channel were expected; "
                    "sox IN.wav -r 8000 -b 16 -c 1 OUT.wav makes them"
                )
            return file.readframes(file.getnframes())
    except (wave.Error, EOFError) as problem:
        raise ValueError(f"{path} is no wav file: {problem}") from None


def write_wav(path: str | PathLike[str], sound: bytes) -> None:
    """Write 16-bit linear sound of one channel as a wav file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(sound)


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)


def _samples_of(sound: bytes) -> "array[int]":
    samples = array("h", sound)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _bytes_of(samples: "array[int]") -> bytes:
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()
