"""Programs that may ask for tokens (RFC 6749), and the tokens they got."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId


@dataclass(frozen=True, slots=True)
class Application:
    """A client's program that may ask for tokens."""

    key: str
    """What `/oauth/token` calls `client_id`."""
    secret_hash: bytes
    """Empty for a public one, which has no secret (RFC 6749 2.1)."""
    account_id: AccountId
    name: str
    grants: frozenset[str] = field(default_factory=frozenset)
    """`client_credentials`, `password`, `authorization_code`."""
    redirect_uri: str = ""
    """Where a person's decision is sent; empty unless it may use `authorization_code`."""
    may_schedule: bool = True
    """Whether its access level is `All` and not only `Call API`."""

    @property
    def is_public(self) -> bool:
        """Whether it runs where no secret can be kept: on a telephone or a desktop."""
        return not self.secret_hash


@dataclass(frozen=True, slots=True)
class Token:
    """An access or refresh token, known by its hash alone."""

    token_hash: bytes
    account_id: AccountId
    application_key: str
    expires_at: UnixTime
    is_refresh: bool = False
    code_hash: bytes | None = None
    """Of the authorization code that it was given for."""


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """What a person allowed a program, known by its hash alone (RFC 6749 4.1.2)."""

    code_hash: bytes
    account_id: AccountId
    application_key: str
    redirect_uri: str
    """As the program asked with it; empty if it was left out."""
    challenge: str
    """S256 of RFC 7636 4.2; empty for none."""
    expires_at: UnixTime
    is_spent: bool = False


@dataclass(frozen=True, slots=True)
class RequestsOfHour:
    """How many requests of a client there were since its hour began, over all applications."""

    began_at: UnixTime
    requests: int


class OauthStore(Protocol):
    """Applications, their tokens, the codes that they exchange for them, and their requests."""

    async def add_application(self, application: Application) -> None:
        """Add an application; its key is new."""
        ...

    async def application(self, key: str) -> Application | None:
        """Return an application, or None."""
        ...

    async def applications(self, account_id: AccountId) -> Sequence[Application]:
        """Return an account's applications by name."""
        ...

    async def remove_application(self, account_id: AccountId, key: str) -> bool:
        """Remove an application, its tokens and its codes."""
        ...

    async def add_token(self, token: Token) -> None:
        """Add a token."""
        ...

    async def token(self, token_hash: bytes) -> Token | None:
        """Return a token, expired or not, or None."""
        ...

    async def remove_token(self, token_hash: bytes) -> None:
        """Remove a token."""
        ...

    async def forget_tokens(self, *, expired_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` expired tokens; returns how many went."""
        ...

    async def add_code(self, code: AuthorizationCode) -> None:
        """Add a code, which is not spent."""
        ...

    async def code(self, code_hash: bytes) -> AuthorizationCode | None:
        """Return a code, expired and spent or not, or None."""
        ...

    async def spend_code(self, code_hash: bytes, token: Token) -> bool:
        """Add a token for a code that is not spent, in one unit of work.

        False: it was spent or is gone, and the token that it brought is removed.
        """
        ...

    async def forget_codes(self, *, expired_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` codes that expired before; returns how many went."""
        ...

    async def count_requests(
        self, counts: Mapping[AccountId, int], *, at: UnixTime, over_before: UnixTime
    ) -> Mapping[AccountId, RequestsOfHour]:
        """Add requests to those of the clients' hours; returns how many there are in each.

        An hour that began at `over_before` or earlier is over; the next one begins `at` this time.
        """
        ...
