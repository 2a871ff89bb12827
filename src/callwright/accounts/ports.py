"""What the accounts step needs kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from callwright.domain.account import Account, AccountType, CallLimits, Features
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.domain.outbound_service import OutboundService


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

    async def change_rules(
        self, account_id: AccountId, *, validates_caller_ids: bool, blocked_prefixes: Sequence[str]
    ) -> None:
        """Change what the account's calls are checked against."""
        ...

    async def change_features(self, account_id: AccountId, features: Features) -> None:
        """Change what the account has on request."""
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


class ServicePasswords(Protocol):
    """Where the passwords of outbound services are looked up."""

    async def protected(
        self, account_id: AccountId, name: str
    ) -> tuple[OutboundService, str] | None:
        """Return an account's service and the password that starts it; None if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class PinTrial:
    """A caller ID that is being validated: a PIN is to be keyed on a call to it."""

    number: str
    pin: str
    expires_at: UnixTime
    began_at: UnixTime


class CallerIdStore(Protocol):
    """The caller IDs that accounts may show.

    They have proved them to be theirs, or own them: an account's numbers are caller IDs of it as
    long as they are its own.
    """

    async def add(self, account_id: AccountId, number: str, *, at: UnixTime) -> None:
        """Keep a caller ID as validated; one that is there already stays."""
        ...

    async def remove(self, account_id: AccountId, number: str) -> bool:
        """Forget one that was validated; False if there was none."""
        ...

    async def of_account(self, account_id: AccountId) -> list[str]:
        """Return an account's caller IDs in order, its own numbers among them."""
        ...

    async def has(self, account_id: AccountId, number: str) -> bool:
        """Whether this is a caller ID of the account."""
        ...

    async def begin_trial(self, account_id: AccountId, trial: PinTrial) -> None:
        """Keep a trial, instead of an earlier one of the same number."""
        ...

    async def trial(self, account_id: AccountId, number: str) -> PinTrial | None:
        """Return the latest trial of a number."""
        ...

    async def trials_since(self, account_id: AccountId, number: str, since: UnixTime) -> int:
        """Count the trials of a number that began since then."""
        ...

    async def forget_trials(self, *, began_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` trials that began before, the oldest first; returns how many went.

        Whoever calls has made sure that they have run out and are counted no longer.
        """
        ...


class NumberStore(Protocol):
    """The telephone numbers that calls come in on: digits, and each of one account."""

    async def add(self, account_id: AccountId, number: str, *, at: UnixTime) -> bool:
        """Make a number an account's own, which it may be already; False if it is another's."""
        ...

    async def remove(self, account_id: AccountId, number: str) -> bool:
        """Take a number from an account; False if the account did not own it."""
        ...

    async def of_account(self, account_id: AccountId) -> list[str]:
        """Return an account's numbers in order."""
        ...

    async def number_owner(self, number: str) -> AccountId | None:
        """Return whose number this is; None if it is nobody's. Text that is no number is nobody's.

        Who takes a call that comes in asks this, and then for the inbound service of that name.
        """
        ...


class KeyedHash(Protocol):
    """A keyed hash with a secret of this installation: HMAC-SHA256, 32 bytes."""

    def keyed_hash(self, purpose: str, clear: bytes) -> bytes:
        """Hash for one purpose; the same bytes for another purpose give another hash."""
        ...


class RandomBytes(Protocol):
    """Where keys come from: randomness fit for secrets."""

    def token(self, size_bytes: int) -> bytes:
        """Return this many bytes that nobody can guess."""
        ...


class RandomNumbers(Protocol):
    """Where PINs come from: randomness fit for secrets."""

    def below(self, limit: int) -> int:
        """Return a number from 0 to just below `limit`, each as likely as the others."""
        ...
