"""Taking starts out of the queue before they run."""

from collections.abc import AsyncGenerator, Sequence
from typing import Final

from callwright.domain.clock import Clock
from callwright.domain.facts import FactBoard, StartCancelled
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.queue.ports import CancelResult, QueueStore

PORTION: Final = 1000
"""References of a purge that are told of in one go: some 2 ms, during which nothing else runs."""


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

    async def purge(
        self, account_id: AccountId, service_id: ServiceId
    ) -> AsyncGenerator[Sequence[ServiceRef]]:
        """Cancel all that waits in a service's queue; yields their references, oldest first.

        In portions, so that whoever iterates can let others run between them. All are cancelled
        when the first portion comes; their followers hear of it portion by portion.

        Raises:
            StoreUnavailable: before the first portion; a part may have been cancelled.

        """
        at = self._clock.unix_time()
        purged = await self._store.purge(account_id, service_id, at=at)
        cancelled = StartCancelled(at)
        for first in range(0, len(purged), PORTION):
            portion = purged[first : first + PORTION]
            for ref in portion:
                self._facts.tell_of(account_id, ref, cancelled)
            yield portion
