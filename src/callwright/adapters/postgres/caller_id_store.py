"""Validated caller IDs in PostgreSQL."""

from callwright.accounts.ports import PinTrial
from callwright.adapters.postgres.database import Database, run
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


class PostgresCallerIdStore:
    """A `CallerIdStore`."""

    def __init__(self, database: Database) -> None:
        """Keep caller IDs in this database."""
        self._database = database

    async def add(self, account_id: AccountId, number: str, *, at: UnixTime) -> None:
        """Keep a caller ID as validated; one that is there already stays."""
        bindings = {"account_id": account_id, "number": number, "at": at}
        await self._database.write(lambda c: run(c, "caller_id_add", bindings))

    async def remove(self, account_id: AccountId, number: str) -> bool:
        """Forget one that was validated; False if there was none."""
        bindings = {"account_id": account_id, "number": number}
        return bool(await self._database.write(lambda c: run(c, "caller_id_remove", bindings)))

    async def of_account(self, account_id: AccountId) -> list[str]:
        """Return an account's caller IDs in order, its own numbers among them."""
        rows = await self._database.read("caller_id_of_account", {"account_id": account_id})
        return [number for (number,) in rows]

    async def has(self, account_id: AccountId, number: str) -> bool:
        """Whether this is a caller ID of the account."""
        asked = {"account_id": account_id, "number": number}
        return bool(await self._database.read("caller_id_has", asked))

    async def begin_trial(self, account_id: AccountId, trial: PinTrial) -> None:
        """Keep a trial, instead of an earlier one of the same number."""
        bindings = {
            "account_id": account_id,
            "number": trial.number,
            "pin": trial.pin,
            "began_at": trial.began_at,
            "expires_at": trial.expires_at,
        }
        await self._database.write(lambda c: run(c, "caller_id_begin_trial", bindings))

    async def trial(self, account_id: AccountId, number: str) -> PinTrial | None:
        """Return the latest trial of a number."""
        asked = {"account_id": account_id, "number": number}
        rows = await self._database.read("caller_id_trial", asked)
        return PinTrial(*rows[0]) if rows else None

    async def trials_since(self, account_id: AccountId, number: str, since: UnixTime) -> int:
        """Count the trials of a number that began since then."""
        asked = {"account_id": account_id, "number": number, "since": since}
        [(count,)] = await self._database.read("caller_id_trials_since", asked)
        return int(count)

    async def forget_trials(self, *, began_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` trials that began before, the oldest first; returns how many went.

        Whoever calls has made sure that they have run out and are counted no longer.
        """
        oldest = {"began_before": began_before, "limit": limit}
        gone = await self._database.write(lambda c: run(c, "caller_id_forget_trials", oldest))
        return len(gone)
