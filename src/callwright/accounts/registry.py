"""Accounts of this installation: created, given keys and limits."""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from callwright.accounts.credentials import api_access_key_hash, new_api_access_key
from callwright.accounts.ports import AccountStore, KeyedHash, RandomBytes
from callwright.domain.account import (
    DEFAULT_LIMITS,
    NO_FEATURES,
    Account,
    AccountType,
    CallLimits,
    Features,
)
from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId

MAX_USERNAME_LENGTH: Final = 254
"""Characters of an e-mail address (RFC 5321 4.5.3.1.3, less the angle brackets)."""

_USERNAME: Final = re.compile(r"[^\s@/:\x00-\x1f\x7f]+@[^\s@/:\x00-\x1f\x7f]+")
"""An e-mail address without the two characters that split an HTTP Basic username."""


_PREFIX: Final = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)
"""Leading digits of a full international number (ITU-T E.164)."""


class BadUsername(RemoteFault):
    """The text is no e-mail address that could be an account's username."""


class UsernameTaken(RemoteFault):
    """Another account has this username."""


class UnknownAccount(RemoteFault):
    """There is no such account."""


class BadLimits(RemoteFault):
    """Nobody could call with these limits, or they contradict each other."""


class BadPrefix(RemoteFault):
    """The text is not how a telephone number begins."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account just made, with its key in clear: the only time it is ever seen."""

    account: Account
    api_access_key: str

    def __repr__(self) -> str:
        """Leave the key out of tracebacks and logs."""
        return f"NewAccount({self.account!r})"


class AccountRegistry:
    """Creates and changes accounts."""

    def __init__(self, store: AccountStore, keyed: KeyedHash, random: RandomBytes) -> None:
        """`keyed` has to be the one that the authenticator compares with."""
        self._store = store
        self._keyed = keyed
        self._random = random

    async def create(
        self,
        username: str,
        *,
        account_type: AccountType = AccountType.PRODUCTION,
        limits: CallLimits | None = None,
        validates_caller_ids: bool = False,
        features: Features = NO_FEATURES,
    ) -> NewAccount:
        """Create an account; without `limits` it gets those of its type.

        Unless it validates caller IDs, it may show any: whoever hosts it knows who it is.

        Raises:
            BadUsername: not an e-mail address.
            UsernameTaken: compared without regard to case.
            BadLimits: not positive, or more guaranteed than allowed.

        """
        if len(username) > MAX_USERNAME_LENGTH or not _USERNAME.fullmatch(username):
            raise BadUsername(
                f"{username[:MAX_USERNAME_LENGTH]!r} is not a username: an e-mail address without "
                f"'/' and ':' of at most {MAX_USERNAME_LENGTH} characters was expected"
            )
        limits = limits or DEFAULT_LIMITS[account_type]
        _check(limits)
        api_access_key = new_api_access_key(self._random)
        account = await self._store.create(
            username,
            account_type=account_type,
            limits=limits,
            key_hash=api_access_key_hash(self._keyed, api_access_key),
        )
        if account is None:
            raise UsernameTaken(f"{username!r} is the username of another account")
        # Kept as one that validates: a crash in between leaves the stricter rule.
        await self._store.change_rules(
            account.account_id, validates_caller_ids=validates_caller_ids, blocked_prefixes=()
        )
        if features != NO_FEATURES:
            await self._store.change_features(account.account_id, features)
        made = replace(account, validates_caller_ids=validates_caller_ids, features=features)
        return NewAccount(made, api_access_key)

    async def new_key(self, account_id: AccountId) -> str:
        """Make a new API Access Key, the account's only one from now on; return it in clear.

        Raises:
            UnknownAccount: there is none of that id.

        """
        await self._known(account_id)
        api_access_key = new_api_access_key(self._random)
        await self._store.replace_key(
            account_id, key_hash=api_access_key_hash(self._keyed, api_access_key)
        )
        return api_access_key

    async def change_limits(self, account_id: AccountId, limits: CallLimits) -> None:
        """Change how much an account may call at once.

        Raises:
            BadLimits: not positive, or more guaranteed than allowed.
            UnknownAccount: there is none of that id.

        """
        _check(limits)
        await self._known(account_id)
        await self._store.change_limits(account_id, limits)

    async def change_rules(
        self,
        account_id: AccountId,
        *,
        validates_caller_ids: bool,
        blocked_prefixes: Collection[str],
    ) -> None:
        """Change what an account's calls are checked against.

        Raises:
            BadPrefix: not leading digits of a full international number.
            UnknownAccount: there is none of that id.

        """
        for prefix in blocked_prefixes:
            if not _PREFIX.fullmatch(prefix):
                raise BadPrefix(f"{prefix!r} is no prefix: 1 to 15 digits without a leading 0")
        await self._known(account_id)
        await self._store.change_rules(
            account_id,
            validates_caller_ids=validates_caller_ids,
            blocked_prefixes=sorted(blocked_prefixes),
        )

    async def change_features(self, account_id: AccountId, features: Features) -> None:
        """Change what an account has on request.

        Services that use what is taken away stay as they are until they are written or modified.

        Raises:
            UnknownAccount: there is none of that id.

        """
        await self._known(account_id)
        await self._store.change_features(account_id, features)

    async def find(self, username: str) -> Account:
        """Return the account with this username.

        Raises:
            UnknownAccount: there is none.

        """
        return await account_named(self._store, username)

    async def everyone(self) -> list[Account]:
        """Return all accounts by username."""
        return await self._store.everyone()

    async def _known(self, account_id: AccountId) -> None:
        if await self._store.read(account_id) is None:
            raise UnknownAccount(f"there is no account with the id {account_id}")


async def account_named(accounts: AccountStore, username: str) -> Account:
    """Return the account with this username.

    Raises:
        UnknownAccount: there is none.

    """
    account = await accounts.find(username)
    if account is None:
        raise UnknownAccount(f"there is no account {username!r}")
    return account


def _check(limits: CallLimits) -> None:
    if limits.channels < 1:
        raise BadLimits(f"{limits.channels} channels: at least 1 was expected")
    if not (math.isfinite(limits.maximum_cps) and limits.maximum_cps > 0):
        raise BadLimits(f"{limits.maximum_cps} calls a second: more than 0 was expected")
    if not 0 <= limits.guaranteed_cps <= limits.maximum_cps:
        raise BadLimits(
            f"{limits.guaranteed_cps} guaranteed calls a second: 0 to the maximum of "
            f"{limits.maximum_cps} was expected"
        )
