"""What this node may dispatch just now. Pure; time is an argument."""

import math
from dataclasses import dataclass
from typing import Final

from callwright.dispatch.ports import SHARDS, Tenure
from callwright.domain.clock import Instant
from callwright.engine.capacity import NEVER_YET

RENEWED_EVERY: Final = 2.0
"""Seconds between renewals: five chances in the ten seconds that a lease lasts."""

MARGIN: Final = 2.0
"""Seconds before its lease runs out at which a node stops claiming. The others count by the
database's clock and we by ours, and a claim that was begun takes a moment to arrive."""


@dataclass(slots=True)
class TenureKeeper:
    """Remembers the latest tenure and how long it may be relied on."""

    _tenure: Tenure | None = None
    _until: Instant = NEVER_YET

    def take(self, tenure: Tenure, *, asked_at: Instant) -> None:
        """Rely on a tenure from the moment at which it was asked for."""
        self._tenure = tenure
        self._until = Instant(asked_at + tenure.lasts - MARGIN)

    def is_valid(self, now: Instant) -> bool:
        """Whether anything may be claimed."""
        return self._tenure is not None and now < self._until

    @property
    def shards(self) -> frozenset[int] | None:
        """The shards to claim for; None when they are all ours and need not be told apart."""
        tenure = self._tenure
        if tenure is None:
            return frozenset()
        return None if len(tenure.shards) == SHARDS else tenure.shards

    @property
    def is_shared(self) -> bool:
        """Whether there are other nodes, or could be."""
        return self._tenure is not None and self._tenure.lasts < math.inf
