"""The secrets that clients' events are signed with: made here, shown once, kept sealed."""

import base64
from collections.abc import Callable, Sequence
from typing import Final

from callwright.accounts.ports import AccountStore
from callwright.accounts.registry import account_named
from callwright.domain.ids import AccountId
from callwright.scheduler.webhooks.ports import WebhookSecretStore
from callwright.services.ports import Sealer

PREFIX: Final = "whsec_"
"""Of a secret in print: Standard Webhooks."""

SECRET_BYTES: Final = 32
"""As long as the hash, which gains nothing from more (RFC 2104 3)."""

_BETWEEN: Final = " "


class WebhookSecrets:
    """Who signs with what."""

    def __init__(
        self,
        accounts: AccountStore,
        store: WebhookSecretStore,
        sealer: Sealer,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        """Take where accounts and their secrets are kept, and what seals."""
        self._accounts = accounts
        self._store = store
        self._sealer = sealer
        self._random_bytes = random_bytes

    async def new(self, username: str, *, keeps_old: bool = False) -> str:
        """Give an account a new secret and return it in print.

        With `keeps_old` events are signed with the newest of the old ones too, until the next
        change: receivers go over to the new one meanwhile.

        Raises:
            UnknownAccount: there is none of that username.
            BrokenSeal: the old one cannot be read.

        """
        account_id = await self._account_id(username)
        secret = PREFIX + base64.b64encode(self._random_bytes(SECRET_BYTES)).decode()
        old = await self._printed(account_id) if keeps_old else []
        await self._keep(account_id, [secret, *old[:1]])
        return secret

    async def drop_old(self, username: str) -> bool:
        """Sign with an account's newest secret alone; False: it has none.

        Raises:
            UnknownAccount: there is none of that username.
            BrokenSeal: they cannot be read.

        """
        account_id = await self._account_id(username)
        known = await self._printed(account_id)
        if not known:
            return False
        await self._keep(account_id, known[:1])
        return True

    async def remove(self, username: str) -> None:
        """Sign an account's events no more.

        Raises:
            UnknownAccount: there is none of that username.

        """
        await self._store.set_webhook_secret(await self._account_id(username), None)

    async def keys(self, account_id: AccountId) -> list[bytes]:
        """Return what an account's events are signed with, the newest first; empty: nothing.

        Raises:
            BrokenSeal: they cannot be read.

        """
        return [
            base64.b64decode(secret.removeprefix(PREFIX))
            for secret in await self._printed(account_id)
        ]

    async def _account_id(self, username: str) -> AccountId:
        account = await account_named(self._accounts, username)
        return account.account_id

    async def _keep(self, account_id: AccountId, secrets: Sequence[str]) -> None:
        sealed = self._sealer.seal(_BETWEEN.join(secrets), context=_context(account_id))
        await self._store.set_webhook_secret(account_id, sealed)

    async def _printed(self, account_id: AccountId) -> list[str]:
        sealed = await self._store.webhook_secret(account_id)
        if sealed is None:
            return []
        return self._sealer.unseal(sealed, context=_context(account_id)).split(_BETWEEN)


def _context(account_id: AccountId) -> str:
    return f"webhook secret of account {account_id}"
