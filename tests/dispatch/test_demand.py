"""Who may start how much, and when the next may."""

from callwright.dispatch.demand import Demand, Share
from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId, ServiceId
from callwright.queue.ports import WaitingService


def account(number: int, *, channels: int = 10, cps: float = 100.0) -> Account:
    return Account(
        AccountId(number), f"a{number}@example.com", AccountType.PREMIUM, CallLimits(channels, cps)
    )


def waiting(account_id: int, service_id: int, length: int) -> WaitingService:
    return WaitingService(AccountId(account_id), ServiceId(service_id), length)


def demand(*accounts: Account) -> Demand:
    known = Demand()
    for one in accounts:
        known.follow(one)
    return known


def share(account_id: int, service_id: int, count: int) -> Share:
    return Share(AccountId(account_id), ServiceId(service_id), count)


NOW = Instant(100.0)


def test_services_share_the_channels_evenly() -> None:
    queue = [waiting(1, 1, 1_000_000), waiting(1, 2, 1_000_000)]
    assert demand(account(1)).shares(queue, NOW) == [share(1, 1, 5), share(1, 2, 5)]


def test_what_one_service_does_not_need_goes_to_the_other() -> None:
    queue = [waiting(1, 1, 2), waiting(1, 2, 50)]
    assert demand(account(1)).shares(queue, NOW) == [share(1, 1, 2), share(1, 2, 8)]


def test_a_service_served_last_waits_its_turn() -> None:
    known = demand(account(1, channels=100, cps=1.0))
    queue = [waiting(1, 1, 9), waiting(1, 2, 9)]
    first = known.shares(queue, NOW)
    known.begun(first[0], 1, NOW)
    assert known.shares(queue, NOW) == []
    assert known.shares(queue, Instant(NOW + 1)) == [share(1, 2, 1)]


def test_one_account_at_its_limit_holds_up_no_other() -> None:
    known = demand(account(1, channels=1), account(2))
    known.begun(share(1, 1, 1), 1, NOW)
    queue = [waiting(1, 1, 1_000_000), waiting(2, 7, 3)]
    assert known.shares(queue, NOW) == [share(2, 7, 3)]


def test_a_channel_is_free_again_when_a_call_ends() -> None:
    known = demand(account(1, channels=1))
    queue = [waiting(1, 1, 5)]
    known.begun(share(1, 1, 1), 1, NOW)
    assert known.next_at(queue, NOW) is None
    known.ended(AccountId(1))
    assert known.shares(queue, NOW) == [share(1, 1, 1)]


def test_says_when_the_rate_allows_the_next() -> None:
    known = demand(account(1, cps=2.0))
    queue = [waiting(1, 1, 5)]
    known.begun(share(1, 1, 2), 2, NOW)
    assert known.next_at(queue, NOW) == Instant(NOW + 1)


def test_lowered_limits_end_no_call_but_begin_none() -> None:
    known = demand(account(1, channels=5))
    known.begun(share(1, 1, 5), 5, NOW)
    known.follow(account(1, channels=2))
    assert known.shares([waiting(1, 1, 5)], Instant(NOW + 9)) == []
    for _ in range(4):
        known.ended(AccountId(1))
    assert known.shares([waiting(1, 1, 5)], Instant(NOW + 9)) == [share(1, 1, 1)]
