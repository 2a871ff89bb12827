"""Where it is kept which clients' queues begin nothing for the moment."""

from typing import Protocol

from callwright.domain.ids import AccountId
from callwright.scheduler.client_pause import ClientPause, Pauser


class ClientPauseStore(Protocol):
    """Clients that are paused; what the operator paused only he resumes."""

    async def pause(self, pause: ClientPause) -> ClientPause:
        """Pause a client, or give its pause another reason; returns the pause that holds.

        That is the operator's, unchanged, if the client asks while there is one.
        """
        ...

    async def resume(self, account_id: AccountId, *, by: Pauser) -> ClientPause | None:
        """Resume a client; returns the pause that still holds, which is the operator's."""
        ...

    async def pause_of(self, account_id: AccountId) -> ClientPause | None:
        """Return the pause of a client, or None."""
        ...
