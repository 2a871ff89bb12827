"""What call history needs kept: calls that outlive their tasks, queues and extensions.

A call is written by `CallbackTaskStore.end_attempt`, with the end that it tells of.
"""

from collections.abc import Sequence
from typing import Protocol

from callwright.domain.callback import CallUuid
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.calls import Call, CallFilter, UnwrittenCall
from callwright.scheduler.values import Page


class CallStore(Protocol):
    """The calls of accounts. What is another account's is not found."""

    async def call(self, account_id: AccountId, call_uuid: CallUuid) -> Call | None:
        """Return the record of a call that has ended, or None."""
        ...

    async def calls(
        self, account_id: AccountId, wanted: CallFilter, page: Page
    ) -> Sequence[Call | UnwrittenCall]:
        """Return a page of an account's calls by the time they began, with or without record."""
        ...

    async def forget_calls(self, *, ended_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` records of calls that ended before; returns how many went."""
        ...
