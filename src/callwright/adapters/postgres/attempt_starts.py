"""Which start carries out which attempt: noted for many attempts in one unit of work."""

from collections.abc import Sequence
from typing import Final

from callwright.adapters.postgres.database import Database, run_columns
from callwright.adapters.postgres.group_commit import GroupCommit
from callwright.domain.callback import TaskId
from callwright.domain.ids import ServiceRef

NOTED_AT_ONCE: Final = 500
"""In one transaction; a round of the scheduler queues 200 of a queue."""

_Noted = tuple[TaskId, int, ServiceRef]


class AttemptStarts:
    """Notes what one node has queued, a group at a time."""

    def __init__(self, database: Database) -> None:
        """Note it in this database."""
        self._database = database
        self._commits: GroupCommit[_Noted, None] = GroupCommit(
            self._write, name="attempt starts", size=lambda _: 1, at_once=NOTED_AT_ONCE
        )

    async def note(self, task_id: TaskId, number: int, ref: ServiceRef) -> None:
        """Note the start of an attempt."""
        await self._commits.commit((task_id, number, ref))

    async def _write(self, noted: Sequence[_Noted]) -> Sequence[None]:
        await self._database.write(lambda c: run_columns(c, "callback_attempt_queued", noted))
        return [None] * len(noted)
