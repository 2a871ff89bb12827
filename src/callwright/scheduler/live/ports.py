"""What those who watch queues need counted."""

from collections.abc import Sequence
from typing import Protocol

from callwright.domain.callback import CallbackQueueId
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.live.values import QueueProgress


class ProgressStore(Protocol):
    """Counts tasks by how far they are."""

    async def progress(
        self, account_id: AccountId, queue_id: CallbackQueueId | None, *, at: UnixTime
    ) -> Sequence[QueueProgress]:
        """Count the tasks of a queue, or of each of an account's, by id.

        Takes time in proportion to the tasks, and holds nobody up meanwhile: neither the event
        loop nor who writes.
        """
        ...
