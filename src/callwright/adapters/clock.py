"""The machine's clocks."""

import time

from callwright.domain.clock import Instant, UnixTime


class SystemClock:
    """A `Clock` that tells the machine's time."""

    def now(self) -> Instant:
        """Return the monotonic clock: it neither jumps nor goes back when the date is set."""
        return Instant(time.monotonic())

    def unix_time(self) -> UnixTime:
        """Return the date's clock, which NTP keeps."""
        return UnixTime(time.time())
