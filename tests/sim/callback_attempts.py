"""What attempts callbacks in tests: real stores of the scheduler, a queue in memory."""

import random
from collections.abc import Callable
from pathlib import Path

from callwright.adapters.files.recordings import FolderRecordings
from callwright.adapters.secrets import InstallationSecret
from callwright.domain.clock import Clock
from callwright.domain.ids import AccountId, IdMint
from callwright.queue.intake import Intake
from callwright.queue.ports import QueueStore
from callwright.records.live_facts import LiveFacts
from callwright.scheduler.attempt.attempts import Attempts
from callwright.scheduler.attempt.callees import Callees
from callwright.scheduler.history.call_of_attempt import CallsOfAttempts
from callwright.services.catalogue import Catalogue
from tests.contracts.callback_stores import CallbackStores
from tests.sim.memory_queue import MemoryQueueStore
from tests.sim.memory_stores import MemoryNumberStore


class AnyNumber:
    """A client who may show any number."""

    async def may_show(self, account_id: AccountId, number: str) -> bool:
        del account_id, number
        return True


def attempts_on(
    stores: CallbackStores,
    starts: QueueStore,
    clock: Clock,
    folder: Path,
    *,
    mint: IdMint | None = None,
    random_bytes: Callable[[int], bytes] | None = None,
) -> Attempts:
    """Make what begins attempts of tasks in these stores and queues their starts here.

    `mint` and `random_bytes` are for several that share the stores. Their calls have no records.
    """
    return Attempts(
        queues=stores.queues,
        tasks=stores.tasks,
        callees=Callees(stores.queues, AnyNumber()),
        calls=CallsOfAttempts(
            stores.queues, MemoryQueueStore().records, FolderRecordings(folder), "example.org"
        ),
        catalogue=Catalogue(
            stores.services,
            InstallationSecret.open_or_make(folder / "secret.key"),
            MemoryNumberStore(),
        ),
        intake=Intake(
            starts,
            mint or IdMint("2e891aea", "049136ca36e44662", 1_366_641_192),
            clock,
            wake=lambda: None,
            facts=LiveFacts(),
        ),
        clock=clock,
        random_bytes=random_bytes or random.Random(1).randbytes,
        told=lambda: None,
        stepped=lambda _: None,
    )
