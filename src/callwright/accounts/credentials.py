"""API Access Keys and service passwords: made, kept as hashes, compared, and remembered a while.

A key has 128 random bits, so a keyed hash protects it as well as a slow one would, at a
thousandth of the cost. What a request proved is remembered under the keyed hash of its
Authorization header: at most 60 s, and `forget` ends it at once.
"""

import base64
import hmac
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from callwright.accounts.identity import Claimed, Unauthorised, parse_basic
from callwright.accounts.ports import AccountStore, KeyedHash, RandomBytes, ServicePasswords
from callwright.domain.account import Account
from callwright.domain.clock import Instant
from callwright.domain.outbound_service import OutboundService

API_ACCESS_KEY_BYTES: Final = 16
"""128 random bits: the published sample key has 22 characters of URL-safe base64."""

REMEMBERED_SECONDS: Final = 60.0
"""Longest time for which a proof is believed without looking again: how long a retired key or a
changed password may still open the door of a server that was not told."""

REFUSED_SECONDS: Final = 5.0
"""The same for a refusal: long enough to blunt a client that repeats itself, short enough that
nobody waits for a password that has just been changed elsewhere."""

MAX_REMEMBERED: Final = 10_000
"""Proofs remembered, the oldest dropped first: some 5 MB, more customers than one node serves."""

MAX_REFUSALS_REMEMBERED: Final = 1_000
"""Refusals remembered. Fewer, since anybody can make them; dropping one costs a look-up."""

_API_ACCESS_KEY: Final = "api access key"
_SERVICE: Final = "service password"

Principal = TypeVar("Principal")


def new_api_access_key(random: RandomBytes) -> str:
    """Draw a key: 22 characters of URL-safe base64."""
    return base64.urlsafe_b64encode(random.token(API_ACCESS_KEY_BYTES)).rstrip(b"=").decode()


def api_access_key_hash(keyed: KeyedHash, api_access_key: str) -> bytes:
    """Return what is kept of a key."""
    return keyed.keyed_hash(_API_ACCESS_KEY, api_access_key.encode())


class _Memory(Generic[Principal]):
    """A bounded memory of proofs; the oldest is dropped first."""

    def __init__(self, purpose: str, size: int, lifetime: float) -> None:
        self.purpose = purpose
        self._size = size
        self._lifetime = lifetime
        self._entries: OrderedDict[bytes, tuple[Principal, Instant]] = OrderedDict()

    def recall(self, header_hash: bytes, now: Instant) -> Principal | None:
        entry = self._entries.get(header_hash)
        if entry is None:
            return None
        principal, since = entry
        if now - since >= self._lifetime:
            del self._entries[header_hash]
            return None
        return principal

    def remember(self, header_hash: bytes, principal: Principal, now: Instant) -> None:
        self._entries[header_hash] = (principal, now)
        self._entries.move_to_end(header_hash)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def clear(self) -> None:
        self._entries.clear()


class Authenticator:
    """Says whose request it is, or raises `Unauthorised` without saying why."""

    def __init__(
        self,
        accounts: AccountStore,
        services: ServicePasswords,
        keyed: KeyedHash,
        *,
        cloud_id: str,
    ) -> None:
        """`cloud_id` is this installation's; any other is refused like a wrong username."""
        self._accounts = accounts
        self._services = services
        self._keyed = keyed
        self._cloud_id = cloud_id
        self._accounts_proved: _Memory[Account] = _Memory(
            "account header", MAX_REMEMBERED, REMEMBERED_SECONDS
        )
        self._services_proved: _Memory[tuple[Account, OutboundService]] = _Memory(
            "service header", MAX_REMEMBERED, REMEMBERED_SECONDS
        )
        self._refused: _Memory[bool] = _Memory("refused", MAX_REFUSALS_REMEMBERED, REFUSED_SECONDS)
        self._changes = 0

    async def account(self, authorization: str | None, now: Instant) -> Account:
        """Return the account whose API Access Key this is.

        Raises:
            Unauthorised: in every other case.

        """
        return await self._proved(self._accounts_proved, authorization, now, self._prove_account)

    async def service(
        self, authorization: str | None, now: Instant
    ) -> tuple[Account, OutboundService]:
        """Return the account and the service whose password this is.

        Raises:
            Unauthorised: in every other case, an unknown service among them.

        """
        return await self._proved(self._services_proved, authorization, now, self._prove_service)

    def forget(self) -> None:
        """Drop what is remembered; call after a key, a service or an account has changed."""
        self._changes += 1
        self._accounts_proved.clear()
        self._services_proved.clear()
        self._refused.clear()

    async def _proved(
        self,
        memory: _Memory[Principal],
        authorization: str | None,
        now: Instant,
        prove: Callable[[Claimed], Awaitable[Principal | None]],
    ) -> Principal:
        if authorization is None:
            raise Unauthorised
        header_hash = self._keyed.keyed_hash(memory.purpose, authorization.encode())
        known = memory.recall(header_hash, now)
        if known is not None:
            return known
        if self._refused.recall(header_hash, now):
            raise Unauthorised
        changes = self._changes
        principal = await prove(parse_basic(authorization))
        # What was read before a `forget` in the meantime must not outlive it.
        is_current = changes == self._changes
        if principal is None:
            if is_current:
                self._refused.remember(header_hash, True, now)
            raise Unauthorised
        if is_current:
            memory.remember(header_hash, principal, now)
        return principal

    async def _prove_account(self, claimed: Claimed) -> Account | None:
        if claimed.identity.service_name is not None:
            return None
        account = await self._account_of(claimed)
        hashes = [] if account is None else await self._accounts.key_hashes(account.account_id)
        offered = api_access_key_hash(self._keyed, claimed.password)
        # All are compared, so that the time taken does not tell which one came close.
        matches = [hmac.compare_digest(offered, kept) for kept in hashes]
        return account if any(matches) else None

    async def _prove_service(self, claimed: Claimed) -> tuple[Account, OutboundService] | None:
        name = claimed.identity.service_name
        account = await self._account_of(claimed)
        if account is None or name is None:
            return None
        found = await self._services.protected(account.account_id, name)
        if found is None:
            return None
        service, password = found
        # Hashes have one length, so the time taken does not tell the password's.
        offered = self._keyed.keyed_hash(_SERVICE, claimed.password.encode())
        kept = self._keyed.keyed_hash(_SERVICE, password.encode())
        return (account, service) if hmac.compare_digest(offered, kept) else None

    async def _account_of(self, claimed: Claimed) -> Account | None:
        if claimed.identity.cloud_id != self._cloud_id:
            return None
        return await self._accounts.find(claimed.identity.username)
