"""Nodes' lives and their shares of the accounts, by the database's clock.

A node lives as long as its row has not expired; what it dispatches for are the shards that name
its boot epoch, and its row says how many of the trunk's starts are its own. Whoever changes any of
these does so alone, and a claim under way holds its shard, so that no shard and no start has two
owners for a moment.
"""

import asyncio
from typing import Final

from callwright.adapters.node_boot import NodeBoot
from callwright.adapters.postgres.database import NODE_TTL, Connection, Database, run
from callwright.adapters.postgres.faults import DatabaseFault, NodeReplaced
from callwright.dispatch.ports import NO_MAXIMUM, SHARDS, Tenure
from callwright.engine.trunk import TrunkClaim

RENEWED_WITHIN: Final = 3.0
"""Seconds in which a renewal must come through; whoever waits longer tries again."""


class PostgresLeases:
    """`Leases` of one node of several."""

    def __init__(self, database: Database, boot: NodeBoot, *, ttl: float = NODE_TTL) -> None:
        """Take part as this start of a node, which is dead `ttl` seconds after a renewal."""
        self._database = database
        self._boot = boot
        self._ttl = ttl

    async def renew(self, claim: TrunkClaim = NO_MAXIMUM) -> Tenure:
        """Say that this node lives, and what it uses of the trunk."""
        try:
            async with asyncio.timeout(RENEWED_WITHIN):
                return await self._database.write(lambda connection: self._renew(connection, claim))
        except TimeoutError as fault:
            raise DatabaseFault("the database does not renew this node's lease") from fault

    async def resign(self) -> None:
        """Give everything back: this node dispatches no more."""
        ours = {"boot_epoch": self._boot.boot_epoch}

        async def resign(connection: Connection) -> None:
            await run(connection, "node_lock", {})
            await run(connection, "lease_give_back_all", ours)
            await run(connection, "node_end", ours)

        await self._database.write(resign)

    async def _renew(self, connection: Connection, claim: TrunkClaim) -> Tenure:
        await run(connection, "node_lock", {})
        await self._live_on(connection)
        alive = sorted(epoch for (epoch,) in await run(connection, "node_alive", {}))
        nodes, rank = len(alive), alive.index(self._boot.boot_epoch)
        dispatching = claim.dispatching(nodes)
        share = fair_share(dispatching) if rank < dispatching else 0
        kept, taken = await self._divide_shards(connection, alive, share)
        starts, starts_kept = await self._divide_starts(connection, claim, nodes, rank)
        return Tenure(
            frozenset(kept + taken),
            nodes,
            self._ttl,
            rank=rank,
            taken=frozenset(taken),
            trunk_starts=starts,
            trunk_kept=starts_kept,
        )

    async def _divide_shards(
        self, connection: Connection, alive: list[int], share: int
    ) -> tuple[list[int], list[int]]:
        """Return the shards that we keep and those that we take."""
        ours = {"boot_epoch": self._boot.boot_epoch}
        shards = [shard for (shard,) in await run(connection, "lease_shards", ours)]
        if len(shards) > share:
            await run(connection, "lease_give_back", ours | {"shards": shards[share:]})
        if len(shards) >= share:
            return shards[:share], []
        wanted = {"alive": alive, "count": share - len(shards)}
        free = [shard for (shard,) in await run(connection, "lease_free", wanted)]
        await run(connection, "lease_take", ours | {"shards": free})
        return shards, free

    async def _divide_starts(
        self, connection: Connection, claim: TrunkClaim, nodes: int, rank: int
    ) -> tuple[int, int]:
        """Return how many of the trunk's starts are ours now, and how many were before."""
        if not claim.starts:
            return 0, 0
        ours = {"boot_epoch": self._boot.boot_epoch}
        [(held, elsewhere)] = await run(connection, "lease_trunk_starts", ours)
        kept = min(claim.used, held)
        granted = claim.granted(nodes=nodes, rank=rank, kept=kept, elsewhere=elsewhere)
        # What we are to give up is ours until we say that we use it no longer.
        await run(connection, "lease_hold_starts", ours | {"trunk_starts": max(granted, kept)})
        return granted, kept

    async def _live_on(self, connection: Connection) -> None:
        ours = {"boot_epoch": self._boot.boot_epoch, "ttl": self._ttl}
        if await run(connection, "lease_renew", ours):
            return
        named = {"node_hex": self._boot.node_hex}
        if await run(connection, "node_successor", named):
            raise NodeReplaced(
                f"another server runs as node {self._boot.node_hex}: "
                "was its data folder copied with the file `node` in it?"
            )
        await run(connection, "node_begin", ours | named)


def fair_share(nodes: int) -> int:
    """How many shards one of so many nodes has at most."""
    return -(-SHARDS // nodes)
