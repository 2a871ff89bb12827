"""The call history of a front door, over whichever stores it stands before."""

from pathlib import Path
from typing import Final

from callwright.adapters.files.recordings import FolderRecordings
from callwright.queue.ports import QueueStore
from callwright.records.ports import RecordStore
from callwright.scheduler.history.call_history import CallHistory
from callwright.scheduler.history.call_of_attempt import CallsOfAttempts
from callwright.scheduler.history.ports import CallStore
from callwright.scheduler.ports import CallbackQueueStore, CallbackTaskStore

DOMAIN: Final = "sip.example.net"
"""Of extensions."""


def call_history(
    read: tuple[CallStore, CallbackTaskStore, QueueStore],
    made: tuple[CallbackQueueStore, RecordStore],
    media: Path,
) -> CallHistory:
    """Make a call history whose recordings are below this folder."""
    made_of = CallsOfAttempts(*made, FolderRecordings(media), DOMAIN)
    return CallHistory(*read, made_of)
