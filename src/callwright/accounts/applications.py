"""Clients' programs that may ask for tokens (RFC 6749 2), as the operator keeps them.

An application has a key, which the token address calls `client_id`, and a secret, unless it is
public. Secrets have 256 random bits, so that a keyed hash protects them as well as a slow one
would.

Errors: `UnknownApplication` and `BadApplication` (both RemoteFault) for the operator.
"""

import base64
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from callwright.accounts.oauth_ports import Application, OauthStore
from callwright.accounts.ports import AccountStore, KeyedHash, RandomBytes
from callwright.accounts.registry import account_named
from callwright.domain.errors import RemoteFault

CLIENT_CREDENTIALS: Final = "client_credentials"
PASSWORD: Final = "password"  # noqa: S105  the name of a grant
AUTHORIZATION_CODE: Final = "authorization_code"
GRANTS: Final = (CLIENT_CREDENTIALS, PASSWORD, AUTHORIZATION_CODE)
"""What an application may be allowed."""

KEY_BYTES: Final = 16
SECRET_BYTES: Final = 32

MAX_NAME: Final = 255
MAX_APPLICATIONS: Final = 100
"""Of one account (assumed)."""
MAX_REDIRECT_URI: Final = 2048
"""Characters, as of any URL here."""

_SECRET: Final = "application secret"  # noqa: S105  what it is hashed for

_PRINTABLE: Final = re.compile(r"[!-~]+", re.ASCII)
_WEB_HOST: Final = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?", re.ASCII)
_OWN_SCHEME: Final = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+", re.ASCII)
"""Of a program on a telephone: a domain name of its maker's, reversed (RFC 8252 7.1)."""

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Where what is sent in clear stays on the person's own machine (RFC 8252 7.3)."""


class BadApplication(RemoteFault):
    """No application can be made so."""


class UnknownApplication(RemoteFault):
    """The account has no such application."""


@dataclass(frozen=True, slots=True)
class ApplicationWish:
    """An application as the operator wants it."""

    name: str
    grants: Collection[str] = (CLIENT_CREDENTIALS,)
    redirect_uri: str = ""
    """Where people's decisions are sent, with `authorization_code`."""
    is_public: bool = False
    """Whether it has no secret, since it could keep none."""
    may_schedule: bool = True


@dataclass(frozen=True, slots=True)
class NewApplication:
    """An application just made, with its secret in clear: the only time it is ever seen."""

    application: Application
    secret: str
    """Empty if it is public."""

    def __repr__(self) -> str:
        """Leave the secret out of tracebacks and logs."""
        return f"NewApplication({self.application.key!r})"


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

    async def add(self, username: str, wish: ApplicationWish) -> NewApplication:
        """Make an application of an account.

        Raises:
            UnknownAccount: there is none of that username.
            BadApplication: the wish is none that can be fulfilled.

        """
        account = await account_named(self._accounts, username)
        _check(wish)
        if len(await self._store.applications(account.account_id)) >= MAX_APPLICATIONS:
            raise BadApplication(f"{username} has {MAX_APPLICATIONS} applications, which is most")
        secret = "" if wish.is_public else clear_token(self._random)
        application = Application(
            key=self._random.token(KEY_BYTES).hex(),
            secret_hash=b"" if wish.is_public else secret_hash(self._keyed, secret),
            account_id=account.account_id,
            name=wish.name,
            grants=frozenset(wish.grants),
            redirect_uri=wish.redirect_uri,
            may_schedule=wish.may_schedule,
        )
        await self._store.add_application(application)
        return NewApplication(application, secret)

    async def of_account(self, username: str) -> Sequence[Application]:
        """Return an account's applications by name.

        Raises:
            UnknownAccount: there is none of that username.

        """
        account = await account_named(self._accounts, username)
        return await self._store.applications(account.account_id)

    async def remove(self, username: str, key: str) -> None:
        """Remove an application; its tokens open nothing any more.

        Raises:
            UnknownAccount: there is none of that username.
            UnknownApplication: the account has no application of that key.

        """
        account = await account_named(self._accounts, username)
        if not await self._store.remove_application(account.account_id, key):
            raise UnknownApplication(f"{key!r} is no application of {username}")


def clear_token(random: RandomBytes) -> str:
    """Draw a secret, a token or a code: 43 characters of URL-safe base64."""
    return base64.urlsafe_b64encode(random.token(SECRET_BYTES)).rstrip(b"=").decode()


def secret_hash(keyed: KeyedHash, secret: str) -> bytes:
    """Return what is kept of an application's secret."""
    return keyed.keyed_hash(_SECRET, secret.encode())


def _check(wish: ApplicationWish) -> None:
    if not 1 <= len(wish.name) <= MAX_NAME or not wish.name.isprintable():
        raise BadApplication(f"{wish.name[:MAX_NAME]!r}: 1 to {MAX_NAME} printable characters")
    grants = set(wish.grants)
    unknown = sorted(grants - set(GRANTS))
    if unknown or not grants:
        raise BadApplication(f"{unknown!r}: one or more of {', '.join(GRANTS)} were expected")
    if wish.is_public and grants != {AUTHORIZATION_CODE}:
        raise BadApplication(
            f"{', '.join(sorted(grants))}: an application without a secret can have "
            f"{AUTHORIZATION_CODE} alone"
        )
    if (AUTHORIZATION_CODE in grants) != bool(wish.redirect_uri):
        raise BadApplication(
            f"{wish.redirect_uri!r}: a redirect URI was expected with {AUTHORIZATION_CODE}, and "
            "only with it"
        )
    if wish.redirect_uri and not _may_be_redirected_to(wish.redirect_uri):
        raise BadApplication(
            f"{wish.redirect_uri[:80]!r}: an https URL, an http URL of localhost, or a URI with a "
            "scheme such as com.example.app was expected, without a fragment"
        )


def _may_be_redirected_to(uri: str) -> bool:
    """Whether decisions may be sent there: to one program, and never in clear (RFC 6749 3.1.2)."""
    if len(uri) > MAX_REDIRECT_URI or not _PRINTABLE.fullmatch(uri) or "#" in uri:
        return False
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        is_safe = parts.scheme == "https" or host in _LOOPBACK
        return is_safe and _WEB_HOST.fullmatch(parts.netloc) is not None
    return _OWN_SCHEME.fullmatch(parts.scheme) is not None
