"""Nodes on one database, as many as a test wants."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from callwright.adapters.clock import SystemClock
from callwright.adapters.postgres.account_store import PostgresAccountStore
from callwright.adapters.postgres.database import Database
from callwright.adapters.postgres.leases import PostgresLeases
from callwright.adapters.postgres.queue_store import PostgresQueueStore
from callwright.adapters.postgres.service_store import PostgresServiceStore
from callwright.domain.account import Account, AccountType
from callwright.domain.ids import ServiceId, ServiceRef
from tests.contracts.stores import LIMITS, LONG, NOW, START


@dataclass(frozen=True, slots=True)
class Node:
    """One node; its lease lasts until the test lets it run out."""

    database: Database
    boot_epoch: int
    leases: PostgresLeases
    queue: PostgresQueueStore

    async def expire(self) -> None:
        """Let the node's lease run out, as if it had slept for long."""
        async with self.database._connected() as connection:
            past = "UPDATE node SET expires_at = '2000-01-01' WHERE boot_epoch = $1"
            await connection.execute(past, self.boot_epoch)

    async def account(self, username: str) -> tuple[Account, ServiceId]:
        """Make an account with a service."""
        account = await PostgresAccountStore(self.database).create(
            username, account_type=AccountType.PREMIUM, limits=LIMITS, key_hash=bytes(32)
        )
        assert account is not None
        services = PostgresServiceStore(self.database)
        await services.write(account.account_id, "reminder", b"{}")
        service = await services.find(account.account_id, "reminder")
        assert service is not None
        return account, service.service_id

    async def queued(self, account: Account, service_id: ServiceId, count: int) -> list[ServiceRef]:
        """Queue starts."""
        refs = [ServiceRef(f"{account.username}.{number}") for number in range(count)]
        starts = [(ref, START) for ref in refs]
        await self.queue.enqueue(
            account_id=account.account_id, service_id=service_id, starts=starts, at=NOW
        )
        return refs


@asynccontextmanager
async def nodes(url: str, count: int) -> AsyncIterator[list[Node]]:
    """Open nodes, each with connections of its own; none has renewed yet."""
    made = [await _node(url, f"{number:08x}") for number in range(count)]
    try:
        yield made
    finally:
        for node in made:
            await node.database.close()


async def _node(url: str, node_hex: str) -> Node:
    database = await Database.open(url)
    boot = await database.begin_node(node_hex, SystemClock(), ttl=LONG)
    leases = PostgresLeases(database, boot, ttl=LONG)
    queue = PostgresQueueStore(database, node_epoch=boot.boot_epoch)
    return Node(database, boot.boot_epoch, leases, queue)
