"""Two kinds of time that are never mixed, and the port they come through."""

import re
from datetime import UTC, datetime
from typing import Final, NewType, Protocol

from callwright.domain.errors import RemoteFault

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


class BadDatetime(RemoteFault):
    """A text is no moment."""


_DATETIME: Final = re.compile(r"\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d", re.ASCII)


def parse_datetime(text: str) -> UnixTime:
    """Read what `print_datetime` prints.

    Raises:
        BadDatetime: it is written in another way, or there is no such moment.

    """
    try:
        if _DATETIME.fullmatch(text):
            moment = datetime.strptime(text, "%Y-%m-%d_%H:%M:%S")  # noqa: DTZ007 - UTC, set below
            return UnixTime(moment.replace(tzinfo=UTC).timestamp())
    except ValueError:
        pass
    raise BadDatetime(f"{text!r} is no moment: YYYY-MM-DD_hh:mm:ss, UTC, was expected")
