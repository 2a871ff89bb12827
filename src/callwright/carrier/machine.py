"""The machine's clocks and chance, as the media loop and SIP want them."""

import secrets
import time

from callwright.domain.clock import Instant, UnixTime


class MachineClock:
    """The machine's own clocks."""

    def now(self) -> Instant:
        """Return the present for timers."""
        return Instant(time.monotonic())

    def unix_time(self) -> UnixTime:
        """Return the present for the journal."""
        return UnixTime(time.time())


class MachineEntropy:
    """The machine's own chance."""

    def below(self, limit: int, /) -> int:
        """Return a number that nobody can guess."""
        return secrets.randbelow(limit)


def token() -> str:
    """Return 80 bits that nobody can guess, for tags, branches and Call-IDs (RFC 3261 19.3)."""
    return secrets.token_hex(10)


def session_id() -> int:
    """Return a number for a session description: 32 bits, which every peer can read."""
    return secrets.randbelow(1 << 32)
