"""What the services step needs kept."""

from dataclasses import dataclass
from typing import Protocol

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
