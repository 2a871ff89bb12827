"""A voice that everybody in a room hears: a leg of the room that nobody is behind."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from callwright.domain.call_control import Sound
from callwright.engine.call_leg import LegWorld
from callwright.engine.media_session import MediaEvent, MediaSession
from callwright.worker import rpc

MAX_WAITING: Final = 16
"""Announcements that wait for one another; more would be heard minutes late, and are left out."""

Done = Callable[[str], None]
"""Is told the problem with an announcement when it is over; empty: there was none."""


class Announcer:
    """Plays one announcement after another; a `MediaListener`."""

    def __init__(self, world: LegWorld, room: int, *, beside: int) -> None:
        """Enter a room, in the worker that has the leg `beside`."""
        self._media = MediaSession(world.new_leg(), world.workers, self)
        self._waiting: deque[tuple[Sequence[Sound], Done]] = deque()
        self._playing: tuple[int, Done] | None = None
        self._is_lost = False
        self._media.open_in_room(room, talks=True, hears=False, beside=beside)

    def announce(self, sounds: Sequence[Sound], done: Done) -> None:
        """Play these when what was announced before has been played."""
        if self._is_lost or len(self._waiting) >= MAX_WAITING:
            done("")
            return
        self._waiting.append((sounds, done))
        self._go_on()

    def close(self) -> None:
        """Leave the room; what was to be announced is over."""
        self._media.close()
        self._lose()

    def media_opened(self, rtp_port: int) -> None:
        """Nothing waits for that: commands are carried out in their order."""

    def media_failed(self, problem: str) -> None:  # noqa: ARG002 - the legs of the room tell it
        """Announce nothing more."""
        self._lose()

    def media_closed(self) -> None:
        """Nobody waits for that."""

    def media_event(self, event: MediaEvent) -> None:
        """Go on after the end of a play."""
        if not isinstance(event, rpc.PlayEnded) or self._playing is None:
            return
        play, done = self._playing
        if event.play == play:
            self._playing = None
            done(event.problem)
            self._go_on()

    def _go_on(self) -> None:
        if self._playing is None and self._waiting:
            sounds, done = self._waiting.popleft()
            self._playing = (self._media.play(sounds), done)

    def _lose(self) -> None:
        self._is_lost = True
        over = [done for _, done in self._waiting]
        if self._playing is not None:
            over.insert(0, self._playing[1])
        self._playing = None
        self._waiting.clear()
        for done in over:
            done("")
