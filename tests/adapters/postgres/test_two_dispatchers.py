"""Two whole dispatchers on one database: every start once, no account above its channels."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from callwright.adapters.clock import SystemClock
from callwright.adapters.postgres.account_store import PostgresAccountStore
from callwright.adapters.postgres.caller_id_store import PostgresCallerIdStore
from callwright.adapters.postgres.inbound_store import PostgresInboundStore
from callwright.adapters.postgres.secondary_notes import PostgresSecondaryNotes
from callwright.dispatch.checks import Checks
from callwright.dispatch.invocation import DialSettings, Invocations
from callwright.dispatch.loop import Dispatcher
from callwright.dispatch.rescue import Rescue
from callwright.domain.account import CallLimits
from callwright.domain.call_control import CallControl
from callwright.domain.causes import HUNG_UP_BY_US
from callwright.domain.facts import CallAnswered, CallOver, CallPlaced, Fact, FactSink
from callwright.domain.facts import InstanceStopped as Stopped
from callwright.domain.ids import AccountId, IdMint, ServiceId, ServiceRef
from callwright.domain.instance import AnyInstance
from callwright.domain.outbound_service import OutboundService
from callwright.engine.call_plan import CallPlan, RoomPlan, SocketPlan
from callwright.engine.capacity import Gate
from callwright.engine.trunk import Trunk
from callwright.records.tariff import Tariff
from callwright.runner.ports import ConferenceCall
from tests.adapters.postgres.nodes import Node, nodes
from tests.sim.call import ScriptedCall
from tests.sim.conferences import Admissions
from tests.sim.sample_services import OUTBOUND, Alone

Run = Callable[[Coroutine[Any, Any, None]], None]

CHANNELS = 2
STARTS = 10
ENDS_WITHIN = 30.0
"""Seconds of real time; a bound for dispatchers that hang, never waited out."""


@dataclass
class World:
    """What both dispatchers share: the far ends."""

    waiting_for: int
    dialled: Counter[ServiceRef] = field(default_factory=Counter)
    by_node: Counter[int] = field(default_factory=Counter)
    in_progress: Counter[AccountId] = field(default_factory=Counter)
    most_at_once: int = 0
    all_ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def outbound_service(self, _service_id: ServiceId) -> OutboundService:
        return OUTBOUND

    async def place(self, plan: CallPlan, facts: FactSink, gate: Gate) -> CallControl:
        clock = SystemClock()
        gate.note(clock.now())
        at = clock.unix_time()
        facts.tell(CallPlaced(at, plan.call_id, plan.destination_address, "us", "trunk"))
        facts.tell(CallAnswered(at, plan.call_id))
        return ScriptedCall(call_id=plan.call_id)

    async def call_socket(self, plan: SocketPlan, _facts: FactSink) -> CallControl:
        raise AssertionError(f"{plan.destination_address} was called")

    def enter(self, plan: RoomPlan, facts: FactSink) -> ConferenceCall:
        raise AssertionError(f"{plan.name} is not called by anybody, {facts} not told")

    def tell_of(self, _account_id: AccountId, _ref: ServiceRef, fact: Fact) -> None:
        if isinstance(fact, Stopped):
            self.waiting_for -= 1
            if not self.waiting_for:
                self.all_ended.set()


@dataclass
class Talk:
    """An application that talks as long as the database needs for some answers."""

    world: World
    node: Node
    instance: AnyInstance
    facts: FactSink

    async def run(self) -> int:
        world, account_id = self.world, self.instance.account_id
        world.dialled[self.instance.ref] += 1
        world.by_node[self.node.boot_epoch] += 1
        world.in_progress[account_id] += 1
        world.most_at_once = max(world.most_at_once, world.in_progress[account_id])
        for _ in range(5):
            await self.node.queue.lengths(account_id)
        world.in_progress[account_id] -= 1
        at = SystemClock().unix_time()
        self.facts.tell(CallOver(at, self.instance.call_id, HUNG_UP_BY_US))
        self.facts.tell(Stopped(at, 0))
        return 0

    async def finish(self) -> None:
        """Nothing outlives it."""


def dispatcher(world: World, node: Node, number: int) -> Dispatcher:
    clock, accounts = SystemClock(), PostgresAccountStore(node.database)
    domain = "sip-0-0-0.example.net"
    inbound = PostgresInboundStore(node.database, node_epoch=node.boot_epoch)
    notes = PostgresSecondaryNotes(node.database)
    return Dispatcher(
        queue=node.queue,
        accounts=accounts,
        leases=node.leases,
        rescue=Rescue(node.queue, inbound, notes, world, world, clock, domain, Tariff()),
        invocations=Invocations(
            services=world,
            calls=world,
            applications=lambda instance, _call, _beside, facts: Talk(world, node, instance, facts),
            secondaries=Alone(),
            mint=IdMint(f"{number:08x}", f"{number:016x}", node.boot_epoch),
            clock=clock,
            random_number=lambda: 9,
            dial=DialSettings(Trunk("sim:", "192.0.2.2", 5060), domain),
            checks=Checks(accounts, PostgresCallerIdStore(node.database), Tariff()),
            conferences=Admissions(),
            tariff=Tariff(),
        ),
        board=world,
        clock=clock,
    )


def test_every_start_is_dialled_once_and_within_its_accounts_channels(url: str, run: Run) -> None:
    async def story() -> None:
        async with nodes(url, 2) as both:
            async with both[0].database._connected() as connection:
                # In the middle of the shards, so that either node has two of the accounts.
                await connection.execute("ALTER TABLE account ALTER account_id RESTART WITH 126")
            accounts = PostgresAccountStore(both[0].database)
            refs: list[ServiceRef] = []
            for name in "abcd":
                account, service_id = await both[0].account(f"{name}@example.com")
                await accounts.change_limits(account.account_id, CallLimits(CHANNELS, 1000.0))
                await accounts.change_rules(
                    account.account_id, validates_caller_ids=False, blocked_prefixes=[]
                )
                refs += await both[0].queued(account, service_id, STARTS)
            for node in (*both, both[0]):
                await node.leases.renew()
            world = World(waiting_for=len(refs))
            dispatchers = [dispatcher(world, node, number) for number, node in enumerate(both)]
            async with asyncio.timeout(ENDS_WITHIN):
                for one in dispatchers:
                    await one.begin()
                running = [asyncio.create_task(one.run()) for one in dispatchers]
                await world.all_ended.wait()
                for one in dispatchers:
                    one.stop()
                await asyncio.gather(*running)
            assert world.dialled == Counter(refs)
            assert world.by_node == {node.boot_epoch: 2 * STARTS for node in both}
            assert world.most_at_once == CHANNELS
            assert await both[0].queue.waiting() == []

    run(story())
