"""What the services step needs kept."""

from dataclasses import dataclass
from typing import Protocol

from callwright.domain.errors import CallwrightError
from callwright.domain.ids import AccountId, ServiceId


@dataclass(frozen=True, slots=True)
class StoredService:
    """A service as it is kept: its complete configuration as JSON, the password in it sealed."""

    service_id: ServiceId
    account_id: AccountId
    name: str
    configuration: bytes


class ServiceStore(Protocol):
    """Outbound services by account and name. Names are compared exactly."""

    async def write(self, account_id: AccountId, name: str, configuration: bytes) -> bool:
        """Create or replace a service; True if it was created. It keeps its id when replaced."""
        ...

    async def find(self, account_id: AccountId, name: str) -> StoredService | None:
        """Return the service of that name."""
        ...

    async def read(self, service_id: ServiceId) -> StoredService | None:
        """Return the service of that id."""
        ...

    async def of_account(self, account_id: AccountId) -> list[StoredService]:
        """Return an account's services by name."""
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
