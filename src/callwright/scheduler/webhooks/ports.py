"""What the telling of events needs: somebody who posts, and the secrets that sign."""

from collections.abc import Mapping
from typing import Protocol

from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId


class NoAnswer(RemoteFault):
    """A receiver could not be asked, or did not answer in time; the text names no URL."""


class Receivers(Protocol):
    """The clients' web servers."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post an event once; return the HTTP status. The answer's body is not read.

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
