"""Programs of clients ask for tokens (RFC 6749), and tokens say whose request it is.

Tokens and codes have 256 random bits, so that a keyed hash protects them as well as a slow one.

Errors: `TokenRefused(RemoteFault)` for a grant, `BadToken(RemoteFault)` for a token that opens
nothing.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from callwright.accounts.applications import (
    AUTHORIZATION_CODE,
    GRANTS,
    PASSWORD,
    clear_token,
    secret_hash,
)
from callwright.accounts.oauth_ports import Application, AuthorizationCode, OauthStore, Token
from callwright.accounts.ports import AccountStore, KeyedHash, RandomBytes
from callwright.accounts.sign_in import SignIn
from callwright.domain.account import Account
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.errors import RemoteFault

REFRESH_TOKEN: Final = "refresh_token"  # noqa: S105  the name of a grant
"""Belongs to the grant `password`."""

TOKEN_LIFETIME: Final = 3600
"""Seconds (published)."""

REFRESH_LIFETIME: Final = 30 * 86_400
"""Seconds in which a token may be renewed without the password (assumed)."""

_TOKEN: Final = "oauth token"  # noqa: S105  what it is hashed for
_CODE: Final = "oauth code"

_FORGOTTEN_AT_ONCE: Final = 100
"""Expired tokens that go with each new one: more than come."""

_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
"""RFC 7636 4.1."""


class TokenRefused(RemoteFault):
    """A grant that is not given; `error` is the word of RFC 6749 5.2."""

    def __init__(self, error: str, text: str) -> None:
        """`text` is for people."""
        super().__init__(text)
        self.error = error


class BadToken(RemoteFault):
    """The token is unknown, has expired, or its account is gone."""


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
    until: UnixTime
    """When his token expires."""


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
        self._sign_in = SignIn(accounts, keyed)
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
        at = self._clock.unix_time()
        await self._store.forget_tokens(expired_before=at, limit=_FORGOTTEN_AT_ONCE)
        if grant_type == AUTHORIZATION_CODE:
            return await self._redeem(application, asked)
        if grant_type == PASSWORD:
            await self._check_password(application, asked)
        elif grant_type == REFRESH_TOKEN:
            await self._spend(application, _parameter(asked, "refresh_token"))
        access = await self._add_token(application)
        if needed != PASSWORD:
            return Granted(access, None)
        return Granted(access, await self._add_token(application, is_refresh=True))

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
        return Client(account, application, token.expires_at)

    async def _application(self, asked: Mapping[str, str]) -> Application:
        key, secret = _parameter(asked, "client_id"), asked.get("client_secret", "")
        application = await self._store.application(key)
        if application is not None and application.is_public:
            if secret:
                raise TokenRefused("invalid_client", "the application is public: it has no secret")
            return application
        _parameter(asked, "client_secret")
        offered = secret_hash(self._keyed, secret)
        # Compared in any case, so that the time taken does not tell whether there is such a key.
        kept = application.secret_hash if application is not None else bytes(len(offered))
        if not hmac.compare_digest(offered, kept) or application is None:
            raise TokenRefused("invalid_client", "the key or the secret is wrong")
        return application

    async def _check_password(self, application: Application, asked: Mapping[str, str]) -> None:
        username, password = _parameter(asked, "username"), _parameter(asked, "password")
        if not await self._sign_in.is_owner(application.account_id, username, password):
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

    async def _redeem(self, application: Application, asked: Mapping[str, str]) -> Granted:
        """Exchange an authorization code, which serves once (RFC 6749 4.1.3)."""
        hashed = code_hash(self._keyed, _parameter(asked, "code"))
        code = await self._store.code(hashed)
        if code is None or code.application_key != application.key:
            raise _bad_code()
        if not code.is_spent:
            self._check_code(code, application, asked)
        clear, token = self._new_token(application, spent=hashed)
        if not await self._store.spend_code(hashed, token):
            # Somebody else has it as well: what it brought was taken away (RFC 6749 4.1.2).
            raise TokenRefused("invalid_grant", "the code was used before: its token is revoked")
        return Granted(clear, None)

    def _check_code(
        self, code: AuthorizationCode, application: Application, asked: Mapping[str, str]
    ) -> None:
        if code.expires_at <= self._clock.unix_time():
            raise _bad_code()
        uri = asked.get("redirect_uri", "")
        if uri != code.redirect_uri and (code.redirect_uri or uri != application.redirect_uri):
            message = f"{uri[:80]!r}: the redirect_uri was not the one that the code was asked with"
            raise TokenRefused("invalid_grant", message)
        _check_verifier(code.challenge, asked.get("code_verifier", ""))

    async def _add_token(self, application: Application, *, is_refresh: bool = False) -> str:
        clear, token = self._new_token(application, is_refresh=is_refresh)
        await self._store.add_token(token)
        return clear

    def _new_token(
        self, application: Application, *, is_refresh: bool = False, spent: bytes | None = None
    ) -> tuple[str, Token]:
        clear = clear_token(self._random)
        lifetime = REFRESH_LIFETIME if is_refresh else TOKEN_LIFETIME
        expires_at = UnixTime(self._clock.unix_time() + lifetime)
        account_id, key = application.account_id, application.key
        return clear, Token(self._hash(clear), account_id, key, expires_at, is_refresh, spent)

    def _hash(self, clear: str) -> bytes:
        return self._keyed.keyed_hash(_TOKEN, clear.encode())


def code_hash(keyed: KeyedHash, clear: str) -> bytes:
    """Return what is kept of an authorization code."""
    return keyed.keyed_hash(_CODE, clear.encode())


def _check_verifier(challenge: str, verifier: str) -> None:
    """Check that it is the program that asked (RFC 7636 4.6)."""
    if not challenge and not verifier:
        return
    if not _VERIFIER.fullmatch(verifier):
        raise TokenRefused(
            "invalid_grant", "code_verifier: 43 to 128 letters, digits and -._~ were expected"
        )
    digest = hashlib.sha256(verifier.encode()).digest()
    hashed = base64.urlsafe_b64encode(digest).rstrip(b"=")
    # Without a challenge a verifier fits nothing: who took it away has not asked (RFC 9700 4.8.2).
    if not hmac.compare_digest(hashed, challenge.encode()):
        raise TokenRefused("invalid_grant", "the code_verifier does not fit the code_challenge")


def _parameter(asked: Mapping[str, str], name: str) -> str:
    value = asked.get(name, "")
    if not value or "\0" in value:
        raise TokenRefused("invalid_request", f"the parameter {name} is missing or empty")
    return value


def _bad_code() -> TokenRefused:
    return TokenRefused("invalid_grant", "the code is unknown or has expired")
