"""Keys that come as events on one leg of a bridge, on their way out of the other."""

from collections import deque
from collections.abc import Callable
from typing import Final

from callwright.media.frames import Samples, mix_into
from callwright.worker.sources import EventSource, KeyTone, Source, ToneSource

KEY_MS: Final = 80
"""How long a key is held: twice what every receiver must take (ITU-T Q.24: 40 ms). How long the
far end holds it isn't known yet when it is sent on."""

GAP_MS: Final = 80
"""Between two keys: twice what Q.24 asks for, and room for an event's repeated end (RFC 4733
2.5.1.4)."""

MAX_WAITING: Final = 32
"""Keys that wait for their turn: five seconds of them. Nobody presses quicker for so long; what
comes then is dropped."""

Press = Callable[[str, int], None]
"""Sends a key of so many milliseconds as RTP events."""


class KeyRelay:
    """One leg's keys, one after another, beside whatever else the leg is sent."""

    def __init__(self) -> None:
        self._waiting: deque[Source] = deque()

    @property
    def is_over(self) -> bool:
        """Whether every key has been sent."""
        return not self._waiting

    def send(self, key: str, press: Press | None) -> None:
        """Send a key when those before are through: by `press`, or as a tone without it."""
        if len(self._waiting) >= 2 * MAX_WAITING:
            return
        self._waiting.append(EventSource(key, KEY_MS, press) if press else KeyTone(key, KEY_MS))
        self._waiting.append(ToneSource((), GAP_MS))

    def fill(self, frame: Samples) -> None:
        """Add the next samples to a frame."""
        if self._waiting:
            mix_into(frame, self._waiting[0].take())
            if self._waiting[0].is_over:
                self._waiting.popleft()
