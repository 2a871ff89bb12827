"""A process to be killed: queues, claims, dials, finishes, purges, and says what it was promised.

Each line of its output is `<what> <ref>`, printed only after the store has returned.
"""

import asyncio
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from callwright.adapters.clock import SystemClock
from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.domain.ids import AccountId, IdMint, ServiceId, ServiceRef
from callwright.queue.ports import Once
from tests.contracts.stores import NOW, START, intent_of, record_of

ACCOUNT, SERVICE = AccountId(1), ServiceId(1)

PAUSE = 200
"""Rounds of the event loop between purges, in which others get something to do."""


def say(what: str, ref: ServiceRef) -> None:
    """Tell the one who will kill us; the output is unbuffered."""
    sys.stdout.write(f"{what} {ref}\n")


@dataclass(slots=True)
class Worker:
    """Does everything at once."""

    queue: SqliteQueueStore
    mint: IdMint

    async def accept(self, once: Once | None) -> None:
        refs = self.mint.service_refs(3)
        answer = await self.queue.enqueue(
            account_id=ACCOUNT,
            service_id=SERVICE,
            starts=[(ref, START) for ref in refs],
            at=NOW,
            once=once,
        )
        for ref in answer:
            say("queued", ref)
        if once is not None:
            say(f"once:{once.unique_id}", answer[0])

    async def accept_plain(self) -> None:
        while True:
            await self.accept(None)

    async def accept_repeats(self) -> None:
        for n in count():
            once = Once(f"{self.mint.boot_epoch}.{n}", b"fingerprint")
            await asyncio.gather(self.accept(once), self.accept(once))

    async def run_calls(self) -> None:
        while True:
            for claim in await self.queue.claim(SERVICE, limit=2, at=NOW):
                say("claimed", claim.ref)
                await self.queue.intend(intent_of(claim.ref))
                say("dialled", claim.ref)
                record = record_of(claim.ref)
                await self.queue.finish(claim.ref, exit_status=0, record=record, at=NOW)
                say("finished", claim.ref)
            await asyncio.sleep(0)

    async def purge(self) -> None:
        while True:
            async for refs in self.queue.purge(ACCOUNT, SERVICE, at=NOW):
                for ref in refs:
                    say("cancelled", ref)
            for _ in range(PAUSE):
                await asyncio.sleep(0)


async def main(path: Path) -> None:
    database = Database.open(path, exclusive=True)
    boot = database.begin_node(SystemClock())
    worker = Worker(
        SqliteQueueStore(database, node_epoch=boot.boot_epoch),
        IdMint(boot.node_hex, boot.boot_hex, boot.boot_epoch),
    )
    await asyncio.gather(
        worker.accept_plain(),
        worker.accept_repeats(),
        worker.run_calls(),
        worker.run_calls(),
        worker.purge(),
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
