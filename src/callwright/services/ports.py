"""What the services step needs kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from callwright.domain.errors import CallwrightError, RemoteFault
from callwright.domain.ids import AccountId, ServiceId


class ServiceKind(StrEnum):
    """Who starts a service: a request, a call to it, or the callback queue before it."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    CALLBACK = "callback"


@dataclass(frozen=True, slots=True)
class StoredService:
    """A service as it is kept: its complete configuration as JSON, the password in it sealed."""

    service_id: ServiceId
    account_id: AccountId
    name: str
    configuration: bytes
    kind: ServiceKind = ServiceKind.OUTBOUND


class NameTaken(RemoteFault):
    """Another account has an inbound service of that name."""

    def __init__(self, name: str) -> None:
        """Quote it."""
        super().__init__(f"{name!r} is the name of another account's inbound service")


Judge = Callable[[Sequence[StoredService]], None]
"""Judges a change beside the account's services of the same kind, as they are when it is made;
raises what the change is refused with. May be called more than once, and in another thread."""


def accept(_: Sequence[StoredService]) -> None:
    """Accept a change beside any other services."""


class ServiceStore(Protocol):
    """Services by account, kind and name. Names are compared exactly.

    Inbound services are called by their names alone, so no two accounts have one of the same;
    numbers are an exception, for whose they are is known elsewhere.

    Where a `judge` other than `accept` is given, two changes of an account at once are made one
    after the other: what was judged is still so when the change is written.
    """

    async def write(
        self,
        account_id: AccountId,
        name: str,
        configuration: bytes,
        *,
        kind: ServiceKind = ServiceKind.OUTBOUND,
        judge: Judge = accept,
    ) -> bool:
        """Create or replace a service; True if it was created. It keeps its id when replaced.

        Raises:
            NameTaken: by another account; nothing was written.

        """
        ...

    async def change(
        self, service: StoredService, configuration: bytes, *, judge: Judge = accept
    ) -> bool:
        """Replace a configuration that is still as it was read; False if it is not any more.

        So that of two changes at once neither undoes the other without having seen it.
        """
        ...

    async def delete(self, service_id: ServiceId) -> None:
        """Forget a service; its name is free again, its starts and records stay."""
        ...

    async def find(
        self,
        account_id: AccountId,
        name: str,
        *,
        kind: ServiceKind = ServiceKind.OUTBOUND,
    ) -> StoredService | None:
        """Return the service of that name."""
        ...

    async def called(self, name: str) -> StoredService | None:
        """Return the inbound service of that name, whosever it is; none of a number."""
        ...

    async def read(self, service_id: ServiceId) -> StoredService | None:
        """Return the service of that id; None once it is deleted."""
        ...

    async def of_account(
        self, account_id: AccountId, *, kind: ServiceKind = ServiceKind.OUTBOUND
    ) -> list[StoredService]:
        """Return an account's services of a kind by name."""
        ...


class NumberOwners(Protocol):
    """Where it is looked up whose telephone numbers are."""

    async def number_owner(self, number: str) -> AccountId | None:
        """Return whose number this is; None if it is nobody's."""
        ...


class Sealer(Protocol):
    """Keeps passwords that have to be shown again: authenticated encryption at rest."""

    def seal(self, clear: str, *, context: str) -> str:
        """Return a text that only `unseal` with the same context can read."""
        ...

    def unseal(self, sealed: str, *, context: str) -> str:
        """Return the clear text; raises `BrokenSeal` for anything `seal` did not make."""
        ...


class BrokenSeal(CallwrightError):
    """A sealed password can't be read: another installation's secret, or a damaged store."""
