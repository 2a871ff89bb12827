"""The contract of the store of calls for recordings: found by themselves and by their calls."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Final

from callwright.domain.callback import AttemptOutcome, CallUuid, ExtensionId, Task
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.history.calls import Call, CallFilter, Recording, RecordingFilter
from callwright.scheduler.values import Extension, Page
from tests.contracts.callback_stores import NOW, CallbackStores, wish
from tests.contracts.test_callback_tasks import ALL, LATER, added, begin, end, uuid

Run = Callable[[Coroutine[object, object, None]], None]

WHOLE: Final = RecordingFilter(NOW, LATER)


def recording_of(task: Task, **changes: object) -> Recording:
    fields: dict[str, object] = {
        "record_uuid": CallUuid(f"{task.task_id:032X}"),
        "account_id": task.account_id,
        "call_uuid": uuid(task),
        "extension_id": task.wish.extension_id,
        "began_at": NOW,
        "filename": "callback_recordings/2027-01-15/1.wav",
        "size_bytes": 58 + 2**33,
        "duration": 2.5,
    }
    return Recording(**(fields | changes))  # type: ignore[arg-type]  # the tests name the fields


async def recorded(stores: CallbackStores, task: Task, **changes: object) -> Call:
    """Have an attempt of a task begin and end with a recording; returns its call."""
    await stores.tasks.begin_attempts([begin(task)])
    over = end(task, AttemptOutcome.JOINED)
    call = replace(over.call, recording=recording_of(task, **changes))
    assert await stores.tasks.end_attempt(replace(over, call=call))
    return call


def test_a_recording_is_found_by_itself_and_by_its_call(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        (task,) = await added(callback_stores)
        call, kept = await recorded(callback_stores, task), callback_stores.calls
        assert call.recording is not None
        of = task.account_id, call.recording.record_uuid
        other = AccountId(task.account_id + 1)
        assert await kept.recording(*of) == call.recording
        assert await kept.recording(other, call.recording.record_uuid) is None
        assert await kept.call(task.account_id, call.call_uuid) == call
        assert await kept.calls(task.account_id, CallFilter(NOW, LATER), ALL) == [call]

    run(scenario())


def test_a_deleted_recording_leaves_its_call(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        (task,) = await added(callback_stores)
        call, kept = await recorded(callback_stores, task), callback_stores.calls
        assert call.recording is not None
        of = task.account_id, call.recording.record_uuid
        other = AccountId(task.account_id + 1)
        assert await kept.delete_recording(other, call.recording.record_uuid) is False
        assert await kept.delete_recording(*of) is True
        assert await kept.delete_recording(*of) is False
        assert await kept.recording(*of) is None
        assert await kept.call(task.account_id, call.call_uuid) == replace(call, recording=None)

    run(scenario())


def test_a_recording_outlives_its_call(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        (task,) = await added(callback_stores)
        call = await recorded(callback_stores, task)
        assert await callback_stores.calls.forget_calls(ended_before=UnixTime(9e9), limit=9) == 1
        found = await callback_stores.calls.recordings(task.account_id, WHOLE, ALL)
        assert found == ([call.recording], 1)

    run(scenario())


def test_recordings_are_listed_by_when_they_began(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        tasks = await added(callback_stores, wish(), wish(extension_id=ExtensionId(9)), wish())
        one, two, three = [
            (await recorded(callback_stores, task, began_at=UnixTime(NOW + 2 - n))).recording
            for n, task in enumerate(tasks)
        ]
        account_id = tasks[0].account_id

        async def found(
            wanted: RecordingFilter, page: Page = ALL
        ) -> tuple[list[Recording | None], int]:
            listed, count = await callback_stores.calls.recordings(account_id, wanted, page)
            return list(listed), count

        assert await found(WHOLE) == ([three, two, one], 3)
        assert await found(WHOLE, Page(9, descending=True)) == ([one, two, three], 3)
        assert await found(WHOLE, Page(1, 1)) == ([two], 3)
        assert await found(replace(WHOLE, start=UnixTime(NOW + 1))) == ([two, one], 2)
        assert await found(replace(WHOLE, end=UnixTime(NOW + 1))) == ([three], 1)
        assert await found(replace(WHOLE, extension_id=ExtensionId(9))) == ([two], 1)
        other = AccountId(account_id + 1)
        assert await callback_stores.calls.recordings(other, WHOLE, ALL) == ([], 0)

    run(scenario())


def test_an_extension_keeps_whether_its_callbacks_are_recorded(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        queues, account_id = callback_stores.queues, await callback_stores.account()
        plain = Extension(ExtensionId(0), account_id, "200", "", "", "", False, NOW)
        for number, records in (("200", False), ("201", True)):
            added_one = await queues.add_extension(
                replace(plain, number=number, records_calls=records)
            )
            assert added_one is not None
            assert added_one.records_calls is records
            assert await queues.extension(account_id, added_one.extension_id) == added_one
            changed = replace(added_one, records_calls=not records)
            assert await queues.change_extension(changed) is True
            assert await queues.extension_by_number(account_id, number) == changed

    run(scenario())
