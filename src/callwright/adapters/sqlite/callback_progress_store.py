"""How far callback queues are, counted in SQLite."""

from collections.abc import Sequence

from callwright.adapters.callback_rows import progress_of
from callwright.adapters.sqlite.database import Database
from callwright.domain.callback import CallbackQueueId
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.live.values import QueueProgress


class SqliteCallbackProgressStore:
    """A `ProgressStore`."""

    def __init__(self, database: Database) -> None:
        """Count in this database."""
        self._database = database

    async def progress(
        self, account_id: AccountId, queue_id: CallbackQueueId | None, *, at: UnixTime
    ) -> Sequence[QueueProgress]:
        """Count the tasks of a queue, or of each of an account's, by id."""
        asked = {"account_id": account_id, "queue_id": queue_id, "at": at}
        return [progress_of(row) for row in await self._database.survey("callback_progress", asked)]
