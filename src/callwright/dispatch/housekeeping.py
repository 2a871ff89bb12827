"""What is old enough is forgotten, in portions small enough that nobody waits for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from callwright.accounts.oauth import TOKEN_LIFETIME
from callwright.accounts.pin_trials import COUNTED_FOR
from callwright.domain.clock import UnixTime
from callwright.queue.ports import QueueStore
from callwright.records.ports import RecordStore

INTERVAL: Final = 60.0
"""Seconds from one look to the next: `run_once` keeps up with 300 calls a second."""

PORTION: Final = 500
"""Rows or files forgotten at once: a few milliseconds of a writer that calls wait for."""

PORTIONS: Final = 40
"""Of each kind at a look, so that a retention that was shortened is worked off over hours and
does not keep the disk busy."""

SECONDS_A_DAY: Final = 86_400


class RestLogShelf(Protocol):
    """Where REST logs are kept, as far as they are to be forgotten."""

    async def forget(self, *, started_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` logs of days that ended before; returns how many went."""
        ...


class PinTrialShelf(Protocol):
    """Where trials of caller IDs are kept, as far as they are to be forgotten."""

    async def forget_trials(self, *, began_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` trials that began before; returns how many went."""
        ...


class ReservationShelf(Protocol):
    """Where reserved conferences are kept, as far as they are to be forgotten."""

    async def forget_reservations(self, *, ended_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` that ended before; returns how many went."""
        ...


class CallbackShelf(Protocol):
    """Where callback tasks are kept, as far as they are to be forgotten."""

    async def forget_tasks(self, *, finished_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` that finished before; returns how many went."""
        ...


class EventShelf(Protocol):
    """Where callbacks' events are kept, as far as they are to be forgotten."""

    async def forget_events(self, *, given_up_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` that were given up before; returns how many went."""
        ...


class CallShelf(Protocol):
    """Where call history is kept, as far as it is to be forgotten."""

    async def forget_calls(self, *, ended_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` calls that ended before; returns how many went."""
        ...


class TokenShelf(Protocol):
    """Where programs' tokens and codes are kept, as far as they are to be forgotten."""

    async def forget_tokens(self, *, expired_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` tokens that expired before; returns how many went."""
        ...

    async def forget_codes(self, *, expired_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` codes that expired before; returns how many went."""
        ...


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept, in days."""

    references: int
    """Ended starts and their `unique_id`, and reserved conferences that are over."""
    records: int
    rest_logs: int
    callbacks: int
    """Finished tasks."""
    webhooks: int
    """Events that were given up."""
    call_history: int
    """Calls of callbacks."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much went at one look."""

    references: int
    records: int
    rest_logs: int
    pin_trials: int
    reservations: int
    callbacks: int
    webhooks: int = 0
    calls: int = 0
    tokens: int = 0
    """And authorization codes."""


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Forgets what is old; whoever owns the node calls `run_once` every `INTERVAL`."""

    queue: QueueStore
    records: RecordStore
    rest_logs: RestLogShelf
    pin_trials: PinTrialShelf
    reservations: ReservationShelf
    callbacks: CallbackShelf
    events: EventShelf
    calls: CallShelf
    tokens: TokenShelf
    retention: Retention

    async def run_once(self, now: UnixTime) -> Forgotten:
        """Forget one look's worth."""
        ended_before = _days_before(now, self.retention.references)
        stopped_before = _days_before(now, self.retention.records)
        started_before = _days_before(now, self.retention.rest_logs)
        finished_before = _days_before(now, self.retention.callbacks)
        given_up_before = _days_before(now, self.retention.webhooks)
        called_before = _days_before(now, self.retention.call_history)
        began_before = UnixTime(now - COUNTED_FOR)
        return Forgotten(
            references=await _in_portions(
                lambda: self.queue.forget(ended_before=ended_before, limit=PORTION)
            ),
            records=await _in_portions(
                lambda: self.records.forget(stopped_before=stopped_before, limit=PORTION)
            ),
            rest_logs=await _in_portions(
                lambda: self.rest_logs.forget(started_before=started_before, limit=PORTION)
            ),
            pin_trials=await _in_portions(
                lambda: self.pin_trials.forget_trials(began_before=began_before, limit=PORTION)
            ),
            reservations=await _in_portions(
                lambda: self.reservations.forget_reservations(
                    ended_before=ended_before, limit=PORTION
                )
            ),
            callbacks=await _in_portions(
                lambda: self.callbacks.forget_tasks(finished_before=finished_before, limit=PORTION)
            ),
            webhooks=await _in_portions(
                lambda: self.events.forget_events(given_up_before=given_up_before, limit=PORTION)
            ),
            calls=await _in_portions(
                lambda: self.calls.forget_calls(ended_before=called_before, limit=PORTION)
            ),
            tokens=await self._forget_tokens(now),
        )

    async def _forget_tokens(self, now: UnixTime) -> int:
        # A code is known for as long as the token that it brought: should it come again, both go.
        spent_before = UnixTime(now - TOKEN_LIFETIME)
        return await _in_portions(
            lambda: self.tokens.forget_tokens(expired_before=now, limit=PORTION)
        ) + await _in_portions(
            lambda: self.tokens.forget_codes(expired_before=spent_before, limit=PORTION)
        )


def _days_before(now: UnixTime, days: int) -> UnixTime:
    return UnixTime(now - days * SECONDS_A_DAY)


async def _in_portions(forget: Callable[[], Awaitable[int]]) -> int:
    """Forget until nothing old is left, or for this time."""
    forgotten = 0
    for _ in range(PORTIONS):
        gone = await forget()
        forgotten += gone
        if gone < PORTION:
            break
    return forgotten
