"""Followers of live events: each an endless answer, ended by its last fact or a shutdown."""

from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any, Final  # mailboxes of any kind are closed alike

import msgspec

from callwright.api.fact_events import ENDED, LAST, MISSED, Event, event_of
from callwright.api.mailbox import Mailbox
from callwright.api.metrics import WebMetrics
from callwright.domain.ids import AccountId, ServiceRef
from callwright.records.live_facts import Following, LiveFact, LiveFacts

MAX_STREAMS_OF_ACCOUNT: Final = 64
"""Followers of one account at a time: some people with a console, some programs."""

HEARTBEAT: Final = 15.0
"""Seconds of silence after which a comment is sent; proxies cut silent answers after 30 to 60."""

COMMENT: Final = b": still here\n\n"
"""Heard and ignored, by the rules of server-sent events."""


class LiveStreams:
    """Opens streams over the board of facts, and ends them all when the server stops."""

    def __init__(
        self, facts: LiveFacts, metrics: WebMetrics, *, heartbeat: float = HEARTBEAT
    ) -> None:
        """Start without followers."""
        self._facts = facts
        self._metrics = metrics
        self._heartbeat = heartbeat
        self._mailboxes: set[Mailbox[Any]] = set()
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

    @property
    def heartbeat(self) -> float:
        """Seconds of silence after which a comment is sent."""
        return self._heartbeat

    @contextmanager
    def follower(self, account_id: AccountId, mailbox: Mailbox[Any]) -> Iterator[None]:
        """Count one more follower of this account, whose letter box is closed at the stop."""
        if self._closed:
            mailbox.close()
        self._mailboxes.add(mailbox)
        self._open[account_id] += 1
        self._metrics.live_streams.inc()
        try:
            yield
        finally:
            self._mailboxes.discard(mailbox)
            self._open[account_id] -= 1
            self._metrics.live_streams.dec()

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
        mailbox = Mailbox[LiveFact]()
        with self.follower(account_id, mailbox):
            following = self._facts.follow(account_id, mailbox.put, ref=ref)
            try:
                async for piece in self._tell(following, mailbox, ref, ended):
                    yield piece
            finally:
                following.stop()

    async def _tell(
        self,
        following: Following,
        mailbox: Mailbox[LiveFact],
        ref: ServiceRef | None,
        ended: str | None,
    ) -> AsyncGenerator[bytes]:
        dropped, waiting = following.forgotten, list(following.remembered)
        # A first piece at once, so that a follower knows that he is heard.
        yield COMMENT
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
                yield COMMENT


def _piece(event: Event) -> bytes:
    return b"data: " + msgspec.json.encode(event) + b"\n\n"
