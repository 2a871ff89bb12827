"""Accounts and their keys in SQLite."""

import json
from collections.abc import Sequence

import apsw

from callwright.adapters.sqlite.database import Database, Row, run
from callwright.domain.account import Account, AccountType, CallLimits, Features
from callwright.domain.ids import AccountId


class SqliteAccountStore:
    """An `AccountStore`."""

    def __init__(self, database: Database) -> None:
        """Keep accounts in this database."""
        self._database = database

    async def create(
        self, username: str, *, account_type: AccountType, limits: CallLimits, key_hash: bytes
    ) -> Account | None:
        """Keep a new account with its first key; None if the username is taken."""

        def create(connection: apsw.Connection) -> Account | None:
            named = {
                "username": username,
                "username_key": username.casefold(),
                "account_type": account_type,
            }
            rows = run(connection, "account_create", named | _limits(limits))
            if not rows:
                return None
            account = _account(rows[0])
            key = {"account_id": account.account_id, "key_hash": key_hash}
            run(connection, "account_add_key", key)
            return account

        return await self._database.write(create)

    async def replace_key(self, account_id: AccountId, *, key_hash: bytes) -> None:
        """Make this the account's only API Access Key."""

        def replace(connection: apsw.Connection) -> None:
            run(connection, "account_drop_keys", {"account_id": account_id})
            run(connection, "account_add_key", {"account_id": account_id, "key_hash": key_hash})

        await self._database.write(replace)

    async def change_limits(self, account_id: AccountId, limits: CallLimits) -> None:
        """Change how much the account may call at once."""
        bindings = {"account_id": account_id} | _limits(limits)
        await self._database.write(lambda c: run(c, "account_change_limits", bindings))

    async def change_rules(
        self, account_id: AccountId, *, validates_caller_ids: bool, blocked_prefixes: Sequence[str]
    ) -> None:
        """Change what the account's calls are checked against."""
        bindings = {
            "account_id": account_id,
            "validates_caller_ids": validates_caller_ids,
            "blocked_prefixes": json.dumps(list(blocked_prefixes)),
        }
        await self._database.write(lambda c: run(c, "account_change_rules", bindings))

    async def change_features(self, account_id: AccountId, features: Features) -> None:
        """Change what the account has on request."""
        bindings = {
            "account_id": account_id,
            "with_codec": features.g729,
            "with_fax": features.fax,
            "with_conferences": features.reserved_conferences,
        }
        await self._database.write(lambda c: run(c, "account_change_features", bindings))

    async def everyone(self) -> list[Account]:
        """Return all accounts by username."""
        return [_account(row) for row in self._database.read("account_everyone", {})]

    async def read(self, account_id: AccountId) -> Account | None:
        """Return one account."""
        rows = self._database.read("account_read", {"account_id": account_id})
        return _account(rows[0]) if rows else None

    async def find(self, username: str) -> Account | None:
        """Return the account with this username."""
        rows = self._database.read("account_find", {"username_key": username.casefold()})
        return _account(rows[0]) if rows else None

    async def key_hashes(self, account_id: AccountId) -> list[bytes]:
        """Return the hashes of the keys that are valid now."""
        rows = self._database.read("account_key_hashes", {"account_id": account_id})
        return [key_hash for (key_hash,) in rows]


def _limits(limits: CallLimits) -> dict[str, float]:
    return {
        "channels": limits.channels,
        "maximum_cps": limits.maximum_cps,
        "guaranteed_cps": limits.guaranteed_cps,
    }


def _account(row: Row) -> Account:
    account_id, username, account_type, channels, maximum_cps, guaranteed_cps, *rules = row
    validates_caller_ids, blocked_prefixes, *has = rules
    return Account(
        AccountId(account_id),
        username,
        AccountType(account_type),
        CallLimits(channels, maximum_cps, guaranteed_cps),
        validates_caller_ids=bool(validates_caller_ids),
        blocked_prefixes=tuple(json.loads(blocked_prefixes)),
        features=Features(*map(bool, has)),
    )
