"""How sound goes out: cut into frames, and no faster than the platform can queue it.

The platform keeps at most 250 frames of a play that nobody has heard yet, and answers further
ones with an error. It plays at the speed of sound once it has begun, so that what still waits
there can be known from here, by the clock.
"""

from dataclasses import dataclass, field
from typing import Final

from .messages import MAX_PAYLOAD_BYTES
from .sound import FRAME_MS, SoundFormat

MAX_QUEUED_FRAMES: Final = 250
"""Frames of one play that the platform keeps."""

AHEAD: Final = 1.0
"""Seconds of sound that are sent before they can be heard: a network may be silent for so long
without a gap. In frames of 20 ms it is a fifth of what the platform keeps, so that four seconds of
stalls that nobody here notices do no harm."""

LONG_FRAME_MS: Final = 80
"""What a frame holds where there is enough sound, in milliseconds: fewer frames a second."""

MAX_INITIAL_BUFFER_MS: Final = 3000
"""With `AHEAD` beside it that is four seconds, 200 frames of 20 ms: fewer than are queued."""


class Framer:
    """Cuts sound of any length into frames of whole 20 ms, the last one excepted."""

    def __init__(self, sound: SoundFormat) -> None:
        """Begin with nothing."""
        self._short = sound.size_of(FRAME_MS)
        longest = MAX_PAYLOAD_BYTES // self._short * self._short
        self._long = min(sound.size_of(LONG_FRAME_MS), longest)
        self._sample_bytes = sound.sample_bytes
        self._rest = b""

    def cut(self, sound: bytes) -> list[bytes]:
        """Add sound, and return the frames that are full; what is left waits for more."""
        sound = self._rest + sound
        whole = len(sound) // self._short * self._short
        self._rest = sound[whole:]
        return [sound[at : min(at + self._long, whole)] for at in range(0, whole, self._long)]

    def flush(self) -> list[bytes]:
        """Return the last frame, where there is one.

        Raises:
            ValueError: the sound ends within a sample.

        """
        rest, self._rest = self._rest, b""
        if len(rest) % self._sample_bytes:
            raise ValueError(
                f"the sound ends with {len(rest) % self._sample_bytes} bytes of a sample: "
                f"a multiple of {self._sample_bytes} bytes was expected"
            )
        return [rest] if rest else []


@dataclass(slots=True)
class Pacer:
    """Says when the next frame may go; times are seconds of the caller's clock."""

    ahead: float = AHEAD
    silent_at: float = field(default=float("-inf"), init=False)
    """When everything that was sent will have been heard."""

    def wait(self, now: float) -> float:
        """How long the next frame has to wait."""
        return max(0.0, self.silent_at - now - self.ahead)

    def sent(self, seconds: float, now: float) -> None:
        """So much sound has left at this time.

        Where nothing was left to be heard, the platform stood still meanwhile: what it missed is
        not caught up.
        """
        self.silent_at = max(self.silent_at, now) + seconds

    def forget(self) -> None:
        """Everything that was sent has been dropped."""
        self.silent_at = float("-inf")
