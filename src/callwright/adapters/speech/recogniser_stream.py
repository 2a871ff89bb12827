"""One stream inside a recogniser: sound in, phrases and interim results out. Knows no socket."""

from collections import deque
from collections.abc import Iterator
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from callwright.adapters.speech.heard import Heard
from callwright.adapters.speech.phrase_ends import Mark, PhraseEnds
from callwright.adapters.speech.recogniser_frames import Begin, Dropped, Event, Finished, Said
from callwright.media.frames import FRAME_SAMPLES, SAMPLE_RATE_HZ

MAX_WAITING: Final = 20.0
"""Seconds of sound that wait for the decoder; more only when the machine has too much to do, and
then the oldest goes: an answer to a menu that comes later is of no use."""

PIECE: Final = 0.1
"""Seconds decoded in one go, before another stream has its turn."""

INTERIM_PIECES: Final = 3
"""Interim results are looked at each 300 ms of speech: about a word."""

OTHER_SPEECH: Final = Heard("", 0.0)
"""What is told of speech that is none of the phrases."""

LEAST_SPEECH_FRAMES: Final = 15
"""Of 20 ms with sound that are other speech: few words are shorter than 0.3 s, most clicks are."""

_PIECE_SAMPLES: Final = round(PIECE * SAMPLE_RATE_HZ) // FRAME_SAMPLES * FRAME_SAMPLES
_NEW, _STEADY = 0.3, 0.8
"""Stability of a text that has just changed, and of one that was the same three times."""
_STEADY_AFTER: Final = 2


class Decoding(Protocol):
    """What turns one phrase after the other into text: `StreamDecoder`, `PhraseDecoder`."""

    def begin(self) -> None:
        """A phrase begins."""
        ...

    def take(self, sound: NDArray[np.int16]) -> None:
        """The next sound of it."""
        ...

    def so_far(self) -> str:
        """What seems to have been said until now."""
        ...

    def end(self, *, alternatives: int, sound_frames: int) -> list[Heard]:
        """The phrase is over: its readings, best first."""
        ...


class RecogniserStream:
    """The sound that waits, and the phrase that is being said."""

    def __init__(self, order: Begin, decoder: Decoding) -> None:
        """Begin in silence."""
        self._order = order
        self._decoder = decoder
        self._ends = PhraseEnds(order.end_silence)
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._is_finishing = False
        self.is_finished = False
        self._pieces = 0
        self._text = ""
        self._times_same = 0

    @property
    def has_work(self) -> bool:
        """Whether `work` would do something."""
        return self._waiting_bytes >= _PIECE_BYTES or (self._is_finishing and not self.is_finished)

    def feed(self, sound: bytes) -> list[Event]:
        """Let sound wait; at the bound the oldest is dropped, and that is told."""
        self._waiting.append(sound)
        self._waiting_bytes += len(sound)
        dropped = 0
        while self._waiting_bytes > _MAX_WAITING_BYTES:
            oldest = self._waiting.popleft()
            self._waiting_bytes -= len(oldest)
            dropped += len(oldest)
        return [Dropped(self._order.stream, dropped / _BYTES_A_SECOND)] if dropped else []

    def finish(self) -> None:
        """No more will be fed."""
        self._is_finishing = True

    def work(self) -> list[Event]:
        """Decode one piece of what waits."""
        events: list[Event] = []
        sound = self._next_piece()
        for start in range(0, sound.size - FRAME_SAMPLES + 1, FRAME_SAMPLES):
            events += self._take(sound[start : start + FRAME_SAMPLES])
        if self._is_finishing and self._waiting_bytes < _PIECE_BYTES:
            if self._ends.is_inside:
                events += self._end()
            self.is_finished = True
            events.append(Finished(self._order.stream))
        return events

    def _next_piece(self) -> NDArray[np.int16]:
        if self._waiting_bytes < _PIECE_BYTES:
            return np.zeros(0, np.int16)
        whole = b"".join(self._waiting)
        rest = whole[_PIECE_BYTES:]
        self._waiting = deque([rest] if rest else [])
        self._waiting_bytes = len(rest)
        return np.frombuffer(whole[:_PIECE_BYTES], dtype="<i2").astype(np.int16)

    def _take(self, frame: NDArray[np.int16]) -> Iterator[Event]:
        step = self._ends.take(frame)
        if step.mark is Mark.NOTHING:
            return
        if step.mark is Mark.BEGIN:
            self._pieces, self._text, self._times_same = 0, "", 0
            self._decoder.begin()
        self._decoder.take(step.sound)
        if step.mark is Mark.END:
            yield from self._end()
        elif self._order.wants_interim_results:
            yield from self._interim()

    def _interim(self) -> Iterator[Event]:
        self._pieces += 1
        if self._pieces % _INTERIM_FRAMES:
            return
        text = self._decoder.so_far()
        self._times_same = self._times_same + 1 if text == self._text else 0
        self._text = text
        stability = {0: _NEW, _STEADY_AFTER: _STEADY}.get(self._times_same)
        if text and stability is not None:
            yield Said(self._order.stream, ((text, 0.0),), is_final=False, stability=stability)

    def _end(self) -> Iterator[Event]:
        readings = self._decoder.end(
            alternatives=self._order.max_alternatives, sound_frames=self._ends.sound_frames
        )
        if not readings and self._order.phrases and self._ends.sound_frames >= LEAST_SPEECH_FRAMES:
            readings = [OTHER_SPEECH]
        if readings:
            yield Said(
                self._order.stream,
                tuple((heard.text, heard.confidence) for heard in readings),
                is_final=True,
            )


_BYTES_A_SECOND: Final = 2 * SAMPLE_RATE_HZ
_PIECE_BYTES: Final = 2 * _PIECE_SAMPLES
_MAX_WAITING_BYTES: Final = round(MAX_WAITING * _BYTES_A_SECOND)
_INTERIM_FRAMES: Final = INTERIM_PIECES * _PIECE_SAMPLES // FRAME_SAMPLES
