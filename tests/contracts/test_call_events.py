"""Events of extensions' calls in every kind of store: in streams of their own, with a last word."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, Final

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackEvent,
    CallUuid,
    EventUrls,
    Task,
)
from callwright.domain.clock import UnixTime
from callwright.domain.extension_event import ExtensionEvent
from callwright.scheduler.events import event_of
from callwright.scheduler.retries import after_attempt
from callwright.scheduler.values import AttemptBegin, AttemptEnd, EventToTell, Telling
from callwright.scheduler.webhooks.values import TryResult
from tests.contracts.callback_stores import NOW, CallbackStores, kept_call, wish

Run = Callable[[Coroutine[object, object, object]], Any]

ALL_SHARDS: Final = frozenset(range(256))
LATER: Final = UnixTime(NOW + 100)
REFUSED: Final = TryResult(500, "")
HOOK: Final = "https://crm.example.net/hook"


async def attempted(stores: CallbackStores) -> Task:
    """Begin an attempt of a new task that is told of as well."""
    account = await stores.account()
    queue_id = await stores.queue(account)
    added = await stores.tasks.add_tasks(
        account, queue_id, [wish(urls=EventUrls(before=HOOK))], at=NOW
    )
    assert added is not None
    (task,) = added
    attempt = Attempt(1, CallUuid(f"{task.task_id:032X}"), NOW)
    events = event_of(task, CallbackEvent.BEFORE, attempt, at=NOW)
    await stores.tasks.begin_attempts([AttemptBegin(task.task_id, attempt, events)])
    begun = await stores.tasks.task(account, queue_id, task.task_id)
    assert begun is not None
    return begun


def of_call(
    task: Task, event: ExtensionEvent, body: str = "", *, leg: int = 1, url: str = HOOK
) -> EventToTell:
    return EventToTell(
        f"evt_{leg}_{event}_{url}",
        task.task_id,
        task.account_id,
        url,
        event,
        f"EventType={event}{body}".encode(),
        NOW,
        Telling.FORM_GET,
        task.attempts[-1].call_uuid,
    )


def end_of(task: Task) -> AttemptEnd:
    outcome = AttemptOutcome.INTERRUPTED
    after = after_attempt(task, outcome, at=LATER)
    call = kept_call(task, task.attempts[-1].call_uuid, outcome, ended_at=LATER)
    return AttemptEnd(task.task_id, 1, outcome, LATER, None, after, call)


async def first(stores: CallbackStores, at: UnixTime = LATER) -> Sequence[EventToTell]:
    found = await stores.outbox.waiting_events(ALL_SHARDS, at=at, limit=100)
    return [one.event for one in found]


async def drained(stores: CallbackStores) -> list[EventToTell]:
    """Tell everything, one after the other of each stream."""
    told: list[EventToTell] = []
    while found := await first(stores):
        for event in found:
            await stores.outbox.event_told(event.event_id)
            told.append(event)
    return told


def test_events_of_a_call_come_in_order_beside_those_of_its_task(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def story() -> None:
        task = await attempted(callback_stores)
        elsewhere = "http://other.example.net/"
        dial, answer = of_call(task, ExtensionEvent.DIAL_IN), of_call(task, ExtensionEvent.ANSWER)
        to_other = of_call(task, ExtensionEvent.DIAL_OUT, url=elsewhere)
        outbox = callback_stores.outbox
        await outbox.tell_of_call([dial, to_other], last_words=[])
        await outbox.tell_of_call([answer], last_words=[])
        found = await first(callback_stores)
        assert [one.event for one in found] == ["before", "dial-in", "dial-out"]
        assert found[1:] == [dial, to_other], "each as it was written"
        await outbox.event_put_off(dial.event_id, until=UnixTime(NOW + 50), failure=REFUSED)
        at = UnixTime(NOW + 1)
        assert [one.event for one in await first(callback_stores, at)] == ["before", "dial-out"]
        await outbox.event_told(dial.event_id)
        assert answer not in await first(callback_stores, at), "it waits with what was before it"
        assert answer in await first(callback_stores)

    run(story())


def test_the_last_word_of_a_call_is_told_with_the_end_of_its_attempt(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def story() -> None:
        task = await attempted(callback_stores)
        outbox = callback_stores.outbox
        legs = [
            (
                of_call(task, ExtensionEvent.DIAL_IN, leg=leg),
                of_call(task, ExtensionEvent.HANGUP, leg=leg),
            )
            for leg in (1, 2, 3)
        ]
        for dial, hangup in legs:
            await outbox.tell_of_call([dial], last_words=[hangup])
        (_, one), (_, two), (_, three) = legs
        better = replace(two, body=b"EventType=hangup&CallStatus=ANSWER")
        await outbox.tell_of_call([], last_words=[better])
        known = replace(one, body=b"EventType=hangup&Duration=7")
        await outbox.tell_of_call([known], last_words=[])
        assert await callback_stores.tasks.end_attempt(end_of(task))
        assert not await callback_stores.tasks.end_attempt(end_of(task))
        told = [event for event in await drained(callback_stores) if event.of_call]
        dials = [dial for dial, _ in legs]
        ends = [replace(word, at=LATER) for word in (better, three)]
        assert told == [*dials, known, *ends]

    run(story())


def test_the_end_of_one_attempt_tells_no_word_of_another(
    callback_stores: CallbackStores, run: Run
) -> None:
    async def story() -> None:
        task = await attempted(callback_stores)
        hangup = of_call(task, ExtensionEvent.HANGUP)
        other = replace(hangup, event_id="evt_other", of_call="F" * 32)
        await callback_stores.outbox.tell_of_call([], last_words=[other])
        await callback_stores.tasks.end_attempt(end_of(task))
        assert [one.event for one in await drained(callback_stores)] == ["before"]

    run(story())
