"""The facts of one invocation: remembered for its record, and shown to whoever watches.

Its end is shown only once it is on disk: whoever sees the last fact can ask for the record.
"""

from dataclasses import dataclass, field
from typing import Protocol

from callwright.domain.clock import UnixTime
from callwright.domain.facts import (
    CallAnswered,
    CallOver,
    Fact,
    FactBoard,
    InstanceStopped,
    StartRefused,
)
from callwright.domain.ids import AccountId, ServiceRef
from callwright.domain.records import InstanceRecord
from callwright.records.ledger import Ledger
from callwright.records.tariff import Tariff


class Milestones(Protocol):
    """Who is told at once of what matters to more than the record."""

    def answered(self, at: UnixTime) -> None:
        """The call was answered: worth writing down now, for a crash would forget it."""
        ...

    def call_over(self) -> None:
        """The call is over and its channel free, though pages may still be asked."""
        ...


@dataclass(slots=True)
class FactLog:
    """A `FactSink` for one start."""

    account_id: AccountId
    ref: ServiceRef
    board: FactBoard
    milestones: Milestones
    facts: list[Fact] = field(default_factory=list)
    _end: InstanceStopped | StartRefused | None = None

    def tell(self, fact: Fact) -> None:
        """Keep the fact, and pass it on unless it is the end."""
        self.facts.append(fact)
        if isinstance(fact, CallAnswered):
            self.milestones.answered(fact.at)
        elif isinstance(fact, CallOver):
            self.milestones.call_over()
        if isinstance(fact, InstanceStopped | StartRefused):
            self._end = fact
        else:
            self.board.tell_of(self.account_id, self.ref, fact)

    def end_is_on_disk(self) -> None:
        """Pass the end on."""
        if self._end is not None:
            self.board.tell_of(self.account_id, self.ref, self._end)

    def record(self, tariff: Tariff) -> InstanceRecord:
        """Make the record of an instance that has begun and ended."""
        ledger = Ledger(self.ref)
        for fact in self.facts:
            ledger.tell(fact)
        return ledger.record(tariff)
