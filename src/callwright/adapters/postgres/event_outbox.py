"""Events of callbacks that wait to be told, in PostgreSQL."""

from collections.abc import Sequence

from callwright.adapters.callback_rows import event_columns, event_of
from callwright.adapters.kept_event_rows import (
    IN_STATE,
    failure_columns,
    kept_event_of,
    kept_event_order,
)
from callwright.adapters.postgres.database import Connection, Database, run
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.values import NOBODY, Busy, EventToTell, Page, WaitingEvent
from callwright.scheduler.webhooks.values import EventState, KeptEvent, TryResult


class PostgresEventOutbox:
    """An `EventOutbox` and an `EventShelf`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def waiting_events(
        self, shards: frozenset[int], *, at: UnixTime, limit: int, busy: Busy = NOBODY
    ) -> Sequence[WaitingEvent]:
        """Return the first event of each stream whose time has come, the oldest first."""
        asked = {
            "shards": sorted(shards),
            "at": at,
            "limit": limit,
            "busy_receivers": sorted(busy.receivers),
            "busy_accounts": sorted(busy.accounts),
        }
        return [event_of(row) for row in await self._database.read("callback_event_waiting", asked)]

    async def tell_of_call(
        self, events: Sequence[EventToTell], *, last_words: Sequence[EventToTell]
    ) -> None:
        """Write events of a call; and what is told at the end of its attempt if nothing else is."""

        async def tell(connection: Connection) -> None:
            for event in events:
                await run(connection, "callback_event_insert", event_columns(event))
                await run(connection, "callback_last_word_told", {"event_id": event.event_id})
            for event in last_words:
                await run(connection, "callback_last_word_keep", event_columns(event))

        await self._database.write(tell)

    async def event_told(self, event_id: str) -> None:
        """Forget an event that was taken."""
        asked = {"event_id": event_id}
        await self._database.write(lambda c: run(c, "callback_event_told", asked))

    async def event_put_off(self, event_id: str, *, until: UnixTime, failure: TryResult) -> None:
        """Try an event again later; it and what follows it of its stream wait."""
        columns = {"event_id": event_id, "until": until, **failure_columns(failure)}
        await self._database.write(lambda c: run(c, "callback_event_put_off", columns))

    async def event_given_up(self, event_id: str, *, at: UnixTime, failure: TryResult) -> None:
        """Try an event no more; it is kept, and what follows it of its stream is told."""
        columns = {"event_id": event_id, "at": at, **failure_columns(failure)}
        await self._database.write(lambda c: run(c, "callback_event_given_up", columns))

    async def kept_events(
        self, account_id: AccountId, state: EventState | None, page: Page
    ) -> tuple[Sequence[KeptEvent], int]:
        """Return a page of an account's events in the order of their writing, and their number."""
        asked, of_state = {"account_id": account_id}, IN_STATE[state]
        ((count,),) = await self._database.read("callback_event_count", asked, then=of_state)
        then = of_state + kept_event_order(page)
        rows = await self._database.read("callback_event_list", asked, then=then)
        return [kept_event_of(row) for row in rows], count

    async def redeliver(
        self, account_id: AccountId, event_id: str, *, at: UnixTime
    ) -> KeptEvent | None:
        """Have an event tried now and by the plan again, and return it; None: there is none."""
        asked = {"account_id": account_id, "event_id": event_id, "at": at}

        async def redeliver(connection: Connection) -> KeptEvent | None:
            rows = await run(connection, "callback_event_redeliver", asked)
            if not rows:
                return None
            event = kept_event_of(rows[0])
            columns = {"event_id": event_id, "at": at}
            await run(connection, "callback_event_bring_forward", columns)
            return event

        return await self._database.write(redeliver)

    async def redeliver_given_up(self, account_id: AccountId, *, at: UnixTime, limit: int) -> int:
        """Do the same with up to `limit` events that were given up until then."""
        asked = {"account_id": account_id, "at": at, "limit": limit}
        return len(
            await self._database.write(lambda c: run(c, "callback_event_redeliver_all", asked))
        )

    async def forget_events(self, *, given_up_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` events that were given up before; returns how many went."""
        asked = {"given_up_before": given_up_before, "limit": limit}
        return len(await self._database.write(lambda c: run(c, "callback_event_forget", asked)))

    async def oldest_event(self) -> UnixTime | None:
        """Return when the oldest event happened that waits; None: none waits."""
        ((at,),) = await self._database.read("callback_event_oldest", {})
        return None if at is None else UnixTime(at)
