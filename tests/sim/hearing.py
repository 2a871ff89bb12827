"""What is heard on a scripted call: sound that a `ScriptedRecogniser` can read."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from callwright.domain.causes import EndCause
from callwright.runner.concurrency import either, within
from tests.sim.clock import VirtualClock

PIECE_SECONDS = 0.1
PIECE_BYTES = 1600


def piece(text: str = "") -> bytes:
    """A tenth of a second in which this is said."""
    return text.encode().ljust(PIECE_BYTES, b"\0")


def said_in(sound: bytes) -> str:
    """Read it back."""
    return sound.rstrip(b"\0").decode()


@dataclass(slots=True)
class ScriptedHearing:
    """A `Hearing` for virtual time: silence, and texts when the script says so."""

    said: list[tuple[float, str]]
    clock: VirtualClock
    over: Callable[[], Awaitable[EndCause]]
    _closed: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _heard_until: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._heard_until = self.clock.seconds
        self.said = [(at, text) for at, text in self.said if at > self.clock.seconds]

    async def next_sound(self) -> bytes:
        ends_at = self._heard_until + PIECE_SECONDS
        if await within(ends_at - self.clock.seconds, self._ended()):
            return b""
        self._heard_until = ends_at
        if self.said and self.said[0][0] <= ends_at:
            return piece(self.said.pop(0)[1])
        return piece()

    def close(self) -> None:
        self._closed.set()

    async def _ended(self) -> bool:
        async def over() -> bool:
            await self.over()
            return True

        await either(over(), self._closed.wait())
        return True
