"""Taking starts out of the queue before they run."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from callwright.domain.clock import Clock
from callwright.domain.facts import FactBoard, StartCancelled
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
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

    async def purge(
        self, account_id: AccountId, service_id: ServiceId
    ) -> AsyncGenerator[Sequence[ServiceRef]]:
        """Cancel all that waits in a service's queue; yields their references, oldest first.

        In portions: when one comes it is cancelled for good, and the followers of its starts have
        heard of it. Whoever stops asking leaves the rest in the queue.

        Raises:
            StoreUnavailable: what was yielded is cancelled, and perhaps one portion more.

        """
        at = self._clock.unix_time()
        cancelled = StartCancelled(at)
        async with aclosing(self._store.purge(account_id, service_id, at=at)) as portions:
            async for portion in portions:
                for ref in portion:
                    self._facts.tell_of(account_id, ref, cancelled)
                yield portion
