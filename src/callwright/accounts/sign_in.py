"""A person signs in to an account: its username, and an API Access Key as the password."""

import hmac
from dataclasses import dataclass

from callwright.accounts.credentials import api_access_key_hash
from callwright.accounts.ports import AccountStore, KeyedHash
from callwright.domain.ids import AccountId


@dataclass(frozen=True, slots=True)
class SignIn:
    """Checks what persons type."""

    accounts: AccountStore
    keyed: KeyedHash
    """The one that accounts were made with."""

    async def is_owner(self, owner: AccountId, username: str, key: str) -> bool:
        """Whether these are the username and a key of this account."""
        account = await self.accounts.find(username)
        hashes = await self.accounts.key_hashes(owner)
        offered = api_access_key_hash(self.keyed, key)
        # All are compared, so that the time taken does not tell which one came close.
        matches = [hmac.compare_digest(offered, kept) for kept in hashes]
        return any(matches) and account is not None and account.account_id == owner
