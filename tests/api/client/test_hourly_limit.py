"""Requests of clients counted by the hour."""

from callwright.api.client.hourly_limit import Allowance, HourlyLimit
from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId

ANN, BOB, EVE = AccountId(1), AccountId(2), AccountId(3)


def at(seconds: float) -> Instant:
    return Instant(1000.0 + seconds)


def test_an_hour_begins_with_the_first_request() -> None:
    limit = HourlyLimit(2)
    assert limit.count(ANN, at(0)) == Allowance(2, 1, 3600.0, is_used_up=False)
    assert limit.count(ANN, at(100)) == Allowance(2, 0, 3500.0, is_used_up=False)
    assert limit.count(ANN, at(3599)) == Allowance(2, 0, 1.0, is_used_up=True)
    assert limit.count(ANN, at(3600)) == Allowance(2, 1, 3600.0, is_used_up=False)


def test_clients_are_counted_apart() -> None:
    limit = HourlyLimit(1)
    assert not limit.count(ANN, at(0)).is_used_up
    assert not limit.count(BOB, at(1)).is_used_up
    assert limit.count(ANN, at(2)).is_used_up


def test_who_asked_longest_ago_is_forgotten_at_the_bound() -> None:
    limit = HourlyLimit(1, max_clients=2)
    for client in (ANN, BOB, ANN, EVE):
        limit.count(client, at(0))
    assert limit.count(ANN, at(1)).is_used_up
    assert not limit.count(BOB, at(1)).is_used_up
