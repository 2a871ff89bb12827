"""Events of callbacks that wait to be told, in PostgreSQL."""

from collections.abc import Sequence

from callwright.adapters.callback_rows import event_of
from callwright.adapters.postgres.database import Database, run
from callwright.domain.clock import UnixTime
from callwright.scheduler.values import NOBODY, Busy, WaitingEvent


class PostgresEventOutbox:
    """An `EventOutbox`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def waiting_events(
        self, shards: frozenset[int], *, at: UnixTime, limit: int, busy: Busy = NOBODY
    ) -> Sequence[WaitingEvent]:
        """Return the first event of each task whose time has come, the oldest first."""
        asked = {
            "shards": sorted(shards),
            "at": at,
            "limit": limit,
            "busy_receivers": sorted(busy.receivers),
            "busy_accounts": sorted(busy.accounts),
        }
        return [event_of(row) for row in await self._database.read("callback_event_waiting", asked)]

    async def event_told(self, event_id: str) -> None:
        """Forget an event that was taken, or that is given up."""
        asked = {"event_id": event_id}
        await self._database.write(lambda c: run(c, "callback_event_told", asked))

    async def event_put_off(self, event_id: str, *, until: UnixTime) -> None:
        """Try an event again later; it and what follows it of its task wait."""
        asked = {"event_id": event_id, "until": until}
        await self._database.write(lambda c: run(c, "callback_event_put_off", asked))
