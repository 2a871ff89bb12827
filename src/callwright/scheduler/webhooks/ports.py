"""What the telling of events needs: somebody who sends, the secrets that sign, what was kept."""

from collections.abc import Sequence
from typing import Protocol

from callwright.domain.clock import UnixTime
from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId
from callwright.scheduler.values import Page
from callwright.scheduler.webhooks.message import Message
from callwright.scheduler.webhooks.values import EventState, KeptEvent


class NoAnswer(RemoteFault):
    """A receiver could not be asked, or did not answer in time; the text names no URL."""


class Receivers(Protocol):
    """The clients' web servers."""

    async def send(self, message: Message) -> int:
        """Send an event once; return the HTTP status. The answer's body is not read.

        Raises:
            NoAnswer: none came in time, or the address may not be asked.

        """
        ...


class WebhookSecretStore(Protocol):
    """What clients' events are signed with, sealed."""

    async def webhook_secret(self, account_id: AccountId) -> str | None:
        """Return an account's sealed secret, or None."""
        ...

    async def set_webhook_secret(self, account_id: AccountId, sealed: str | None) -> None:
        """Keep an account's sealed secret; None takes it away."""
        ...


class EventShelf(Protocol):
    """The outbox as clients see it: what waits, and what was given up."""

    async def kept_events(
        self, account_id: AccountId, state: EventState | None, page: Page
    ) -> tuple[Sequence[KeptEvent], int]:
        """Return a page of an account's events in the order of their writing, and their number."""
        ...

    async def redeliver(
        self, account_id: AccountId, event_id: str, *, at: UnixTime
    ) -> KeptEvent | None:
        """Have an event tried now and by the plan again, and return it; None: there is none.

        One that waits is tried now, after those of its task that it waits for.
        """
        ...

    async def redeliver_given_up(self, account_id: AccountId, *, at: UnixTime, limit: int) -> int:
        """Do the same with up to `limit` events that were given up until then; returns how many."""
        ...

    async def forget_events(self, *, given_up_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` events that were given up before; returns how many went."""
        ...

    async def oldest_event(self) -> UnixTime | None:
        """Return when the oldest event happened that waits, of all accounts; None: none waits."""
        ...
