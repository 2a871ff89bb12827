"""Service starts become queued rows and service references."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from callwright.domain.clock import Clock
from callwright.domain.destination import printable
from callwright.domain.errors import RemoteFault
from callwright.domain.facts import FactBoard, StartQueued
from callwright.domain.ids import IdMint, ServiceRef
from callwright.domain.outbound_service import OutboundService
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import Once, QueueStore


class ServiceIsDisabled(RemoteFault):
    """The service's configuration says that it takes no starts."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request that was accepted, now or when it came first."""

    service_refs: Sequence[ServiceRef]
    queued: int
    """Starts that were queued now: all of them, or none where the request is a repeat."""


class Intake:
    """The door of the queue."""

    def __init__(
        self,
        store: QueueStore,
        mint: IdMint,
        clock: Clock,
        *,
        wake: Callable[[], None],
        facts: FactBoard,
    ) -> None:
        """`wake` tells the dispatcher that something was queued; it carries nothing."""
        self._store = store
        self._mint = mint
        self._clock = clock
        self._wake = wake
        self._facts = facts

    async def start(
        self,
        service: OutboundService,
        starts: Sequence[ServiceStart],
        *,
        once: Once | None = None,
    ) -> Accepted:
        """Queue starts of one request, all or none; they are safe when this returns.

        The references are in the order of `starts` and numbered one after another. A request that
        was carried out before gets the references of then, and nothing is queued.

        Raises:
            ServiceIsDisabled: nothing was queued.
            UniqueIdReused: the same.
            StoreBusy: the same; the request may be repeated.
            StoreUnavailable: the same.

        """
        if not service.is_enabled and not await self._is_repeat(service, once):
            raise ServiceIsDisabled("Service is disabled")
        at = self._clock.unix_time()
        refs = self._mint.service_refs(len(starts))
        kept = await self._store.enqueue(
            account_id=service.account_id,
            service_id=service.service_id,
            starts=list(zip(refs, starts, strict=True)),
            at=at,
            once=once,
        )
        if once is not None and list(kept) != refs:
            return Accepted(kept, queued=0)
        for ref, start in zip(refs, starts, strict=True):
            self._facts.tell_of(service.account_id, ref, StartQueued(at, printable(start.to)))
        self._wake()
        return Accepted(refs, queued=len(refs))

    async def _is_repeat(self, service: OutboundService, once: Once | None) -> bool:
        """Whether this was asked before: then the answer of then is due, whatever is now."""
        if once is None:
            return False
        return await self._store.job(service.account_id, once.unique_id) is not None
