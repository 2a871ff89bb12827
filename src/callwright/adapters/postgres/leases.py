"""Nodes' lives and their shares of the accounts, by the database's clock.

A node lives as long as its row has not expired; what it dispatches for are the shards that name
its boot epoch. Whoever changes either does so alone, and a claim under way holds its shard, so
that no shard has two owners for a moment.
"""

import asyncio
from typing import Final

from callwright.adapters.node_boot import NodeBoot
from callwright.adapters.postgres.database import NODE_TTL, Connection, Database, run
from callwright.adapters.postgres.faults import DatabaseFault, NodeReplaced
from callwright.dispatch.ports import SHARDS, Tenure

RENEWED_WITHIN: Final = 3.0
"""Seconds in which a renewal must come through; whoever waits longer tries again."""


class PostgresLeases:
    """`Leases` of one node of several."""

    def __init__(self, database: Database, boot: NodeBoot, *, ttl: float = NODE_TTL) -> None:
        """Take part as this start of a node, which is dead `ttl` seconds after a renewal."""
        self._database = database
        self._boot = boot
        self._ttl = ttl

    async def renew(self) -> Tenure:
        """Say that this node lives; take free shards up to its share, give back those above it."""
        try:
            async with asyncio.timeout(RENEWED_WITHIN):
                shards, nodes = await self._database.write(self._renew)
        except TimeoutError as fault:
            raise DatabaseFault("the database does not renew this node's lease") from fault
        return Tenure(frozenset(shards), nodes, self._ttl)

    async def resign(self) -> None:
        """Give everything back: this node dispatches no more."""
        ours = {"boot_epoch": self._boot.boot_epoch}

        async def resign(connection: Connection) -> None:
            await run(connection, "node_lock", {})
            await run(connection, "lease_give_back_all", ours)
            await run(connection, "node_end", ours)

        await self._database.write(resign)

    async def _renew(self, connection: Connection) -> tuple[list[int], int]:
        await run(connection, "node_lock", {})
        await self._live_on(connection)
        alive = [epoch for (epoch,) in await run(connection, "node_alive", {})]
        ours = {"boot_epoch": self._boot.boot_epoch}
        shards = [shard for (shard,) in await run(connection, "lease_shards", ours)]
        share = fair_share(len(alive))
        if len(shards) > share:
            await run(connection, "lease_give_back", ours | {"shards": shards[share:]})
        elif len(shards) < share:
            wanted = {"alive": alive, "count": share - len(shards)}
            free = [shard for (shard,) in await run(connection, "lease_free", wanted)]
            await run(connection, "lease_take", ours | {"shards": free})
            shards += free
        return shards[:share], len(alive)

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
