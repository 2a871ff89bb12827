"""Recordings of callbacks: which attempts have one, and by which names it is known.

They follow from the call's, so that whoever settles an attempt after a crash finds what was
recorded until then.
"""

import hashlib
from datetime import UTC, datetime

from callwright.domain.callback import Attempt, CallUuid, Task
from callwright.scheduler.history.calls import RecordedSound, Recording
from callwright.scheduler.values import Extension


def recording_of_attempt(task: Task, extension: Extension) -> str:
    """Name the media file of the newest attempt's recording; empty: it is not recorded."""
    wished = task.wish.extras.record
    is_recorded = extension.records_calls if wished is None else wished
    return recording_name(task.attempts[-1]) if is_recorded and task.attempts else ""


def recording_name(attempt: Attempt) -> str:
    """Name the media file of an attempt's recording."""
    day = datetime.fromtimestamp(attempt.started_at, tz=UTC).strftime("%Y/%m/%d")
    return f"callback_recordings/{day}/{attempt.call_uuid}.wav"


def recording_of_call(task: Task, attempt: Attempt, sound: RecordedSound) -> Recording:
    """Return what is kept of an attempt's recording."""
    return Recording(
        record_uuid=record_uuid_of(attempt.call_uuid),
        account_id=task.account_id,
        call_uuid=attempt.call_uuid,
        extension_id=task.wish.extension_id,
        began_at=attempt.started_at if attempt.joined_at is None else attempt.joined_at,
        filename=recording_name(attempt),
        size_bytes=sound.size_bytes,
        duration=sound.duration,
    )


def record_uuid_of(call_uuid: CallUuid) -> CallUuid:
    """Name the recording of a call, if it has one."""
    digest = hashlib.blake2s(f"recording {call_uuid}".encode(), digest_size=16)
    return CallUuid(digest.hexdigest().upper())
