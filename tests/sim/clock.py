"""A clock that stands until the test moves it; obeys `domain.clock.Clock`."""

from dataclasses import dataclass

from callwright.domain.clock import Instant, UnixTime


@dataclass(slots=True)
class VirtualClock:
    """Both kinds of time, moved together."""

    seconds: float = 1000.0
    epoch: float = 1_800_000_000.0

    def now(self) -> Instant:
        return Instant(self.seconds)

    def unix_time(self) -> UnixTime:
        return UnixTime(self.epoch + self.seconds)

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass(slots=True)
class CreepingClock(VirtualClock):
    """A clock that moves by itself whenever it is looked at, for code that waits for time."""

    step: float = 0.001

    def now(self) -> Instant:
        self.advance(self.step)
        return Instant(self.seconds)
