"""The facts of one invocation: remembered for its record, and shown to whoever watches.

Its end is shown only once it is on disk: whoever sees the last fact can ask for the record.
"""

from dataclasses import dataclass, field
from typing import Protocol

from callwright.domain.clock import UnixTime
from callwright.domain.facts import (
    CallAnswered,
    CallOver,
    CallPlaced,
    Fact,
    FactBoard,
    InstanceStopped,
    StartRefused,
)
from callwright.domain.ids import AccountId, CallId, ServiceRef
from callwright.domain.records import PRIMARY_CHANNEL, InstanceRecord
from callwright.records.ledger import Ledger
from callwright.records.tariff import Tariff


class Milestones(Protocol):
    """Who is told at once of what matters to more than the record, of the primary call alone."""

    def answered(self, at: UnixTime) -> None:
        """The call was answered: worth writing down now, for a crash would forget it."""
        ...

    def call_over(self) -> None:
        """The call is over and its channel free, though pages may still be asked."""
        ...


@dataclass(slots=True)
class FactLog:
    """A `FactSink` for one start, or one call that came in."""

    account_id: AccountId
    ref: ServiceRef
    board: FactBoard
    milestones: Milestones
    facts: list[Fact] = field(default_factory=list)
    _primary: CallId | None = None
    _end: InstanceStopped | StartRefused | None = None

    def tell(self, fact: Fact) -> None:
        """Keep the fact, and pass it on unless it is the end."""
        self.facts.append(fact)
        self._pass_milestones(fact)
        if isinstance(fact, InstanceStopped | StartRefused):
            self._end = fact
        else:
            self.board.tell_of(self.account_id, self.ref, fact)

    def _pass_milestones(self, fact: Fact) -> None:
        match fact:
            case CallPlaced(call_id=call_id, channel_type=channel_type):
                if channel_type == PRIMARY_CHANNEL:
                    self._primary = call_id
            case CallAnswered(at=at, call_id=call_id) if call_id == self._primary:
                self.milestones.answered(at)
            case CallOver(call_id=call_id) if call_id == self._primary:
                self.milestones.call_over()
            case _:
                pass

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
