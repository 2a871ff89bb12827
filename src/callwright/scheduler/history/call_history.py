"""Call history: calls that have ended from their records, those that go on from their attempts.

Nothing of a record is looked up elsewhere, so that a call stays as it was when its task, its queue,
its extension or the CDRs of its instance are gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from callwright.domain.callback import Attempt, AttemptOutcome, CallUuid, Task, TaskState
from callwright.domain.ids import AccountId
from callwright.queue.ports import QueueStore
from callwright.scheduler.history.call_of_attempt import CallsOfAttempts
from callwright.scheduler.history.calls import Call, CallFilter
from callwright.scheduler.history.ports import CallStore
from callwright.scheduler.ports import CallbackTaskStore
from callwright.scheduler.values import Page


@dataclass(frozen=True, slots=True)
class CallHistory:
    """Reads calls."""

    calls_kept: CallStore
    tasks: CallbackTaskStore
    starts: QueueStore
    made_of: CallsOfAttempts

    async def call(self, account_id: AccountId, call_uuid: CallUuid) -> Call | None:
        """Return one call, or None."""
        # The task first: an attempt that ends between the two looks has a record in the second.
        task = await self.tasks.task_of_call(account_id, call_uuid)
        kept = await self.calls_kept.call(account_id, call_uuid)
        if kept is not None or task is None:
            return kept
        found = [one for one in task.attempts if one.call_uuid == call_uuid]
        return await self._unwritten(task, found[0] if found else _not_begun(task, call_uuid))

    async def calls(self, account_id: AccountId, wanted: CallFilter, page: Page) -> Sequence[Call]:
        """Return a page of an account's calls by the time they began."""
        found = await self.calls_kept.calls(account_id, wanted, page)
        return [
            one if isinstance(one, Call) else await self._unwritten(one.task, one.attempt)
            for one in found
        ]

    async def _unwritten(self, task: Task, attempt: Attempt) -> Call:
        if attempt.ref is None:
            return await self.made_of.call(task, attempt, None)
        known = await self.starts.status(task.account_id, [attempt.ref])
        status = known.get(attempt.ref)
        return await self.made_of.call(
            task, attempt, None if status is None else status.instance_id
        )


def _not_begun(task: Task, call_uuid: CallUuid) -> Attempt:
    """Return the attempt that a callback at once is going to have, or never had."""
    failed = task.state is TaskState.FINISHED
    return Attempt(
        number=1,
        call_uuid=call_uuid,
        started_at=task.wish.starts_at,
        ended_at=task.finished_at,
        outcome=AttemptOutcome(task.finish_comment) if failed else None,
    )
