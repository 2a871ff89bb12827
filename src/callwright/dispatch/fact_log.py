"""The facts of one invocation: remembered for its record, and shown to whoever watches."""

from dataclasses import dataclass, field

from callwright.domain.facts import Fact, FactBoard
from callwright.domain.ids import AccountId, ServiceRef


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
