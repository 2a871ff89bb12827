"""Events that wait, and what they are signed with, in memory: for tests on virtual time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from callwright.dispatch.ports import SHARDS
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.values import NOBODY, Busy, EventToTell, WaitingEvent
from callwright.scheduler.webhooks.values import TryResult


@dataclass(slots=True)
class _Kept:
    event: EventToTell
    next_at: UnixTime
    tries: int = 0
    given_up_at: UnixTime | None = None
    last_failure: TryResult | None = None


@dataclass(slots=True)
class MemoryOutbox:
    """An `EventOutbox`; keeps them in the order in which they were written."""

    kept: list[_Kept] = field(default_factory=list)
    last_words: dict[str, EventToTell] = field(default_factory=dict)
    """What an end of an attempt would tell, by the event's id."""
    fails: int = 0
    """So many of the next changes fail."""
    reading_takes: float = 0.0
    """Seconds from the look at what waits to its arrival, as over a network."""

    def write(self, event: EventToTell) -> None:
        """Write an event, as a change of its task does."""
        waits = [one.next_at for one in self.waiting if one.event.stream == event.stream]
        self.kept.append(_Kept(event, max(waits, default=event.at)))

    async def tell_of_call(
        self, events: Sequence[EventToTell], *, last_words: Sequence[EventToTell]
    ) -> None:
        self._fail()
        for event in events:
            self.write(event)
            self.last_words.pop(event.event_id, None)
        self.last_words |= {one.event_id: one for one in last_words}

    @property
    def waiting(self) -> list[_Kept]:
        """What is not given up."""
        return [one for one in self.kept if one.given_up_at is None]

    async def waiting_events(
        self, shards: frozenset[int], *, at: UnixTime, limit: int, busy: Busy = NOBODY
    ) -> Sequence[WaitingEvent]:
        firsts = {one.event.stream: one for one in reversed(self.waiting)}
        found = [
            one
            for one in firsts.values()
            if one.next_at <= at
            and one.event.account_id % SHARDS in shards
            and one.event.receiver not in busy.receivers
            and one.event.account_id not in busy.accounts
        ]
        found.sort(key=lambda one: (one.next_at, self.kept.index(one)))
        seen = [WaitingEvent(one.event, one.tries) for one in found[:limit]]
        await asyncio.sleep(self.reading_takes)
        return seen

    async def event_told(self, event_id: str) -> None:
        self._fail()
        self.kept = [one for one in self.kept if one.event.event_id != event_id]

    async def event_put_off(self, event_id: str, *, until: UnixTime, failure: TryResult) -> None:
        self._fail()
        put_off = self._note(event_id, failure)
        for one in self.waiting:
            if one.event.stream == put_off.event.stream:
                one.next_at = max(one.next_at, until)

    async def event_given_up(self, event_id: str, *, at: UnixTime, failure: TryResult) -> None:
        self._fail()
        self._note(event_id, failure).given_up_at = at

    def redeliver(self, *, at: UnixTime) -> None:
        """Have all that is given up tried by the plan again, as `redeliver_given_up` does."""
        for one in self.kept:
            if one.given_up_at is not None:
                one.given_up_at, one.next_at, one.tries = None, at, 0

    def _note(self, event_id: str, failure: TryResult) -> _Kept:
        (found,) = (one for one in self.kept if one.event.event_id == event_id)
        found.tries += 1
        found.last_failure = failure
        return found

    def _fail(self) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("the disk is full")


@dataclass(slots=True)
class MemoryWebhookSecrets:
    """A `WebhookSecretStore`."""

    sealed: dict[AccountId, str] = field(default_factory=dict)

    async def webhook_secret(self, account_id: AccountId) -> str | None:
        return self.sealed.get(account_id)

    async def set_webhook_secret(self, account_id: AccountId, sealed: str | None) -> None:
        self.sealed.pop(account_id, None)
        if sealed is not None:
            self.sealed[account_id] = sealed
