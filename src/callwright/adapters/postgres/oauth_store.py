"""Programs that may ask for tokens, and their tokens, in PostgreSQL."""

from collections.abc import Mapping, Sequence

from callwright.accounts.oauth_ports import (
    Application,
    AuthorizationCode,
    RequestsOfHour,
    Token,
)
from callwright.adapters.oauth_rows import (
    application_columns,
    application_of,
    code_columns,
    code_of,
    token_columns,
    token_of,
)
from callwright.adapters.postgres.database import Connection, Database, run
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


class PostgresOauthStore:
    """An `OauthStore`."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def add_application(self, application: Application) -> None:
        """Add an application; its key is new."""
        columns = application_columns(application)
        await self._database.write(lambda c: run(c, "oauth_application_insert", columns))

    async def application(self, key: str) -> Application | None:
        """Return an application, or None."""
        rows = await self._database.read("oauth_application_read", {"key": key})
        return application_of(rows[0]) if rows else None

    async def applications(self, account_id: AccountId) -> Sequence[Application]:
        """Return an account's applications by name."""
        rows = await self._database.read("oauth_application_list", {"account_id": account_id})
        return [application_of(row) for row in rows]

    async def remove_application(self, account_id: AccountId, key: str) -> bool:
        """Remove an application, its tokens and its codes."""
        asked = {"account_id": account_id, "key": key}
        return bool(await self._database.write(lambda c: run(c, "oauth_application_remove", asked)))

    async def add_token(self, token: Token) -> None:
        """Add a token."""
        columns = token_columns(token)
        await self._database.write(lambda c: run(c, "oauth_token_insert", columns))

    async def token(self, token_hash: bytes) -> Token | None:
        """Return a token, expired or not, or None."""
        rows = await self._database.read("oauth_token_read", {"token_hash": token_hash})
        return token_of(rows[0]) if rows else None

    async def remove_token(self, token_hash: bytes) -> None:
        """Remove a token."""
        asked = {"token_hash": token_hash}
        await self._database.write(lambda c: run(c, "oauth_token_remove", asked))

    async def forget_tokens(self, *, expired_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` expired tokens; returns how many went."""
        asked = {"expired_before": expired_before, "limit": limit}
        return len(await self._database.write(lambda c: run(c, "oauth_token_forget", asked)))

    async def add_code(self, code: AuthorizationCode) -> None:
        """Add a code, which is not spent."""
        columns = code_columns(code)
        await self._database.write(lambda c: run(c, "oauth_code_insert", columns))

    async def code(self, code_hash: bytes) -> AuthorizationCode | None:
        """Return a code, expired and spent or not, or None."""
        rows = await self._database.read("oauth_code_read", {"code_hash": code_hash})
        return code_of(rows[0]) if rows else None

    async def spend_code(self, code_hash: bytes, token: Token) -> bool:
        """Add a token for a code that is not spent, in one unit of work."""
        asked, columns = {"code_hash": code_hash}, token_columns(token)

        async def spend(connection: Connection) -> bool:
            is_first = bool(await run(connection, "oauth_code_spend", asked))
            if is_first:
                await run(connection, "oauth_token_insert", columns)
            else:
                await run(connection, "oauth_token_revoke", asked)
            return is_first

        return await self._database.write(spend)

    async def forget_codes(self, *, expired_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` codes that expired before; returns how many went."""
        asked = {"expired_before": expired_before, "limit": limit}
        return len(await self._database.write(lambda c: run(c, "oauth_code_forget", asked)))

    async def count_requests(
        self, counts: Mapping[AccountId, int], *, at: UnixTime, over_before: UnixTime
    ) -> Mapping[AccountId, RequestsOfHour]:
        """Add requests to those of the clients' hours; returns how many there are in each."""

        async def add(connection: Connection) -> dict[AccountId, RequestsOfHour]:
            hours = {}
            # In one order, so that no two nodes wait for each other.
            for account_id, requests in sorted(counts.items()):
                asked = {
                    "account_id": account_id,
                    "requests": requests,
                    "at": at,
                    "over_before": over_before,
                }
                [(began_at, total)] = await run(connection, "oauth_requests_count", asked)
                hours[account_id] = RequestsOfHour(began_at, total)
            return hours

        return await self._database.write(add)
