"""What call history needs kept: calls that outlive their tasks, queues and extensions.

A call and its recording are written by `CallbackTaskStore.end_attempt`, with the end that they tell
of.
"""

from collections.abc import Sequence
from typing import Protocol

from callwright.domain.callback import CallUuid
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.history.calls import (
    Call,
    CallFilter,
    RecordedSound,
    Recording,
    RecordingFilter,
    UnwrittenCall,
)
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

    async def recordings(
        self, account_id: AccountId, wanted: RecordingFilter, page: Page
    ) -> tuple[Sequence[Recording], int]:
        """Return a page of an account's recordings by the time they began, and how many match."""
        ...

    async def recording(self, account_id: AccountId, record_uuid: CallUuid) -> Recording | None:
        """Return a recording, or None."""
        ...

    async def delete_recording(self, account_id: AccountId, record_uuid: CallUuid) -> bool:
        """Forget a recording; False: there is none. Its call stays, and has none from then on."""
        ...


class RecordingFiles(Protocol):
    """The media files of accounts, as far as they are recordings."""

    async def recorded(self, account_id: AccountId, name: str) -> RecordedSound | None:
        """Measure a recording that nobody writes to any more, and complete one that was cut.

        None: there is none here, it holds no sound, or it cannot be read.
        """
        ...
