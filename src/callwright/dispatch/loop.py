"""Waits for something to do, claims what may start, runs it, and drains on shutdown.

One loop for the node. It wakes when something was queued, when a call ended, when a rate allows
the next start, and once in a while in case a wake-up was missed or another node queued something.
Beside it the node's tenure is renewed, and what dead nodes held is settled.
"""

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Final, TypeVar

import structlog

from callwright.accounts.ports import AccountStore
from callwright.dispatch.demand import Demand, Share
from callwright.dispatch.fact_log import FactLog
from callwright.dispatch.held_channel import HeldChannel
from callwright.dispatch.housekeeping import INTERVAL, Housekeeping
from callwright.dispatch.invocation import Completed, Invocations, Outcome, Refused
from callwright.dispatch.ports import Leases
from callwright.dispatch.rescue import Rescue
from callwright.dispatch.tenure import RENEWED_EVERY, TenureKeeper
from callwright.domain.account import Account
from callwright.domain.clock import Clock, UnixTime
from callwright.domain.errors import IllegalTransition, StoreUnavailable
from callwright.domain.facts import FactBoard
from callwright.domain.ids import AccountId, ServiceId
from callwright.engine.call_plan import leaves_by_trunk
from callwright.engine.capacity import Gate
from callwright.queue.ports import Claim, LeaseLost, QueueStore, WaitingService

Result = TypeVar("Result")

log: Final = structlog.get_logger()

POLL_INTERVAL: Final = 1.0
"""Seconds between looks at the queue that nobody asked for, on a node by itself."""

SHARED_POLL_INTERVAL: Final = 0.1
"""The same with other nodes, which queue starts and do not wake us."""

RETRY_PAUSE: Final = 1.0
"""Seconds after a store that failed before it is asked again."""


class Dispatcher:
    """Claims starts within the limits and runs each in a handle of its own."""

    def __init__(
        self,
        *,
        queue: QueueStore,
        accounts: AccountStore,
        leases: Leases,
        rescue: Rescue,
        invocations: Invocations,
        board: FactBoard,
        clock: Clock,
    ) -> None:
        """Take what the dispatcher works with; `begin` and then `run` do the work."""
        self._queue = queue
        self._leases = leases
        self._rescue = rescue
        self.tenure = TenureKeeper()
        self._accounts = accounts
        self._invocations = invocations
        self._board = board
        self._clock = clock
        self._demand = Demand(invocations.dial.limits)
        self._woken = asyncio.Event()
        self._stopping = False
        self._running = 0
        self._handles: set[asyncio.Task[None]] = set()

    @property
    def running(self) -> int:
        """How many starts are being run."""
        return self._running

    def wake(self) -> None:
        """Say that there may be something to do; carries no data and never waits."""
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more; what runs goes on."""
        self._stopping = True
        self._woken.set()

    async def begin(self) -> None:
        """Take this node's share, and settle what dead nodes held, its own earlier starts first.

        Raises:
            StoreUnavailable: nothing can be dispatched.

        """
        await self._renew()

    async def run(self) -> None:
        """Claim and run until `stop`, then wait for what still runs."""
        renewing = asyncio.create_task(self._keep_tenure(), name="tenure")
        try:
            await self._dispatch()
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            await self._resign()

    async def _dispatch(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                pause = await self._claim_what_may_start()
            except Exception:
                # The store is busy or broken; starts are safe in it and wait.
                log.exception("dispatch.claim_failed")
                pause = RETRY_PAUSE
            await self._sleep(pause)
        while self._handles:
            await asyncio.wait(self._handles)

    async def _claim_what_may_start(self) -> float:
        """Claim one round; returns how long to wait for the next at most."""
        poll = SHARED_POLL_INTERVAL if self.tenure.is_shared else POLL_INTERVAL
        if not self.tenure.is_valid(self._clock.now()):
            return poll
        waiting = await self._queue.waiting(self.tenure.shards)
        if not waiting:
            return poll
        await self._follow_limits(waiting)
        for share in self._demand.shares(waiting, self._clock.now()):
            await self._claim(share)
        inside = await self._claim_inside(waiting)
        now = self._clock.now()
        moments = [
            self._demand.next_at(waiting, now),
            self._demand.next_at(inside, now, by_trunk=False),
        ]
        return min([poll, *(max(0.0, at - now) for at in moments if at is not None)])

    async def _claim_inside(self, waiting: Sequence[WaitingService]) -> list[WaitingService]:
        """Claim starts that need no trunk, past one that takes no more.

        Returns the services of which one was claimed: the next may be of the same kind.
        """
        shares = self._demand.inside_shares(waiting, self._clock.now())
        if not shares:
            return []
        starts = await self._queue.next_starts([share.service_id for share in shares])
        claimed: set[ServiceId] = set()
        for share in shares:
            start = starts.get(share.service_id)
            if start is None or not self._demand.has_room(share, self._clock.now()):
                continue
            if await self._invocations.stays_inside(share.service_id, start):
                await self._claim(share)
                claimed.add(share.service_id)
        return [one for one in waiting if one.service_id in claimed]

    async def _follow_limits(self, waiting: Sequence[WaitingService]) -> None:
        """Read the limits that are not known for sure any more, and who else uses them."""
        now = self._clock.now()
        to_read = self._demand.accounts_to_read(waiting, now)
        for account_id in to_read:
            account = await self._accounts.read(account_id)
            if account is not None:
                self._demand.follow(account, now)
        if to_read and self.tenure.is_shared:
            accounts = self._demand.accounts()
            self._demand.note_in_progress(await self._queue.in_progress(accounts))
        for service_id in self._demand.services_to_read(waiting, now):
            constraints = await self._invocations.constraints(service_id)
            self._demand.follow_service(service_id, constraints, now)

    async def _claim(self, share: Share) -> None:
        claims = await self._queue.claim(
            share.service_id, limit=share.count, at=self._clock.unix_time()
        )
        self._demand.begun(share, len(claims), self._clock.now())
        self._running += len(claims)
        for claim in claims:
            channel = HeldChannel(claim, self, share.by_trunk)
            self._begin(self._run(claim, channel), f"invocation {claim.ref}")

    async def _run(self, claim: Claim, channel: HeldChannel) -> None:
        facts = FactLog(claim.account_id, claim.ref, self._board, channel)
        outcome: Outcome | None = None
        try:
            outcome = await self._outcome(claim, facts, channel)
            channel.call_over()
            if outcome is not None:
                await self._write(functools.partial(self._settle, outcome))
                facts.end_is_on_disk()
        except LeaseLost:
            # Taken for dead: another node has settled this start.
            log.warning("dispatch.lease_lost", service_ref=claim.ref)
        except StoreUnavailable:
            log.warning("dispatch.left_behind", service_ref=claim.ref)
        finally:
            if isinstance(outcome, Completed) and outcome.finish is not None:
                self._begin(outcome.finish(), f"afterwards of {claim.ref}")
            channel.call_over()
            self._demand.settled(claim.account_id)
            self._running -= 1

    async def _outcome(self, claim: Claim, facts: FactLog, channel: HeldChannel) -> Outcome | None:
        """Prepare, write the intent down, call; None: it waits in its queue again."""
        try:
            prepared = await self._patiently(lambda: self._invocations.prepare(claim, facts))
            if isinstance(prepared, Refused):
                return prepared
            if not leaves_by_trunk(prepared.plan):
                channel.stay_inside()
            elif not channel.by_trunk:
                # Somebody took the start away that was looked at, and this one came up.
                await self._write(lambda: self._queue.release([claim.ref]))
                return None
            await self._write(lambda: self._queue.intend(prepared.intent))
            gate = self._demand.gate(claim, by_trunk=channel.by_trunk)
            if not channel.by_trunk:
                # Nothing that leaves here looks at a gate but an INVITE to the trunk.
                await self._pass(gate)
                gate = Gate()
            return await self._invocations.call(prepared, facts, gate)
        except (LeaseLost, StoreUnavailable):
            raise
        except Exception:
            # A bug of ours: it costs this one start.
            log.exception("dispatch.run_failed", service_ref=claim.ref)
            return self._invocations.broken(claim, facts)

    async def _pass(self, gate: Gate) -> None:
        """Wait until a call may be placed, and take note that it is."""
        while (now := self._clock.now()) < (free_at := gate.free_at()):  # noqa: ASYNC110 - no poll
            await asyncio.sleep(free_at - now)
        gate.note(now)

    async def _settle(self, outcome: Outcome) -> None:
        at = self._clock.unix_time()
        match outcome:
            case Completed(ref, exit_status, record, _):
                await self._queue.finish(ref, exit_status=exit_status, record=record, at=at)
            case Refused(ref, reason):
                await self._queue.refuse(ref, reason=reason, at=at)

    async def _write(self, change: Callable[[], Awaitable[None]]) -> None:
        """Write a change of a start of ours down, however long the store is away.

        A store that goes away in the middle of a commit leaves open whether it happened. Nobody
        else changes our starts: one that has become illegal when it is repeated did happen.

        Raises:
            StoreUnavailable: we are stopping and it is still away. The next start of the node,
                or another one, settles what is left behind.

        """
        try:
            await change()
        except StoreUnavailable:
            if self._stopping:
                raise
            await self._wait_for_store()
            with contextlib.suppress(IllegalTransition):
                await self._patiently(change)

    async def _patiently(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Do something that needs the store, however long that is away; raises as `_write`."""
        while True:
            try:
                return await work()
            except StoreUnavailable:
                if self._stopping:
                    raise
                await self._wait_for_store()

    async def _wait_for_store(self) -> None:
        log.warning("dispatch.store_away")
        await asyncio.sleep(RETRY_PAUSE)

    async def _keep_tenure(self) -> None:
        """Renew as long as there may be other nodes."""
        while self.tenure.is_shared:
            await asyncio.sleep(RENEWED_EVERY)
            try:
                await self._renew()
            except Exception:
                # The store is away; what this node holds it may go on with until the lease ends.
                log.exception("dispatch.renewal_failed")

    async def _renew(self) -> None:
        asked_at = self._clock.now()
        tenure = await self._leases.renew(self._demand.trunk_claim())
        now = self._clock.now()
        taken_over = self.tenure.take(tenure, asked_at=asked_at)
        self._demand.take_over(taken_over, self.tenure.others_stop_by(now))
        self._demand.share_trunk(tenure, now)
        await self._rescue.run()

    async def _resign(self) -> None:
        try:
            await self._leases.resign()
        except Exception:
            # The lease runs out by itself.
            log.exception("dispatch.resign_failed")

    def note_answer(self, claim: Claim, at: UnixTime) -> None:
        """Write down when a start's call was answered."""
        self._begin(self._note_answer(claim, at), f"answer of {claim.ref}")

    def free_channel(self, claim: Claim, *, by_trunk: bool) -> None:
        """Let the next start of the account have the channel of one whose call is over."""
        self._demand.ended(claim.account_id, by_trunk=by_trunk)
        self.wake()

    def leave_trunk(self) -> None:
        """Let another start have the trunk's channel of one that stays inside."""
        self._demand.leave_trunk()
        self.wake()

    def trunk_gate(self) -> Gate:
        """Return where the INVITE of a call leaves that is no start: it counts for the trunk."""
        return self._demand.trunk_gate()

    def take_trunk_channel(self) -> bool:
        """Take a channel of the trunk for a call that is no start; False if none is free."""
        return self._demand.take_trunk_channel()

    def free_trunk_channel(self) -> None:
        """Give that channel back, perhaps to a start that waits for one."""
        self._demand.free_trunk_channel()
        self.wake()

    def take_channel(self, account: Account) -> bool:
        """Take a channel of an account's for a call that comes in; False: none is free."""
        return self._demand.take_channel(account, self._clock.now())

    def give_channel_back(self, account_id: AccountId) -> None:
        """Let the account's next start have the channel of such a call that is over."""
        self._demand.give_channel_back(account_id)
        self.wake()

    @property
    def is_stopping(self) -> bool:
        """Whether nothing more is to be begun."""
        return self._stopping

    async def write(self, change: Callable[[], Awaitable[None]]) -> None:
        """Write a change of a call down that is no start, however long the store is away.

        Repeating one that may have happened must do no harm.

        Raises:
            StoreUnavailable: we are stopping and it is still away.

        """
        await self._write(change)

    def begin_beside(self, work: Coroutine[None, None, None], name: str) -> None:
        """Run a call that is no start; `run` waits for it too."""
        self._begin(self._beside(work), name)

    async def _beside(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception:
            # A bug of ours, or a store that failed: it costs this one call.
            log.exception("dispatch.beside_failed")

    async def _note_answer(self, claim: Claim, at: UnixTime) -> None:
        try:
            await self._queue.answered(claim.ref, at=at)
        except Exception:
            # Only the record of a crash would be poorer for it.
            log.exception("dispatch.answer_not_noted", service_ref=claim.ref)

    def _begin(self, work: Coroutine[None, None, None], name: str) -> None:
        """Start a handle of ours; `run` waits for all of them in the end."""
        handle = asyncio.create_task(work, name=name)
        self._handles.add(handle)
        handle.add_done_callback(self._handles.discard)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            pass


async def keep_house(housekeeping: Housekeeping, clock: Clock) -> None:
    """Forget what is old, now and then, until cancelled."""
    while True:
        await asyncio.sleep(INTERVAL)
        try:
            await housekeeping.run_once(clock.unix_time())
        except Exception:
            log.exception("housekeeping.failed")
