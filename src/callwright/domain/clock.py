"""Two kinds of time that are never mixed, and the port they come through."""

from datetime import UTC, datetime
from typing import NewType, Protocol

Instant = NewType("Instant", float)
"""Seconds on the machine's monotonic clock; for timers. Meaningless in another process."""

UnixTime = NewType("UnixTime", float)
"""Seconds since 1970-01-01 00:00 UTC; for records."""


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> Instant:
        """Return the present for timers."""
        ...

    def unix_time(self) -> UnixTime:
        """Return the present for records."""
        ...


def print_datetime(at: UnixTime) -> str:
    """Print a moment as the records do: `YYYY-MM-DD_hh:mm:ss`, UTC."""
    return datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%d_%H:%M:%S")
