"""The services of all accounts: written, changed, read and found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from callwright.domain.account import Account
from callwright.domain.errors import RemoteFault
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.inbound_service import InboundService
from callwright.domain.outbound_service import (
    NO_CONSTRAINTS,
    CallbackApplication,
    OutboundService,
)
from callwright.protocol.strict_json import BadJson, Json, read_json
from callwright.services.configuration import (
    Configuration,
    inbound_service,
    outbound_service,
)
from callwright.services.defaults import default_configuration, lay_over
from callwright.services.guarantees import judge_of
from callwright.services.options import JsonObject
from callwright.services.ports import (
    NameTaken,
    NumberOwners,
    Sealer,
    ServiceKind,
    ServiceStore,
    StoredService,
)
from callwright.services.schema import allowance_of, schema_for
from callwright.services.sealing import SealedConfigurations, kept_of
from callwright.services.validation import check

SERVICE_NAME: Final = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9\-_.+]{1,64}")
"""Characters that a SIP call to a service may name it with (published); the length is assumed.
One dot or two are names of folders: clients take them out of a path before they send it."""

_TELEPHONE_NUMBER: Final = re.compile(r"[0-9]+")

CALLBACK_CHANNELS: Final = 21
"""Of an attempt beside its first call: twenty more A numbers, and B."""

MAX_TYPED: Final = 10_000
"""Typed configurations kept beside their stored text, the oldest dropped first: typing one
costs ten times the read."""


class BadServiceName(RemoteFault):
    """No service can have this name."""


class UnknownService(RemoteFault):
    """There is no such service."""

    def __init__(self) -> None:
        """Say the published text."""
        super().__init__("The service name does not exist")


class BadBody(RemoteFault):
    """The body is not a JSON object."""


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """One line of the list of services."""

    name: str
    target: str | None
    """The UAS application or the first page's address; None where an inbound service has none."""
    description: str | None


class Catalogue:
    """The outbound and inbound services of all accounts."""

    def __init__(self, store: ServiceStore, sealer: Sealer, numbers: NumberOwners) -> None:
        """Passwords go through `sealer` on their way into and out of `store`."""
        self._store = store
        self._numbers = numbers
        self._sealed = SealedConfigurations(sealer)
        self._typed: dict[ServiceId, tuple[bytes, OutboundService, str]] = {}
        self._called: dict[ServiceId, tuple[bytes, InboundService]] = {}

    async def write(
        self,
        account: Account,
        name: str,
        body: bytes,
        *,
        kind: ServiceKind = ServiceKind.OUTBOUND,
    ) -> tuple[bool, Configuration]:
        """Create or replace a service; options that the body leaves out take their defaults.

        Returns whether it was created, and its complete configuration.

        Raises:
            BadServiceName: see `SERVICE_NAME`; or, for an inbound service, a telephone number
                that is not the account's own, or the name of another account's.
            BadBody: not JSON, or not an object.
            BadConfiguration: with the text of each error.

        """
        await self._check_name(account, name, kind)
        schema = schema_for(kind, allowance_of(account))
        configuration = lay_over(default_configuration(schema), _supplied(body))
        check(configuration, kind, allowance_of(account))
        kept = self._sealed.seal(account.account_id, kind, name, configuration)
        judge = judge_of(account, kind, name, configuration)
        try:
            created = await self._store.write(
                account.account_id, name, kept, kind=kind, judge=judge
            )
        except NameTaken as taken:
            # Whose it is, nobody needs to know.
            raise BadServiceName("Bad Request: the service name is taken") from taken
        return created, configuration

    async def modify(
        self,
        account: Account,
        name: str,
        body: bytes,
        *,
        kind: ServiceKind = ServiceKind.OUTBOUND,
    ) -> Configuration:
        """Lay options over those of a service; return its complete configuration.

        Raises:
            UnknownService: the account has none of that name.
            BadBody: not JSON, or not an object.
            BadConfiguration: with the text of each error.

        """
        stored = await self._found(account.account_id, name, kind)
        supplied = _supplied(body)
        while True:
            configuration = lay_over(self._sealed.unseal(stored), supplied)
            check(configuration, kind, allowance_of(account))
            kept = self._sealed.seal(account.account_id, kind, name, configuration)
            judge = judge_of(account, kind, name, configuration)
            if await self._store.change(stored, kept, judge=judge):
                return configuration
            # Somebody else's change went through meanwhile; ours is laid over that one.
            stored = await self._found(account.account_id, name, kind)

    async def read(
        self, account: Account, name: str, *, kind: ServiceKind = ServiceKind.OUTBOUND
    ) -> Configuration:
        """Return a service's complete configuration, passwords in clear.

        Raises:
            UnknownService: the account has none of that name.

        """
        return self._sealed.unseal(await self._found(account.account_id, name, kind))

    async def service_id(
        self, account_id: AccountId, name: str, *, kind: ServiceKind = ServiceKind.OUTBOUND
    ) -> ServiceId:
        """Return the id of a service.

        Raises:
            UnknownService: the account has none of that name.

        """
        return (await self._found(account_id, name, kind)).service_id

    async def delete(self, service_id: ServiceId) -> None:
        """Forget a service; whoever calls has emptied its queue."""
        await self._store.delete(service_id)
        self._typed.pop(service_id, None)
        self._called.pop(service_id, None)

    async def summaries(
        self, account_id: AccountId, *, kind: ServiceKind = ServiceKind.OUTBOUND
    ) -> list[ServiceSummary]:
        """Return an account's services by name."""
        stored = await self._store.of_account(account_id, kind=kind)
        return sorted(map(_summary, stored), key=lambda summary: summary.name)

    async def names(self, account_id: AccountId) -> Mapping[ServiceId, str]:
        """Return the names of an account's outbound services."""
        stored = await self._store.of_account(account_id, kind=ServiceKind.OUTBOUND)
        return {service.service_id: service.name for service in stored}

    async def outbound_service(self, service_id: ServiceId) -> OutboundService:
        """Return the service of a start that leaves the queue, as it is configured now.

        Raises:
            UnknownService: it is gone.

        """
        stored = await self._store.read(service_id)
        if stored is None:
            raise UnknownService
        if stored.kind is ServiceKind.CALLBACK:
            return callback_service(stored)
        service, _ = self._type(stored)
        return service

    async def find(self, account_id: AccountId, name: str) -> OutboundService | None:
        """Return an account's outbound service of that name."""
        found = await self.protected(account_id, name)
        return None if found is None else found[0]

    async def protected(
        self, account_id: AccountId, name: str
    ) -> tuple[OutboundService, str] | None:
        """Return an account's outbound service and the password that starts it."""
        stored = await self._find(account_id, name, ServiceKind.OUTBOUND)
        return None if stored is None else self._type(stored)

    async def called(self, name: str) -> InboundService | None:
        """Return the inbound service that a call to `sip:<name>@` reaches, whosever it is."""
        stored = await self._store.called(name) if SERVICE_NAME.fullmatch(name) else None
        return None if stored is None else self._type_inbound(stored)

    async def of_account(self, account_id: AccountId, name: str) -> InboundService | None:
        """Return an account's inbound service; that of a number is named after it."""
        stored = await self._find(account_id, name, ServiceKind.INBOUND)
        return None if stored is None else self._type_inbound(stored)

    async def has_inbound(self, account_id: AccountId, name: str) -> bool:
        """Whether an account has an inbound service of that name."""
        return await self._find(account_id, name, ServiceKind.INBOUND) is not None

    def schema(self, account: Account, *, kind: ServiceKind = ServiceKind.OUTBOUND) -> JsonObject:
        """Return the schema that an account's configurations are validated against."""
        return schema_for(kind, allowance_of(account))

    async def _check_name(self, account: Account, name: str, kind: ServiceKind) -> None:
        if not SERVICE_NAME.fullmatch(name):
            raise BadServiceName("Bad Request: invalid service name")
        # An inbound service of a number takes the calls to it.
        is_number = kind is ServiceKind.INBOUND and _TELEPHONE_NUMBER.fullmatch(name)
        if is_number and await self._numbers.number_owner(name) != account.account_id:
            raise BadServiceName("Bad Request: the telephone number is not yours")

    async def _found(self, account_id: AccountId, name: str, kind: ServiceKind) -> StoredService:
        stored = await self._find(account_id, name, kind)
        if stored is None:
            raise UnknownService
        return stored

    async def _find(
        self, account_id: AccountId, name: str, kind: ServiceKind
    ) -> StoredService | None:
        """Ask the store; what can be no service's name need not reach it."""
        if not SERVICE_NAME.fullmatch(name):
            return None
        return await self._store.find(account_id, name, kind=kind)

    def _type(self, stored: StoredService) -> tuple[OutboundService, str]:
        known = self._typed.get(stored.service_id)
        if known is not None and known[0] == stored.configuration:
            return known[1], known[2]
        configuration = self._sealed.unseal(stored)
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

    def _type_inbound(self, stored: StoredService) -> InboundService:
        known = self._called.get(stored.service_id)
        if known is not None and known[0] == stored.configuration:
            return known[1]
        service = inbound_service(
            self._sealed.unseal(stored),
            service_id=stored.service_id,
            account_id=stored.account_id,
            name=stored.name,
        )
        if len(self._called) >= MAX_TYPED:
            del self._called[next(iter(self._called))]
        self._called[stored.service_id] = (stored.configuration, service)
        return service


def _supplied(body: bytes) -> JsonObject:
    try:
        supplied = read_json(body or b"{}")
    except BadJson as fault:
        raise BadBody("Bad Request: the body is not valid JSON") from fault
    if not isinstance(supplied, dict):
        raise BadBody("Bad Request: the configuration is not a JSON object")
    return {name: _with_whole_numbers(option) for name, option in supplied.items()}


def _with_whole_numbers(value: Json) -> Json:
    """Make integers of 30.0 and the like, which they are to the schema."""
    match value:
        case float() if value.is_integer() and abs(value) < _EXACT:
            return int(value)
        case dict():
            return {name: _with_whole_numbers(inner) for name, inner in value.items()}
        case list():
            return [_with_whole_numbers(inner) for inner in value]
        case _:
            return value


_EXACT: Final = 2.0**53
"""Up to here every whole number is a double of its own (IEEE 754)."""


def _summary(stored: StoredService) -> ServiceSummary:
    match kept_of(stored):
        case {
            "application_type": application_type,
            "uas": {"application_name": application_name},
            "rest": {"first_page": {"address": address}},
            "description": description,
        }:
            target = address if application_type == "REST" else application_name
            return ServiceSummary(stored.name, _text(target), _text(description))
        case _:
            raise ValueError(f"the configuration kept of {stored.name!r} is incomplete")


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def callback_service(stored: StoredService) -> OutboundService:
    """Return the service behind a callback queue: nobody configures it."""
    return OutboundService(
        service_id=stored.service_id,
        account_id=stored.account_id,
        name=stored.name,
        is_enabled=True,
        extra_channels=CALLBACK_CHANNELS,
        fax=False,
        application=CallbackApplication(),
        constraints=NO_CONSTRAINTS,
    )
