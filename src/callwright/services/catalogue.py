"""Outbound services: written, read and found, their passwords sealed at rest."""

import json
import re
from collections.abc import Callable
from typing import Final, cast

from callwright.domain.account import Account
from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.outbound_service import OutboundService
from callwright.protocol.strict_json import BadJson, read_json
from callwright.services.configuration import Configuration, outbound_service
from callwright.services.defaults import default_configuration, lay_over
from callwright.services.ports import Sealer, ServiceStore, StoredService
from callwright.services.schema import JsonObject, schema_for
from callwright.services.validation import check

SERVICE_NAME: Final = re.compile(r"[A-Za-z0-9\-_.+]{1,64}")
"""Characters that a SIP call to a service may name it with (published); the length is assumed."""

MAX_TYPED: Final = 10_000
"""Typed configurations kept beside their stored text, the oldest dropped first: typing one
costs ten times the read."""

_PASSWORDS: Final = (("service_password",), ("rest", "authentication", "password"))
"""Where configurations hold what must not lie about in clear."""


class BadServiceName(RemoteFault):
    """No service can have this name."""


class UnknownService(RemoteFault):
    """There is no such service."""

    def __init__(self) -> None:
        """Say the published text."""
        super().__init__("The service name does not exist")


class BadBody(RemoteFault):
    """The body is not a JSON object."""


class Catalogue:
    """The outbound services of all accounts."""

    def __init__(self, store: ServiceStore, sealer: Sealer) -> None:
        """Passwords go through `sealer` on their way into and out of `store`."""
        self._store = store
        self._sealer = sealer
        self._typed: dict[ServiceId, tuple[bytes, OutboundService, str]] = {}

    async def write(self, account: Account, name: str, body: bytes) -> tuple[bool, Configuration]:
        """Create or replace a service; options that the body leaves out take their defaults.

        Returns whether it was created, and its complete configuration.

        Raises:
            BadServiceName: see `SERVICE_NAME`.
            BadBody: not JSON, or not an object.
            BadConfiguration: with the text of each error.

        """
        if not SERVICE_NAME.fullmatch(name):
            raise BadServiceName("Bad Request: invalid service name")
        schema = schema_for(account.limits)
        configuration = lay_over(default_configuration(schema), _supplied(body))
        check(configuration, account.limits)
        sealed = _with_passwords(
            configuration,
            lambda clear, path: self._sealer.seal(
                clear, context=_context(account.account_id, name, path)
            ),
        )
        stored = json.dumps(sealed, separators=(",", ":")).encode()
        return await self._store.write(account.account_id, name, stored), configuration

    async def read(self, account: Account, name: str) -> Configuration:
        """Return a service's complete configuration, passwords in clear.

        Raises:
            UnknownService: the account has none of that name.

        """
        stored = await self._find(account.account_id, name)
        if stored is None:
            raise UnknownService
        return self._unsealed(stored)

    async def outbound_service(self, service_id: ServiceId) -> OutboundService:
        """Return the service of a start that leaves the queue, as it is configured now.

        Raises:
            UnknownService: it is gone.

        """
        stored = await self._store.read(service_id)
        if stored is None:
            raise UnknownService
        service, _ = self._type(stored)
        return service

    async def find(self, account_id: AccountId, name: str) -> OutboundService | None:
        """Return an account's service of that name."""
        found = await self.protected(account_id, name)
        return None if found is None else found[0]

    async def protected(
        self, account_id: AccountId, name: str
    ) -> tuple[OutboundService, str] | None:
        """Return an account's service and the password that starts it."""
        stored = await self._find(account_id, name)
        return None if stored is None else self._type(stored)

    def schema(self, account: Account) -> JsonObject:
        """Return the schema that an account's configurations are validated against."""
        return schema_for(account.limits)

    async def _find(self, account_id: AccountId, name: str) -> StoredService | None:
        """Ask the store; what can be no service's name need not reach it."""
        return await self._store.find(account_id, name) if SERVICE_NAME.fullmatch(name) else None

    def _type(self, stored: StoredService) -> tuple[OutboundService, str]:
        known = self._typed.get(stored.service_id)
        if known is not None and known[0] == stored.configuration:
            return known[1], known[2]
        configuration = self._unsealed(stored)
        service = outbound_service(
            configuration,
            service_id=stored.service_id,
            account_id=stored.account_id,
            name=stored.name,
        )
        password = cast("str", configuration["service_password"])
        if len(self._typed) >= MAX_TYPED:
            del self._typed[next(iter(self._typed))]
        self._typed[stored.service_id] = (stored.configuration, service, password)
        return service, password

    def _unsealed(self, stored: StoredService) -> Configuration:
        sealed: Configuration = json.loads(stored.configuration)
        return _with_passwords(
            sealed,
            lambda text, path: self._sealer.unseal(
                text, context=_context(stored.account_id, stored.name, path)
            ),
        )


def _supplied(body: bytes) -> JsonObject:
    try:
        supplied = read_json(body or b"{}")
    except BadJson as fault:
        raise BadBody("Bad Request: the body is not valid JSON") from fault
    if not isinstance(supplied, dict):
        raise BadBody("Bad Request: the configuration is not a JSON object")
    return supplied


def _context(account_id: AccountId, name: str, path: tuple[str, ...]) -> str:
    """Tie a sealed password to its place, so that it opens nothing when it is copied elsewhere."""
    return f"{account_id}/{name}/{'.'.join(path)}"


def _with_passwords(
    configuration: Configuration, change: Callable[[str, tuple[str, ...]], str]
) -> Configuration:
    """Return a copy with each password changed; null stays null."""
    for path in _PASSWORDS:
        configuration = _changed(configuration, path, path, change)
    return configuration


def _changed(
    tree: JsonObject,
    path: tuple[str, ...],
    rest: tuple[str, ...],
    change: Callable[[str, tuple[str, ...]], str],
) -> JsonObject:
    inner = tree[rest[0]]
    if isinstance(inner, dict):
        return tree | {rest[0]: _changed(inner, path, rest[1:], change)}
    if isinstance(inner, str):
        return tree | {rest[0]: change(inner, path)}
    return tree
