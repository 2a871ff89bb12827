"""One follower's letter box: filled at once by the board, emptied at the reader's own speed."""

import asyncio
from collections import deque
from typing import Final, Generic, TypeVar

Letter = TypeVar("Letter")

MAX_WAITING: Final = 512
"""Letters that wait for a slow reader; at the bound the oldest is dropped and counted."""


class Mailbox(Generic[Letter]):
    """A bounded queue between the board, which never waits, and a stream, which may be slow."""

    def __init__(self, *, max_waiting: int = MAX_WAITING) -> None:
        """Start empty."""
        self._max_waiting = max_waiting
        self._waiting: deque[Letter] = deque()
        self._dropped = 0
        self._filled = asyncio.Event()
        self._closed = False

    def put(self, letter: Letter) -> None:
        """Take a letter; the board's listener."""
        self._waiting.append(letter)
        if len(self._waiting) > self._max_waiting:
            self._waiting.popleft()
            self._dropped += 1
        self._filled.set()

    def close(self) -> None:
        """Wake the reader for the last time."""
        self._closed = True
        self._filled.set()

    @property
    def is_closed(self) -> bool:
        """Whether nothing more will come."""
        return self._closed

    async def take(self, within: float) -> tuple[int, list[Letter]]:
        """Wait up to `within` seconds for something; return how many were dropped, and the rest."""
        if not self._filled.is_set():
            try:
                async with asyncio.timeout(within):
                    await self._filled.wait()
            except TimeoutError:
                return 0, []
        dropped, taken = self._dropped, list(self._waiting)
        self._dropped = 0
        self._waiting.clear()
        if not self._closed:
            self._filled.clear()
        return dropped, taken
