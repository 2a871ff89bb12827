"""What services, accounts and the trunk use of their limits. Pure; time is an argument.

Starts are dealt out in rounds: `open` says what waits, `take` takes one start, `close` ends the
round. Only what was really claimed is noted, and only then used up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from sys import maxsize
from typing import Final

from callwright.dispatch.turns import Turns
from callwright.domain.account import CallLimits
from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.outbound_service import CallConstraints
from callwright.engine.capacity import NEVER_YET, Channels, Guarantee, Pace
from callwright.engine.trunk import TrunkLimits

UNLIMITED: Final = maxsize


@dataclass(slots=True)
class ServiceUse:
    """What one service uses of its limits."""

    service_id: ServiceId
    pace: Pace | None = None
    """None: only the account's."""
    owed: int = 0
    taken: int = 0
    _guarantee: Guarantee = field(default_factory=Guarantee)
    _taken_over_at: Instant = NEVER_YET
    _length: int = 0
    _offered: int = 0

    def change(self, constraints: CallConstraints) -> None:
        """Take over new limits."""
        self._guarantee.guaranteed_cps = constraints.guaranteed_cps or 0.0
        self.pace = _changed(self.pace, constraints.maximum_cps)

    def take_over(self, at: Instant) -> None:
        """Go on where another node left off then; the same moment again is nothing new."""
        if at > self._taken_over_at:
            self._taken_over_at = at
            if self.pace is not None:
                self.pace.take_over(at)

    def open(self, length: int, now: Instant) -> None:
        """Begin a round with so many starts waiting."""
        self.taken, self._length = 0, length
        self._offered = UNLIMITED if self.pace is None else self.pace.open(now)
        self.owed = self._guarantee.open(now)

    def take(self) -> bool:
        """Take one start."""
        if self.taken >= min(self._length, self._offered):
            return False
        self.taken += 1
        return True

    def is_free(self, now: Instant) -> bool:
        """Whether a start may be claimed now."""
        return self.pace is None or self.pace.is_free(now)

    def close(self) -> bool:
        """End the round; returns whether starts are left waiting."""
        more_wanted = self.taken < self._length
        self._guarantee.close(more_wanted=more_wanted)
        if self.pace is not None:
            self.pace.close(is_waited_for=more_wanted)
        return more_wanted

    def note(self, count: int, now: Instant) -> None:
        """Take note that so many starts are claimed now."""
        self._guarantee.note(count, now)
        if self.pace is not None:
            self.pace.note(count, now)


@dataclass(slots=True)
class AccountUse:
    """What one account uses of its limits."""

    account_id: AccountId
    channels: Channels
    pace: Pace
    unsettled: int = 0
    """Starts that we claimed and whose outcome is not on disk; their calls may be over."""
    owed: int = 0
    taken: int = 0
    services: list[ServiceUse] = field(default_factory=list)
    """Those of the round that have something waiting: first those behind whom we stopped."""
    _guarantee: Guarantee = field(default_factory=Guarantee)
    _taken_over_at: Instant = NEVER_YET
    _offered: int = 0
    _turns: Turns[ServiceUse] = field(default_factory=lambda: Turns(()))
    _last: ServiceUse | None = None

    @classmethod
    def begin(cls, account_id: AccountId, limits: CallLimits) -> "AccountUse":
        """Begin with nothing in use."""
        return cls(account_id, Channels(limits.channels), Pace(limits.maximum_cps))

    def change(self, limits: CallLimits) -> None:
        """Take over new limits; calls that are in progress stay."""
        self.channels.limit = limits.channels
        self.pace.change(limits.maximum_cps)
        self._guarantee.guaranteed_cps = limits.guaranteed_cps

    def take_over(self, at: Instant) -> None:
        """Go on where another node left off then; the same moment again is nothing new."""
        if at > self._taken_over_at:
            self._taken_over_at = at
            self.pace.take_over(at)

    def open(self, waiting: Iterable[ServiceUse], now: Instant) -> None:
        """Begin a round with these services, which have begun theirs."""
        last = 0 if self._last is None else self._last.service_id
        self.services = sorted(waiting, key=lambda one: (one.service_id <= last, one.service_id))
        self._turns = Turns(self.services)
        self._offered = min(self.channels.free(), self.pace.open(now))
        self.owed = self._guarantee.open(now)
        self.taken = 0

    def take(self) -> bool:
        """Let the service that is next take one start."""
        if self.taken >= self._offered or not self._turns.take():
            return False
        self.taken += 1
        return True

    def is_free(self, now: Instant) -> bool:
        """Whether a start may be claimed now."""
        return self.channels.free() > 0 and self.pace.is_free(now)

    def close(self) -> None:
        """End the round, also for the services."""
        more_wanted = sum(service.close() for service in self.services) > 0
        self.pace.close(is_waited_for=more_wanted and self.taken < self.channels.free())
        self._guarantee.close(more_wanted=more_wanted)
        self._last = self._turns.last or self._last

    def note(self, count: int, now: Instant) -> None:
        """Take note that so many starts are claimed now."""
        self.channels.in_use += count
        self.unsettled += count
        self.pace.note(count, now)
        self._guarantee.note(count, now)


@dataclass(slots=True)
class TrunkUse:
    """What this node uses of the trunk."""

    channels: Channels
    pace: Pace | None
    is_open: bool
    """Whether anything may start on it: not as long as none of its starts are ours."""
    _turns: Turns[AccountUse] = field(default_factory=lambda: Turns(()))
    _last: AccountUse | None = None

    @classmethod
    def begin(cls, limits: TrunkLimits) -> "TrunkUse":
        """Begin with nothing in use, and without a share of a maximum."""
        return cls(Channels(_or_unlimited(limits.channels)), None, limits.maximum_cps is None)

    def change(self, limits: TrunkLimits, others_starts: int, now: Instant) -> None:
        """Take over another share of the trunk; others may have made so many of its starts."""
        self.channels.limit = _or_unlimited(limits.channels)
        self.is_open = limits.maximum_cps is None or limits.maximum_cps > 0
        if self.is_open:
            self.pace = _changed(self.pace, limits.maximum_cps)
            if self.pace is not None:
                self.pace.count_others(others_starts, now)

    def free_channels(self) -> int:
        """How many more calls this node may have on it."""
        return self.channels.free() if self.is_open else 0

    def deal(self, accounts: Iterable[AccountUse], now: Instant) -> list[AccountUse]:
        """Deal out a whole round among accounts, which have begun theirs; returns them in turn."""
        last = 0 if self._last is None else self._last.account_id
        ordered = sorted(accounts, key=lambda one: (one.account_id <= last, one.account_id))
        turns = Turns(ordered)
        offered = self.free_channels()
        if self.pace is not None:
            offered = min(offered, self.pace.open(now))
        taken = 0
        while taken < offered and turns.take():
            taken += 1
        for account in ordered:
            account.close()
        if self.pace is not None:
            self.pace.close(is_waited_for=taken < self.channels.free())
        self._last = turns.last or self._last
        return ordered

    def note(self, count: int, now: Instant) -> None:
        """Take note that so many starts are claimed now."""
        self.channels.in_use += count
        if self.pace is not None:
            self.pace.note(count, now)

    def leave(self) -> None:
        """Take note that one of them does not leave by the trunk."""
        self.channels.in_use -= 1
        if self.pace is not None:
            self.pace.take_back(1)

    def is_shut(self, now: Instant) -> bool:
        """Whether nothing may be claimed that leaves by it."""
        is_too_soon = self.pace is not None and not self.pace.is_free(now)
        return is_too_soon or not self.free_channels()


def _changed(pace: Pace | None, maximum_cps: float | None) -> Pace | None:
    if maximum_cps is None:
        return None
    if pace is None:
        return Pace(maximum_cps)
    pace.change(maximum_cps)
    return pace


def _or_unlimited(limit: int | None) -> int:
    return UNLIMITED if limit is None else limit
