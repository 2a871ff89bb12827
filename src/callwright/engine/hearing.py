"""The sound of a call as it happens: `Hearing` for applications."""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from callwright.domain.call_events import SoundPiece

MAX_PIECES: Final = 10
"""A second of pieces of 100 ms; of a slow listener's the oldest are dropped."""


class SoundHearing:
    """What one listener hears of one call."""

    def __init__(self, stop: Callable[[], None], change: Callable[[], Awaitable[None]]) -> None:
        """`stop` asks for no more; `change` waits until the call has told something."""
        self._stop = stop
        self._change = change
        self._pieces: deque[bytes] = deque(maxlen=MAX_PIECES)
        self._is_over = False
        self._is_closed = False

    def take(self, piece: SoundPiece) -> None:
        """Keep a piece."""
        if piece.sound:
            self._pieces.append(piece.sound)
        self._is_over = self._is_over or piece.is_last

    def end(self) -> None:
        """Expect no more."""
        self._is_over = True

    async def next_sound(self) -> bytes:
        """Wait for the next piece; empty when there will be no more."""
        while not self._pieces:
            if self._is_over:
                return b""
            await self._change()
        return self._pieces.popleft()

    def close(self) -> None:
        """Stop listening; the pieces that are there can still be taken."""
        if not self._is_closed:
            self._is_closed = True
            self._stop()
