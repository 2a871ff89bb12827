"""One count of a client's requests for all nodes: each adds what it counted, now and then.

So the limit holds over nodes and restarts, late by a second of requests of each node.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog

from callwright.accounts.oauth_ports import OauthStore
from callwright.api.client.hourly_limit import HOUR, HourlyLimit
from callwright.domain.clock import Clock, Instant, UnixTime

INTERVAL: Final = 1.0
"""Seconds between two looks; a node that nobody asked anything writes nothing."""

CLIENTS: Final = 500
"""Told in one unit of work; the others a second later."""

log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SharedHours:
    """Tells the store what a node counted, and the node what all of them did."""

    limit: HourlyLimit
    store: OauthStore
    clock: Clock

    async def run(self) -> None:
        """Share until cancelled."""
        while True:
            await asyncio.sleep(INTERVAL)
            await self.try_to_share()

    async def try_to_share(self) -> None:
        """Share once, unless the store is away: each node counts for itself until it is back."""
        try:
            await self.share()
        except Exception:
            log.exception("client_limit.not_shared")

    async def share(self) -> None:
        """Share once; what could not be told is told the next time."""
        counts = self.limit.take_untold(CLIENTS)
        if not counts:
            return
        now, at = self.clock.now(), self.clock.unix_time()
        try:
            hours = await self.store.count_requests(counts, at=at, over_before=UnixTime(at - HOUR))
        except BaseException:
            self.limit.not_told(counts)
            raise
        for account_id, hour in hours.items():
            # Another node's clock may be ahead of ours.
            began_at = Instant(now - max(at - hour.began_at, 0.0))
            self.limit.learn(account_id, began_at=began_at, requests=hour.requests)
