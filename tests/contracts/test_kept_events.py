"""Events that wait and events that nobody took: listed, sent again, forgotten."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

from callwright.domain.callback import Attempt, CallbackEvent, CallUuid, EventUrls, Task
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.events import event_of
from callwright.scheduler.values import AttemptBegin, Page
from callwright.scheduler.webhooks.values import EventState, TryResult
from tests.contracts.callback_stores import NOW, CallbackStores, wish

Run = Callable[[Coroutine[object, object, object]], Any]

ALL_SHARDS: Final = frozenset(range(256))
HOOK: Final = "https://crm.example.net/hook"
REFUSED: Final = TryResult(500, "")
SILENT: Final = TryResult(None, "no answer within 10 s")
KINDS: Final = (CallbackEvent.BEFORE, CallbackEvent.SUCCESS, CallbackEvent.AFTER)


def later(seconds: float) -> UnixTime:
    return UnixTime(NOW + seconds)


async def written(
    stores: CallbackStores, account_id: AccountId, kinds: Sequence[CallbackEvent] = KINDS
) -> list[str]:
    """Write events of a new task; return their ids."""
    queue_id = await stores.queue(account_id)
    wanted = [wish(urls=EventUrls(before=HOOK, success=HOOK, after=HOOK))]
    tasks: Sequence[Task] | None = await stores.tasks.add_tasks(
        account_id, queue_id, wanted, at=NOW
    )
    assert tasks is not None
    (task,) = tasks
    attempt = Attempt(1, CallUuid(f"{task.task_id:032X}"), NOW)
    events = [one for kind in kinds for one in event_of(task, kind, attempt, at=NOW)]
    await stores.tasks.begin_attempts([AttemptBegin(task.task_id, attempt, tuple(events))])
    return [one.event_id for one in events]


async def waiting(stores: CallbackStores, at: UnixTime) -> list[tuple[str, int]]:
    """Return what would be sent now, and how often it was tried."""
    found = await stores.outbox.waiting_events(ALL_SHARDS, at=at, limit=100)
    return [(one.event.event_id, one.tries) for one in found]


async def listed(
    stores: CallbackStores, account_id: AccountId, state: EventState | None = None
) -> list[str]:
    """Return the ids of a list, which is whole."""
    found, count = await stores.shelf.kept_events(account_id, state, Page(100))
    assert len(found) == count
    return [one.event_id for one in found]


def test_a_list_says_what_became_of_each_event(callback_stores: CallbackStores, run: Run) -> None:
    async def story() -> None:
        stores = callback_stores
        bob, eve = await stores.account(), await stores.account("eve@example.com")
        before, success, after = await written(stores, bob)
        await written(stores, eve)
        await stores.outbox.event_put_off(before, until=later(10), failure=SILENT)
        await stores.outbox.event_put_off(before, until=later(70), failure=REFUSED)
        await stores.outbox.event_given_up(before, at=later(80), failure=SILENT)
        await stores.outbox.event_put_off(success, until=later(90), failure=REFUSED)

        found, count = await stores.shelf.kept_events(bob, None, Page(100))
        assert count == 3
        assert [(one.event_id, one.event, one.url, one.at) for one in found] == [
            (event_id, kind, HOOK, NOW)
            for event_id, kind in zip((before, success, after), KINDS, strict=True)
        ]
        assert [(one.state, one.tries, one.last_failure) for one in found] == [
            (EventState.GIVEN_UP, 3, SILENT),
            (EventState.WAITING, 1, REFUSED),
            (EventState.WAITING, 0, None),
        ]
        assert found[0].given_up_at == later(80)
        assert [one.next_at for one in found[1:]] == [later(90)] * 2
        assert len({one.task_id for one in found}) == 1

        assert await listed(stores, bob, EventState.WAITING) == [success, after]
        assert await listed(stores, bob, EventState.GIVEN_UP) == [before]
        page, count = await stores.shelf.kept_events(bob, None, Page(1, 1, descending=True))
        assert ([one.event_id for one in page], count) == ([success], 3)

    run(story())


def test_what_is_given_up_holds_nothing_back(callback_stores: CallbackStores, run: Run) -> None:
    async def story() -> None:
        stores = callback_stores
        before, success, _ = await written(stores, await stores.account())
        assert await waiting(stores, NOW) == [(before, 0)]
        await stores.outbox.event_given_up(before, at=NOW, failure=REFUSED)
        assert await waiting(stores, NOW) == [(success, 0)]
        # Nor does putting the next one off bring it back.
        await stores.outbox.event_put_off(success, until=later(10), failure=REFUSED)
        assert await waiting(stores, later(9)) == []
        assert await waiting(stores, later(10)) == [(success, 1)]

    run(story())


def test_an_event_that_was_given_up_is_sent_again(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def story() -> None:
        stores = callback_stores
        bob, eve = await stores.account(), await stores.account("eve@example.com")
        before, success, after = await written(stores, bob)
        await stores.outbox.event_put_off(before, until=later(10), failure=SILENT)
        await stores.outbox.event_given_up(before, at=later(10), failure=SILENT)
        await stores.outbox.event_told(success)

        assert await stores.shelf.redeliver(eve, before, at=later(20)) is None
        assert await stores.shelf.redeliver(bob, "evt_0", at=later(20)) is None
        again = await stores.shelf.redeliver(bob, before, at=later(20))
        assert again is not None
        assert (again.event_id, again.state, again.tries, again.next_at, again.last_failure) == (
            before,
            EventState.WAITING,
            0,
            later(20),
            SILENT,
        )
        # What of its task has not been told yet comes after it.
        assert await waiting(stores, later(20)) == [(before, 0)]
        await stores.outbox.event_told(before)
        assert await waiting(stores, later(20)) == [(after, 0)]

    run(story())


def test_an_event_that_waits_is_tried_at_once_after_those_before_it(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def story() -> None:
        stores = callback_stores
        bob = await stores.account()
        before, success, _ = await written(stores, bob)
        await stores.outbox.event_put_off(before, until=later(3600), failure=REFUSED)
        assert await waiting(stores, later(60)) == []
        again = await stores.shelf.redeliver(bob, success, at=later(60))
        assert again is not None
        assert await waiting(stores, later(60)) == [(before, 1)]
        await stores.outbox.event_told(before)
        assert await waiting(stores, later(60)) == [(success, 0)]

    run(story())


def test_all_that_was_given_up_is_sent_again_in_portions(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def story() -> None:
        stores = callback_stores
        bob, eve = await stores.account(), await stores.account("eve@example.com")
        ids = [(await written(stores, bob, KINDS[:1]))[0] for _ in range(5)]
        (others,) = await written(stores, eve, KINDS[:1])
        for number, event_id in enumerate([*ids, others]):
            await stores.outbox.event_given_up(event_id, at=later(number), failure=REFUSED)

        shelf = stores.shelf
        assert await shelf.redeliver_given_up(bob, at=later(3), limit=3) == 3
        assert await shelf.redeliver_given_up(bob, at=later(3), limit=3) == 1
        assert await shelf.redeliver_given_up(bob, at=later(3), limit=3) == 0
        assert await listed(stores, bob, EventState.GIVEN_UP) == ids[4:]
        assert await listed(stores, eve, EventState.GIVEN_UP) == [others]
        assert await waiting(stores, later(3)) == [(event_id, 0) for event_id in ids[:4]]

    run(story())


def test_what_was_given_up_long_ago_is_forgotten(callback_stores: CallbackStores, run: Run) -> None:
    async def story() -> None:
        stores = callback_stores
        bob = await stores.account()
        ids = [(await written(stores, bob, KINDS[:1]))[0] for _ in range(4)]
        for number, event_id in enumerate(ids[:3]):
            await stores.outbox.event_given_up(event_id, at=later(number), failure=REFUSED)
        assert await stores.shelf.forget_events(given_up_before=later(2), limit=1) == 1
        assert await listed(stores, bob) == ids[1:]
        assert await stores.shelf.forget_events(given_up_before=later(2), limit=9) == 1
        assert await listed(stores, bob) == ids[2:]

    run(story())


def test_the_oldest_event_that_waits_is_known(callback_stores: CallbackStores, run: Run) -> None:
    async def story() -> None:
        stores = callback_stores
        assert await stores.shelf.oldest_event() is None
        first, second, third = await written(stores, await stores.account())
        assert await stores.shelf.oldest_event() == NOW
        await stores.outbox.event_given_up(first, at=NOW, failure=REFUSED)
        await stores.outbox.event_told(second)
        assert await stores.shelf.oldest_event() == NOW
        await stores.outbox.event_told(third)
        assert await stores.shelf.oldest_event() is None

    run(story())
