"""The stores as plain dictionaries: fakes that pass the contracts, and the queue's model.

Slow, obvious and forgetful; what a real store does differently from these is wrong with it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.clock import UnixTime
from callwright.domain.errors import IllegalTransition
from callwright.domain.ids import AccountId, InstanceId, ServiceId, ServiceRef
from callwright.domain.invocation import (
    InvocationEvent,
    InvocationState,
    InvocationStatus,
    next_state,
)
from callwright.domain.records import InstanceRecord
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import CancelResult, Claim, Intent, Interrupted, WaitingService
from callwright.services.ports import StoredService


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


class MemoryServiceStore:
    """A `ServiceStore`."""

    def __init__(self) -> None:
        self._services: list[StoredService] = []

    async def write(self, account_id: AccountId, name: str, configuration: bytes) -> bool:
        known = await self.find(account_id, name)
        if known is not None:
            self._services[known.service_id - 1] = replace(known, configuration=configuration)
            return False
        service_id = ServiceId(len(self._services) + 1)
        self._services.append(StoredService(service_id, account_id, name, configuration))
        return True

    async def find(self, account_id: AccountId, name: str) -> StoredService | None:
        for service in self._services:
            if (service.account_id, service.name) == (account_id, name):
                return service
        return None

    async def read(self, service_id: ServiceId) -> StoredService | None:
        for service in self._services:
            if service.service_id == service_id:
                return service
        return None

    async def of_account(self, account_id: AccountId) -> list[StoredService]:
        mine = [service for service in self._services if service.account_id == account_id]
        return sorted(mine, key=lambda service: service.name)


@dataclass(slots=True)
class _Start:
    claim: Claim
    status: InvocationStatus = field(
        default_factory=lambda: InvocationStatus(InvocationState.QUEUED)
    )
    intent: Intent | None = None
    answered_at: UnixTime | None = None
    record: InstanceRecord | None = None

    def follow(self, event: InvocationEvent) -> InvocationState:
        try:
            return next_state(self.status.state, event)
        except IllegalTransition as fault:
            raise IllegalTransition(f"{self.claim.ref}: {fault}") from None


class MemoryQueueStore:
    """A `QueueStore` and a `RecordStore` over the same starts."""

    def __init__(self) -> None:
        self._starts: dict[ServiceRef, _Start] = {}

    async def enqueue(
        self,
        *,
        account_id: AccountId,
        service_id: ServiceId,
        starts: Sequence[tuple[ServiceRef, ServiceStart]],
        at: UnixTime,
    ) -> None:
        if any(ref in self._starts for ref, _ in starts):
            raise ValueError("not unique: call_start.ref")
        for ref, start in starts:
            claim = Claim(ref, account_id, service_id, start, at)
            self._starts[ref] = _Start(claim)

    async def waiting(self) -> Sequence[WaitingService]:
        lengths = Counter(
            (one.claim.account_id, one.claim.service_id) for one in self._queued(None)
        )
        return sorted(
            (WaitingService(*key, length) for key, length in lengths.items()),
            key=lambda service: service.service_id,
        )

    async def claim(self, service_id: ServiceId, *, limit: int, at: UnixTime) -> Sequence[Claim]:
        del at  # kept by real stores for people who look
        taken = self._queued(service_id)[: max(limit, 0)]
        for start in taken:
            start.status = InvocationStatus(start.follow(InvocationEvent.CLAIM))
        return [start.claim for start in taken]

    async def intend(self, intent: Intent) -> None:
        start = self._claimed(intent.ref)
        start.intent = intent
        start.status = replace(start.status, instance_id=intent.instance_id)

    async def answered(self, ref: ServiceRef, *, at: UnixTime) -> None:
        start = self._running(ref)
        if start.intent is None:
            raise IllegalTransition(f"{ref}: answered without an intent")
        start.answered_at = at

    async def finish(
        self, ref: ServiceRef, *, exit_status: int, record: InstanceRecord, at: UnixTime
    ) -> None:
        start = self._running(ref)
        if start.intent is None or start.intent.instance_id != record.adr.instance_id:
            raise IllegalTransition(f"{ref}: a record of {record.adr.instance_id}")
        start.record = record
        start.status = InvocationStatus(
            start.follow(InvocationEvent.FINISH),
            start.intent.instance_id,
            exit_status=exit_status,
            ended_at=at,
        )

    async def refuse(self, ref: ServiceRef, *, reason: str, at: UnixTime) -> None:
        start = self._claimed(ref)
        state = start.follow(InvocationEvent.REFUSE)
        start.status = InvocationStatus(state, reason=reason, ended_at=at)

    async def release(self, refs: Sequence[ServiceRef]) -> None:
        for start in [self._claimed(ref) for ref in refs]:
            start.status = InvocationStatus(start.follow(InvocationEvent.RELEASE))

    async def cancel(
        self, account_id: AccountId, refs: Sequence[ServiceRef], *, at: UnixTime
    ) -> Mapping[ServiceRef, CancelResult]:
        return {ref: self._cancel(account_id, ref, at) for ref in refs}

    def _cancel(self, account_id: AccountId, ref: ServiceRef, at: UnixTime) -> CancelResult:
        start = self._starts.get(ref)
        if start is None or start.claim.account_id != account_id:
            return CancelResult.UNKNOWN
        if start.status.state is not InvocationState.QUEUED:
            return CancelResult.FAILED
        start.status = InvocationStatus(start.follow(InvocationEvent.CANCEL), ended_at=at)
        return CancelResult.SUCCESS

    async def status(
        self, account_id: AccountId, refs: Sequence[ServiceRef]
    ) -> Mapping[ServiceRef, InvocationStatus]:
        return {
            ref: self._starts[ref].status
            for ref in refs
            if ref in self._starts and self._starts[ref].claim.account_id == account_id
        }

    async def rescue(self) -> Sequence[Interrupted]:
        interrupted = []
        for start in self._starts.values():
            if start.status.state is not InvocationState.RUNNING:
                continue
            if start.intent is None:
                start.status = InvocationStatus(InvocationState.QUEUED)
            else:
                interrupted.append(Interrupted(start.claim, start.intent, start.answered_at))
        return interrupted

    async def read(self, account_id: AccountId, instance_id: InstanceId) -> InstanceRecord | None:
        start = self._of_instance(account_id, instance_id)
        return None if start is None else start.record

    async def is_running(self, account_id: AccountId, instance_id: InstanceId) -> bool:
        start = self._of_instance(account_id, instance_id)
        return start is not None and start.status.state is InvocationState.RUNNING

    def _queued(self, service_id: ServiceId | None) -> list[_Start]:
        return [
            start
            for start in self._starts.values()
            if start.status.state is InvocationState.QUEUED
            and service_id in {None, start.claim.service_id}
        ]

    def _running(self, ref: ServiceRef) -> _Start:
        start = self._starts.get(ref)
        if start is None:
            raise IllegalTransition(f"{ref}: there is no such start")
        if start.status.state is not InvocationState.RUNNING:
            raise IllegalTransition(f"{ref}: {start.status.state}, not running")
        return start

    def _claimed(self, ref: ServiceRef) -> _Start:
        start = self._running(ref)
        if start.intent is not None:
            raise IllegalTransition(f"{ref}: it may have been dialled")
        return start

    def _of_instance(self, account_id: AccountId, instance_id: InstanceId) -> _Start | None:
        for start in self._starts.values():
            is_it = start.intent is not None and start.intent.instance_id == instance_id
            if is_it and start.claim.account_id == account_id:
                return start
        return None
