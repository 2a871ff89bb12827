"""How many starts to claim now: limits against what waits. Pure; time is an argument.

Limits are those of the account, of the service and of the trunk. Within them accounts take turns,
and so do the services of each, one start at a time: a queue of a million delays nobody else. Who
was guaranteed a rate and is below it goes first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from callwright.dispatch.ports import Tenure, shard_of
from callwright.dispatch.usage import AccountUse, ServiceUse, TrunkUse
from callwright.domain.account import Account
from callwright.domain.clock import Instant
from callwright.domain.ids import AccountId, ServiceId
from callwright.domain.outbound_service import CallConstraints
from callwright.engine.capacity import NEVER_YET, Gate
from callwright.engine.trunk import NO_LIMITS, TrunkClaim, TrunkLimits
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
    by_trunk: bool = True
    """Whether their calls may leave by the trunk. False: only those that stay inside."""


@dataclass(slots=True)
class Demand:
    """The use of all accounts that have started anything, and of the trunk."""

    trunk_limits: TrunkLimits = NO_LIMITS
    _trunk: TrunkUse = field(init=False)
    _trunk_starts: int = 0
    _taken_over_at: dict[int, Instant] = field(default_factory=dict)
    _accounts: dict[AccountId, AccountUse] = field(default_factory=dict)
    _services: dict[ServiceId, ServiceUse] = field(default_factory=dict)
    _accounts_read_at: dict[AccountId, Instant] = field(default_factory=dict)
    _services_read_at: dict[ServiceId, Instant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin without a share of the trunk's starts."""
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

    def trunk_claim(self) -> TrunkClaim:
        """Say what this node uses of the trunk, to be told what it may use."""
        return self.trunk_limits.claim(self._trunk_starts)

    def share_trunk(self, tenure: Tenure, now: Instant) -> None:
        """Take this node's share of the trunk's limits."""
        starts = self._trunk_starts = tenure.trunk_starts
        share = self.trunk_limits.share(nodes=tenure.nodes, rank=tenure.rank, starts=starts)
        self._trunk.change(share, max(0, starts - tenure.trunk_kept), now)

    def take_over(self, shards: Iterable[int], at: Instant) -> None:
        """Go on with these shards where other nodes left off: at this moment at the latest."""
        self._taken_over_at.update(dict.fromkeys(shards, at))

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
                service.take_over(self._others_stopped_at(one.account_id))
                service.open(one.length, now)
                by_account.setdefault(one.account_id, []).append(service)
        for account_id, services in by_account.items():
            self._accounts[account_id].take_over(self._others_stopped_at(account_id))
            self._accounts[account_id].open(services, now)
        return [
            Share(account.account_id, service.service_id, service.taken)
            for account in self._trunk.deal((self._accounts[each] for each in by_account), now)
            for service in account.services
            if service.taken
        ]

    def begun(self, share: Share, count: int, now: Instant) -> None:
        """Take note that this many starts of a share were claimed."""
        if share.by_trunk:
            self._trunk.note(count, now)
        self._accounts[share.account_id].note(count, now)
        self._services[share.service_id].note(count, now)

    def inside_shares(self, waiting: Iterable[WaitingService], now: Instant) -> list[Share]:
        """Say whose next start may be claimed past a trunk that takes no more, if it stays inside.

        One start of each service that has one left within all other limits, after `shares`.
        """
        if not self._trunk.is_shut(now):
            return []
        return [
            Share(one.account_id, one.service_id, 1, by_trunk=False)
            for one in waiting
            if one.account_id in self._accounts
            and self._accounts[one.account_id].is_free(now)
            and self._services.setdefault(one.service_id, ServiceUse(one.service_id)).is_free(now)
        ]

    def has_room(self, share: Share, now: Instant) -> bool:
        """Whether that is still so, after others of its account were claimed."""
        account, service = self._accounts[share.account_id], self._services[share.service_id]
        return account.is_free(now) and service.is_free(now)

    def leave_trunk(self) -> None:
        """Take note that a start which was claimed for the trunk does not leave by it."""
        self._trunk.leave()

    def ended(self, account_id: AccountId, *, by_trunk: bool = True) -> None:
        """Take note that the call of one start is over and its channels free."""
        if by_trunk:
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

    def next_at(
        self, waiting: Iterable[WaitingService], now: Instant, *, by_trunk: bool = True
    ) -> Instant | None:
        """When one of these may be claimed as far as rates go; None: not before a call ends."""
        if not by_trunk:
            return self._next_at(waiting, now, NEVER_YET)
        if not self._trunk.free_channels():
            return None
        trunk_at = NEVER_YET if self._trunk.pace is None else self._trunk.pace.free_at()
        return self._next_at(waiting, now, trunk_at)

    def _next_at(
        self, waiting: Iterable[WaitingService], now: Instant, trunk_at: Instant
    ) -> Instant | None:
        moments = [
            max(now, trunk_at, use.pace.free_at(), self._service_free_at(one.service_id))
            for one in waiting
            if (use := self._accounts.get(one.account_id)) is not None and use.channels.free()
        ]
        return min(moments, default=None)

    def gate(self, claim: Claim, *, by_trunk: bool = True) -> Gate:
        """Return where the INVITE of a claimed start leaves: every maximum holds there again."""
        account, service = self._accounts[claim.account_id], self._services[claim.service_id]
        paces = (account.pace, service.pace, self._trunk.pace if by_trunk else None)
        return Gate(tuple(pace.window for pace in paces if pace is not None))

    def trunk_gate(self) -> Gate:
        """Return where the INVITE of a call leaves that nobody claimed: the trunk's maximum."""
        pace = self._trunk.pace
        return Gate() if pace is None else Gate((pace.window,))

    def take_trunk_channel(self) -> bool:
        """Take a channel for a call that nobody claimed; False if the trunk has none free."""
        is_free = self._trunk.free_channels() > 0
        self._trunk.channels.in_use += is_free
        return is_free

    def free_trunk_channel(self) -> None:
        """Give the channel of such a call back."""
        self._trunk.channels.in_use -= 1

    def _others_stopped_at(self, account_id: AccountId) -> Instant:
        return self._taken_over_at.get(shard_of(account_id), NEVER_YET)

    def _service_free_at(self, service_id: ServiceId) -> Instant:
        service = self._services.get(service_id)
        return NEVER_YET if service is None or service.pace is None else service.pace.free_at()
