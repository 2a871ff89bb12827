"""Queues, calling windows and extensions of callbacks, on every kind of store."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import date, time
from typing import Any

from callwright.domain.callback import CallbackQueue, CallbackQueueId, ExtensionId, IntervalId
from callwright.domain.calling_window import CallingWindow, Rota, WindowCondition
from callwright.domain.ids import AccountId
from callwright.scheduler.values import Extension, Page, QueueChange, Removal
from callwright.services.ports import ServiceKind
from tests.contracts.callback_stores import (
    NOW,
    CallbackStores,
    wish,
)

Run = Callable[[Coroutine[object, object, object]], Any]


def test_a_queue_is_kept_as_it_was_made(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        queues = callback_stores.queues
        bob, eve = await callback_stores.account(), await callback_stores.account("eve@example.com")
        asked = CallbackQueue(CallbackQueueId(0), bob, "invoices ☎", "spring", False, 4, None, NOW)
        added = await queues.add_queue(asked, most=2)
        assert added is not None
        assert added == replace(asked, queue_id=added.queue_id)
        assert await queues.queue(bob, added.queue_id) == added
        assert await queues.queue(eve, added.queue_id) is None
        assert await queues.add_queue(asked, most=2) is not None
        assert await queues.add_queue(asked, most=2) is None
        assert await callback_stores.services.of_account(bob) == []
        hidden = await callback_stores.services.of_account(bob, kind=ServiceKind.CALLBACK)
        assert len(hidden) == 2

    run(scenario())


def test_a_queue_changes_field_by_field(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        queues = callback_stores.queues
        bob = await callback_stores.account()
        queue_id = await callback_stores.queue(bob, is_on=False)
        window = await queues.add_window(
            CallingWindow(IntervalId(0), bob, "always", "UTC", (WindowCondition(),))
        )
        first = await queues.queue(bob, queue_id)
        assert first is not None
        for change, expected in (
            (QueueChange(name="new"), replace(first, name="new")),
            (QueueChange(comment="c"), replace(first, name="new", comment="c")),
            (QueueChange(is_on=True), replace(first, name="new", comment="c", is_on=True)),
        ):
            assert await queues.change_queue(bob, queue_id, change) == expected
        change = QueueChange(concurrent_task_limit=9, interval=(window.interval_id,))
        changed = await queues.change_queue(bob, queue_id, change)
        assert changed is not None
        assert (changed.concurrent_task_limit, changed.interval_id) == (9, window.interval_id)
        assert await queues.delete_window(bob, window.interval_id) is Removal.IN_USE
        without = await queues.change_queue(bob, queue_id, QueueChange(interval=(None,)))
        assert without is not None
        assert without.interval_id is None
        eve = await callback_stores.account("eve@example.com")
        assert await queues.change_queue(eve, queue_id, QueueChange(name="x")) is None

    run(scenario())


def test_queues_are_listed_in_pages(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        queues = callback_stores.queues
        bob = await callback_stores.account()
        ids = [await callback_stores.queue(bob, is_on=n % 2 == 0, name=f"q{n}") for n in range(5)]

        async def listed(page: Page, **wanted: Any) -> tuple[list[CallbackQueueId], int]:
            filters = {"is_on": None, "name": None} | wanted
            found, count = await queues.queues(bob, page, **filters)
            return [queue.queue_id for queue in found], count

        assert await listed(Page(2)) == (ids[:2], 5)
        assert await listed(Page(2, 4)) == (ids[4:], 5)
        assert await listed(Page(2, descending=True)) == (ids[:2:-1], 5)
        assert await listed(Page(9), is_on=True) == (ids[::2], 3)
        assert await listed(Page(9), name="q3") == (ids[3:4], 1)
        assert await listed(Page(9), name="q3", is_on=True) == ([], 0)

    run(scenario())


def test_a_deleted_queue_takes_its_tasks_along(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        queues = callback_stores.queues
        bob = await callback_stores.account()
        queue_id = await callback_stores.queue(bob)
        tasks = await callback_stores.tasks.add_tasks(bob, queue_id, [wish()], at=NOW)
        assert tasks is not None
        assert await queues.delete_queue(AccountId(bob + 1), queue_id) is False
        assert await queues.delete_queue(bob, queue_id) is True
        assert await queues.delete_queue(bob, queue_id) is False
        assert await queues.queue(bob, queue_id) is None
        assert await callback_stores.tasks.task(bob, queue_id, tasks[0].task_id) is None
        assert await callback_stores.tasks.add_tasks(bob, queue_id, [wish()], at=NOW) is None
        new = await callback_stores.queue(bob)
        assert new != queue_id

    run(scenario())


def test_windows(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        queues = callback_stores.queues
        bob, eve = await callback_stores.account(), await callback_stores.account("eve@example.com")
        conditions = (
            WindowCondition(days_of_week=(2, 6), times=(time(9), time(17, 30))),
            WindowCondition(rota=Rota(date(2026, 3, 1), 2, 1)),
        )
        asked = CallingWindow(IntervalId(0), bob, "office", "Europe/Riga", conditions)
        window = await queues.add_window(asked)
        assert await queues.window(bob, window.interval_id) == window
        assert await queues.window(eve, window.interval_id) is None
        changed = replace(window, name="closed", conditions=())
        assert await queues.change_window(changed) is True
        assert await queues.change_window(replace(changed, account_id=eve)) is False
        assert await queues.windows(bob) == [changed]
        assert await queues.delete_window(eve, window.interval_id) is Removal.NOT_FOUND
        assert await queues.delete_window(bob, window.interval_id) is Removal.REMOVED
        assert await queues.windows(bob) == []

    run(scenario())


def test_extensions(callback_stores: CallbackStores, run: Run) -> None:
    async def scenario() -> None:
        queues = callback_stores.queues
        bob, eve = await callback_stores.account(), await callback_stores.account("eve@example.com")
        asked = Extension(
            ExtensionId(0), bob, "200", "Desk", "Bob", "371200", False, NOW, "sip:bob@example.com"
        )
        desk = await queues.add_extension(asked)
        assert desk is not None
        assert await queues.add_extension(asked) is None
        other = await queues.add_extension(replace(asked, number="201"))
        assert other is not None
        of_eve = await queues.add_extension(replace(asked, account_id=eve))
        assert of_eve is not None
        assert await queues.extension(bob, desk.extension_id) == desk
        assert await queues.extension(eve, desk.extension_id) is None
        assert await queues.extension_by_number(bob, "201") == other
        assert await queues.extensions(bob, Page(1, 1)) == ([other], 2)
        blocked = replace(desk, is_blocked=True, label="Blocked")
        assert await queues.change_extension(blocked) is True
        assert await queues.change_extension(replace(blocked, number="201")) is False
        assert await queues.extension(bob, desk.extension_id) == blocked
        assert await queues.delete_extension(eve, desk.extension_id) is False
        assert await queues.delete_extension(bob, desk.extension_id) is True
        assert await queues.extension(bob, desk.extension_id) is None

    run(scenario())
