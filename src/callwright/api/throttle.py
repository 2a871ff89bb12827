"""Who guesses passwords has to wait: failures counted for each address, or each username."""

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Final

from callwright.domain.clock import Instant

MAX_FAILURES: Final = 10
"""Wrong credentials within the window after which an address is refused (assumed)."""

WINDOW: Final = 60.0
"""Seconds in which failures count together, and for which the address is then refused (assumed)."""

MAX_ADDRESSES: Final = 10_000
"""Remembered at once, about 3 MB; at the bound the one that failed longest ago is forgotten."""


@dataclass(slots=True)
class _Failures:
    moments: deque[Instant]
    refused_until: Instant | None = None


class Throttle:
    """Counts wrong credentials by address and says who is refused for how long."""

    def __init__(
        self, *, max_failures: int = MAX_FAILURES, max_addresses: int = MAX_ADDRESSES
    ) -> None:
        """Start with nobody under suspicion."""
        self._max_failures = max_failures
        self._max_addresses = max_addresses
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def wait(self, address: str, now: Instant) -> float:
        """Return the seconds for which the address is still refused; 0.0: it may try."""
        failures = self._failures.get(address)
        if failures is None or failures.refused_until is None:
            return 0.0
        if now < failures.refused_until:
            return failures.refused_until - now
        del self._failures[address]
        return 0.0

    def failed(self, address: str, now: Instant) -> None:
        """Count one failure of an address that was allowed to try."""
        failures = self._failures.setdefault(address, _Failures(deque(maxlen=self._max_failures)))
        self._failures.move_to_end(address)
        failures.moments.append(now)
        if len(failures.moments) == self._max_failures and now - failures.moments[0] < WINDOW:
            failures.refused_until = Instant(now + WINDOW)
        if len(self._failures) > self._max_addresses:
            self._failures.popitem(last=False)
