"""The facts of one invocation: remembered for its record, and shown to whoever watches."""

from dataclasses import dataclass, field

from callwright.domain.facts import Fact, FactBoard
from callwright.domain.ids import AccountId, ServiceRef
from callwright.domain.records import InstanceRecord
from callwright.records.ledger import Ledger
from callwright.records.tariff import Tariff


@dataclass(slots=True)
class FactLog:
    """A `FactSink` for one start."""

    account_id: AccountId
    ref: ServiceRef
    board: FactBoard
    facts: list[Fact] = field(default_factory=list)

    def tell(self, fact: Fact) -> None:
        """Keep the fact, and pass it on."""
        self.facts.append(fact)
        self.board.tell_of(self.account_id, self.ref, fact)

    def record(self, tariff: Tariff) -> InstanceRecord:
        """Make the record of an instance that has begun and ended."""
        ledger = Ledger(self.ref)
        for fact in self.facts:
            ledger.tell(fact)
        return ledger.record(tariff)
