"""One leg, as the media worker knows it."""

from dataclasses import dataclass, field
from typing import Final

from callwright.worker.players import Player
from callwright.worker.ports import Peer
from callwright.worker.recorders import Recorder

SAME_PRESS: Final = 0.3
"""Seconds within which a key heard in the sound and the same key as an RTP event are one press.
Gateways send both: the event passes the jitter buffer by, the sound comes out of it up to 120 ms
later, and either needs 40 ms to be certain."""


@dataclass(slots=True)
class Leg:
    """What belongs to one row of the frame matrix. Times are seconds, monotonic."""

    number: int
    """The control process's name for it."""
    row: int
    reports_speech: bool
    peer: Peer | None = None
    player: Player | None = None
    recorders: list[Recorder] = field(default_factory=list)
    has_beeped: bool = False
    """Whether a recorder's beep is in the row that is sent."""
    speech_started_at: float = 0.0
    _last_key: str = ""
    _last_key_at: float = 0.0
    _last_key_in_band: bool = False

    def is_new_press(self, key: str, now: float, *, in_band: bool) -> bool:
        """Whether a key is more than the other way's account of a press already reported."""
        is_same = key == self._last_key and in_band is not self._last_key_in_band
        if is_same and now - self._last_key_at < SAME_PRESS:
            return False
        self._last_key, self._last_key_at, self._last_key_in_band = key, now, in_band
        return True
