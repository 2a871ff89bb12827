"""Requests of one account, counted in virtual time."""

import asyncio
from pathlib import Path

from callwright.api.rate_limit import RateLimit
from callwright.domain.account import AccountType
from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId
from tests.sim.front_door import front_door

ANN, EVE = AccountId(1), AccountId(2)


def test_two_seconds_worth_may_come_at_once_and_then_as_many_as_are_allowed() -> None:
    limit = RateLimit(50.0)

    passed = [limit.wait(ANN, Instant(7.0)) for _ in range(101)]
    later = [limit.wait(ANN, Instant(8.0)) for _ in range(51)]

    assert (passed[:100], passed[100]) == ([0.0] * 100, 1 / 50)
    assert (later[:50], later[50] > 0) == ([0.0] * 50, True)


def test_who_waits_as_told_is_let_in() -> None:
    limit = RateLimit(0.5)
    now = Instant(0.0)
    assert limit.wait(ANN, now) == 0.0

    wait = limit.wait(ANN, now)

    assert wait == 2.0
    assert limit.wait(ANN, Instant(now + wait)) == 0.0


def test_accounts_are_counted_apart_and_forgotten_at_the_bound() -> None:
    limit = RateLimit(0.5, max_accounts=1)
    assert limit.wait(ANN, Instant(0.0)) == 0.0
    assert limit.wait(EVE, Instant(0.0)) == 0.0
    assert limit.wait(ANN, Instant(0.0)) == 0.0


def test_without_a_limit_nobody_waits() -> None:
    limit = RateLimit(0.0)
    assert {limit.wait(ANN, Instant(0.0)) for _ in range(1000)} == {0.0}


def test_too_many_requests_are_told_when_to_come_again(tmp_path: Path) -> None:
    async def run() -> None:
        async with front_door(tmp_path, requests_per_second=1.0) as door:
            ann = await door.customer("ann@example.com")
            eve = await door.customer("eve@example.com", AccountType.PREMIUM)

            replies = [await ann.get("/service_status", service_refs="x") for _ in range(3)]

            assert [reply.status for reply in replies] == [200, 200, 429]
            assert replies[2].headers["retry-after"] == "1"
            assert replies[2].text.startswith("Too Many Requests: this account")
            assert (await eve.get("/service_status", service_refs="x")).status == 200

    asyncio.run(run())
