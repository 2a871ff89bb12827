"""The plays that a server has sent and that are not through: up to 4 of up to 250 frames each.

Sound stays coded until it is taken. One play follows another without a gap.
"""

from collections import deque
from typing import Final, NamedTuple

from callwright.protocol.callsocket.errors import BadMessage
from callwright.protocol.callsocket.messages import SAMPLE_RATE_HZ, PlayStart

MAX_PLAYS: Final = 4
"""Plays that are not through, the one that is heard among them."""

MAX_FRAMES: Final = 250
"""Frames of one play that have not been taken: five seconds of 20 ms each. With frames of 1600
bytes a call never holds more than 1.6 MB."""


class Piece(NamedTuple):
    """Some samples of one play."""

    play: PlayStart
    sound: bytes


class PlayQueue:
    """Takes plays as the server sends them, gives sound as it is heard."""

    def __init__(self) -> None:
        self._plays: deque[_Play] = deque()
        self._finished: list[str] = []

    def start(self, play: PlayStart) -> None:
        """Begin a play; the sound that comes now is its own.

        Raises:
            BadMessage: the one before has not ended, or there are too many.

        """
        if self._plays and not self._plays[-1].is_complete:
            before = self._plays[-1].start.id
            raise BadMessage(f"a play begins before play {before[:80]!r} was ended")
        if len(self._plays) >= MAX_PLAYS:
            raise BadMessage(f"play {play.id[:80]!r} is one too many; at most {MAX_PLAYS} wait")
        self._plays.append(_Play(play))

    def add(self, sound: bytes) -> None:
        """Take a frame of the play that began last.

        Raises:
            BadMessage: there is none, it is full, or the frame has half a sample.

        """
        play = self._open_play("sound")
        size = play.sample_bytes
        if len(sound) % size:
            raise BadMessage(f"a frame of {len(sound)} bytes; expected a multiple of {size}")
        if len(play.frames) >= MAX_FRAMES:
            raise BadMessage(f"more than {MAX_FRAMES} frames wait; send at the speed of sound")
        if sound:
            play.frames.append(sound)
            play.waiting_bytes += len(sound)

    def end(self) -> None:
        """The play that began last is complete.

        Raises:
            BadMessage: there is none that isn't.

        """
        self._open_play("the end of a play").is_complete = True

    def abort(self) -> None:
        """Forget all plays."""
        self._finished += (play.start.id for play in self._plays)
        self._plays.clear()

    def take(self, samples: int) -> list[Piece]:
        """The next sound, at most so many samples of it, in order; fewer when there are no more."""
        pieces: list[Piece] = []
        while samples and self._plays:
            play = self._plays[0]
            size = play.sample_bytes
            if play.is_ready and play.waiting_bytes:
                sound = play.take(samples * size)
                samples -= len(sound) // size
                pieces.append(Piece(play.start, sound))
            if not play.is_through:
                break
            self._plays.popleft()
            self._finished.append(play.start.id)
        return pieces

    def finished(self) -> list[str]:
        """Plays that have come to their end since the last call, by their `id`."""
        finished, self._finished = self._finished, []
        return finished

    @property
    def has_finished(self) -> bool:
        """Whether `finished` has something."""
        return bool(self._finished)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is played and nothing waits."""
        return not self._plays

    def _open_play(self, what: str) -> "_Play":
        if not self._plays or self._plays[-1].is_complete:
            raise BadMessage(f"{what} outside of a play; expected audio_play_start first")
        return self._plays[-1]


class _Play:
    """One play's sound that has not been taken."""

    __slots__ = (
        "_has_begun",
        "_least_bytes",
        "_offset",
        "frames",
        "is_complete",
        "sample_bytes",
        "start",
        "waiting_bytes",
    )

    def __init__(self, start: PlayStart) -> None:
        self.start = start
        self.frames: deque[bytes] = deque()
        self.waiting_bytes = 0
        self.is_complete = False
        self.sample_bytes = start.sample_bytes
        self._least_bytes = start.initial_buffer_ms * SAMPLE_RATE_HZ // 1000 * start.sample_bytes
        self._has_begun = False
        self._offset = 0
        """Bytes of the first frame that have been taken."""

    @property
    def is_ready(self) -> bool:
        """Whether it may be heard: from then on it is, even when its sound comes late.

        A full queue can't fill any further, whatever `initial_buffer_ms` asks for.
        """
        if self._has_begun:
            return True
        self._has_begun = (
            self.is_complete
            or self.waiting_bytes >= self._least_bytes
            or len(self.frames) >= MAX_FRAMES
        )
        return self._has_begun

    @property
    def is_through(self) -> bool:
        return self.is_complete and not self.frames

    def take(self, size: int) -> bytes:
        """At most so many bytes; they are whole samples, as all frames are."""
        first = self.frames[0]
        if not self._offset and len(first) == size:
            self.waiting_bytes -= size
            return self.frames.popleft()
        taken = bytearray()
        while self.frames and len(taken) < size:
            first = self.frames[0]
            part = first[self._offset : self._offset + size - len(taken)]
            taken += part
            self._offset += len(part)
            if self._offset == len(first):
                self.frames.popleft()
                self._offset = 0
        self.waiting_bytes -= len(taken)
        return bytes(taken)
