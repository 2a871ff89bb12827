"""Which application instances run here, so that they can be interrupted from outside."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from callwright.domain.clock import Clock, Instant
from callwright.domain.ids import AccountId, InstanceId
from callwright.domain.outbound_service import PageAddress

REMEMBERED: Final = 3600.0
"""Seconds in which an instance that has ended is still known (assumed: "recently")."""

MAX_REMEMBERED: Final = 50_000
"""Instances that have ended: an hour of 14 starts a second, in some 10 MB. The oldest go first."""


class InterruptResult(StrEnum):
    """What became of an interrupt, in the API's words."""

    INTERRUPTED = "interrupted"
    UNKNOWN = "no such application"
    COMPLETED = "application already completed"


@dataclass(frozen=True, slots=True)
class Interruption:
    """What became of an interrupt."""

    result: InterruptResult
    action: str = ""
    """Wire name of the action that was interrupted; empty when none was running."""


Interrupt = Callable[[PageAddress | None], Interruption]
"""Stops what an instance is doing; with a page it goes on there, without it ends."""


@dataclass(slots=True)
class RunningInstances:
    """One for a process; whoever runs an instance tells it."""

    clock: Clock
    _running: dict[InstanceId, tuple[AccountId, Interrupt]] = field(
        default_factory=dict, init=False
    )
    _ended: OrderedDict[InstanceId, tuple[AccountId, Instant]] = field(
        default_factory=OrderedDict, init=False
    )

    def begin(self, account_id: AccountId, instance_id: InstanceId, interrupt: Interrupt) -> None:
        """Take note of an instance that begins."""
        self._running[instance_id] = (account_id, interrupt)

    def end(self, instance_id: InstanceId) -> None:
        """Take note of its end."""
        account_id, _ = self._running.pop(instance_id)
        self._forget()
        self._ended[instance_id] = (account_id, self.clock.now())
        if len(self._ended) > MAX_REMEMBERED:
            self._ended.popitem(last=False)

    def interrupt(
        self, account_id: AccountId, instance_id: InstanceId, redirect: PageAddress | None
    ) -> Interruption:
        """Interrupt an instance of this account; those of others do not exist for it."""
        self._forget()
        owner, interrupt = self._running.get(instance_id, (None, None))
        if interrupt is not None and owner == account_id:
            return interrupt(redirect)
        owner, _ = self._ended.get(instance_id, (None, None))
        is_known = owner == account_id
        return Interruption(InterruptResult.COMPLETED if is_known else InterruptResult.UNKNOWN)

    def _forget(self) -> None:
        too_old = self.clock.now() - REMEMBERED
        while self._ended and next(iter(self._ended.values()))[1] < too_old:
            self._ended.popitem(last=False)
