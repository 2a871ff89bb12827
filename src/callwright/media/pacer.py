"""Deadlines every 20 ms that don't drift, and how late each was met."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from callwright.media.frames import TICK

MAX_CATCH_UP: Final = 5
"""Ticks that may run back to back after a stall: 100 ms, about what a far end's jitter buffer
can take in. What was missed before that is skipped: nobody could hear it any more."""


class Pacer:
    """The ticks' timetable. Times are seconds on the caller's monotonic clock."""

    def __init__(self, now: float) -> None:
        """Start; the first tick is due at once."""
        self._origin = now
        self._index = 0
        self.skipped = 0
        """Ticks that were left out, ever."""

    @property
    def deadline(self) -> float:
        """When the next tick is due: a multiple of 20 ms after the start, so nothing adds up."""
        return self._origin + self._index * TICK

    def start_tick(self, now: float) -> float:
        """Begin the tick that is due; say how many seconds late it is."""
        lateness = now - self.deadline
        missed = int(lateness / TICK) - MAX_CATCH_UP
        if missed > 0:
            self.skipped += missed
            self._index += missed
        self._index += 1
        return max(0.0, lateness)


class Lateness:
    """How punctual the ticks were since the last report."""

    def __init__(self, bounds_ms: Sequence[float]) -> None:
        """Count in classes with these upper bounds, and one above the last."""
        self._bounds_ms = tuple(bounds_ms)
        self._counts = [0] * (len(self._bounds_ms) + 1)
        self.worst_ms = 0.0

    def count(self, lateness: float) -> None:
        """Add one tick."""
        late_ms = lateness * 1000
        self._counts[bisect_left(self._bounds_ms, late_ms)] += 1
        self.worst_ms = max(self.worst_ms, late_ms)

    @property
    def ticks(self) -> int:
        """How many were counted."""
        return sum(self._counts)

    @property
    def counts(self) -> tuple[int, ...]:
        """Ticks in each class, the most punctual first."""
        return tuple(self._counts)
