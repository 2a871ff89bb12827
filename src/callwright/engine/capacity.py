"""How much may be called at once: channels, and starts a second. Pure; time is an argument.

A start passes twice. When it is claimed, `StartRate` spaces it evenly behind the one before. When
its INVITE is about to leave, `StartWindow` holds it back if what happened since the claim, a slow
disk for instance, would put one too many into a second.
"""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from callwright.domain.clock import Instant

WINDOW_MARGIN: Final = 1.001
"""Windows are kept this much longer than a second. A datagram may reach its far end later than
the one before it did; a millisecond is ten times what loopback and a quiet network vary by."""

SPACING_MARGIN: Final = 1.005
"""Starts are spaced this much wider than the maximum asks for. A start that left late pushes the
one a full window later back as well; the difference to `WINDOW_MARGIN` is how fast that is made
up for, 4 ms a second, and the whole keeps us within 1 % of the maximum."""

CATCH_UP: Final = 0.5
"""Seconds that a late wake-up may be made up for: longer than any disk that still works needs for
a commit. What a longer stall cost is lost; made up for at once, it would be a burst."""

AVERAGING_TIME: Final = 120.0
"""Seconds over which a guaranteed rate is measured (the published two minutes)."""

NEVER_YET: Final = Instant(-math.inf)


@dataclass(slots=True)
class StartRate:
    """Starts evenly spaced, at most `maximum_cps` a second on average; none are saved up.

    A wake-up that comes late finds the starts that fell due meanwhile, up to `CATCH_UP` of them.
    """

    maximum_cps: float
    _due: Instant = NEVER_YET

    def free(self, now: Instant) -> int:
        """How many starts may begin now."""
        late = now - self._since(now)
        return math.floor(late / self._spacing() + _ROUNDING) + 1 if late >= -_ROUNDING else 0

    def note(self, count: int, now: Instant) -> None:
        """Take note that so many starts begin now."""
        if count:
            self._due = Instant(self._since(now) + count * self._spacing())

    def take_back(self, count: int) -> None:
        """Take back so many starts that were noted and count elsewhere."""
        self._due = Instant(self._due - count * self._spacing())

    def rest(self, now: Instant) -> None:
        """Say that nobody waited for this rate until now: nothing is to be made up for."""
        self._due = max(self._due, now)

    def free_at(self) -> Instant:
        """When the next start may begin at the earliest."""
        return self._due

    def _since(self, now: Instant) -> Instant:
        """When the next start fell due, as far as it is made up for."""
        return now if self._due == NEVER_YET else max(self._due, Instant(now - CATCH_UP))

    def _spacing(self) -> float:
        """Seconds from one start to the next."""
        return SPACING_MARGIN / self.maximum_cps


_ROUNDING: Final = 1e-9
"""Seconds, or parts of a start: what sums of floats may be off by."""


@dataclass(slots=True)
class StartWindow:
    """No more than `maximum_cps` starts in any window of one second, rounded up.

    Remembers as many starts as the window holds; the next may leave a window after the first of
    them. Below one a second, the window is as long as one start takes.
    """

    maximum_cps: float
    _starts: deque[Instant] = field(init=False)

    def __post_init__(self) -> None:
        """Make room for as many starts as one window holds."""
        self._starts = deque(maxlen=max(1, math.ceil(self.maximum_cps)))

    def free_at(self) -> Instant:
        """When the next start may leave at the earliest."""
        size = self._starts.maxlen or 1
        if len(self._starts) < size:
            return NEVER_YET
        return Instant(self._starts[0] + size / self.maximum_cps * WINDOW_MARGIN)

    def note(self, now: Instant) -> None:
        """Take note that a start leaves now."""
        self._starts.append(now)

    def correct(self, now: Instant) -> None:
        """Take note that the start noted last has left by now, and perhaps no sooner."""
        self._starts[-1] = now

    def count_others(self, count: int, at: Instant) -> None:
        """Count so many starts that others may have made, the last of them at this moment."""
        self._starts.extend([at] * count)

    def fill(self, at: Instant) -> None:
        """Count as many as fit."""
        self.count_others(self._starts.maxlen or 1, at)

    def change(self, maximum_cps: float) -> None:
        """Hold the starts that come to another maximum, and remember those that were."""
        self.maximum_cps = maximum_cps
        self._starts = deque(self._starts, maxlen=max(1, math.ceil(maximum_cps)))


@dataclass(frozen=True, slots=True)
class Gate:
    """Where the INVITE of a start leaves: every window that it counts in. Without any, at once."""

    windows: tuple[StartWindow, ...] = ()

    def free_at(self) -> Instant:
        """When it may leave at the earliest."""
        return max((window.free_at() for window in self.windows), default=NEVER_YET)

    def note(self, now: Instant) -> None:
        """Take note that it leaves now."""
        for window in self.windows:
            window.note(now)

    def left(self, now: Instant) -> None:
        """Take note that it has left, before anything else leaves.

        The machine may have done something else since `note`: what counts is when it was sent.
        """
        for window in self.windows:
            window.correct(now)


@dataclass(slots=True)
class Pace:
    """One maximum, kept when starts are claimed and again when they leave."""

    maximum_cps: float
    window: StartWindow = field(init=False)
    _rate: StartRate = field(init=False)
    _is_waited_for: bool = False

    def __post_init__(self) -> None:
        """Begin with nothing behind us."""
        self._rate, self.window = StartRate(self.maximum_cps), StartWindow(self.maximum_cps)

    def change(self, maximum_cps: float) -> None:
        """Take over a new maximum."""
        if maximum_cps != self.maximum_cps:
            self.maximum_cps = self._rate.maximum_cps = maximum_cps
            self.window.change(maximum_cps)

    def count_others(self, count: int, at: Instant) -> None:
        """Count so many starts that others may have made, the last of them at this moment."""
        self.window.count_others(count, at)
        self._rate.rest(self.window.free_at())

    def take_over(self, at: Instant) -> None:
        """Go on where others left off, of whom nothing is known but that they stopped then."""
        self.window.fill(at)
        self._rate.rest(self.window.free_at())

    def open(self, now: Instant) -> int:
        """Begin a round of claims: how many may there be?"""
        if not self._is_waited_for:
            self._rate.rest(now)
        return self._rate.free(now)

    def close(self, *, is_waited_for: bool) -> None:
        """End the round. Only where starts wait for the rate is anything to be made up for."""
        self._is_waited_for = is_waited_for

    def note(self, count: int, now: Instant) -> None:
        """Take note that so many starts are claimed now."""
        self._rate.note(count, now)

    def take_back(self, count: int) -> None:
        """Take back so many claims that count elsewhere; none of them has left."""
        self._rate.take_back(count)

    def is_free(self, now: Instant) -> bool:
        """Whether a start may be claimed now."""
        return self._rate.free(now) > 0

    def free_at(self) -> Instant:
        """When the next start may be claimed at the earliest."""
        return self._rate.free_at()


@dataclass(slots=True)
class Guarantee:
    """What is owed to somebody who was promised so many starts a second over two minutes.

    Each start pays for the time that it takes at that rate. Whoever is paid up to a moment that
    has passed is owed starts, and goes before those who are not.
    """

    guaranteed_cps: float = 0.0
    """0: nothing was promised."""
    _paid_until: Instant = NEVER_YET
    _is_waiting: bool = False

    def open(self, now: Instant) -> int:
        """Begin a round of claims: how many starts are owed?"""
        if not self.guaranteed_cps:
            return 0
        if not self._is_waiting:
            self._paid_until = max(self._paid_until, now)
        behind = now - self._since(now)
        return math.floor(behind * self.guaranteed_cps) + 1 if behind >= 0 else 0

    def close(self, *, more_wanted: bool) -> None:
        """End the round. Whose queue is empty is owed nothing until something waits again."""
        self._is_waiting = more_wanted

    def note(self, count: int, now: Instant) -> None:
        """Take note that so many starts are claimed now.

        What was more than promised is remembered as long as what was less.
        """
        if self.guaranteed_cps:
            paid = self._since(now) + count / self.guaranteed_cps
            self._paid_until = Instant(min(paid, now + AVERAGING_TIME))

    def _since(self, now: Instant) -> Instant:
        """The moment up to which it is paid, as far back as anybody remembers."""
        if self._paid_until == NEVER_YET:
            return now
        return max(self._paid_until, Instant(now - AVERAGING_TIME))


@dataclass(slots=True)
class Channels:
    """Primary calls at the same time."""

    limit: int
    in_use: int = 0
    elsewhere: int = 0
    """Calls of the same account that other nodes still run."""

    def free(self) -> int:
        """How many more calls there may be; 0 also after the limit was lowered below the use."""
        return max(0, self.limit - self.in_use - self.elsewhere)
