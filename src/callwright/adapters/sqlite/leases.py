"""Who dispatches from an SQLite file: its one server, for all accounts, for ever."""

import math
from typing import Final

from callwright.dispatch.ports import NO_MAXIMUM, SHARDS, Tenure
from callwright.engine.trunk import TrunkClaim

_ALL: Final = frozenset(range(SHARDS))


class SqliteLeases:
    """`Leases` of a single node: the lock beside the file keeps every other server away."""

    async def renew(self, claim: TrunkClaim = NO_MAXIMUM) -> Tenure:
        """Return everything: there is nobody to share with."""
        return Tenure(
            shards=_ALL,
            nodes=1,
            lasts=math.inf,
            trunk_starts=claim.starts,
            trunk_kept=claim.used,
        )

    async def resign(self) -> None:
        """Give nothing back: the lock goes when the database is closed."""
