"""The machine's clocks and chance, for processes of their own that wire themselves."""

import secrets
import time

from callwright.domain.clock import Instant, UnixTime


class MachineClock:
    """The machine's own clocks."""

    def now(self) -> Instant:
        """Return the present for timers."""
        return Instant(time.monotonic())

    def unix_time(self) -> UnixTime:
        """Return the present for records."""
        return UnixTime(time.time())


class MachineEntropy:
    """The machine's own chance."""

    def below(self, limit: int, /) -> int:
        """Return a number that nobody can guess."""
        return secrets.randbelow(limit)
