"""The queue of every store against the model, through whatever order of events Hypothesis finds."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from callwright.domain.account import Account
from callwright.domain.clock import UnixTime
from callwright.domain.errors import IllegalTransition
from callwright.domain.ids import IdMint, ServiceRef
from callwright.queue.ports import LeaseLost, Once, QueueStore, UniqueIdReused
from tests.contracts.stores import (
    NOW,
    START,
    STORES,
    OpenStores,
    Stores,
    intent_of,
    memory_stores,
    record_of,
)
from tests.sim.memory_queue import MemoryQueueStore

SERVICES = 3
REFUSALS = (IllegalTransition, LeaseLost, UniqueIdReused)
EVERYTHING = 10**6

Result = TypeVar("Result")

services = st.integers(0, SERVICES - 1)


@dataclass(frozen=True, slots=True)
class Node:
    """One node's view of the store and of the model."""

    stores: Stores
    model: MemoryQueueStore


class QueueAgainstModel(RuleBasedStateMachine):
    """Does everything twice, once with each, and compares every answer."""

    refs = Bundle("refs")

    def __init__(self, open_stores: OpenStores) -> None:
        super().__init__()
        self.open_stores = open_stores
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.opened = AsyncExitStack()
        self.node = Node(self.enter(), MemoryQueueStore())
        self.dead: Node | None = None
        self.mint = IdMint("2e891aea", "049136ca36e44662", 1366641192)
        self.known: list[ServiceRef] = []
        self.at = NOW
        self.account: Account = self.run(self.node.stores.account())
        self.services = [
            self.run(self.node.stores.service(self.account, f"s{n}")) for n in range(SERVICES)
        ]

    def enter(self) -> Stores:
        """Open the store that is compared."""
        opening = self.open_stores(Path(self.folder.name))
        return self.runner.run(self.opened.enter_async_context(opening))

    def run(self, story: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(story)

    def both(
        self, ask: Callable[[QueueStore], Coroutine[Any, Any, Any]], node: Node | None = None
    ) -> Any:
        """Ask both; the same answer or the same refusal is expected."""
        asked = node or self.node
        answers = [self.answer_of(ask, queue) for queue in (asked.stores.queue, asked.model)]
        assert answers[0] == answers[1]
        return answers[0]

    def answer_of(self, ask: Callable[[QueueStore], Coroutine[Any, Any, Any]], queue: Any) -> Any:
        try:
            answer = self.run(ask(queue))
        except REFUSALS as refusal:
            return type(refusal)
        match answer:
            case Mapping():
                return dict(answer)
            case Sequence():
                return list(answer)
            case _:
                return answer

    def later(self) -> UnixTime:
        self.at = UnixTime(self.at + 1)
        return self.at

    @rule(
        target=refs,
        service=services,
        count=st.integers(1, 4),
        once=st.none() | st.builds(Once, st.sampled_from("uv"), st.sampled_from([b"1", b"2"])),
    )
    def enqueue(self, service: int, count: int, once: Once | None) -> ServiceRef:
        minted = self.mint.service_refs(count)
        self.known += minted
        self.both(
            lambda queue: queue.enqueue(
                account_id=self.account.account_id,
                service_id=self.services[service],
                starts=[(ref, START) for ref in minted],
                at=NOW,
                once=once,
            )
        )
        return minted[-1]

    @rule(service=services, limit=st.integers(0, 4))
    def claim(self, service: int, limit: int) -> None:
        self.both(lambda queue: queue.claim(self.services[service], limit=limit, at=NOW))

    @rule(ref=refs)
    def intend(self, ref: ServiceRef) -> None:
        self.both(lambda queue: queue.intend(intent_of(ref)))

    @rule(ref=refs)
    def answer(self, ref: ServiceRef) -> None:
        self.both(lambda queue: queue.answered(ref, at=NOW))

    @rule(ref=refs, exit_status=st.sampled_from([0, -1]))
    def finish(self, ref: ServiceRef, exit_status: int) -> None:
        record, at = record_of(ref), self.later()
        self.both(lambda queue: queue.finish(ref, exit_status=exit_status, record=record, at=at))

    @rule(ref=refs)
    def refuse(self, ref: ServiceRef) -> None:
        at = self.later()
        self.both(lambda queue: queue.refuse(ref, reason="Invalid destination", at=at))

    @rule(ref=refs)
    def release(self, ref: ServiceRef) -> None:
        self.both(lambda queue: queue.release([ref]))

    @rule(some=st.lists(refs, min_size=1, max_size=3, unique=True))
    def cancel(self, some: list[ServiceRef]) -> None:
        at = self.later()
        self.both(lambda queue: queue.cancel(self.account.account_id, some, at=at))

    @rule(service=services)
    def purge(self, service: int) -> None:
        at = self.later()

        async def purge(queue: QueueStore) -> list[ServiceRef]:
            portions = queue.purge(self.account.account_id, self.services[service], at=at)
            return [ref async for refs in portions for ref in refs]

        self.both(purge)

    @rule(ago=st.integers(0, 20))
    def forget(self, ago: int) -> None:
        before = UnixTime(self.at - ago)
        self.both(lambda queue: queue.forget(ended_before=before, limit=EVERYTHING))

    @rule()
    def start_again(self) -> None:
        """Close and open the store: a second process, which settles first."""
        self.run(self.opened.aclose())
        self.node, self.dead = Node(self.enter(), self.node.model.next_node()), None
        self.settle()

    @rule()
    def be_taken_over(self) -> None:
        """Another node takes this one for dead and settles; this one has not heard of it."""
        successor = self.run(self.node.stores.successor())
        self.dead, self.node = self.node, Node(successor, self.node.model.next_node())
        self.settle()

    def settle(self) -> None:
        # The model's order is by time and reference; all intents here have the same time.
        self.both(lambda queue: queue.settle_dead())

    @precondition(lambda self: self.dead is not None)
    @rule(ref=refs, change=st.sampled_from(["intend", "answered", "finish", "refuse", "release"]))
    def go_on_though_dead(self, ref: ServiceRef, change: str) -> None:
        def ask(queue: QueueStore) -> Coroutine[Any, Any, Any]:
            match change:
                case "intend":
                    return queue.intend(intent_of(ref))
                case "answered":
                    return queue.answered(ref, at=NOW)
                case "finish":
                    return queue.finish(ref, exit_status=0, record=record_of(ref), at=NOW)
                case "refuse":
                    return queue.refuse(ref, reason="Invalid destination", at=NOW)
                case _:
                    return queue.release([ref])

        assert self.both(ask, self.dead) in REFUSALS

    @invariant()
    def tells_the_same(self) -> None:
        account_id = self.account.account_id
        self.both(lambda queue: queue.waiting())
        self.both(lambda queue: queue.lengths(account_id))
        self.both(lambda queue: queue.in_progress([account_id]))
        self.both(lambda queue: queue.status(account_id, self.known))
        self.both(lambda queue: queue.job(account_id, "u"))
        self.both(lambda queue: queue.job(account_id, "v"))

    def teardown(self) -> None:
        self.run(self.opened.aclose())
        self.runner.close()
        self.folder.cleanup()


@pytest.mark.parametrize("kind", [kind for kind in STORES if kind is not memory_stores])
def test_the_queue_of_every_store_does_what_the_model_does(kind: OpenStores) -> None:
    make = cast("type[QueueAgainstModel]", lambda: QueueAgainstModel(kind))  # any factory will do
    run_state_machine_as_test(
        make,
        settings=settings(max_examples=25, stateful_step_count=40, deadline=None),
    )
