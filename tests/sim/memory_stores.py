"""The stores as plain dictionaries: fakes that pass the contracts, and the queue's model.

Slow, obvious and forgetful; what a real store does differently from these is wrong with it. The
queue and its records are in `memory_queue`.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from callwright.accounts.ports import PinTrial
from callwright.conferences.reservation import Reservation
from callwright.dispatch.ports import NO_MAXIMUM, SHARDS, Tenure
from callwright.domain.account import Account, AccountType, CallLimits, Features
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceId
from callwright.engine.trunk import TrunkClaim
from callwright.services.ports import (
    Judge,
    NameTaken,
    ServiceKind,
    StoredService,
    accept,
)
from tests.sim.memory_queue import MemoryQueueStore, MemoryRecordStore

__all__ = [
    "MemoryAccountStore",
    "MemoryCallerIdStore",
    "MemoryLeases",
    "MemoryNumberStore",
    "MemoryQueueStore",
    "MemoryRecordStore",
    "MemoryReservationStore",
    "MemoryServiceStore",
]


class MemoryAccountStore:
    """An `AccountStore`."""

    def __init__(self) -> None:
        self._accounts: dict[AccountId, Account] = {}
        self._hashes: dict[AccountId, bytes] = {}

    async def create(
        self, username: str, *, account_type: AccountType, limits: CallLimits, key_hash: bytes
    ) -> Account | None:
        if await self.find(username) is not None:
            return None
        account = Account(AccountId(len(self._accounts) + 1), username, account_type, limits)
        self._accounts[account.account_id] = account
        self._hashes[account.account_id] = key_hash
        return account

    async def replace_key(self, account_id: AccountId, *, key_hash: bytes) -> None:
        self._hashes[account_id] = key_hash

    async def change_limits(self, account_id: AccountId, limits: CallLimits) -> None:
        self._accounts[account_id] = replace(self._accounts[account_id], limits=limits)

    async def change_rules(
        self, account_id: AccountId, *, validates_caller_ids: bool, blocked_prefixes: Sequence[str]
    ) -> None:
        self._accounts[account_id] = replace(
            self._accounts[account_id],
            validates_caller_ids=validates_caller_ids,
            blocked_prefixes=tuple(blocked_prefixes),
        )

    async def change_features(self, account_id: AccountId, features: Features) -> None:
        self._accounts[account_id] = replace(self._accounts[account_id], features=features)

    async def everyone(self) -> list[Account]:
        return sorted(self._accounts.values(), key=lambda account: account.username.casefold())

    async def read(self, account_id: AccountId) -> Account | None:
        return self._accounts.get(account_id)

    async def find(self, username: str) -> Account | None:
        for account in self._accounts.values():
            if account.username.casefold() == username.casefold():
                return account
        return None

    async def key_hashes(self, account_id: AccountId) -> list[bytes]:
        return [self._hashes[account_id]] if account_id in self._hashes else []


class MemoryNumberStore:
    """A `NumberStore`."""

    def __init__(self) -> None:
        self._owners: dict[str, AccountId] = {}

    async def add(self, account_id: AccountId, number: str, *, at: UnixTime) -> bool:
        del at  # kept by real stores for people who look
        return self._owners.setdefault(number, account_id) == account_id

    async def remove(self, account_id: AccountId, number: str) -> bool:
        if self._owners.get(number) != account_id:
            return False
        del self._owners[number]
        return True

    async def of_account(self, account_id: AccountId) -> list[str]:
        return sorted(number for number, owner in self._owners.items() if owner == account_id)

    async def number_owner(self, number: str) -> AccountId | None:
        return self._owners.get(number)


class MemoryCallerIdStore:
    """A `CallerIdStore`, and with it the numbers that accounts own."""

    def __init__(self) -> None:
        self.owned = MemoryNumberStore()
        self._numbers: set[tuple[AccountId, str]] = set()
        self._trials: list[tuple[AccountId, PinTrial]] = []

    async def add(self, account_id: AccountId, number: str, *, at: UnixTime) -> None:
        del at  # kept by real stores for people who look
        self._numbers.add((account_id, number))

    async def remove(self, account_id: AccountId, number: str) -> bool:
        was_there = (account_id, number) in self._numbers
        self._numbers.discard((account_id, number))
        return was_there

    async def of_account(self, account_id: AccountId) -> list[str]:
        validated = {number for owner, number in self._numbers if owner == account_id}
        return sorted(validated | {*await self.owned.of_account(account_id)})

    async def has(self, account_id: AccountId, number: str) -> bool:
        return number in await self.of_account(account_id)

    async def begin_trial(self, account_id: AccountId, trial: PinTrial) -> None:
        self._trials.append((account_id, trial))

    async def trial(self, account_id: AccountId, number: str) -> PinTrial | None:
        trials = self._trials_of(account_id, number)
        return trials[-1] if trials else None

    async def trials_since(self, account_id: AccountId, number: str, since: UnixTime) -> int:
        return sum(trial.began_at >= since for trial in self._trials_of(account_id, number))

    async def forget_trials(self, *, began_before: UnixTime, limit: int) -> int:
        old = [kept for kept in self._trials if kept[1].began_at < began_before]
        gone = sorted(old, key=lambda kept: kept[1].began_at)[:limit]
        self._trials = [kept for kept in self._trials if kept not in gone]
        return len(gone)

    def _trials_of(self, account_id: AccountId, number: str) -> list[PinTrial]:
        return [
            trial for owner, trial in self._trials if (owner, trial.number) == (account_id, number)
        ]


class MemoryServiceStore:
    """A `ServiceStore`."""

    def __init__(self) -> None:
        self._services: dict[ServiceId, StoredService] = {}
        self._made = 0

    async def write(
        self,
        account_id: AccountId,
        name: str,
        configuration: bytes,
        *,
        kind: ServiceKind = ServiceKind.OUTBOUND,
        judge: Judge = accept,
    ) -> bool:
        judge(await self.of_account(account_id, kind=kind))
        known = await self.find(account_id, name, kind=kind)
        if known is not None:
            return not await self.change(known, configuration)
        if kind is ServiceKind.INBOUND and await self.called(name) is not None:
            raise NameTaken(name)
        self._made += 1
        service_id = ServiceId(self._made)
        service = StoredService(service_id, account_id, name, configuration, kind)
        self._services[service_id] = service
        return True

    async def change(
        self, service: StoredService, configuration: bytes, *, judge: Judge = accept
    ) -> bool:
        judge(await self.of_account(service.account_id, kind=service.kind))
        now = self._services.get(service.service_id)
        if now is None or now.configuration != service.configuration:
            return False
        self._services[service.service_id] = replace(now, configuration=configuration)
        return True

    async def delete(self, service_id: ServiceId) -> None:
        self._services.pop(service_id, None)

    async def find(
        self,
        account_id: AccountId,
        name: str,
        *,
        kind: ServiceKind = ServiceKind.OUTBOUND,
    ) -> StoredService | None:
        for service in self._services.values():
            if (service.account_id, service.kind, service.name) == (account_id, kind, name):
                return service
        return None

    async def read(self, service_id: ServiceId) -> StoredService | None:
        return self._services.get(service_id)

    async def called(self, name: str) -> StoredService | None:
        for service in self._services.values():
            if (service.kind, service.name) == (ServiceKind.INBOUND, name) and not name.isdigit():
                return service
        return None

    async def of_account(
        self, account_id: AccountId, *, kind: ServiceKind = ServiceKind.OUTBOUND
    ) -> list[StoredService]:
        mine = [
            service
            for service in self._services.values()
            if (service.account_id, service.kind) == (account_id, kind)
        ]
        return sorted(mine, key=lambda service: service.name)


class MemoryReservationStore:
    """A `ReservationStore`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[AccountId, str], Reservation] = {}

    async def reserve(
        self, account_id: AccountId, reservation: Reservation, *, at: UnixTime
    ) -> bool:
        known = await self.reservation(account_id, reservation.name)
        if known is not None and known.ends_at > at:
            return False
        self._kept[account_id, reservation.name] = reservation
        return True

    async def change_reservation(
        self, account_id: AccountId, before: Reservation, after: Reservation
    ) -> bool:
        if await self.reservation(account_id, before.name) != before:
            return False
        self._kept[account_id, after.name] = after
        return True

    async def cancel_reservation(self, account_id: AccountId, name: str) -> bool:
        return self._kept.pop((account_id, name), None) is not None

    async def reservation(self, account_id: AccountId, name: str) -> Reservation | None:
        return self._kept.get((account_id, name))

    async def reservations(self, account_id: AccountId) -> list[Reservation]:
        mine = [one for (owner, _), one in self._kept.items() if owner == account_id]
        return sorted(mine, key=lambda one: one.name)

    async def forget_reservations(self, *, ended_before: UnixTime, limit: int) -> int:
        old = [(key, one) for key, one in self._kept.items() if one.ends_at < ended_before]
        gone = sorted(old, key=lambda kept: kept[1].ends_at)[:limit]
        for key, _ in gone:
            del self._kept[key]
        return len(gone)


class MemoryLeases:
    """`Leases` of a node that is alone."""

    async def renew(self, claim: TrunkClaim = NO_MAXIMUM) -> Tenure:
        shards = frozenset(range(SHARDS))
        return Tenure(shards, 1, math.inf, trunk_starts=claim.starts, trunk_kept=claim.used)

    async def resign(self) -> None:
        """Give nothing back: nobody is there to take it."""
