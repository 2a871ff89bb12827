"""Which attempts are recorded, and by which names what was recorded is known."""

from dataclasses import replace

import pytest

from callwright.domain.callback import (
    Attempt,
    CallbackQueueId,
    CallUuid,
    ExtensionId,
    Task,
    TaskExtras,
    TaskId,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.attempt.recordings import recording_of_attempt, recording_of_call
from callwright.scheduler.history.calls import RecordedSound
from callwright.scheduler.values import Extension

AT = UnixTime(1_800_000_000.0)  # 2027-01-15
UUID = CallUuid("5D0C1B7E9A2F4C6DB3E8F1A2075C9E44")
NAME = f"callback_recordings/2027/01/15/{UUID}.wav"
PHONE = Extension(ExtensionId(7), AccountId(1), "200", "", "", "", False, AT)
TASK = Task(
    TaskId(3),
    AccountId(1),
    CallbackQueueId(2),
    TaskWish("200", "201", ExtensionId(7), AT),
    AT,
    attempts=(Attempt(1, UUID, AT, joined_at=UnixTime(AT + 5)),),
)


@pytest.mark.parametrize(
    ("task_says", "extension_says", "is_recorded"),
    [
        (None, False, False),
        (None, True, True),
        (True, False, True),
        (True, True, True),
        (False, False, False),
        (False, True, False),
    ],
)
def test_the_task_has_the_say_and_else_its_extension(
    task_says: bool | None,  # noqa: FBT001 - columns of the table
    extension_says: bool,  # noqa: FBT001
    is_recorded: bool,  # noqa: FBT001
) -> None:
    task = replace(TASK, wish=replace(TASK.wish, extras=TaskExtras(record=task_says)))
    name = recording_of_attempt(task, replace(PHONE, records_calls=extension_says))
    assert name == (NAME if is_recorded else "")


def test_a_recording_is_of_its_call_and_begins_with_the_join() -> None:
    found = recording_of_call(TASK, TASK.attempts[0], RecordedSound(16_058, 1.0))
    assert (found.call_uuid, found.extension_id, found.filename) == (UUID, 7, NAME)
    assert (found.began_at, found.duration, found.size_bytes) == (AT + 5, 1.0, 16_058)


def test_its_name_is_its_own_and_the_same_again() -> None:
    attempts = TASK.attempts[0], replace(TASK.attempts[0], call_uuid=CallUuid("0" * 32))
    sound = RecordedSound(1, 1.0)
    first, other = (recording_of_call(TASK, one, sound).record_uuid for one in attempts)
    assert first == recording_of_call(TASK, attempts[0], sound).record_uuid
    assert len({first, other, *(one.call_uuid for one in attempts)}) == 4
    assert int(first, 16).to_bytes(16).hex().upper() == first
