"""What a leg plays: files, keys and tones one after another, a frame a tick.

Files are read by one thread, some seconds ahead, so that no disk can make a tick late.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import numpy as np

from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ, Samples
from callwright.media.tones import KEYPAD, key_burst, sines
from callwright.media.wav import UnplayableWav, WavReader
from callwright.worker import rpc

CHUNK_SAMPLES: Final = 4 * SAMPLE_RATE_HZ
"""What is read at once; as much again is read while it is played. 64 kB, and four seconds for
the slowest of disks."""

MAX_KEY_MS: Final = 8000
"""RFC 4733's field holds 8.19 s; nobody holds a key longer."""

KEYS: Final = frozenset("".join(KEYPAD))
MAX_FREQUENCY_HZ: Final = SAMPLE_RATE_HZ / 2


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


class Player:
    """One `Play` command: fills a frame a tick until its items are through."""

    def __init__(
        self, play: rpc.Play, *, press: Callable[[str, int], None] | None, disk: Executor
    ) -> None:
        """Make ready; `press` sends a key as RTP events, None plays it as a tone.

        Raises:
            Unplayable: an item makes no sense.

        """
        self.play = play.play
        self._items = play.items
        self._loops = play.loops
        self._press = press
        self._disk = disk
        for item in play.items:
            _check(item)
        self._played = 0
        self._sources = self._all_sources()
        self._source = next(self._sources, None)

    @property
    def is_over(self) -> bool:
        """Whether the last sample has been given out."""
        return self._source is None

    @property
    def duration(self) -> float:
        """Seconds of sound given out."""
        return self._played / SAMPLE_RATE_HZ

    def fill(self, frame: Samples) -> None:
        """Put the next samples into a frame, and silence behind them.

        Raises:
            Unplayable: the file can't be read.

        """
        filled = 0
        while self._source is not None and not filled:
            samples = self._source.take()
            filled = len(samples)
            if filled == FRAME_SAMPLES:
                frame[:] = samples
            elif filled:
                frame[:filled] = samples
            self._played += filled
            if self._source.is_over:
                self._source.close()
                self._source = next(self._sources, None)
            elif not filled:
                break  # the disk is slow: silence until it has caught up
        if filled < FRAME_SAMPLES:
            frame[filled:] = 0

    def close(self) -> None:
        """Stop; what is being read is given up."""
        if self._source is not None:
            self._source.close()
        self._source = None

    def _all_sources(self) -> Iterator[Source]:
        while True:
            before = self._played
            for item in self._items:
                yield from self._item_sources(item)
            # A round without any sound would go round forever within one tick.
            if not self._loops or self._played == before:
                return

    def _item_sources(self, item: rpc.Playable) -> Iterator[Source]:
        match item:
            case rpc.PlayFile(path):
                yield FileSource(path, self._disk)
            case rpc.PlayTone(frequencies_hz, duration_ms, level_dbm0):
                yield ToneSource(frequencies_hz, duration_ms, level_dbm0)
            case rpc.PlayDigits(digits, tone_ms, gap_ms, pause_ms):
                for digit in digits:
                    if digit == ",":
                        yield ToneSource((), pause_ms)
                    else:
                        yield self._key(digit, tone_ms)
                        yield ToneSource((), gap_ms)

    def _key(self, digit: str, tone_ms: int) -> Source:
        if self._press is not None:
            return EventSource(digit, tone_ms, self._press)
        burst = key_burst(digit, tone_ms)
        return ToneSource(burst.frequencies_hz, burst.duration_ms, burst.level_dbm0)


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

    def __init__(self, path: str, disk: Executor) -> None:
        self._path = path
        self._disk = disk
        self._reading = _Reading(path)
        self._next: Future[Samples] | None = disk.submit(self._reading.read)
        self._chunk = np.zeros(0, np.int16)
        self._at = 0
        self.is_over = False

    def take(self) -> Samples:
        """The next samples, at most a frame; none while they are being read.

        Raises:
            Unplayable: the file can't be opened or is none that we play.

        """
        if self._at >= len(self._chunk) and not self._turn_over():
            return _NOTHING
        samples = self._chunk[self._at : self._at + FRAME_SAMPLES]
        self._at += len(samples)
        self.is_over = self._at >= len(self._chunk) and self._next is None
        return samples

    def close(self) -> None:
        """Close the file, behind whatever the thread is still reading of it."""
        self._disk.submit(self._reading.close)

    def _turn_over(self) -> bool:
        """Go on with the chunk that was read meanwhile; False when there is none (yet)."""
        if self._next is None or not self._next.done():
            return False
        try:
            self._chunk, self._at = self._next.result(), 0
        except (OSError, UnplayableWav) as problem:
            self.is_over = True
            raise Unplayable(f"{self._path} {problem}") from problem
        is_last = len(self._chunk) < CHUNK_SAMPLES
        self._next = None if is_last else self._disk.submit(self._reading.read)
        self.is_over = not len(self._chunk)
        return True


class _Reading:
    """A file in the reading thread's hands; opened by its first read."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._stream: BinaryIO | None = None
        self._reader: WavReader | None = None

    def read(self) -> Samples:
        if self._reader is None:
            self._stream = Path(self._path).open("rb")  # noqa: SIM115 - `close` closes it
            self._reader = WavReader(self._stream)
        return self._reader.read(CHUNK_SAMPLES)

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()


_NOTHING: Final = np.zeros(0, np.int16)


def _check(item: rpc.Playable) -> None:
    match item:
        case rpc.PlayDigits(digits, tone_ms, gap_ms, pause_ms):
            if not KEYS.issuperset(digits.replace(",", "")):
                raise Unplayable("digits to play are 0-9, A-D, *, # and the comma")
            if not 0 < tone_ms <= MAX_KEY_MS or min(gap_ms, pause_ms) < 0:
                raise Unplayable(f"a key of {tone_ms} ms; expected 1 to {MAX_KEY_MS}")
        case rpc.PlayTone(frequencies_hz, duration_ms, _):
            if duration_ms < 0 or not all(0 < it < MAX_FREQUENCY_HZ for it in frequencies_hz):
                raise Unplayable(f"a tone of {frequencies_hz} Hz for {duration_ms} ms")
        case rpc.PlayFile():
            pass  # only the disk knows
