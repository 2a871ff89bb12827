"""Followers of live events: each an endless answer, ended by its last fact or a shutdown."""

from collections import Counter
from collections.abc import AsyncGenerator
from typing import Final

import msgspec

from callwright.api.fact_events import ENDED, LAST, MISSED, Event, event_of
from callwright.api.mailbox import Mailbox
from callwright.api.metrics import WebMetrics
from callwright.domain.ids import AccountId, ServiceRef
from callwright.records.live_facts import LiveFacts

MAX_STREAMS_OF_ACCOUNT: Final = 64
"""Followers of one account at a time: some people with a console, some programs."""

HEARTBEAT: Final = 15.0
"""Seconds of silence after which a comment is sent; proxies cut silent answers after 30 to 60."""

_COMMENT: Final = b": still here\n\n"


class LiveStreams:
    """Opens streams over the board of facts, and ends them all when the server stops."""

    def __init__(
        self, facts: LiveFacts, metrics: WebMetrics, *, heartbeat: float = HEARTBEAT
    ) -> None:
        """Start without followers."""
        self._facts = facts
        self._metrics = metrics
        self._heartbeat = heartbeat
        self._mailboxes: set[Mailbox] = set()
        self._open = Counter[AccountId]()
        self._closed = False

    def has_room_for(self, account_id: AccountId) -> bool:
        """Whether this account may open one more."""
        return self._open[account_id] < MAX_STREAMS_OF_ACCOUNT

    def close(self) -> None:
        """End all streams; called first when the server stops, which waits for open answers.

        One opened later tells what is remembered and ends.
        """
        self._closed = True
        for mailbox in self._mailboxes:
            mailbox.close()

    async def account_events(self, account_id: AccountId) -> AsyncGenerator[bytes]:
        """Stream what happens to an account from now on."""
        async for piece in self._follow(account_id, None, ended=None):
            yield piece

    async def reference_events(
        self, account_id: AccountId, ref: ServiceRef, *, ended: str | None
    ) -> AsyncGenerator[bytes]:
        """Stream what happened and happens to one reference, until its end.

        `ended` is its status if it is already over: then there is nothing to wait for.
        """
        async for piece in self._follow(account_id, ref, ended=ended):
            yield piece

    async def _follow(
        self, account_id: AccountId, ref: ServiceRef | None, *, ended: str | None
    ) -> AsyncGenerator[bytes]:
        mailbox = Mailbox()
        if self._closed:
            mailbox.close()
        following = self._facts.follow(account_id, mailbox.put, ref=ref)
        self._mailboxes.add(mailbox)
        self._open[account_id] += 1
        self._metrics.live_streams.inc()
        try:
            dropped, waiting = following.forgotten, list(following.remembered)
            # A first piece at once, so that a follower knows that he is heard.
            yield _COMMENT
            while True:
                if dropped:
                    yield _piece({"event": MISSED, "count": dropped})
                for live_fact in waiting:
                    yield _piece(event_of(live_fact))
                    if ref is not None and isinstance(live_fact.fact, LAST):
                        return
                if ref is not None and ended is not None:
                    yield _piece({"event": ENDED, "service_ref": ref, "status": ended})
                    return
                if mailbox.is_closed:
                    return
                dropped, waiting = await mailbox.take(self._heartbeat)
                if not waiting:
                    yield _COMMENT
        finally:
            following.stop()
            self._mailboxes.discard(mailbox)
            self._open[account_id] -= 1
            self._metrics.live_streams.dec()


def _piece(event: Event) -> bytes:
    return b"data: " + msgspec.json.encode(event) + b"\n\n"
