"""One leg, as the media worker knows it."""

from dataclasses import dataclass, field
from typing import Final

from callwright.media.mixer import Place
from callwright.worker.classification import Classification
from callwright.worker.key_relay import KeyRelay
from callwright.worker.listeners import Listener
from callwright.worker.players import Player
from callwright.worker.ports import Peer
from callwright.worker.recorders import Recorder
from callwright.worker.socket_leg import SocketLeg

SAME_PRESS: Final = 0.3
"""Seconds within which a key heard in the sound and the same key as an RTP event are one press.
Gateways send both: the event passes the jitter buffer by, the sound comes out of it up to 120 ms
later, and either needs 40 ms to be certain."""

LEAK: Final = 0.12
"""Seconds after an event for which its tone may still be heard: gateways let its beginning
through, and that lies in the jitter buffer for as long."""


@dataclass(slots=True)
class Leg:
    """What belongs to one row of the frame matrix. Times are seconds, monotonic."""

    number: int
    """The control process's name for it."""
    row: int
    reports_speech: bool
    place: Place | None = None
    """Where it is in a room; legs with packets are in none."""
    peer: Peer | None = None
    socket: SocketLeg | None = None
    """Set when its far end is a server on a WebSocket."""
    player: Player | None = None
    recorders: list[Recorder] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    classification: Classification | None = None
    relay: KeyRelay | None = None
    """Set while keys are sent across from the other side of a bridge."""
    leaks_until: float = 0.0
    """As long as an event's tone may be heard."""
    speech_started_at: float = 0.0
    _last_key: str = ""
    _last_key_at: float = 0.0
    _last_key_in_band: bool = False

    @property
    def has_packets(self) -> bool:
        """Whether its sound goes over RTP."""
        return self.place is None and self.socket is None

    @property
    def takes_digits(self) -> bool:
        """Whether keys are told to its far end as messages of a WebSocket."""
        return self.socket is not None and self.socket.takes_digits

    def is_busy(self) -> bool:
        """Whether a tick has more to do for it than its packets."""
        return bool(
            self.player is not None
            or self.recorders
            or self.relay is not None
            or self.listeners
            or self.classification is not None
        )

    def is_new_press(self, key: str, now: float, *, in_band: bool) -> bool:
        """Whether a key is more than the other way's account of a press already reported."""
        is_same = key == self._last_key and in_band is not self._last_key_in_band
        if is_same and now - self._last_key_at < SAME_PRESS:
            return False
        self._last_key, self._last_key_at, self._last_key_in_band = key, now, in_band
        return True
