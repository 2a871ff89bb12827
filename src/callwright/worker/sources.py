"""Sounds to play, one item each: tones, keys and files, a frame at a time."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, Protocol

import numpy as np

from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ, Samples
from callwright.media.tones import key_burst, sines
from callwright.media.wav import UnplayableWav
from callwright.worker import rpc
from callwright.worker.encryption import Undecryptable
from callwright.worker.prompts import UNDECRYPTABLE, Piece, Prompts


class Unplayable(Exception):
    """An item can't be played; the message names it."""


class Source(Protocol):
    """One item's sound."""

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to take."""
        ...

    def take(self) -> Samples:
        """The next samples, at most a frame; none when it is over or not there yet."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class ToneSource:
    """A tone, made as it is played; without frequencies it is silence."""

    def __init__(
        self, frequencies_hz: tuple[float, ...], duration_ms: int, level_dbm0: float = 0.0
    ) -> None:
        self._frequencies_hz = frequencies_hz
        self._level_dbm0 = level_dbm0
        self._at = 0
        self._end = duration_ms * SAMPLE_RATE_HZ // 1000
        self.is_over = self._end <= 0

    def take(self) -> Samples:
        """The next samples, at most a frame."""
        count = min(FRAME_SAMPLES, self._end - self._at)
        start, self._at = self._at, self._at + count
        self.is_over = self._at >= self._end
        if not self._frequencies_hz:
            return np.zeros(count, np.int16)
        return sines(self._frequencies_hz, self._level_dbm0, start, count)

    def close(self) -> None:
        """Nothing to give back."""


class KeyTone(ToneSource):
    """A key as the two tones that stand for it."""

    def __init__(self, key: str, tone_ms: int) -> None:
        burst = key_burst(key, tone_ms)
        super().__init__(burst.frequencies_hz, burst.duration_ms, burst.level_dbm0)


class EventSource:
    """A key that is sent as RTP events: silence here, as long as it is held."""

    def __init__(self, key: str, tone_ms: int, press: Callable[[str, int], None]) -> None:
        self._key = key
        self._tone_ms = tone_ms
        self._press = press
        self._silence = ToneSource((), tone_ms)
        self._is_pressed = False

    @property
    def is_over(self) -> bool:
        """Whether it has been held long enough."""
        return self._silence.is_over

    def take(self) -> Samples:
        """The next samples of silence; the first ones press the key."""
        if not self._is_pressed:
            self._is_pressed = True
            self._press(self._key, self._tone_ms)
        return self._silence.take()

    def close(self) -> None:
        """Nothing to give back."""


class FileSource:
    """A wav file, read ahead by another thread."""

    def __init__(self, item: rpc.PlayFile, prompts: Prompts) -> None:
        self._path = item.path
        self._reading = prompts.open(item)
        self._next: Future[Piece] | None = self._reading.next()
        self._samples = _NOTHING
        self._at = 0
        self.is_over = False

    def take(self) -> Samples:
        """The next samples, at most a frame; none while they are being read.

        Raises:
            Unplayable: the file can't be opened or is none that we play.

        """
        if self._at >= len(self._samples) and not self._turn_over():
            return _NOTHING
        samples = self._samples[self._at : self._at + FRAME_SAMPLES]
        self._at += len(samples)
        self.is_over = self._at >= len(self._samples) and self._next is None
        return samples

    def close(self) -> None:
        """Close the file."""
        self._reading.close()

    def _turn_over(self) -> bool:
        """Go on with the piece that was read meanwhile; False when there is none (yet)."""
        if self._next is None or not self._next.done():
            return False
        try:
            self._samples, is_last = self._next.result()
        except Undecryptable as problem:
            self.is_over = True
            raise Unplayable(f"{UNDECRYPTABLE}: {self._path}: {problem}") from problem
        except (OSError, UnplayableWav) as problem:
            self.is_over = True
            raise Unplayable(f"{self._path} {problem}") from problem
        self._at = 0
        self._next = None if is_last else self._reading.next()
        self.is_over = not len(self._samples)
        return True


_NOTHING: Final = np.zeros(0, np.int16)
