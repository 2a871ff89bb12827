"""A program asks for a code in the name of a person, who allows it or not (RFC 6749 4.1).

Errors: `BadAuthorization(RemoteFault)` is told to the person alone, since it is not known whom else
to tell; `AuthorizationRefused(RemoteFault)` is told to the program by way of the person's browser.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from callwright.accounts.applications import AUTHORIZATION_CODE, clear_token
from callwright.accounts.oauth import code_hash
from callwright.accounts.oauth_ports import Application, AuthorizationCode, OauthStore
from callwright.accounts.ports import AccountStore, KeyedHash, RandomBytes
from callwright.accounts.sign_in import SignIn
from callwright.domain.account import Account
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.errors import RemoteFault

CODE_LIFETIME: Final = 60
"""Seconds: a program has its token within one (RFC 6749 4.1.2 allows ten minutes)."""

SCOPE: Final = "all"
"""The only one (published)."""

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""SHA-256 in URL-safe base64 (RFC 7636 4.2)."""


class BadAuthorization(RemoteFault):
    """Nobody can be told of this request: the program or its redirect URI is not known."""


class AuthorizationRefused(RemoteFault):
    """A request that its program is told is refused."""

    def __init__(self, error: str, text: str, where: "Return") -> None:
        """`error` is the word of RFC 6749 4.1.2.1; `where` is who is told."""
        super().__init__(text)
        self.error = error
        self.where = where


@dataclass(frozen=True, slots=True)
class Return:
    """Where a person's browser goes with the decision."""

    redirect_uri: str
    """The registered one."""
    state: str
    """The program's own; empty for none."""


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What a program asks a person for, found in order."""

    application: Application
    account: Account
    """The application's: who may allow it."""
    where: Return
    asked_uri: str
    """The redirect URI as it was asked with; empty if it was left out."""
    challenge: str
    """S256 of RFC 7636; empty for none."""


class Authorizations:
    """Reads what programs ask persons for, and gives codes for what is allowed."""

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

    async def read(self, asked: Mapping[str, str]) -> AuthorizationRequest:
        """Read a request; `asked` are its parameters (RFC 6749 4.1.1, RFC 7636 4.3).

        Raises:
            BadAuthorization: it is not known who asks, or where the decision would go.
            AuthorizationRefused: anything else is wrong.

        """
        application = await self._application(asked.get("client_id", ""))
        account = await self._accounts.read(application.account_id)
        uri = asked.get("redirect_uri", "")
        if uri and uri != application.redirect_uri:
            raise BadAuthorization(
                f"{uri[:200]!r} is not the redirect_uri that {application.name} is registered with"
            )
        if account is None:
            raise BadAuthorization(f"the account of {application.name} is gone")
        where = Return(application.redirect_uri, asked.get("state", ""))
        response_type, scope = asked.get("response_type", ""), asked.get("scope", "")
        if not response_type:
            raise AuthorizationRefused("invalid_request", "response_type is missing", where)
        if response_type != "code":
            message = f"{response_type[:80]!r}: the response_type code was expected"
            raise AuthorizationRefused("unsupported_response_type", message, where)
        if scope and scope != SCOPE:
            message = f"{scope[:80]!r}: the scope {SCOPE} was expected"
            raise AuthorizationRefused("invalid_scope", message, where)
        challenge = _challenge(asked, application, where)
        return AuthorizationRequest(application, account, where, uri, challenge)

    async def is_owner(self, request: AuthorizationRequest, username: str, key: str) -> bool:
        """Whether the person has the username and an API Access Key of the account."""
        return await self._sign_in.is_owner(request.account.account_id, username, key)

    async def allow(self, request: AuthorizationRequest) -> str:
        """Give a code for what a person who `is_owner` allows."""
        clear = clear_token(self._random)
        code = AuthorizationCode(
            code_hash(self._keyed, clear),
            request.account.account_id,
            request.application.key,
            request.asked_uri,
            request.challenge,
            UnixTime(self._clock.unix_time() + CODE_LIFETIME),
        )
        await self._store.add_code(code)
        return clear

    async def _application(self, key: str) -> Application:
        application = None
        if key and "\0" not in key:
            application = await self._store.application(key)
        if application is None:
            raise BadAuthorization(f"{key[:80]!r} is the client_id of no application")
        if AUTHORIZATION_CODE not in application.grants or not application.redirect_uri:
            raise BadAuthorization(f"{application.name} may not use {AUTHORIZATION_CODE}")
        return application


def _challenge(asked: Mapping[str, str], application: Application, where: Return) -> str:
    challenge, method = asked.get("code_challenge", ""), asked.get("code_challenge_method", "")
    if not challenge and not method and not application.is_public:
        return ""
    if not challenge:
        raise AuthorizationRefused("invalid_request", "code_challenge is missing", where)
    if method != "S256":
        # Left out, it is `plain` (RFC 7636 4.3), which protects nothing.
        message = f"{method[:80]!r}: the code_challenge_method S256 was expected"
        raise AuthorizationRefused("invalid_request", message, where)
    if not _CHALLENGE.fullmatch(challenge):
        message = f"{challenge[:80]!r}: a code_challenge of 43 characters was expected"
        raise AuthorizationRefused("invalid_request", message, where)
    return challenge
