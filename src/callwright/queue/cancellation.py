"""Taking starts out of the queue before they run."""

from collections.abc import Sequence

from callwright.domain.clock import Clock
from callwright.domain.facts import FactBoard, StartCancelled
from callwright.domain.ids import AccountId, ServiceRef
from callwright.queue.ports import CancelResult, QueueStore


class Cancellation:
    """Cancels queued starts; a running one can't be cancelled."""

    def __init__(self, store: QueueStore, clock: Clock, *, facts: FactBoard) -> None:
        """`facts` is told of each start that was cancelled."""
        self._store = store
        self._clock = clock
        self._facts = facts

    async def cancel(
        self, account_id: AccountId, refs: Sequence[ServiceRef]
    ) -> dict[ServiceRef, CancelResult]:
        """Cancel what can be; one answer for each reference, in the order asked.

        Raises:
            StoreUnavailable: nothing was cancelled.

        """
        at = self._clock.unix_time()
        results = await self._store.cancel(account_id, refs, at=at)
        for ref in refs:
            if results[ref] is CancelResult.SUCCESS:
                self._facts.tell_of(account_id, ref, StartCancelled(at))
        return {ref: results[ref] for ref in refs}
