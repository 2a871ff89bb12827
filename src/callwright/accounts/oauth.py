"""Programs of clients ask for tokens (RFC 6749), and tokens say whose request it is.

An application has a key, which the token address calls `client_id`, and a secret. Secrets and
tokens have 256 random bits, so that a keyed hash protects them as well as a slow one would.

Errors: `TokenRefused(RemoteFault)` for a grant, `BadToken(RemoteFault)` for a token that opens
nothing, `UnknownApplication` and `BadApplication` (both RemoteFault) for the operator.
"""

import base64
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from callwright.accounts.credentials import api_access_key_hash
from callwright.accounts.oauth_ports import Application, OauthStore, Token
from callwright.accounts.ports import AccountStore, KeyedHash, RandomBytes
from callwright.accounts.registry import UnknownAccount
from callwright.domain.account import Account
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId

CLIENT_CREDENTIALS: Final = "client_credentials"
PASSWORD: Final = "password"  # noqa: S105  the name of a grant
REFRESH_TOKEN: Final = "refresh_token"  # noqa: S105  the name of a grant
GRANTS: Final = (CLIENT_CREDENTIALS, PASSWORD)
"""What an application may be allowed. `refresh_token` belongs to the latter."""

TOKEN_LIFETIME: Final = 3600
"""Seconds (published)."""

REFRESH_LIFETIME: Final = 30 * 86_400
"""Seconds in which a token may be renewed without the password (assumed)."""

KEY_BYTES: Final = 16
SECRET_BYTES: Final = 32

MAX_NAME: Final = 255
MAX_APPLICATIONS: Final = 100
"""Of one account (assumed)."""

_SECRET: Final = "application secret"  # noqa: S105  what it is hashed for
_TOKEN: Final = "oauth token"  # noqa: S105  what it is hashed for

_FORGOTTEN_AT_ONCE: Final = 100
"""Expired tokens that go with each new one: more than come."""


class TokenRefused(RemoteFault):
    """A grant that is not given; `error` is the word of RFC 6749 5.2."""

    def __init__(self, error: str, text: str) -> None:
        """`text` is for people."""
        super().__init__(text)
        self.error = error


class BadToken(RemoteFault):
    """The token is unknown, has expired, or its account is gone."""


class BadApplication(RemoteFault):
    """No application can be made so."""


class UnknownApplication(RemoteFault):
    """The account has no such application."""


@dataclass(frozen=True, slots=True)
class NewApplication:
    """An application just made, with its secret in clear: the only time it is ever seen."""

    application: Application
    secret: str

    def __repr__(self) -> str:
        """Leave the secret out of tracebacks and logs."""
        return f"NewApplication({self.application.key!r})"


@dataclass(frozen=True, slots=True)
class Granted:
    """What a program is given."""

    access_token: str
    refresh_token: str | None

    def __repr__(self) -> str:
        """Leave the tokens out of tracebacks and logs."""
        return "Granted()"


@dataclass(frozen=True, slots=True)
class Client:
    """Whose request it is, and through which program."""

    account: Account
    application: Application


class Applications:
    """Clients' programs, as the operator keeps them."""

    def __init__(
        self, accounts: AccountStore, store: OauthStore, keyed: KeyedHash, random: RandomBytes
    ) -> None:
        """`keyed` has to be the one that `Tokens` compares with."""
        self._accounts = accounts
        self._store = store
        self._keyed = keyed
        self._random = random

    async def add(
        self,
        username: str,
        name: str,
        *,
        grants: Collection[str] = (CLIENT_CREDENTIALS,),
        may_schedule: bool = True,
    ) -> NewApplication:
        """Make an application of an account.

        Raises:
            UnknownAccount: there is none of that username.
            BadApplication: see `MAX_NAME`, `MAX_APPLICATIONS` and `GRANTS`.

        """
        account = await self._account(username)
        if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
            raise BadApplication(f"{name[:MAX_NAME]!r}: 1 to {MAX_NAME} printable characters")
        unknown = sorted(set(grants) - set(GRANTS))
        if unknown or not grants:
            raise BadApplication(f"{unknown!r}: one or more of {', '.join(GRANTS)} were expected")
        if len(await self._store.applications(account.account_id)) >= MAX_APPLICATIONS:
            raise BadApplication(f"{username} has {MAX_APPLICATIONS} applications, which is most")
        secret = _clear_token(self._random)
        application = Application(
            key=self._random.token(KEY_BYTES).hex(),
            secret_hash=self._keyed.keyed_hash(_SECRET, secret.encode()),
            account_id=account.account_id,
            name=name,
            grants=frozenset(grants),
            may_schedule=may_schedule,
        )
        await self._store.add_application(application)
        return NewApplication(application, secret)

    async def of_account(self, username: str) -> Sequence[Application]:
        """Return an account's applications by name.

        Raises:
            UnknownAccount: there is none of that username.

        """
        account = await self._account(username)
        return await self._store.applications(account.account_id)

    async def remove(self, username: str, key: str) -> None:
        """Remove an application; its tokens open nothing any more.

        Raises:
            UnknownAccount: there is none of that username.
            UnknownApplication: the account has no application of that key.

        """
        account = await self._account(username)
        if not await self._store.remove_application(account.account_id, key):
            raise UnknownApplication(f"{key!r} is no application of {username}")

    async def _account(self, username: str) -> Account:
        account = await self._accounts.find(username)
        if account is None:
            raise UnknownAccount(f"there is no account {username!r}")
        return account


class Tokens:
    """Gives tokens to applications and recognises them."""

    def __init__(
        self,
        accounts: AccountStore,
        store: OauthStore,
        keyed: KeyedHash,
        random: RandomBytes,
        clock: Clock,
    ) -> None:
        """`keyed` has to be the one that applications and accounts were made with."""
        self._accounts = accounts
        self._store = store
        self._keyed = keyed
        self._random = random
        self._clock = clock

    async def grant(self, asked: Mapping[str, str]) -> Granted:
        """Give what a program asks for; `asked` are the parameters of its request.

        Raises:
            TokenRefused: whatever is wrong, in the words of RFC 6749 5.2.

        """
        grant_type = _parameter(asked, "grant_type")
        application = await self._application(asked)
        if grant_type not in {*GRANTS, REFRESH_TOKEN}:
            known = ", ".join((*GRANTS, REFRESH_TOKEN))
            raise TokenRefused(
                "unsupported_grant_type", f"{grant_type[:80]!r}: one of {known} was expected"
            )
        needed = PASSWORD if grant_type == REFRESH_TOKEN else grant_type
        if needed not in application.grants:
            raise TokenRefused("unauthorized_client", f"the application may not use {needed}")
        if grant_type == PASSWORD:
            await self._check_password(application, asked)
        elif grant_type == REFRESH_TOKEN:
            await self._spend(application, _parameter(asked, "refresh_token"))
        at = self._clock.unix_time()
        await self._store.forget_tokens(expired_before=at, limit=_FORGOTTEN_AT_ONCE)
        access = await self._new_token(application, UnixTime(at + TOKEN_LIFETIME))
        if needed != PASSWORD:
            return Granted(access, None)
        expires_at = UnixTime(at + REFRESH_LIFETIME)
        return Granted(access, await self._new_token(application, expires_at, is_refresh=True))

    async def client(self, clear: str) -> Client:
        """Return whose access token this is.

        Raises:
            BadToken: nobody's.

        """
        token = await self._store.token(self._hash(clear))
        if token is None or token.is_refresh or token.expires_at <= self._clock.unix_time():
            raise BadToken
        account = await self._accounts.read(token.account_id)
        application = await self._store.application(token.application_key)
        if account is None or application is None:
            raise BadToken
        return Client(account, application)

    async def _application(self, asked: Mapping[str, str]) -> Application:
        key, secret = _parameter(asked, "client_id"), _parameter(asked, "client_secret")
        application = await self._store.application(key)
        offered = self._keyed.keyed_hash(_SECRET, secret.encode())
        # Compared in any case, so that the time taken does not tell whether there is such a key.
        kept = application.secret_hash if application is not None else bytes(len(offered))
        if not hmac.compare_digest(offered, kept) or application is None:
            raise TokenRefused("invalid_client", "the key or the secret is wrong")
        return application

    async def _check_password(self, application: Application, asked: Mapping[str, str]) -> None:
        """Check a user's name and password: those of the account, its API Access Key."""
        username, password = _parameter(asked, "username"), _parameter(asked, "password")
        account = await self._accounts.find(username)
        is_its = account is not None and account.account_id == application.account_id
        hashes = await self._accounts.key_hashes(application.account_id)
        offered = api_access_key_hash(self._keyed, password)
        matches = [hmac.compare_digest(offered, kept) for kept in hashes]
        if not (any(matches) and is_its):
            raise TokenRefused("invalid_grant", "the username or the password is wrong")

    async def _spend(self, application: Application, clear: str) -> None:
        """Take a refresh token, which serves once."""
        token_hash = self._hash(clear)
        token = await self._store.token(token_hash)
        if (
            token is None
            or not token.is_refresh
            or token.application_key != application.key
            or token.expires_at <= self._clock.unix_time()
        ):
            raise TokenRefused("invalid_grant", "the refresh token is unknown or has expired")
        await self._store.remove_token(token_hash)

    async def _new_token(
        self, application: Application, expires_at: UnixTime, *, is_refresh: bool = False
    ) -> str:
        clear = _clear_token(self._random)
        account_id: AccountId = application.account_id
        token = Token(self._hash(clear), account_id, application.key, expires_at, is_refresh)
        await self._store.add_token(token)
        return clear

    def _hash(self, clear: str) -> bytes:
        return self._keyed.keyed_hash(_TOKEN, clear.encode())


def _clear_token(random: RandomBytes) -> str:
    """Draw a secret: 43 characters of URL-safe base64."""
    return base64.urlsafe_b64encode(random.token(SECRET_BYTES)).rstrip(b"=").decode()


def _parameter(asked: Mapping[str, str], name: str) -> str:
    value = asked.get(name, "")
    if not value or "\0" in value:
        raise TokenRefused("invalid_request", f"the parameter {name} is missing or empty")
    return value
