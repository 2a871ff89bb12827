"""What this node may dispatch just now. Pure; time is an argument.

Whoever takes a shard over does not know when its earlier owner made the last start for an account.
He goes on as if the windows of all its accounts and services had just been filled: their first
start is a window later than the earlier owner's last could be.
"""

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


IN_FLIGHT: Final = 1.0
"""Seconds for which INVITEs of a shard may still leave after its owner gave it back. He claims
nothing more; what he had claimed is written down, for which a commit is enough, and waits half a
second for its window at most (`capacity.CATCH_UP`). Whoever dies stopped `MARGIN` before."""


@dataclass(slots=True)
class TenureKeeper:
    """Remembers the latest tenure and how long it may be relied on."""

    _tenure: Tenure | None = None
    _until: Instant = NEVER_YET

    def take(self, tenure: Tenure, *, asked_at: Instant) -> frozenset[int]:
        """Rely on a tenure from the moment at which it was asked for.

        Returns the shards that may have been somebody else's until now. Those of a node by itself
        may have been those of the server before it, which is dead.
        """
        known = self._tenure.shards if self._tenure and self.is_valid(asked_at) else frozenset()
        self._tenure = tenure
        self._until = Instant(asked_at + tenure.lasts - MARGIN)
        return tenure.shards - known | tenure.taken

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

    def held(self, now: Instant) -> frozenset[int]:
        """The shards to work for, told apart; none while the tenure is in doubt."""
        if self._tenure is None or not self.is_valid(now):
            return frozenset()
        return self._tenure.shards

    def others_stop_by(self, now: Instant) -> Instant:
        """When the last INVITE of a shard that was just taken over can have left elsewhere."""
        return Instant(now + IN_FLIGHT) if self.is_shared else now

    @property
    def is_shared(self) -> bool:
        """Whether there are other nodes, or could be."""
        return self._tenure is not None and self._tenure.lasts < math.inf
