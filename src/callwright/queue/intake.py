"""Service starts become queued rows and service references."""

from collections.abc import Callable, Sequence

from callwright.domain.clock import Clock
from callwright.domain.errors import RemoteFault
from callwright.domain.facts import FactBoard, StartQueued
from callwright.domain.ids import IdMint, ServiceRef
from callwright.domain.outbound_service import OutboundService
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import QueueStore


class ServiceIsDisabled(RemoteFault):
    """The service's configuration says that it takes no starts."""


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
        self, service: OutboundService, starts: Sequence[ServiceStart]
    ) -> list[ServiceRef]:
        """Queue starts of one request, all or none; they are safe when this returns.

        The references are in the order of `starts` and numbered one after another.

        Raises:
            ServiceIsDisabled: nothing was queued.
            StoreBusy: the same; the request may be repeated.
            StoreUnavailable: the same.

        """
        if not service.is_enabled:
            raise ServiceIsDisabled("Service is disabled")
        at = self._clock.unix_time()
        refs = self._mint.service_refs(len(starts))
        await self._store.enqueue(
            account_id=service.account_id,
            service_id=service.service_id,
            starts=list(zip(refs, starts, strict=True)),
            at=at,
        )
        for ref, start in zip(refs, starts, strict=True):
            self._facts.tell_of(service.account_id, ref, StartQueued(at, start.to))
        self._wake()
        return refs
