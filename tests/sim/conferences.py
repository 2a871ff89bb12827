"""Reserved conferences for tests of those who come in: none, or what the test says."""

from dataclasses import dataclass, field

from callwright.conferences.registry import Admission
from callwright.domain.conference import UNRESERVED
from callwright.domain.ids import AccountId


@dataclass(slots=True)
class Admissions:
    """Implements `dispatch.invocation.Admissions`; a room that is not named is anybody's."""

    of: dict[str, Admission] = field(default_factory=dict)

    async def admission(self, account_id: AccountId, name: str) -> Admission:
        del account_id
        return self.of.get(name, Admission(UNRESERVED))
