"""What the command line needs from the world, handed to it by the program's one wiring."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from callwright.accounts.applications import Applications
from callwright.accounts.caller_ids import CallerIds
from callwright.accounts.numbers import Numbers
from callwright.accounts.registry import AccountRegistry
from callwright.scheduler.operator_pauses import OperatorPauses
from callwright.scheduler.webhooks.secrets import WebhookSecrets


class OpenAccounts(Protocol):
    """Opens the accounts of an installation by its data folder, also while a server runs on it."""

    def __call__(self, data: Path) -> AbstractAsyncContextManager[AccountRegistry]:
        """Open the folder's database; it is made if it is not there."""
        ...


class OpenCallerIds(Protocol):
    """Opens the caller IDs of an installation in the same way."""

    def __call__(self, data: Path) -> AbstractAsyncContextManager[CallerIds]:
        """Open the folder's database; it is made if it is not there."""
        ...


class OpenNumbers(Protocol):
    """Opens the telephone numbers of an installation in the same way."""

    def __call__(self, data: Path) -> AbstractAsyncContextManager[Numbers]:
        """Open the folder's database; it is made if it is not there."""
        ...


class OpenApplications(Protocol):
    """Opens clients' applications of an installation in the same way."""

    def __call__(self, data: Path) -> AbstractAsyncContextManager[Applications]:
        """Open the folder's database; it is made if it is not there."""
        ...


class OpenWebhookSecrets(Protocol):
    """Opens what clients' events are signed with in the same way."""

    def __call__(self, data: Path) -> AbstractAsyncContextManager[WebhookSecrets]:
        """Open the folder's database; it is made if it is not there."""
        ...


class OpenClientPauses(Protocol):
    """Opens what pauses clients' queues in the same way."""

    def __call__(self, data: Path) -> AbstractAsyncContextManager[OperatorPauses]:
        """Open the folder's database; it is made if it is not there."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """Everything handed in; the context object of every command."""

    open_accounts: OpenAccounts
    open_caller_ids: OpenCallerIds
    open_numbers: OpenNumbers
    open_applications: OpenApplications
    open_webhook_secrets: OpenWebhookSecrets
    open_client_pauses: OpenClientPauses
