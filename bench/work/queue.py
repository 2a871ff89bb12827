"""What a queue is asked to do, and how long it takes: the same work for every store."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from work.memory import Peak

from callwright.accounts.ports import AccountStore
from callwright.adapters.clock import SystemClock
from callwright.domain.account import Account, AccountType, CallLimits
from callwright.domain.causes import HUNG_UP_BY_US
from callwright.domain.ids import IdMint, ServiceId, ServiceRef
from callwright.domain.records import Adr, CallDirection, Cdr, InstanceRecord
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import Claim, Intent, QueueStore
from callwright.services.ports import ServiceStore

CLOCK: Final = SystemClock()
START: Final = ServiceStart("441908273800", "441908273801", "token", "some user data")
LIST: Final = 1000
"""Starts of one request, at most (the published limit)."""
CLAIMED_AT_ONCE: Final = 10
CLAIMS: Final = 100
"""Claims timed for one figure."""
ASKED: Final = 500
"""References of one status request, at most (the published limit)."""


async def _nothing() -> None:
    """Do nothing."""


@dataclass(slots=True)
class Cloud:
    """An open store with one account, and what is needed to queue for it."""

    accounts: AccountStore
    services: ServiceStore
    queue: QueueStore
    mint: IdMint
    quieten: Callable[[], Awaitable[None]] = _nothing
    """Has the store do now what it would do in the background after many changes."""

    async def account(self) -> Account:
        """Make the account."""
        account = await self.accounts.create(
            "bench@example.com",
            account_type=AccountType.PREMIUM,
            limits=CallLimits(channels=1000, maximum_cps=1000.0),
            key_hash=bytes(32),
        )
        if account is None:
            raise RuntimeError("the bench needs a store without accounts")
        return account

    async def service(self, account: Account, name: str) -> ServiceId:
        """Make a service."""
        await self.services.write(account.account_id, name, b"{}")
        made = await self.services.find(account.account_id, name)
        if made is None:
            raise RuntimeError(f"{name} was written and is not there")
        return made.service_id

    async def enqueue(
        self, account: Account, service_id: ServiceId, count: int
    ) -> list[ServiceRef]:
        """Queue starts of one request."""
        refs = self.mint.service_refs(count)
        await self.queue.enqueue(
            account_id=account.account_id,
            service_id=service_id,
            starts=[(ref, START) for ref in refs],
            at=CLOCK.unix_time(),
        )
        return refs

    async def fill(self, account: Account, service_id: ServiceId, count: int) -> None:
        """Queue many starts, a list at a time."""
        for _ in range(count // LIST):
            await self.enqueue(account, service_id, LIST)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A service's queue, with enough in it for a claim."""

    cloud: Cloud
    service_id: ServiceId

    async def claim_ms(self) -> float:
        """Milliseconds of one claim; what was claimed is given back outside the clock."""
        queue, at = self.cloud.queue, CLOCK.unix_time()
        begin = time.perf_counter()
        claims = await queue.claim(self.service_id, limit=CLAIMED_AT_ONCE, at=at)
        taken = (time.perf_counter() - begin) * 1000
        await queue.release([claim.ref for claim in claims])
        return taken


OpenCloud = Callable[[Path], AbstractAsyncContextManager[Cloud]]
"""Opens an empty store on a disk; it is gone afterwards."""


@dataclass(frozen=True, slots=True)
class Purged:
    """A purge, and what the others felt of it."""

    seconds: float
    longest_claim_ms: float
    longest_start_ms: float
    grown_mb: float
    """What the process held more of memory at its height."""


async def starts_a_second(cloud: Cloud, seconds: float, many: int, each: int) -> float:
    """Starts a second, `each` of them in a request, `many` requests at a time."""
    account = await cloud.account()
    service_id = await cloud.service(account, "bench")
    begin = time.perf_counter()

    async def requests() -> int:
        done = 0
        while time.perf_counter() - begin < seconds:
            await cloud.enqueue(account, service_id, each)
            done += each
        return done

    done = sum(await asyncio.gather(*(requests() for _ in range(many))))
    return done / (time.perf_counter() - begin)


async def claim_ms(first: Waiting, second: Waiting) -> tuple[float, float]:
    """Median milliseconds of one claim from each of two queues, by turns.

    Whatever else the machine does meanwhile, it does to both.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(CLAIMS):
        for waiting, milliseconds in zip((first, second), taken, strict=True):
            milliseconds.append(await waiting.claim_ms())
    return statistics.median(taken[0]), statistics.median(taken[1])


async def status_ms(cloud: Cloud, account: Account, refs: list[ServiceRef]) -> float:
    """Median milliseconds of the status of so many references."""
    taken = []
    for _ in range(CLAIMS):
        begin = time.perf_counter()
        await cloud.queue.status(account.account_id, refs)
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


async def waiting_ms(cloud: Cloud) -> float:
    """Median milliseconds of asking what waits."""
    taken = []
    for _ in range(CLAIMS):
        begin = time.perf_counter()
        await cloud.queue.waiting()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


async def purge(
    cloud: Cloud, account: Account, purged_id: ServiceId, other_id: ServiceId
) -> Purged:
    """Purge one service while another one starts and claims as fast as it can."""
    is_over, peak = asyncio.Event(), Peak()

    async def purge() -> float:
        begin = time.perf_counter()
        async for _ in cloud.queue.purge(account.account_id, purged_id, at=CLOCK.unix_time()):
            pass
        is_over.set()
        return time.perf_counter() - begin

    async def claims() -> float:
        longest = 0.0
        while not is_over.is_set():
            begin = time.perf_counter()
            claims = await cloud.queue.claim(other_id, limit=1, at=CLOCK.unix_time())
            longest = max(longest, time.perf_counter() - begin)
            await cloud.queue.release([claim.ref for claim in claims])
        return longest * 1000

    async def starts() -> float:
        longest = 0.0
        while not is_over.is_set():
            begin = time.perf_counter()
            await cloud.enqueue(account, other_id, 1)
            longest = max(longest, time.perf_counter() - begin)
        return longest * 1000

    seconds, longest_claim_ms, longest_start_ms = await asyncio.gather(purge(), claims(), starts())
    return Purged(seconds, longest_claim_ms, longest_start_ms, peak.grown_mb())


async def calls_a_second(cloud: Cloud, count: int, many: int) -> float:
    """Calls a second from claim through intent and answer to the record, `many` at a time."""
    account = await cloud.account()
    service_id = await cloud.service(account, "bench")
    await cloud.fill(account, service_id, count)
    claims = list(await cloud.queue.claim(service_id, limit=count, at=CLOCK.unix_time()))
    begin = time.perf_counter()

    async def calls() -> None:
        while claims:
            await one_call(cloud, claims.pop())

    await asyncio.gather(*(calls() for _ in range(many)))
    return count / (time.perf_counter() - begin)


async def one_call(cloud: Cloud, claim: Claim) -> None:
    """Take one claimed start through a call that was answered."""
    now = CLOCK.unix_time()
    intent = Intent(claim.ref, cloud.mint.instance_id(), cloud.mint.call_id(7), now)
    await cloud.queue.intend(intent)
    await cloud.queue.answered(claim.ref, at=now)
    cdr = Cdr(
        call_id=intent.call_id,
        destination_address="tel:441908273800",
        originating_address="441908273801@sip-0-0-0.example.net",
        direction=CallDirection.OUT,
        channel_type="p",
        initiated_at=now,
        connected_at=now,
        hung_up_at=now,
        joined=0.0,
        cause=HUNG_UP_BY_US,
    )
    record = InstanceRecord(Adr(intent.instance_id, claim.ref, "bench", now, now, 0), (cdr,))
    await cloud.queue.finish(claim.ref, exit_status=0, record=record, at=now)
