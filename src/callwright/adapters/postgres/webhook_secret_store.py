"""What clients' events are signed with, sealed, in PostgreSQL."""

from callwright.adapters.postgres.database import Database, run
from callwright.domain.ids import AccountId


class PostgresWebhookSecretStore:
    """A `WebhookSecretStore`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def webhook_secret(self, account_id: AccountId) -> str | None:
        """Return an account's sealed secret, or None."""
        rows = await self._database.read("webhook_secret_read", {"account_id": account_id})
        return rows[0][0] if rows else None

    async def set_webhook_secret(self, account_id: AccountId, sealed: str | None) -> None:
        """Keep an account's sealed secret; None takes it away."""
        asked = {"account_id": account_id, "sealed": sealed}
        await self._database.write(lambda c: run(c, "webhook_secret_write", asked))
