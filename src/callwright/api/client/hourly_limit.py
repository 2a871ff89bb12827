"""How many requests a client may make in an hour, over all of its applications."""

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId

HOUR: Final = 3600.0
"""Seconds; an hour begins with a client's first request (assumed)."""

MAX_CLIENTS: Final = 10_000
"""Counted at once, about 3 MB; at the bound the one that asked longest ago begins a new hour."""


@dataclass(slots=True)
class _Hour:
    began_at: Instant
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a client's hour, this request counted."""

    limit: int
    remaining: int
    reset: float
    """Seconds until the next hour begins."""
    is_used_up: bool
    """Whether this request is one too many."""


class HourlyLimit:
    """Counts requests by client."""

    def __init__(self, limit: int, *, max_clients: int = MAX_CLIENTS) -> None:
        """`limit` is for each client and hour."""
        self.limit = limit
        self._max_clients = max_clients
        self._hours: OrderedDict[AccountId, _Hour] = OrderedDict()
        self._untold: Counter[AccountId] = Counter()
        """Of the requests in `_hours`, what the other nodes do not know yet."""

    def count(self, account_id: AccountId, now: Instant) -> Allowance:
        """Count a request."""
        hour = self._hours.get(account_id)
        if hour is None or now - hour.began_at >= HOUR:
            hour = self._hours[account_id] = _Hour(now)
            del self._untold[account_id]
        self._hours.move_to_end(account_id)
        if len(self._hours) > self._max_clients:
            forgotten, _ = self._hours.popitem(last=False)
            del self._untold[forgotten]
        hour.requests += 1
        self._untold[account_id] += 1
        return Allowance(
            limit=self.limit,
            remaining=max(0, self.limit - hour.requests),
            reset=HOUR - (now - hour.began_at),
            is_used_up=hour.requests > self.limit,
        )

    def take_untold(self, most: int) -> dict[AccountId, int]:
        """Return requests of up to `most` clients that were counted here and told to nobody."""
        taken = dict(islice(self._untold.items(), most))
        for account_id in taken:
            del self._untold[account_id]
        return taken

    def not_told(self, taken: Mapping[AccountId, int]) -> None:
        """Have what was taken told another time."""
        self._untold.update({one: count for one, count in taken.items() if one in self._hours})

    def learn(self, account_id: AccountId, *, began_at: Instant, requests: int) -> None:
        """Take over the hour that all nodes share, with what was counted here meanwhile."""
        hour = self._hours.get(account_id)
        if hour is not None:
            hour.began_at = began_at
            hour.requests = requests + self._untold[account_id]
