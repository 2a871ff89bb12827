"""What the accounts step needs kept."""

from dataclasses import dataclass
from typing import Protocol

from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.ids import AccountId


@dataclass(frozen=True, slots=True)
class StoredKey:
    """An API Access Key as it is kept: a keyed hash, never the key."""

    account_id: AccountId
    key_hash: bytes


class AccountStore(Protocol):
    """Accounts and the hashes of their keys. Usernames are compared without regard to case."""

    async def create(
        self, username: str, *, account_type: AccountType, limits: CallLimits, key_hash: bytes
    ) -> Account | None:
        """Keep a new account with its first key; None if the username is taken."""
        ...

    async def replace_key(self, account_id: AccountId, *, key_hash: bytes) -> None:
        """Make this the account's only API Access Key."""
        ...

    async def change_limits(self, account_id: AccountId, limits: CallLimits) -> None:
        """Change how much the account may call at once."""
        ...

    async def everyone(self) -> list[Account]:
        """Return all accounts by username."""
        ...

    async def read(self, account_id: AccountId) -> Account | None:
        """Return one account."""
        ...

    async def find(self, username: str) -> Account | None:
        """Return the account with this username."""
        ...

    async def key_hashes(self, account_id: AccountId) -> list[bytes]:
        """Return the hashes of the keys that are valid now."""
        ...
