"""How many requests a second an account may make: a bucket of tokens for each.

Off unless it is asked for: one customer's speed is nobody's burden on a machine of his own. Where
several share one, it keeps one account's requests from slowing the others'.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from callwright.domain.clock import Instant

BURST: Final = 2.0
"""Seconds' worth of requests that may come at once: 100 at 50 a second (assumed)."""

MAX_ACCOUNTS: Final = 10_000
"""Buckets kept, about 2 MB; at the bound the one that was asked longest ago is forgotten, and its
account begins with a full one."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: Instant


class RateLimit:
    """Says how long an account has to wait before its next request."""

    def __init__(self, per_second: float, *, max_accounts: int = MAX_ACCOUNTS) -> None:
        """`per_second` is for each account; 0: as many as they like."""
        self._per_second = per_second
        self._size = max(per_second * BURST, 1.0)
        self._max_accounts = max_accounts
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def wait(self, who: Hashable, now: Instant) -> float:
        """Let a request pass and return 0.0, or the seconds until one may.

        `who` is an account, or an address.
        """
        if not self._per_second:
            return 0.0
        bucket = self._buckets.get(who)
        if bucket is None:
            bucket = self._buckets[who] = _Bucket(self._size, now)
            if len(self._buckets) > self._max_accounts:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(who)
        gained = (now - bucket.filled_at) * self._per_second
        bucket.tokens = min(self._size, bucket.tokens + gained)
        bucket.filled_at = now
        if bucket.tokens < 1.0:
            return (1.0 - bucket.tokens) / self._per_second
        bucket.tokens -= 1.0
        return 0.0
