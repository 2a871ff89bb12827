"""Programs that may ask for tokens (RFC 6749), and the tokens they got."""

from collections.abc import Sequence
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
    account_id: AccountId
    name: str
    grants: frozenset[str] = field(default_factory=frozenset)
    """`client_credentials`, `password`, `authorization_code`."""
    redirect_uri: str = ""
    may_schedule: bool = True
    """Whether its access level is `All` and not only `Call API`."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access or refresh token, known by its hash alone."""

    token_hash: bytes
    account_id: AccountId
    application_key: str
    expires_at: UnixTime
    is_refresh: bool = False


class OauthStore(Protocol):
    """Applications and their tokens."""

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
        """Remove an application and its tokens."""
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
