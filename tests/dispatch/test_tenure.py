"""How long a node may rely on its lease."""

import math

import pytest

from callwright.dispatch.ports import SHARDS, Tenure, shard_of
from callwright.dispatch.tenure import IN_FLIGHT, MARGIN, TenureKeeper
from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId

ALL = frozenset(range(SHARDS))
HALF = frozenset(range(0, SHARDS, 2))


def kept(tenure: Tenure, *, asked_at: float = 100.0) -> TenureKeeper:
    keeper = TenureKeeper()
    keeper.take(tenure, asked_at=Instant(asked_at))
    return keeper


def test_nothing_is_claimed_before_the_first_renewal() -> None:
    keeper = TenureKeeper()
    assert not keeper.is_valid(Instant(0.0))
    assert keeper.shards == frozenset()


@pytest.mark.parametrize(
    ("now", "valid"),
    [(100.0, True), (110.0 - MARGIN - 0.001, True), (110.0 - MARGIN, False), (111.0, False)],
)
def test_claiming_stops_before_the_lease_does(now: float, *, valid: bool) -> None:
    assert kept(Tenure(HALF, nodes=2, lasts=10.0)).is_valid(Instant(now)) is valid


def test_a_lease_counts_from_when_it_was_asked_for() -> None:
    keeper = kept(Tenure(HALF, nodes=2, lasts=10.0), asked_at=95.0)
    assert not keeper.is_valid(Instant(105.0 - MARGIN))


def test_a_node_by_itself_is_never_late() -> None:
    keeper = kept(Tenure(ALL, nodes=1, lasts=math.inf))
    assert keeper.is_valid(Instant(1e9))
    assert keeper.shards is None
    assert not keeper.is_shared


def test_shards_that_may_have_been_somebody_elses_are_told() -> None:
    keeper = TenureKeeper()
    few, more = frozenset({1, 2}), frozenset({1, 2, 3})
    assert keeper.take(Tenure(few, 2, 10.0), asked_at=Instant(0.0)) == few
    assert keeper.take(Tenure(few, 2, 10.0), asked_at=Instant(2.0)) == frozenset()
    assert keeper.take(Tenure(more, 2, 10.0), asked_at=Instant(4.0)) == {3}
    # Given back and taken again, which this node was not told.
    assert keeper.take(Tenure(few, 2, 10.0, taken=frozenset({2})), asked_at=Instant(6.0)) == {2}
    # Its lease ran out in between, as far as it knows.
    assert keeper.take(Tenure(few, 2, 10.0), asked_at=Instant(20.0)) == few


@pytest.mark.parametrize(("lasts", "wait"), [(10.0, IN_FLIGHT), (math.inf, 0.0)])
def test_invites_of_a_node_that_lives_may_be_on_their_way(lasts: float, wait: float) -> None:
    keeper = kept(Tenure(ALL, nodes=1, lasts=lasts))
    assert keeper.others_stop_by(Instant(100.0)) == 100.0 + wait


def test_shares_are_told_apart() -> None:
    keeper = kept(Tenure(HALF, nodes=2, lasts=10.0))
    assert keeper.shards == HALF
    assert keeper.is_shared


def test_every_account_is_in_one_shard() -> None:
    assert {shard_of(AccountId(number)) for number in range(1000)} == ALL
