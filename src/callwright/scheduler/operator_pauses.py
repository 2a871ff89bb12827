"""What the operator pauses: a client named by its account's username."""

from dataclasses import dataclass

from callwright.accounts.ports import AccountStore
from callwright.accounts.registry import account_named
from callwright.domain.clock import Clock
from callwright.scheduler.client_pause import ClientPause, Pauser
from callwright.scheduler.pause_ports import ClientPauseStore


@dataclass(frozen=True, slots=True)
class OperatorPauses:
    """Pauses clients and resumes them, whoever paused them."""

    accounts: AccountStore
    pauses: ClientPauseStore
    clock: Clock

    async def pause(self, username: str, *, reason: str) -> ClientPause:
        """Pause the queues of an account.

        Raises:
            UnknownAccount: there is none of that username.

        """
        account = await account_named(self.accounts, username)
        at = self.clock.unix_time()
        wanted = ClientPause(account.account_id, Pauser.OPERATOR, reason, at)
        return await self.pauses.pause(wanted)

    async def resume(self, username: str) -> None:
        """Let the queues of an account go on; those that are switched off stay so.

        Raises:
            UnknownAccount: there is none of that username.

        """
        account = await account_named(self.accounts, username)
        await self.pauses.resume(account.account_id, by=Pauser.OPERATOR)
