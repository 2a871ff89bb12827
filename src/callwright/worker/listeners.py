"""Who listens to a leg: its sound goes up to the control process in pieces."""

from collections.abc import Callable
from typing import Final

from callwright.media.frames import Samples
from callwright.worker import rpc
from callwright.worker.sides import Side, combined, side_named

PIECE_FRAMES: Final = 5
"""100 ms: what recognisers like to be fed with, ten messages a second."""


class Listener:
    """One `Listen` command: takes a frame a tick until it is stopped."""

    def __init__(self, command: rpc.Listen, *, emit: Callable[[rpc.Event], None]) -> None:
        """Begin with the next tick.

        Raises:
            ValueError: the side is none that can be listened to.

        """
        self._command = command
        self._emit = emit
        self._side = side_named(command.side, Side.HEARD, Side.SENT, Side.MIXED)
        self._heard: list[bytes] = []
        self._sent: list[bytes] = []
        self._frames = 0

    @property
    def listening(self) -> int:
        """The number that the control process gave it."""
        return self._command.listening

    def take(self, heard: Samples, sent: Samples) -> None:
        """Take this tick of both sides."""
        if self._side.takes_heard:
            self._heard.append(heard.tobytes())
        if self._side.takes_sent:
            self._sent.append(sent.tobytes())
        self._frames += 1
        if self._frames == PIECE_FRAMES:
            self._hand_up(is_last=False)

    def end(self) -> None:
        """Hand up what there is, as the last piece."""
        self._hand_up(is_last=True)

    def _hand_up(self, *, is_last: bool) -> None:
        sound = combined(self._side, b"".join(self._heard), b"".join(self._sent))
        data = sound.astype("<i2", copy=False).tobytes()
        self._emit(rpc.SoundHeard(self._command.leg, self.listening, data, is_last))
        self._heard, self._sent, self._frames = [], [], 0
