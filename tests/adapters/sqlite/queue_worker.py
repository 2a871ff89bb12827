"""A process to be killed: queues, claims, dials and finishes, and says what it was promised.

Each line of its output is `<what> <ref>`, printed only after the store has returned.
"""

import asyncio
import sys
from pathlib import Path

from callwright.adapters.clock import SystemClock
from callwright.adapters.sqlite.database import Database
from callwright.adapters.sqlite.queue_store import SqliteQueueStore
from callwright.domain.ids import AccountId, IdMint, ServiceId, ServiceRef
from tests.contracts.stores import NOW, START, intent_of, record_of

ACCOUNT, SERVICE = AccountId(1), ServiceId(1)


def say(what: str, ref: ServiceRef) -> None:
    """Tell the one who will kill us; the output is unbuffered."""
    sys.stdout.write(f"{what} {ref}\n")


async def main(path: Path) -> None:
    database = Database.open(path, exclusive=True)
    boot = database.begin_node(SystemClock())
    mint = IdMint(boot.node_hex, boot.boot_hex, boot.boot_epoch)
    queue = SqliteQueueStore(database, node_epoch=boot.boot_epoch)

    async def accept() -> None:
        while True:
            refs = mint.service_refs(3)
            await queue.enqueue(
                account_id=ACCOUNT,
                service_id=SERVICE,
                starts=[(ref, START) for ref in refs],
                at=NOW,
            )
            for ref in refs:
                say("queued", ref)

    async def work() -> None:
        while True:
            for claim in await queue.claim(SERVICE, limit=2, at=NOW):
                say("claimed", claim.ref)
                await queue.intend(intent_of(claim.ref))
                say("dialled", claim.ref)
                record = record_of(claim.ref)
                await queue.finish(claim.ref, exit_status=0, record=record, at=NOW)
                say("finished", claim.ref)
            await asyncio.sleep(0)

    await asyncio.gather(accept(), accept(), work(), work())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
