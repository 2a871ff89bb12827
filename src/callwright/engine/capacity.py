"""How much may be called at once: channels, and starts a second. Pure; time is an argument."""

import math
from collections import deque
from dataclasses import dataclass, field

from callwright.domain.clock import Instant


@dataclass(slots=True)
class StartRate:
    """At most `maximum_cps` starts in any window of one second.

    Remembers the last starts: with a maximum of 5 the sixth may begin one second after the
    first. Below one a second, starts are spaced evenly. A token bucket would allow twice the
    maximum in the second after a pause, which a trunk with the same limit refuses.
    """

    maximum_cps: float
    _starts: deque[Instant] = field(init=False)

    def __post_init__(self) -> None:
        """Make room for as many starts as one window holds."""
        self._starts = deque(maxlen=max(1, math.floor(self.maximum_cps)))

    def free(self, now: Instant) -> int:
        """How many starts may begin now."""
        window = self._window()
        begun = sum(1 for start in self._starts if now - start < window)
        return (self._starts.maxlen or 1) - begun

    def note(self, count: int, now: Instant) -> None:
        """Take note that so many starts begin now."""
        self._starts.extend([now] * count)

    def free_at(self) -> Instant:
        """When the next start may begin at the earliest, as far as the rate goes."""
        if len(self._starts) < (self._starts.maxlen or 1):
            return Instant(-math.inf)
        return Instant(self._starts[0] + self._window())

    def _window(self) -> float:
        """Length of the window that holds as many starts as we remember, in seconds."""
        return (self._starts.maxlen or 1) / self.maximum_cps


@dataclass(slots=True)
class Channels:
    """Primary calls at the same time."""

    limit: int
    in_use: int = 0

    def free(self) -> int:
        """How many more calls there may be; 0 also after the limit was lowered below the use."""
        return max(0, self.limit - self.in_use)
