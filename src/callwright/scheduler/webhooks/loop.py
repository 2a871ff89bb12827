"""The loop that tells clients' URLs of events: one a node, for the accounts in its tenure.

At least once, and those of one task or one call in order. A receiver that is slow, and a client
with many of those, delay nobody else: each has so many events on their way and no more, and what
else waits for them is not even read meanwhile.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from callwright.domain.clock import Clock, UnixTime
from callwright.scheduler.ports import EventOutbox
from callwright.scheduler.values import EventToTell, WaitingEvent
from callwright.scheduler.webhooks.counters import EventCounters
from callwright.scheduler.webhooks.lanes import Lanes
from callwright.scheduler.webhooks.message import BodyFormat, message_of
from callwright.scheduler.webhooks.plan import Verdict, pause_after, verdict
from callwright.scheduler.webhooks.ports import NoAnswer, Receivers
from callwright.scheduler.webhooks.secrets import WebhookSecrets
from callwright.scheduler.webhooks.values import TryResult
from callwright.services.ports import BrokenSeal

POLL_INTERVAL: Final = 1.0
"""Seconds between looks that nobody asked for: retries fall due, other nodes write events."""

RETRY_PAUSE: Final = 1.0
"""Seconds after a store that failed before it is asked again."""

LAST_GRACE: Final = 2.0
"""Seconds that events on their way have when the node stops; the next start sends the others."""

BATCH: Final = 50
"""Events read in one go beyond those on their way: bodies are kilobytes."""

log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class WebhookManners:
    """How events are written and signed."""

    body_format: BodyFormat
    secrets: WebhookSecrets
    counters: EventCounters = field(default_factory=EventCounters)


@dataclass(frozen=True, slots=True)
class _Failed:
    """A try that failed."""

    result: TryResult
    until: UnixTime | None
    """When it is tried again; None for never."""


class WebhookLoop:
    """Sends what waits in the outbox, and tries again by the plan."""

    def __init__(
        self,
        *,
        outbox: EventOutbox,
        receivers: Receivers,
        manners: WebhookManners,
        shards: Callable[[], frozenset[int]],
        clock: Clock,
    ) -> None:
        """`shards` says whose accounts this node works for at this moment."""
        self._outbox = outbox
        self._receivers = receivers
        self._manners = manners
        self._shards = shards
        self._clock = clock
        self._lanes = Lanes()
        self._ended: set[str] = set()
        """Streams whose events arrived while the outbox was read: what was read of them is old."""
        self._handles: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()

    def wake(self) -> None:
        """Say that an event was written; carries no data and never waits."""
        self._woken.set()

    def stop(self) -> None:
        """Send nothing more."""
        self._stopping.set()
        self._woken.set()

    async def run(self) -> None:
        """Tell what waits until `stop`; what is on its way then has a moment left."""
        while not self._stopping.is_set():
            self._woken.clear()
            pause = POLL_INTERVAL
            try:
                await self._round()
            except Exception:
                # The store is busy or broken; events are safe in it and wait.
                log.exception("webhooks.round_failed")
                pause = RETRY_PAUSE
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                continue
        if self._handles:
            _, late = await asyncio.wait(self._handles, timeout=LAST_GRACE)
            for handle in late:
                handle.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _round(self) -> None:
        """Send what may be sent now; each end of a delivery asks for another round."""
        while not (self._lanes.are_full or self._stopping.is_set()):
            limit = len(self._lanes) + BATCH
            self._ended.clear()
            found = await self._outbox.waiting_events(
                self._shards(), at=self._clock.unix_time(), limit=limit, busy=self._lanes.busy()
            )
            begun = 0
            for waiting in found:
                is_old = waiting.event.stream in self._ended
                if not is_old and self._lanes.take(waiting.event):
                    self._start(self._deliver(waiting))
                    begun += 1
            if not begun or len(found) < limit:
                return

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        handle = asyncio.create_task(work)
        self._handles.add(handle)
        handle.add_done_callback(self._handles.discard)

    async def _deliver(self, waiting: WaitingEvent) -> None:
        try:
            await self._note(waiting.event, await self._try(waiting))
        except Exception:
            # A bug costs this event a second, and no other anything.
            log.exception("webhook.bug", task_id=waiting.event.task_id)
            await self._rest()
        finally:
            self._lanes.leave(waiting.event)
            self._ended.add(waiting.event.stream)
            self._woken.set()

    async def _try(self, waiting: WaitingEvent) -> _Failed | None:
        """Send an event once; return what that makes of it."""
        event = waiting.event
        result = await self._answer(event)
        judged = verdict(result.http_status)
        counters = self._manners.counters
        if judged is Verdict.TAKEN:
            counters.sent += 1
            return None
        pause = pause_after(judged, tries_before=waiting.tries)
        if pause is None:
            counters.given_up += 1
            log.warning(
                "webhook.given_up",
                task_id=event.task_id,
                event_name=str(event.event),
                http_status=result.http_status,
                reason=result.reason,
                tries=waiting.tries + 1,
            )
            return _Failed(result, None)
        counters.failed += 1
        log.info(
            "webhook.failed",
            task_id=event.task_id,
            event_name=str(event.event),
            http_status=result.http_status,
            reason=result.reason,
            tries=waiting.tries + 1,
        )
        return _Failed(result, UnixTime(self._clock.unix_time() + pause))

    async def _answer(self, event: EventToTell) -> TryResult:
        """Return the HTTP status, or why there is none."""
        try:
            keys = await self._manners.secrets.keys(event.account_id)
        except BrokenSeal as broken:
            # Unsigned it would look forged.
            return TryResult(None, str(broken))
        message = message_of(event, self._manners.body_format, keys, at=self._clock.unix_time())
        try:
            return TryResult(await self._receivers.send(message), "")
        except NoAnswer as none:
            return TryResult(None, str(none))

    async def _note(self, event: EventToTell, failed: _Failed | None) -> None:
        """Write down what became of an event; while the store cannot, it is not sent again."""
        while True:
            try:
                await self._write(event.event_id, failed)
            except Exception:
                log.exception("webhook.not_noted", task_id=event.task_id)
                if self._stopping.is_set():
                    return
                await self._rest()
            else:
                return

    async def _write(self, event_id: str, failed: _Failed | None) -> None:
        if failed is None:
            await self._outbox.event_told(event_id)
        elif failed.until is None:
            at = self._clock.unix_time()
            await self._outbox.event_given_up(event_id, at=at, failure=failed.result)
        else:
            await self._outbox.event_put_off(event_id, until=failed.until, failure=failed.result)

    async def _rest(self) -> None:
        """Wait for `RETRY_PAUSE`, or for the stop."""
        try:
            async with asyncio.timeout(RETRY_PAUSE):
                await self._stopping.wait()
        except TimeoutError:
            return
