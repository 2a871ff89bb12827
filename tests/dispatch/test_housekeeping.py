"""What is older than its retention goes, in portions, and nothing else does."""

import asyncio
from dataclasses import dataclass, field

from callwright.accounts.oauth import TOKEN_LIFETIME
from callwright.accounts.pin_trials import COUNTED_FOR, PIN_VALID_FOR
from callwright.accounts.ports import PinTrial
from callwright.conferences.reservation import Reservation
from callwright.dispatch.housekeeping import (
    PORTION,
    PORTIONS,
    SECONDS_A_DAY,
    Forgotten,
    Housekeeping,
    Retention,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.invocation import InvocationState
from callwright.domain.service_start import ServiceStart
from tests.sim.memory_queue import MemoryQueueStore
from tests.sim.memory_stores import MemoryCallerIdStore, MemoryReservationStore

ACCOUNT, SERVICE = AccountId(1), ServiceId(1)
NOW = UnixTime(1_800_000_000.0)


@dataclass
class Shelf:
    """REST logs of which so many are old."""

    old: int = 0
    asked: list[tuple[UnixTime, int]] = field(default_factory=list)

    async def forget(self, *, started_before: UnixTime, limit: int) -> int:
        self.asked.append((started_before, limit))
        gone = min(self.old, limit)
        self.old -= gone
        return gone


@dataclass
class Tasks:
    """Callbacks that finished at these moments."""

    finished_at: list[float] = field(default_factory=list)

    async def forget_tasks(self, *, finished_before: UnixTime, limit: int) -> int:
        old = [at for at in self.finished_at if at < finished_before][:limit]
        self.finished_at = [at for at in self.finished_at if at not in old]
        return len(old)


@dataclass
class Events:
    """Events that were given up at these moments."""

    given_up_at: list[float] = field(default_factory=list)

    async def forget_events(self, *, given_up_before: UnixTime, limit: int) -> int:
        old = [at for at in self.given_up_at if at < given_up_before][:limit]
        self.given_up_at = [at for at in self.given_up_at if at not in old]
        return len(old)


@dataclass
class Calls:
    """Calls that ended at these moments."""

    ended_at: list[float] = field(default_factory=list)

    async def forget_calls(self, *, ended_before: UnixTime, limit: int) -> int:
        old = [at for at in self.ended_at if at < ended_before][:limit]
        self.ended_at = [at for at in self.ended_at if at not in old]
        return len(old)


@dataclass
class Tokens:
    """Tokens and codes that expired at these moments."""

    tokens: list[float] = field(default_factory=list)
    codes: list[float] = field(default_factory=list)

    async def forget_tokens(self, *, expired_before: UnixTime, limit: int) -> int:
        old = [at for at in self.tokens if at < expired_before][:limit]
        self.tokens = [at for at in self.tokens if at not in old]
        return len(old)

    async def forget_codes(self, *, expired_before: UnixTime, limit: int) -> int:
        old = [at for at in self.codes if at < expired_before][:limit]
        self.codes = [at for at in self.codes if at not in old]
        return len(old)


def housekeeping(
    queue: MemoryQueueStore,
    shelf: Shelf,
    trials: MemoryCallerIdStore | None = None,
    reservations: MemoryReservationStore | None = None,
    tasks: Tasks | None = None,
    *,
    events: Events | None = None,
    calls: Calls | None = None,
    tokens: Tokens | None = None,
) -> Housekeeping:
    retention = Retention(
        references=7, records=396, rest_logs=30, callbacks=90, webhooks=7, call_history=396
    )
    return Housekeeping(
        queue,
        queue.records,
        shelf,
        trials or MemoryCallerIdStore(),
        reservations or MemoryReservationStore(),
        tasks or Tasks(),
        events or Events(),
        calls or Calls(),
        tokens or Tokens(),
        retention,
    )


async def ended(queue: MemoryQueueStore, count: int, at: UnixTime) -> list[ServiceRef]:
    """Put starts into the queue and cancel them."""
    refs = [ServiceRef(f"2e891aea_0.{int(at)}.{n}") for n in range(count)]
    starts = [(ref, ServiceStart(to="441908273800")) for ref in refs]
    await queue.enqueue(account_id=ACCOUNT, service_id=SERVICE, starts=starts, at=at)
    await queue.cancel(ACCOUNT, refs, at=at)
    return refs


def test_references_go_a_week_after_their_end() -> None:
    async def story() -> None:
        queue = MemoryQueueStore()
        week_ago = UnixTime(NOW - 7 * SECONDS_A_DAY)
        [old] = await ended(queue, 1, UnixTime(week_ago - 1))
        [young] = await ended(queue, 1, week_ago)
        assert await housekeeping(queue, Shelf()).run_once(NOW) == Forgotten(1, 0, 0, 0, 0, 0)
        known = await queue.status(ACCOUNT, [old, young])
        assert {ref: one.state for ref, one in known.items()} == {young: InvocationState.CANCELLED}

    asyncio.run(story())


def test_conferences_go_a_week_after_their_end() -> None:
    async def story() -> None:
        kept = MemoryReservationStore()
        week_ago = NOW - 7 * SECONDS_A_DAY
        for name, ends_at in (("old", week_ago - 1), ("young", week_ago)):
            one = Reservation(name, 9, UnixTime(ends_at - 60), UnixTime(ends_at))
            await kept.reserve(ACCOUNT, one, at=one.starts_at)
        house = housekeeping(MemoryQueueStore(), Shelf(), reservations=kept)
        assert await house.run_once(NOW) == Forgotten(0, 0, 0, 0, 1, 0)
        assert [one.name for one in await kept.reservations(ACCOUNT)] == ["young"]

    asyncio.run(story())


def test_callbacks_go_three_months_after_their_end() -> None:
    long_ago = NOW - 90 * SECONDS_A_DAY
    tasks = Tasks([long_ago - 1, long_ago, NOW])
    house = housekeeping(MemoryQueueStore(), Shelf(), tasks=tasks)
    assert asyncio.run(house.run_once(NOW)) == Forgotten(0, 0, 0, 0, 0, 1)
    assert tasks.finished_at == [long_ago, NOW]


def test_calls_go_thirteen_months_after_their_end() -> None:
    long_ago = NOW - 396 * SECONDS_A_DAY
    calls = Calls([long_ago - 1, long_ago, NOW])
    house = housekeeping(MemoryQueueStore(), Shelf(), calls=calls)
    assert asyncio.run(house.run_once(NOW)) == Forgotten(0, 0, 0, 0, 0, 0, calls=1)
    assert calls.ended_at == [long_ago, NOW]


def test_events_go_a_week_after_they_were_given_up() -> None:
    week_ago = NOW - 7 * SECONDS_A_DAY
    events = Events([week_ago - 1, week_ago, NOW])
    house = housekeeping(MemoryQueueStore(), Shelf(), events=events)
    assert asyncio.run(house.run_once(NOW)) == Forgotten(0, 0, 0, 0, 0, 0, webhooks=1)
    assert events.given_up_at == [week_ago, NOW]


def test_tokens_go_at_their_end_and_codes_when_their_tokens_have_ended() -> None:
    tokens = Tokens([NOW - 1, NOW, NOW + 1], [NOW - TOKEN_LIFETIME - 1, NOW - TOKEN_LIFETIME])
    house = housekeeping(MemoryQueueStore(), Shelf(), tokens=tokens)
    assert asyncio.run(house.run_once(NOW)) == Forgotten(0, 0, 0, 0, 0, 0, tokens=2)
    assert (tokens.tokens, tokens.codes) == ([NOW, NOW + 1], [NOW - TOKEN_LIFETIME])


def test_trials_go_when_they_are_counted_no_longer() -> None:
    async def story() -> None:
        trials = MemoryCallerIdStore()
        for age in (COUNTED_FOR + 1, COUNTED_FOR, PIN_VALID_FOR):
            began_at = UnixTime(NOW - age)
            trial = PinTrial("441908273801", "1", UnixTime(began_at + PIN_VALID_FOR), began_at)
            await trials.begin_trial(ACCOUNT, trial)
        house = housekeeping(MemoryQueueStore(), Shelf(), trials)
        assert await house.run_once(NOW) == Forgotten(0, 0, 0, 1, 0, 0)
        assert await trials.trials_since(ACCOUNT, "441908273801", UnixTime(0.0)) == 2

    asyncio.run(story())


def test_a_look_ends_when_nothing_old_is_left() -> None:
    shelf = Shelf(old=2 * PORTION + 1)
    assert asyncio.run(housekeeping(MemoryQueueStore(), shelf).run_once(NOW)) == Forgotten(
        0, 0, 2 * PORTION + 1, 0, 0, 0
    )
    assert shelf.asked == [(NOW - 30 * SECONDS_A_DAY, PORTION)] * 3


def test_a_look_ends_also_when_there_is_much_more() -> None:
    shelf = Shelf(old=10 * PORTION * PORTIONS)
    gone = asyncio.run(housekeeping(MemoryQueueStore(), shelf).run_once(NOW)).rest_logs
    assert gone == PORTION * PORTIONS
    assert len(shelf.asked) == PORTIONS
