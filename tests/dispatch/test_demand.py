"""Who may start how much, and when the next may; in virtual time."""

from collections import Counter
from dataclasses import dataclass, field

import pytest

from callwright.dispatch.demand import FOLLOWED_FOR, Demand, Share
from callwright.dispatch.ports import Tenure, shard_of
from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.clock import Instant, UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.outbound_service import CallConstraints
from callwright.domain.service_start import ServiceStart
from callwright.engine.trunk import NO_LIMITS, TrunkLimits
from callwright.queue.ports import Claim, WaitingService

MILLION = 1_000_000
NOW = Instant(100.0)


def account(
    number: int, *, channels: int = 10_000, cps: float = 100.0, guaranteed: float = 0.0
) -> Account:
    limits = CallLimits(channels, cps, guaranteed)
    return Account(AccountId(number), f"a{number}@example.com", AccountType.PREMIUM, limits)


def waiting(account_id: int, service_id: int, length: int = MILLION) -> WaitingService:
    return WaitingService(AccountId(account_id), ServiceId(service_id), length)


def share(account_id: int, service_id: int, count: int) -> Share:
    return Share(AccountId(account_id), ServiceId(service_id), count)


def tenure(starts: int, *, kept: int = 0, nodes: int = 1, rank: int = 0) -> Tenure:
    """A share of the trunk, and no shards."""
    return Tenure(frozenset(), nodes, 10.0, rank=rank, trunk_starts=starts, trunk_kept=kept)


def demand(*accounts: Account, trunk: TrunkLimits = NO_LIMITS) -> Demand:
    known = Demand(trunk)
    known.share_trunk(tenure(known.trunk_claim().starts), Instant(NOW - 10))
    for one in accounts:
        known.follow(one, NOW)
    return known


@dataclass
class Busy:
    """Queues that are never empty, dispatched from for a while; no call ends."""

    known: Demand
    queue: list[WaitingService]
    starts: Counter[int] = field(default_factory=Counter)

    def run(self, seconds: float, *, wake_every: float = 0.007) -> Counter[int]:
        """Return the starts of each service."""
        now, end = NOW, NOW + seconds
        while now < end:
            for one in self.known.shares(self.queue, now):
                self.known.begun(one, one.count, now)
                self.starts[one.service_id] += one.count
            now = Instant(now + wake_every)
        return self.starts


@pytest.mark.parametrize(
    ("accounts", "trunk", "constraints", "queue", "expected"),
    [
        pytest.param(
            [account(1, cps=20)],
            NO_LIMITS,
            {},
            [waiting(1, 1), waiting(1, 2)],
            {1: 10, 2: 10},
            id="services share evenly",
        ),
        pytest.param(
            [account(1, cps=21)],
            NO_LIMITS,
            {2: CallConstraints(maximum_cps=2)},
            [waiting(1, 1), waiting(1, 2), waiting(1, 3)],
            {1: 9.5, 2: 2, 3: 9.5},
            id="what one may not have goes to the others",
        ),
        pytest.param(
            [account(1, cps=20)],
            NO_LIMITS,
            {2: CallConstraints(guaranteed_cps=15)},
            [waiting(1, 1), waiting(1, 2)],
            {1: 5, 2: 15},
            id="a guarantee is kept while another floods",
        ),
        pytest.param(
            [account(1, cps=20)],
            NO_LIMITS,
            {2: CallConstraints(guaranteed_cps=4)},
            [waiting(1, 1), waiting(1, 2)],
            {1: 10, 2: 10},
            id="who gets his fair share is owed nothing",
        ),
        pytest.param(
            [account(1, cps=20)],
            NO_LIMITS,
            {1: CallConstraints(guaranteed_cps=2), 2: CallConstraints(guaranteed_cps=12)},
            [waiting(1, 1), waiting(1, 2), waiting(1, 3)],
            {1: 4, 2: 12, 3: 4},
            id="what is left is shared evenly",
        ),
        pytest.param(
            [account(1, cps=20), account(2, cps=5)],
            NO_LIMITS,
            {},
            [waiting(1, 1), waiting(2, 7)],
            {1: 20, 7: 5},
            id="accounts do not touch each other",
        ),
        pytest.param(
            [account(1, cps=100), account(2, cps=100), account(3, cps=2)],
            TrunkLimits(maximum_cps=20),
            {},
            [waiting(1, 1), waiting(1, 2), waiting(2, 7), waiting(3, 9)],
            {1: 4.5, 2: 4.5, 7: 9, 9: 2},
            id="accounts share a trunk evenly",
        ),
        pytest.param(
            [account(1, cps=100), account(2, cps=100, guaranteed=15)],
            TrunkLimits(maximum_cps=20),
            {},
            [waiting(1, 1), waiting(2, 7)],
            {1: 5, 7: 15},
            id="an account's guarantee is kept on the trunk",
        ),
    ],
)
def test_shares_over_two_minutes(
    accounts: list[Account],
    trunk: TrunkLimits,
    constraints: dict[int, CallConstraints],
    queue: list[WaitingService],
    expected: dict[int, float],
) -> None:
    known = demand(*accounts, trunk=trunk)
    for service_id, limits in constraints.items():
        known.follow_service(ServiceId(service_id), limits, NOW)
    starts = Busy(known, queue).run(120)
    assert {service: count / 120 for service, count in starts.items()} == pytest.approx(
        expected, rel=0.02
    )
    assert sum(starts.values()) == pytest.approx(120 * sum(expected.values()), rel=0.01)


def test_a_queue_of_a_million_delays_nobody() -> None:
    known = demand(account(1, cps=10.0))
    flood, late = Busy(known, [waiting(1, 1)]), waiting(1, 2, 1)
    flood.run(30)
    after = Instant(NOW + 30.2)
    assert known.shares([*flood.queue, late], after)[0].service_id == late.service_id


def test_channels_are_divided_as_well() -> None:
    known = demand(account(1, channels=10))
    starts = Busy(known, [waiting(1, 1, 2), waiting(1, 2)]).run(2)
    assert sum(starts.values()) == 10
    assert starts[1] >= 4


def test_one_account_at_its_limit_holds_up_no_other() -> None:
    known = demand(account(1, channels=1), account(2))
    queue = [waiting(1, 1), waiting(2, 7, 3)]
    assert known.shares(queue, NOW) == [share(1, 1, 1), share(2, 7, 1)]
    known.begun(share(1, 1, 1), 1, NOW)
    known.begun(share(2, 7, 1), 1, NOW)
    assert known.shares(queue, Instant(NOW + 0.011)) == [share(2, 7, 1)]


def test_a_channel_is_free_again_when_a_call_ends() -> None:
    known = demand(account(1, channels=1))
    queue = [waiting(1, 1, 5)]
    [only] = known.shares(queue, NOW)
    known.begun(only, 1, NOW)
    assert known.next_at(queue, NOW) is None
    known.ended(AccountId(1))
    assert known.shares(queue, Instant(NOW + 1)) == [share(1, 1, 1)]


def test_a_trunk_has_channels_too() -> None:
    known = demand(account(1), account(2), trunk=TrunkLimits(channels=2))
    queue = [waiting(1, 1), waiting(2, 7)]
    assert Busy(known, queue).run(1) == {1: 1, 7: 1}
    assert known.next_at(queue, NOW) is None
    known.ended(AccountId(2))
    assert known.shares(queue, Instant(NOW + 2)) == [share(1, 1, 1)]


def test_a_trunk_is_divided_by_the_nodes() -> None:
    known = demand(account(1, cps=1000), trunk=TrunkLimits(channels=90, maximum_cps=30))
    assert (known.trunk_claim().starts, known.trunk_claim().used) == (30, 30)
    known.share_trunk(tenure(10, kept=10, nodes=3, rank=2), NOW)
    assert known.trunk_claim().used == 10
    queue = [waiting(1, 1)]
    assert Busy(known, queue).run(2)[1] == pytest.approx(20, abs=1)
    assert Busy(known, queue).run(6)[1] == pytest.approx(10, abs=1)
    assert known.next_at(queue, NOW) is None
    known.share_trunk(tenure(30, kept=10), NOW)
    assert known.next_at(queue, NOW) is not None


def test_starts_that_others_had_are_used_a_window_later() -> None:
    known = demand(account(1, cps=1000), trunk=TrunkLimits(maximum_cps=3))
    known.share_trunk(tenure(1, kept=1, nodes=3), Instant(NOW - 5))
    known.share_trunk(tenure(3, kept=1), NOW)
    gate = known.trunk_gate()
    gate.note(NOW)
    assert gate.free_at() == pytest.approx(NOW + 1, abs=0.002)
    for _ in range(2):
        gate.note(Instant(NOW + 1.1))
    assert gate.free_at() <= NOW + 1.1


@pytest.mark.parametrize(
    "limits", [TrunkLimits(maximum_cps=2), TrunkLimits(channels=2), TrunkLimits(2, 0.5)]
)
def test_a_node_too_many_starts_nothing(limits: TrunkLimits) -> None:
    known = demand(account(1), trunk=limits)
    known.share_trunk(tenure(0, nodes=3, rank=2), NOW)
    queue = [waiting(1, 1)]
    assert known.shares(queue, NOW) == []
    assert known.next_at(queue, NOW) is None
    assert known.take_trunk_channel() is False


def test_before_a_node_has_a_share_it_starts_nothing_on_a_trunk_with_a_maximum() -> None:
    known = Demand(TrunkLimits(maximum_cps=30))
    known.follow(account(1), NOW)
    assert known.shares([waiting(1, 1)], NOW) == []


OURS, THEIRS = shard_of(AccountId(1)), shard_of(AccountId(2))


@pytest.mark.parametrize(("cps", "window"), [(20.0, 1.0), (1.0, 1.0), (0.1, 10.0)])
def test_who_takes_an_account_over_waits_for_a_window(cps: float, window: float) -> None:
    known = demand(account(1, cps=cps), account(2, cps=cps))
    # What it has started itself is forgotten: somebody else had the account meanwhile.
    queue = [waiting(1, 1), waiting(2, 7)]
    known.begun(known.shares(queue, NOW)[0], 1, NOW)
    at = Instant(NOW + 100)
    known.take_over([OURS], at)
    assert [one.account_id for one in known.shares(queue, at)] == [2]
    assert known.next_at([waiting(1, 1)], at) == pytest.approx(at + window, rel=0.002)
    assert known.gate(claim(1, 1)).free_at() == pytest.approx(at + window, rel=0.002)
    late = Instant(at + window * 1.01)
    assert share(1, 1, 1) in known.shares(queue, late)
    # The rounds after it are like any others.
    known.begun(share(1, 1, 1), 1, late)
    assert known.shares([waiting(1, 1)], Instant(late + window / cps * 1.1))


def test_who_takes_an_account_over_waits_for_the_windows_of_its_services() -> None:
    known = demand(account(1, cps=20))
    known.follow_service(ServiceId(1), CallConstraints(maximum_cps=0.5), NOW)
    known.take_over([OURS, THEIRS], NOW)
    queue = [waiting(1, 1), waiting(1, 2)]
    for seconds, services in ((0.9, []), (1.1, [2]), (2.1, [1, 2])):
        shares = known.shares(queue, Instant(NOW + seconds))
        assert sorted(one.service_id for one in shares) == services


def test_calls_on_other_nodes_take_channels() -> None:
    known = demand(account(1, channels=3), account(2, channels=3))
    assert known.accounts() == [AccountId(1), AccountId(2)]
    known.note_in_progress({AccountId(1): 2})
    queue = [waiting(1, 1), waiting(2, 7)]
    assert Busy(known, queue).run(2) == {1: 1, 7: 3}
    # Of the first account's three, one is ours: it holds a channel already.
    known.note_in_progress({AccountId(1): 3, AccountId(2): 3})
    assert known.next_at(queue, NOW) is None
    known.note_in_progress({AccountId(1): 1, AccountId(2): 3})
    assert known.next_at(queue, NOW) is not None


def test_a_start_whose_call_is_over_is_ours_until_its_outcome_is_on_disk() -> None:
    known = demand(account(1, channels=1))
    queue = [waiting(1, 1)]
    known.begun(known.shares(queue, NOW)[0], 1, NOW)
    known.ended(AccountId(1))
    known.note_in_progress({AccountId(1): 1})
    assert known.next_at(queue, NOW) is not None
    known.settled(AccountId(1))
    known.note_in_progress({AccountId(1): 1})
    assert known.next_at(queue, NOW) is None


def test_says_when_the_rate_allows_the_next() -> None:
    known = demand(account(1, cps=2.0))
    queue = [waiting(1, 1, 5)]
    known.begun(known.shares(queue, NOW)[0], 1, NOW)
    next_at = known.next_at(queue, NOW)
    assert next_at == pytest.approx(NOW + 0.5, rel=0.01)
    assert next_at is not None
    assert known.shares(queue, next_at) == [share(1, 1, 1)]


def test_waits_for_a_service_of_which_no_more_may_start() -> None:
    known = demand(account(1))
    known.follow_service(ServiceId(1), CallConstraints(maximum_cps=1.0), NOW)
    known.begun(known.shares([waiting(1, 1)], NOW)[0], 1, NOW)
    assert known.next_at([waiting(1, 1)], NOW) == pytest.approx(NOW + 1, rel=0.01)
    assert known.next_at([waiting(1, 1), waiting(1, 2)], NOW) == pytest.approx(NOW, abs=0.02)


def test_lowered_limits_end_no_call_but_begin_none() -> None:
    known = demand(account(1, channels=5))
    Busy(known, [waiting(1, 1)]).run(1)
    known.follow(account(1, channels=2), NOW)
    for _ in range(3):
        assert known.shares([waiting(1, 1)], Instant(NOW + 9)) == []
        known.ended(AccountId(1))
    known.ended(AccountId(1))
    assert known.shares([waiting(1, 1)], Instant(NOW + 9)) == [share(1, 1, 1)]


def claim(account_id: int, service_id: int) -> Claim:
    start = ServiceStart(to="441908273800")
    return Claim(
        ServiceRef("r"), AccountId(account_id), ServiceId(service_id), start, UnixTime(0.0)
    )


def test_every_maximum_holds_where_the_invite_leaves() -> None:
    known = demand(account(1, cps=2.0), account(2, cps=9.0), trunk=TrunkLimits(maximum_cps=4.0))
    known.follow_service(ServiceId(8), CallConstraints(maximum_cps=1.0), NOW)
    known.shares([waiting(1, 1), waiting(2, 7), waiting(2, 8)], NOW)
    one, other, slow = (known.gate(claim(*whose)) for whose in ((1, 1), (2, 7), (2, 8)))
    slow.note(NOW)
    assert slow.free_at() == pytest.approx(NOW + 1, abs=0.002)
    one.note(NOW)
    assert one.free_at() <= NOW
    one.note(NOW)
    assert one.free_at() == pytest.approx(NOW + 1, abs=0.002)
    assert other.free_at() <= NOW
    other.note(NOW)
    assert other.free_at() == pytest.approx(NOW + 1, abs=0.002)


def test_a_call_that_is_no_start_counts_for_the_trunk_alone() -> None:
    known = demand(account(1, cps=2.0), trunk=TrunkLimits(maximum_cps=1.0))
    known.shares([waiting(1, 1)], NOW)
    known.trunk_gate().note(NOW)
    assert known.trunk_gate().free_at() == pytest.approx(NOW + 1, abs=0.002)
    assert known.gate(claim(1, 1)).free_at() == known.trunk_gate().free_at()
    assert demand(account(1)).trunk_gate().windows == ()


def test_a_call_that_is_no_start_takes_a_channel_of_the_trunk() -> None:
    known = demand(account(1), trunk=TrunkLimits(channels=2))
    assert known.take_trunk_channel() is True
    queue = [waiting(1, 1)]
    assert Busy(known, queue).run(1) == {1: 1}
    assert known.take_trunk_channel() is False
    known.free_trunk_channel()
    assert known.shares(queue, Instant(NOW + 2)) == [share(1, 1, 1)]


def test_limits_are_read_again_after_a_while() -> None:
    known, queue = demand(account(1)), [waiting(1, 1), waiting(2, 7)]
    known.follow_service(ServiceId(1), CallConstraints(), NOW)
    assert known.accounts_to_read(queue, NOW) == [AccountId(2)]
    assert known.services_to_read(queue, NOW) == [ServiceId(7)]
    later = Instant(NOW + FOLLOWED_FOR)
    assert sorted(known.accounts_to_read(queue, later)) == [AccountId(1), AccountId(2)]
    assert known.services_to_read(queue, later) == [ServiceId(1), ServiceId(7)]


def test_accounts_that_nobody_knows_are_left_alone() -> None:
    assert demand().shares([waiting(1, 1)], NOW) == []
    assert demand().next_at([waiting(1, 1)], NOW) is None
