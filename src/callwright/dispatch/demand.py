"""How many starts to claim now: limits against what waits. Pure; time is an argument.

Limits are those of the account, of the service and of the trunk. Within them accounts take turns,
and so do the services of each, one start at a time: a queue of a million delays nobody else. Who
was guaranteed a rate and is below it goes first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from callwright.dispatch.usage import AccountUse, ServiceUse, TrunkUse
from callwright.domain.account import Account
from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.outbound_service import CallConstraints
from callwright.engine.capacity import NEVER_YET, Gate
from callwright.engine.trunk import NO_LIMITS, TrunkLimits
from callwright.queue.ports import Claim, WaitingService

FOLLOWED_FOR: Final = 1.0
"""Seconds for which limits that were read are taken to be still so: short for an operator who
changes one, long against the time between two rounds."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many starts of a service may be claimed now."""

    account_id: AccountId
    service_id: ServiceId
    count: int


@dataclass(slots=True)
class Demand:
    """The use of all accounts that have started anything, and of the trunk."""

    trunk_limits: TrunkLimits = NO_LIMITS
    _trunk: TrunkUse = field(init=False)
    _accounts: dict[AccountId, AccountUse] = field(default_factory=dict)
    _services: dict[ServiceId, ServiceUse] = field(default_factory=dict)
    _accounts_read_at: dict[AccountId, Instant] = field(default_factory=dict)
    _services_read_at: dict[ServiceId, Instant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with the whole trunk."""
        self._trunk = TrunkUse.begin(self.trunk_limits)

    def accounts_to_read(self, waiting: Iterable[WaitingService], now: Instant) -> list[AccountId]:
        """Say whose limits are not known, or not for sure any more; `follow` them."""
        read_at, before = self._accounts_read_at, now - FOLLOWED_FOR
        return [
            account_id
            for account_id in {service.account_id for service in waiting}
            if read_at.get(account_id, NEVER_YET) <= before
        ]

    def services_to_read(self, waiting: Iterable[WaitingService], now: Instant) -> list[ServiceId]:
        """Say the same of services; `follow_service` them."""
        read_at, before = self._services_read_at, now - FOLLOWED_FOR
        return [
            service.service_id
            for service in waiting
            if read_at.get(service.service_id, NEVER_YET) <= before
        ]

    def follow(self, account: Account, now: Instant) -> None:
        """Note an account's limits, new or changed."""
        use = self._accounts.get(account.account_id)
        if use is None:
            use = AccountUse.begin(account.account_id, account.limits)
            self._accounts[account.account_id] = use
        use.change(account.limits)
        self._accounts_read_at[account.account_id] = now

    def follow_service(
        self, service_id: ServiceId, constraints: CallConstraints, now: Instant
    ) -> None:
        """Note a service's limits, new or changed."""
        self._services.setdefault(service_id, ServiceUse(service_id)).change(constraints)
        self._services_read_at[service_id] = now

    def share_trunk(self, nodes: int) -> None:
        """Take this node's share of the trunk's limits."""
        self._trunk.change(self.trunk_limits.share(nodes))

    def accounts(self) -> list[AccountId]:
        """Return everybody who has started anything."""
        return list(self._accounts)

    def note_in_progress(self, in_progress: Mapping[AccountId, int]) -> None:
        """Take note of how many starts of our accounts any node still runs; all not named: 0.

        Those that are not ours take channels too: of whoever dispatched for the account before.
        """
        for account_id, use in self._accounts.items():
            use.channels.elsewhere = max(0, in_progress.get(account_id, 0) - use.unsettled)

    def shares(self, waiting: Iterable[WaitingService], now: Instant) -> list[Share]:
        """Divide what may start now among the services that wait."""
        by_account: dict[AccountId, list[ServiceUse]] = {}
        for one in waiting:
            if one.account_id in self._accounts:
                service = self._services.setdefault(one.service_id, ServiceUse(one.service_id))
                service.open(one.length, now)
                by_account.setdefault(one.account_id, []).append(service)
        for account_id, services in by_account.items():
            self._accounts[account_id].open(services, now)
        return [
            Share(account.account_id, service.service_id, service.taken)
            for account in self._trunk.deal((self._accounts[each] for each in by_account), now)
            for service in account.services
            if service.taken
        ]

    def begun(self, share: Share, count: int, now: Instant) -> None:
        """Take note that this many starts of a share were claimed."""
        self._trunk.note(count, now)
        self._accounts[share.account_id].note(count, now)
        self._services[share.service_id].note(count, now)

    def ended(self, account_id: AccountId) -> None:
        """Take note that the call of one start is over and its channel free."""
        self._trunk.channels.in_use -= 1
        self._accounts[account_id].channels.in_use -= 1

    def settled(self, account_id: AccountId) -> None:
        """Take note that the outcome of one start is on disk, or is another node's to write."""
        self._accounts[account_id].unsettled -= 1

    def take_channel(self, account: Account, now: Instant) -> bool:
        """Take a channel of an account's for a call that comes in; False: none is free.

        Of such calls on other nodes nobody here knows: each node has the account's channels less
        the starts that are in progress anywhere.
        """
        self.follow(account, now)
        channels = self._accounts[account.account_id].channels
        if not channels.free():
            return False
        channels.in_use += 1
        return True

    def give_channel_back(self, account_id: AccountId) -> None:
        """Take note that a call that came in is over."""
        self._accounts[account_id].channels.in_use -= 1

    def take_trunk_channel(self) -> bool:
        """Take a channel of the trunk's for a call that nobody claimed; False: none is free."""
        if not self._trunk.channels.free():
            return False
        self._trunk.channels.in_use += 1
        return True

    def give_trunk_channel_back(self) -> None:
        """Take note that such a call is over."""
        self._trunk.channels.in_use -= 1

    def next_at(self, waiting: Iterable[WaitingService], now: Instant) -> Instant | None:
        """When one of these may be claimed as far as rates go; None: not before a call ends."""
        if not self._trunk.channels.free():
            return None
        trunk_at = NEVER_YET if self._trunk.pace is None else self._trunk.pace.free_at()
        moments = [
            max(now, trunk_at, use.pace.free_at(), self._service_free_at(one.service_id))
            for one in waiting
            if (use := self._accounts.get(one.account_id)) is not None and use.channels.free()
        ]
        return min(moments, default=None)

    def gate(self, claim: Claim) -> Gate:
        """Return where the INVITE of a claimed start leaves: every maximum holds there again."""
        account, service = self._accounts[claim.account_id], self._services[claim.service_id]
        paces = (account.pace, service.pace, self._trunk.pace)
        return Gate(tuple(pace.window for pace in paces if pace is not None))

    def trunk_gate(self) -> Gate:
        """Return where the INVITE of a call leaves that nobody claimed: the trunk's maximum."""
        pace = self._trunk.pace
        return Gate() if pace is None else Gate((pace.window,))

    def _service_free_at(self, service_id: ServiceId) -> Instant:
        service = self._services.get(service_id)
        return NEVER_YET if service is None or service.pace is None else service.pace.free_at()
