"""What a leg plays: files, keys and tones one after another, a frame a tick."""

from collections.abc import Callable, Iterator
from typing import Final

from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ, Samples
from callwright.media.tones import KEYPAD
from callwright.worker import rpc
from callwright.worker.encryption import check
from callwright.worker.prompts import UNDECRYPTABLE, Prompts
from callwright.worker.sources import (
    EventSource,
    FileSource,
    KeyTone,
    Source,
    ToneSource,
    Unplayable,
)

MAX_KEY_MS: Final = 8000
"""RFC 4733's field holds 8.19 s; nobody holds a key longer."""

KEYS: Final = frozenset("".join(KEYPAD))
MAX_FREQUENCY_HZ: Final = SAMPLE_RATE_HZ / 2


class Player:
    """One `Play` command: fills a frame a tick until its items are through."""

    def __init__(
        self, play: rpc.Play, *, press: Callable[[str, int], None] | None, prompts: Prompts
    ) -> None:
        """Make ready; `press` sends a key as RTP events, None plays it as a tone.

        Raises:
            Unplayable: an item makes no sense.

        """
        self.play = play.play
        self._items = play.items
        self._loops = play.loops
        self._press = press
        self._prompts = prompts
        for item in play.items:
            _check(item)
        self._played = 0
        self.is_pressing = False
        """Whether a key's tone is in the frame that was filled last."""
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
            self.is_pressing = isinstance(self._source, KeyTone)
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
            case rpc.PlayFile():
                yield FileSource(item, self._prompts)
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
        return KeyTone(digit, tone_ms)


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
        case rpc.PlayFile(_, cipher):
            _check_cipher(cipher)  # only the disk knows the rest


def _check_cipher(cipher: rpc.Cipher | None) -> None:
    try:
        if cipher is not None:
            check(cipher)
    except ValueError as problem:
        raise Unplayable(f"{UNDECRYPTABLE}: {problem}") from problem
