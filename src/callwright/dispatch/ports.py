"""What the dispatcher needs kept: who dispatches for whom, and which calls came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from callwright.domain.clock import UnixTime
from callwright.domain.facts import CallAnswered, CallOver, CallPlaced, InstanceStarted
from callwright.domain.ids import AccountId, InstanceId, ServiceRef
from callwright.domain.records import InstanceRecord
from callwright.engine.trunk import TrunkClaim

SHARDS: Final = 256
"""Accounts are dealt out to nodes in this many parts: enough for some dozen nodes to have equal
shares, few enough to renew in one statement."""


def shard_of(account_id: AccountId) -> int:
    """Say which part an account is in, 0 to 255: its limits are kept by that part's one owner."""
    return account_id % SHARDS


@dataclass(frozen=True, slots=True)
class Tenure:
    """What a node may do for now."""

    shards: frozenset[int]
    """It dispatches for accounts in these, and nobody else does."""
    nodes: int
    """How many nodes are alive, this one included; a trunk's limits are divided by it."""
    lasts: float
    """Seconds from the request on; nothing may be claimed after that without another renewal."""
    rank: int = 0
    """How many of the others began before this one."""
    taken: frozenset[int] = frozenset()
    """Of the shards, those that may have been another node's until now."""
    trunk_starts: int = 0
    """Whole starts in the trunk's window that are this node's alone."""
    trunk_kept: int = 0
    """Of these, or of more, so many were this node's without a gap; the others may have been used
    by somebody else until now."""


NO_MAXIMUM: Final = TrunkClaim()
"""Of a trunk that takes what the accounts may start."""


class Leases(Protocol):
    """Nodes' lives and their shares of the accounts.

    One node alone has everything for ever. Several nodes renew every few seconds; one that does
    not is dead to the others, who share out what it had and settle what it held.
    """

    async def renew(self, claim: TrunkClaim = NO_MAXIMUM) -> Tenure:
        """Say that this node lives, and what it uses of the trunk.

        It takes free shards up to its share and gives back those above it; of the trunk's starts
        likewise, but what it is to give up is still its own until it says that it uses less.
        """
        ...

    async def resign(self) -> None:
        """Give everything back: this node dispatches no more."""
        ...


@dataclass(frozen=True, slots=True)
class Beginning:
    """How an instance on a call that came in began: enough for an honest record after a crash."""

    started: InstanceStarted
    placed: CallPlaced


@dataclass(frozen=True, slots=True)
class InboundIntent:
    """Written before a call that came in is rung: from here on there will be a record."""

    account_id: AccountId
    ref: ServiceRef
    beginning: Beginning

    @property
    def instance_id(self) -> InstanceId:
        """The instance that runs on it."""
        return self.beginning.started.instance_id


@dataclass(frozen=True, slots=True)
class InterruptedInbound:
    """An instance whose node died before it wrote the record."""

    intent: InboundIntent
    answered_at: UnixTime | None


SecondaryFact = CallPlaced | CallAnswered | CallOver
"""What a record has to tell of a secondary call."""


class SecondaryNotes(Protocol):
    """What is known of the secondary calls of instances that run, for the record if we die now.

    The record of an instance takes the place of its notes.
    """

    async def note(self, instance_id: InstanceId, fact: SecondaryFact) -> None:
        """Write down what happened; durable when it returns. Repeating it does no harm."""
        ...

    async def read(self, instance_id: InstanceId) -> Sequence[SecondaryFact]:
        """Return what was written down of an instance that has no record, as it happened."""
        ...


class InboundStore(Protocol):
    """Instances on calls that came in, from their first moment to their record.

    Every change is durable when it returns. Repeating one that may have happened does no harm.
    """

    async def begin(self, intent: InboundIntent) -> None:
        """Write down that an instance is there; it is this node's."""
        ...

    async def answered(self, instance_id: InstanceId, *, at: UnixTime) -> None:
        """Note when the call was answered, for the record if we die now."""
        ...

    async def finish(self, record: InstanceRecord) -> None:
        """Write the record of an instance of ours, and forget that it runs, both or neither.

        Raises:
            LeaseLost: another node took this one for dead and wrote the record.

        """
        ...

    async def settle_dead(self) -> Sequence[InterruptedInbound]:
        """Take over what dead nodes had; the caller finishes each with an honest record."""
        ...
