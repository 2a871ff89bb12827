"""What the records step needs kept."""

from typing import Protocol

from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, InstanceId
from callwright.domain.records import InstanceRecord


class RecordStore(Protocol):
    """Records of ended instances; they are written by the queue when a start is finished."""

    async def read(self, account_id: AccountId, instance_id: InstanceId) -> InstanceRecord | None:
        """Return an account's record of an instance that has ended."""
        ...

    async def is_running(self, account_id: AccountId, instance_id: InstanceId) -> bool:
        """Say whether this is an account's instance that has not ended yet."""
        ...

    async def forget(self, *, stopped_before: UnixTime, limit: int) -> int:
        """Forget up to `limit` records of instances that stopped before; returns how many went."""
        ...
