"""What the dispatcher needs kept: who is alive, and who dispatches for whom."""

from dataclasses import dataclass
from typing import Final, Protocol

from callwright.domain.ids import AccountId
from callwright.engine.trunk import TrunkClaim

SHARDS: Final = 256
"""Accounts are dealt out to nodes in this many parts: enough for some dozen nodes to have equal
shares, few enough to renew in one statement."""


def shard_of(account_id: AccountId) -> int:
    """Say which part an account is in, 0 to 255: its limits are kept by that part's one owner."""
    return account_id % SHARDS


@dataclass(frozen=True, slots=True)
class Tenure:
    """What a node may do for now."""

    shards: frozenset[int]
    """It dispatches for accounts in these, and nobody else does."""
    nodes: int
    """How many nodes are alive, this one included; a trunk's limits are divided by it."""
    lasts: float
    """Seconds from the request on; nothing may be claimed after that without another renewal."""
    rank: int = 0
    """How many of the others began before this one."""
    taken: frozenset[int] = frozenset()
    """Of the shards, those that may have been another node's until now."""
    trunk_starts: int = 0
    """Whole starts in the trunk's window that are this node's alone."""
    trunk_kept: int = 0
    """Of these, or of more, so many were this node's without a gap; the others may have been used
    by somebody else until now."""


NO_MAXIMUM: Final = TrunkClaim()
"""Of a trunk that takes what the accounts may start."""


class Leases(Protocol):
    """Nodes' lives and their shares of the accounts.

    One node alone has everything for ever. Several nodes renew every few seconds; one that does
    not is dead to the others, who share out what it had and settle what it held.
    """

    async def renew(self, claim: TrunkClaim = NO_MAXIMUM) -> Tenure:
        """Say that this node lives, and what it uses of the trunk.

        It takes free shards up to its share and gives back those above it; of the trunk's starts
        likewise, but what it is to give up is still its own until it says that it uses less.
        """
        ...

    async def resign(self) -> None:
        """Give everything back: this node dispatches no more."""
        ...
