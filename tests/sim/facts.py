"""A board that keeps every fact it is told."""

from dataclasses import dataclass, field

from callwright.domain.facts import Fact
from callwright.domain.ids import AccountId, ServiceRef


@dataclass(slots=True)
class FactNotes:
    """A `FactBoard` for tests."""

    told: list[tuple[AccountId, ServiceRef, Fact]] = field(default_factory=list)

    def tell_of(self, account_id: AccountId, ref: ServiceRef, fact: Fact) -> None:
        self.told.append((account_id, ref, fact))
