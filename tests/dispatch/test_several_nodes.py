"""However nodes come, go and renew, together they keep the maxima; in virtual time."""

import math
import random
from dataclasses import dataclass, field

import pytest

from callwright.dispatch.demand import Demand
from callwright.dispatch.ports import SHARDS, Tenure
from callwright.dispatch.tenure import IN_FLIGHT, RENEWED_EVERY, TenureKeeper
from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.clock import Instant, UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.service_start import ServiceStart
from callwright.engine.trunk import NO_LIMITS, TrunkClaim, TrunkLimits
from callwright.queue.ports import Claim, WaitingService

LEASE = 10.0
STEP = 0.01
"""Seconds from one look of a node at its queue to the next."""
ALL = frozenset(range(SHARDS))
ACCOUNT = AccountId(1)


@dataclass
class Register:
    """What nodes of a database see of each other: which live until when, with how many starts."""

    alive: dict[int, tuple[float, int]] = field(default_factory=dict)

    def renew(self, epoch: int, claim: TrunkClaim, now: float) -> Tenure:
        self.alive = {one: row for one, row in self.alive.items() if row[0] > now}
        _, held = self.alive.get(epoch, (0.0, 0))
        ranked = sorted({*self.alive, epoch})
        nodes, rank, kept = len(ranked), ranked.index(epoch), min(claim.used, held)
        elsewhere = sum(starts for one, (_, starts) in self.alive.items() if one != epoch)
        granted = claim.granted(nodes=nodes, rank=rank, kept=kept, elsewhere=elsewhere)
        self.alive[epoch] = (now + LEASE, max(granted, kept))
        return Tenure(ALL, nodes, LEASE, rank=rank, trunk_starts=granted, trunk_kept=kept)


@dataclass
class Node:
    """A node with a queue that is never empty and a share of the trunk."""

    epoch: int
    limits: TrunkLimits
    cps: float = 1000.0
    keeper: TenureKeeper = field(default_factory=TenureKeeper)
    claimed: list[Claim] = field(default_factory=list)
    demand: Demand = field(init=False)

    def __post_init__(self) -> None:
        self.demand = Demand(self.limits)
        limits = CallLimits(1_000_000, self.cps)
        account = Account(ACCOUNT, "a@example.com", AccountType.PREMIUM, limits)
        self.demand.follow(account, Instant(0.0))

    def take(self, tenure: Tenure, *, asked_at: float, now: float) -> None:
        taken = self.keeper.take(tenure, asked_at=Instant(asked_at))
        self.demand.take_over(taken, self.keeper.others_stop_by(Instant(now)))
        self.demand.share_trunk(tenure, Instant(now))

    def claim(self, now: float) -> None:
        waiting = [WaitingService(ACCOUNT, ServiceId(3), 1_000_000)]
        for share in self.demand.shares(waiting, Instant(now)):
            self.demand.begun(share, share.count, Instant(now))
            start = ServiceStart(to="441908273800")
            self.claimed += [
                Claim(ServiceRef("r"), share.account_id, share.service_id, start, UnixTime(now))
            ] * share.count

    def let_leave(self, now: float) -> int:
        """Return how many INVITEs leave now."""
        left = 0
        while self.claimed:
            gate = self.demand.gate(self.claimed[0])
            if gate.free_at() > now:
                break
            gate.note(Instant(now))
            self.claimed.pop()
            left += 1
        return left


@dataclass
class Life:
    """When a node is there, when it renews, and how long the answer takes."""

    node: Node
    born_at: float
    dies_at: float
    resigns: bool
    renews_at: float = 0.0
    answer: tuple[float, float, Tenure] | None = None
    """When it was asked for, when it comes, and what it says."""

    def step(self, register: Register, chance: random.Random, now: float) -> int:
        if not self.born_at <= now < self.dies_at:
            if self.resigns and now >= self.dies_at:
                register.alive.pop(self.node.epoch, None)
                self.resigns = False
            return 0
        if self.answer is None and now >= self.renews_at:
            tenure = register.renew(self.node.epoch, self.node.demand.trunk_claim(), now)
            self.answer = now, now + chance.choice([0.0, 0.01, 0.5, 2.9]), tenure
        if self.answer is not None and now >= self.answer[1]:
            asked_at, _, tenure = self.answer
            # One in ten is lost on its way: the node does not know what it was granted.
            if chance.random() > 0.1 or asked_at == self.born_at:
                self.node.take(tenure, asked_at=asked_at, now=now)
            self.answer, self.renews_at = None, now + RENEWED_EVERY
        if self.node.keeper.is_valid(Instant(now)):
            self.node.claim(now)
        return self.node.let_leave(now)


def lives(limits: TrunkLimits, chance: random.Random, seconds: float) -> list[Life]:
    """Return four nodes that stay for a while each, and one that stays to the end."""
    made = [Life(Node(99, limits), 0.0, math.inf, resigns=False)]
    for epoch in range(4):
        born_at = chance.uniform(0, seconds / 3)
        dies_at = born_at + chance.uniform(1, seconds / 3)
        node = Node(100 + epoch, limits)
        made.append(Life(node, born_at, dies_at, resigns=chance.random() < 0.5))
    return made


def most_in(starts: list[float], window: float) -> int:
    """The largest number of starts in any window of so many seconds, its end left out."""
    most = begin = 0
    for end, moment in enumerate(starts):
        while starts[begin] <= moment - window:
            begin += 1
        most = max(most, end - begin + 1)
    return most


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("maximum_cps", [10.0, 3.0, 2.3, 1.0, 0.5])
def test_nodes_that_come_and_go_keep_a_trunks_maximum(maximum_cps: float, seed: int) -> None:
    chance, register, seconds = random.Random(seed), Register(), 60.0
    limits = TrunkLimits(maximum_cps=maximum_cps)
    nodes = lives(limits, chance, seconds)
    starts = []
    for tick in range(int(seconds / STEP)):
        now = tick * STEP
        for life in chance.sample(nodes, len(nodes)):
            starts += [now] * life.step(register, chance, now)
    assert most_in(starts, limits.starts / maximum_cps) <= limits.starts
    # The trunk is not left idle either. What a node that died had is free when its lease ends.
    assert len(starts) >= 0.4 * maximum_cps * seconds
    last = [moment for moment in starts if moment > seconds - 10]
    assert len(last) >= math.floor(0.9 * maximum_cps * 10) - limits.starts


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("cps", [20.0, 2.5, 1.0, 0.4])
def test_accounts_that_change_hands_keep_their_maximum(cps: float, seed: int) -> None:
    chance, seconds = random.Random(seed), 60.0
    nodes = [Node(epoch, NO_LIMITS, cps) for epoch in range(3)]
    owner, changes_at = nodes[0], 0.0
    silent_from = dict.fromkeys(range(3), 0.0)
    starts = []
    for tick in range(int(seconds / STEP)):
        now = tick * STEP
        if now >= changes_at:
            # Whoever gives a shard back claims no more; what it has claimed leaves within a second.
            silent_from[owner.epoch] = now + IN_FLIGHT
            owner, changes_at = chance.choice(nodes), now + chance.uniform(0.1, 8)
            silent_from[owner.epoch] = math.inf
            owner.take(Tenure(ALL, 3, LEASE, taken=ALL), asked_at=now, now=now)
        owner.claim(now)
        for node in nodes:
            if now >= silent_from[node.epoch]:
                node.claimed.clear()
            # What was claimed waits for its commit, some 50 ms.
            elif chance.random() < 0.2:
                starts += [now] * node.let_leave(now)
    size = max(1, math.ceil(cps))
    assert most_in(sorted(starts), size / cps) <= size
    assert len(starts) > size
