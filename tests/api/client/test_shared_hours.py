"""One count for all nodes: what each has counted reaches the others, and nothing is lost."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from callwright.accounts.oauth_ports import RequestsOfHour
from callwright.api.client.hourly_limit import HourlyLimit
from callwright.api.client.shared_hours import SharedHours
from callwright.domain.clock import UnixTime
from callwright.domain.errors import StoreUnavailable
from callwright.domain.ids import AccountId
from tests.sim.clock import VirtualClock

ANN, BOB = AccountId(1), AccountId(2)


@dataclass
class Counts:
    """The part of a store that adds requests up."""

    hours: dict[AccountId, RequestsOfHour] = field(default_factory=dict)
    is_away: bool = False
    asked: int = 0

    async def count_requests(
        self, counts: Mapping[AccountId, int], *, at: UnixTime, over_before: UnixTime
    ) -> Mapping[AccountId, RequestsOfHour]:
        self.asked += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise StoreUnavailable("away")
        for account_id, requests in counts.items():
            hour = self.hours.get(account_id)
            if hour is None or hour.began_at <= over_before:
                hour = RequestsOfHour(at, 0)
            total = hour.requests + requests
            self.hours[account_id] = RequestsOfHour(hour.began_at, total)
        return {one: self.hours[one] for one in counts}


@dataclass
class Node:
    """One of several nodes."""

    shared: SharedHours

    def ask(self, client: AccountId = ANN) -> tuple[int, float, bool]:
        """Make a request; returns what is left, until when, and whether it is one too many."""
        found = self.shared.limit.count(client, self.shared.clock.now())
        return found.remaining, found.reset, found.is_used_up

    def share(self) -> None:
        asyncio.run(self.shared.share())


def nodes(limit: int, count: int = 2) -> tuple[VirtualClock, Counts, list[Node]]:
    clock, counts = VirtualClock(), Counts()
    store: Any = counts
    return (
        clock,
        counts,
        [Node(SharedHours(HourlyLimit(limit), store, clock)) for _ in range(count)],
    )


def test_the_limit_holds_over_all_nodes() -> None:
    clock, _, (one, other) = nodes(10)
    assert [one.ask()[0] for _ in range(6)] == [9, 8, 7, 6, 5, 4]
    one.share()
    clock.advance(100.0)
    assert other.ask() == (9, 3600.0, False)
    other.share()
    assert other.ask() == (2, 3500.0, False)
    assert [other.ask()[2] for _ in range(3)] == [False, False, True]
    other.share()
    assert one.ask()[0] == 3
    one.share()
    assert one.ask() == (0, 3500.0, True)
    clock.advance(3500.0)
    assert one.ask() == (9, 3600.0, False)
    one.share()
    assert one.ask()[0] == 8


def test_it_holds_over_a_restart() -> None:
    _, counts, (before,) = nodes(3, count=1)
    before.ask()
    before.ask()
    before.share()
    clock, _, (after,) = nodes(3, count=1)
    after.shared = SharedHours(after.shared.limit, before.shared.store, clock)
    assert after.ask()[0] == 2
    after.share()
    assert after.ask()[2]
    assert counts.hours[ANN].requests == 3


def test_nothing_is_written_for_nobody() -> None:
    _, counts, (one, _) = nodes(10)
    one.share()
    one.ask()
    one.share()
    one.share()
    assert counts.asked == 1


def test_what_could_not_be_told_is_told_later() -> None:
    _, counts, (one, _) = nodes(10)
    one.ask()
    one.ask(BOB)
    counts.is_away = True
    with pytest.raises(StoreUnavailable):
        one.share()
    one.ask()
    counts.is_away = False
    one.share()
    assert {who: hour.requests for who, hour in counts.hours.items()} == {ANN: 2, BOB: 1}


def test_what_is_counted_while_it_is_told_stays_counted() -> None:
    async def story() -> None:
        _, counts, (one, _) = nodes(10)
        one.ask()
        telling = asyncio.ensure_future(one.shared.share())
        await asyncio.sleep(0)
        assert one.ask()[0] == 8
        await telling
        assert one.ask()[0] == 7
        await one.shared.share()
        assert counts.hours[ANN].requests == 3

    asyncio.run(story())


def test_a_clock_that_is_ahead_begins_no_hour_in_the_future() -> None:
    clock, counts, (one, _) = nodes(10)
    counts.hours[ANN] = RequestsOfHour(UnixTime(clock.unix_time() + 5), 1)
    one.ask()
    one.share()
    assert one.ask() == (7, 3600.0, False)


def test_who_is_forgotten_at_the_bound_is_not_told_of() -> None:
    limit = HourlyLimit(10, max_clients=1)
    clock, counts, (one, _) = nodes(10)
    one.shared = SharedHours(limit, one.shared.store, clock)
    one.ask()
    one.ask(BOB)
    one.share()
    assert list(counts.hours) == [BOB]
