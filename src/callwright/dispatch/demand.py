"""How many starts to claim now: accounts' limits against what waits. Pure; time is an argument.

Each account has channels and a start rate; its services take turns, one start at a time, so that
a long queue of one service does not hold up another's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from callwright.domain.account import Account, CallLimits
from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId, ServiceId
from callwright.engine.capacity import Channels, StartRate
from callwright.queue.ports import WaitingService


@dataclass(frozen=True, slots=True)
class Share:
    """So many starts of a service may be claimed now."""

    account_id: AccountId
    service_id: ServiceId
    count: int


@dataclass(slots=True)
class _AccountUse:
    """What one account uses of its limits."""

    limits: CallLimits
    channels: Channels
    rate: StartRate
    last_served: ServiceId | None = None

    def change(self, limits: CallLimits) -> None:
        """Take over new limits; calls that are in progress stay."""
        if limits != self.limits:
            self.limits = limits
            self.channels.limit = limits.channels
            self.rate = StartRate(limits.maximum_cps)

    def free(self, now: Instant) -> int:
        return min(self.channels.free(), self.rate.free(now))


@dataclass(slots=True)
class Demand:
    """The use of all accounts that have started anything."""

    _accounts: dict[AccountId, _AccountUse] = field(default_factory=dict)

    def follow(self, account: Account) -> None:
        """Note an account's limits, new or changed."""
        use = self._accounts.get(account.account_id)
        if use is None:
            limits = account.limits
            self._accounts[account.account_id] = _AccountUse(
                limits, Channels(limits.channels), StartRate(limits.maximum_cps)
            )
        else:
            use.change(account.limits)

    def shares(self, waiting: Iterable[WaitingService], now: Instant) -> list[Share]:
        """Divide what each account may start now among its waiting services."""
        by_account: dict[AccountId, list[WaitingService]] = {}
        for service in waiting:
            by_account.setdefault(service.account_id, []).append(service)
        return [
            share
            for account_id, services in by_account.items()
            if account_id in self._accounts
            for share in _take_turns(self._accounts[account_id], services, now)
        ]

    def begun(self, share: Share, count: int, now: Instant) -> None:
        """Take note that this many starts of a share begin now."""
        use = self._accounts[share.account_id]
        use.channels.in_use += count
        use.rate.note(count, now)
        if count:
            use.last_served = share.service_id

    def ended(self, account_id: AccountId) -> None:
        """Take note that one start of an account is over and its channel free."""
        self._accounts[account_id].channels.in_use -= 1

    def next_at(self, waiting: Iterable[WaitingService], now: Instant) -> Instant | None:
        """When one of these may be claimed as far as rates go; None: not before a call ends."""
        moments = [
            max(now, use.rate.free_at())
            for account_id in {service.account_id for service in waiting}
            if (use := self._accounts.get(account_id)) is not None and use.channels.free()
        ]
        return min(moments, default=None)


def _take_turns(use: _AccountUse, services: Sequence[WaitingService], now: Instant) -> list[Share]:
    """One start each, beginning behind the service that was served last, until nothing is free."""
    free = use.free(now)
    ordered = sorted(services, key=lambda service: service.service_id)
    last = use.last_served
    if last is not None:
        ordered = [s for s in ordered if s.service_id > last] + [
            s for s in ordered if s.service_id <= last
        ]
    counts = dict.fromkeys((service.service_id for service in ordered), 0)
    hungry = [service for service in ordered if service.length > 0]
    while free > 0 and hungry:
        for service in hungry[:free]:
            counts[service.service_id] += 1
            free -= 1
        hungry = [s for s in hungry if counts[s.service_id] < s.length]
    return [
        Share(service.account_id, service.service_id, counts[service.service_id])
        for service in ordered
        if counts[service.service_id]
    ]
