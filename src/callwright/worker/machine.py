"""The machine's clocks and chance, for processes of their own that wire themselves."""

import ctypes
import secrets
import time
from typing import Final

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


def keep_freed_memory() -> None:
    """Let the C library keep what is freed, for the process's whole life.

    Each tick makes matrices of some hundred kilobytes and drops them again. By default the top of
    the heap goes back to the system each time, and comes again page by page: that cost up to a
    sixth of a tick. Only glibc is asked; where there is another library, nothing happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)


_KEPT_BYTES: Final = 32 << 20
"""The most that glibc takes, and far above what a tick uses."""

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
"""The numbers of `malloc.h`."""
