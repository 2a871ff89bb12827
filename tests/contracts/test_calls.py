"""The contract of the store of calls: written with their end, found for longer than their tasks."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Final

import pytest

from callwright.domain.callback import AttemptOutcome, CallUuid, ExtensionId, Task
from callwright.domain.causes import HangupCause
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.history.calls import (
    Call,
    CallFilter,
    CallPart,
    Disposition,
    Party,
    UnwrittenCall,
)
from callwright.scheduler.values import Page, Removal
from tests.contracts.callback_stores import NOW, CallbackStores, kept_call, wish
from tests.contracts.test_callback_tasks import ALL, LATER, added, begin, end, uuid

Run = Callable[[Coroutine[object, object, None]], None]

WHOLE: Final = CallFilter(NOW, LATER)
PARTS: Final = (
    CallPart(
        callee=Party("+37120000001", None),
        initiated_at=NOW,
        connected_at=None,
        hung_up_at=LATER,
        joined=0.0,
        caller_id="37120000009",
        cause=HangupCause.BUSY,
        is_elsewhere=False,
        disposition=Disposition.CALLEE_REFUSE,
    ),
)


def shown(call: Call | UnwrittenCall) -> CallUuid:
    return call.attempt.call_uuid if isinstance(call, UnwrittenCall) else call.call_uuid


async def ended(stores: CallbackStores, task: Task, **changes: Any) -> Call:
    """Have an attempt of a task begin and end; returns its call."""
    await stores.tasks.begin_attempts([begin(task)])
    call = replace(kept_call(task, uuid(task), AttemptOutcome.JOINED, ended_at=LATER), **changes)
    assert await stores.tasks.end_attempt(replace(end(task, AttemptOutcome.JOINED), call=call))
    return call


def test_a_call_is_kept_as_it_was_and_is_nobody_elses(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        (task,) = await added(callback_stores)
        call = await ended(callback_stores, task, parts=PARTS, extension_number=None)
        kept = callback_stores.calls
        assert await kept.call(task.account_id, call.call_uuid) == call
        assert await kept.call(AccountId(task.account_id + 1), call.call_uuid) is None
        assert await kept.call(task.account_id, CallUuid("0" * 32)) is None

    run(scenario())


def test_a_call_is_written_with_the_end_of_its_attempt_and_once(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        (task,) = await added(callback_stores)
        await callback_stores.tasks.begin_attempts([begin(task)])
        kept, of = callback_stores.calls, (task.account_id, uuid(task))
        assert await kept.call(*of) is None
        (going_on,) = await kept.calls(task.account_id, WHOLE, ALL)
        assert isinstance(going_on, UnwrittenCall)
        assert (going_on.task.task_id, going_on.attempt.number) == (task.task_id, 1)
        once = end(task, AttemptOutcome.B_BUSY)
        assert await callback_stores.tasks.end_attempt(once) is True
        again = replace(once, call=replace(once.call, a_name="x"))
        assert await callback_stores.tasks.end_attempt(again) is False
        assert await kept.call(*of) == once.call
        assert await kept.calls(task.account_id, WHOLE, ALL) == [once.call]

    run(scenario())


@pytest.mark.parametrize("is_queue_deleted", [False, True])
def test_a_call_outlives_its_task_and_its_queue(
    callback_stores: CallbackStores,
    run: Run,
    is_queue_deleted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async def scenario() -> None:
        stores = callback_stores
        (task,) = await added(stores)
        call = await ended(stores, task)
        of = task.account_id, task.queue_id
        if is_queue_deleted:
            assert await stores.queues.delete_queue(*of) is True
        else:
            assert await stores.tasks.delete_task(*of, task.task_id) is Removal.REMOVED
        assert await stores.tasks.task_of_call(task.account_id, call.call_uuid) is None
        assert await stores.calls.call(task.account_id, call.call_uuid) == call
        assert await stores.calls.calls(task.account_id, WHOLE, ALL) == [call]

    run(scenario())


def test_the_call_of_a_queue_that_was_deleted_meanwhile_is_kept(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        stores = callback_stores
        (task,) = await added(stores)
        await stores.tasks.begin_attempts([begin(task)])
        await stores.queues.delete_queue(task.account_id, task.queue_id)
        assert len(await stores.calls.calls(task.account_id, WHOLE, ALL)) == 1
        last = end(task, AttemptOutcome.B_BUSY)
        assert await stores.tasks.end_attempt(last) is True
        assert await stores.tasks.task_of_call(task.account_id, uuid(task)) is None
        assert await stores.calls.calls(task.account_id, WHOLE, ALL) == [last.call]

    run(scenario())


def test_calls_with_and_without_record_are_one_list(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def scenario() -> None:
        first, second, third = await added(
            callback_stores, wish(), wish(b_number="206", extension_id=ExtensionId(9)), wish()
        )
        store = callback_stores.tasks
        assert await store.begin_attempts([begin(first), begin(second), begin(third)])
        await store.end_attempt(end(first, AttemptOutcome.JOINED))
        await store.end_attempt(end(third, AttemptOutcome.JOINED))

        async def found(wanted: CallFilter, page: Page = ALL) -> list[CallUuid]:
            calls = await callback_stores.calls.calls(first.account_id, wanted, page)
            return [shown(call) for call in calls]

        one, two, three = uuid(first), uuid(second), uuid(third)
        assert await found(WHOLE) == [one, two, three]
        assert await found(WHOLE, Page(1, 1)) == [two]
        assert await found(WHOLE, Page(2, 1)) == [two, three]
        assert await found(WHOLE, Page(9, descending=True)) == [three, two, one]
        assert await found(CallFilter(LATER, UnixTime(LATER + 1))) == []
        assert await found(CallFilter(UnixTime(0), NOW)) == []
        assert await found(replace(WHOLE, extension_id=ExtensionId(9))) == [two]
        assert await found(replace(WHOLE, b_number="206")) == [two]
        assert await found(replace(WHOLE, b_number=first.wish.b_number)) == [one, three]
        other = AccountId(first.account_id + 1)
        assert await callback_stores.calls.calls(other, WHOLE, ALL) == []

    run(scenario())


def test_old_calls_are_forgotten_in_portions(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        stores = callback_stores
        tasks = await added(stores, *[wish()] * 4)
        calls = [
            await ended(stores, task, ended_at=UnixTime(LATER + n)) for n, task in enumerate(tasks)
        ]
        forget, before = stores.calls.forget_calls, UnixTime(LATER + 3)
        assert await forget(ended_before=before, limit=2) == 2
        left = await stores.calls.calls(tasks[0].account_id, WHOLE, ALL)
        assert left == calls[2:]
        assert await forget(ended_before=before, limit=2) == 1
        assert await forget(ended_before=before, limit=2) == 0
        assert await stores.calls.calls(tasks[0].account_id, WHOLE, ALL) == calls[3:]

    run(scenario())
