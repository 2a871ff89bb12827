"""The queue of every store against the model, through whatever order of events Hypothesis finds."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from callwright.domain.account import Account
from callwright.domain.errors import IllegalTransition
from callwright.domain.ids import ServiceRef
from callwright.queue.ports import QueueStore
from tests.contracts.stores import NOW, START, Stores, intent_of, open_sqlite, record_of
from tests.sim.memory_stores import MemoryQueueStore

SERVICES = 3


class QueueAgainstModel(RuleBasedStateMachine):
    """Does everything twice, once with each, and compares every answer."""

    refs = Bundle("refs")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.stores = self.open()
        self.model = MemoryQueueStore()
        self.known: list[ServiceRef] = []
        self.account: Account = self.run(self.stores.account())
        self.services = [
            self.run(self.stores.service(self.account, f"s{n}")) for n in range(SERVICES)
        ]

    def open(self) -> Stores:
        """Open the store that is compared; another kind overrides this."""
        return open_sqlite(Path(self.folder.name))

    def run(self, story: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(story)

    def both(self, ask: Callable[[QueueStore], Coroutine[Any, Any, Any]]) -> Any:
        """Ask both; the same answer or the same refusal is expected."""
        answers = []
        for queue in (self.stores.queue, self.model):
            try:
                answers.append(self.run(ask(queue)))
            except IllegalTransition:
                answers.append(IllegalTransition)
        assert answers[0] == answers[1]
        return answers[0]

    @rule(target=refs, service=st.integers(0, SERVICES - 1), count=st.integers(1, 4))
    def enqueue(self, service: int, count: int) -> ServiceRef:
        refs = [ServiceRef(f"r{len(self.known) + n}") for n in range(count)]
        self.known += refs
        self.both(
            lambda queue: queue.enqueue(
                account_id=self.account.account_id,
                service_id=self.services[service],
                starts=[(ref, START) for ref in refs],
                at=NOW,
            )
        )
        return refs[-1]

    @rule(service=st.integers(0, SERVICES - 1), limit=st.integers(0, 4))
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
        record = record_of(ref)
        self.both(lambda queue: queue.finish(ref, exit_status=exit_status, record=record, at=NOW))

    @rule(ref=refs)
    def refuse(self, ref: ServiceRef) -> None:
        self.both(lambda queue: queue.refuse(ref, reason="Invalid destination", at=NOW))

    @rule(ref=refs)
    def release(self, ref: ServiceRef) -> None:
        self.both(lambda queue: queue.release([ref]))

    @rule(some=st.lists(refs, min_size=1, max_size=3, unique=True))
    def cancel(self, some: list[ServiceRef]) -> None:
        self.both(lambda queue: queue.cancel(self.account.account_id, some, at=NOW))

    @rule()
    def start_again(self) -> None:
        """Close and open the store: a second process, which rescues first."""
        self.stores.close()
        self.stores = self.open()
        interrupted = [
            sorted(self.run(queue.rescue()), key=lambda one: str(one.claim.ref))
            for queue in (self.stores.queue, self.model)
        ]
        assert interrupted[0] == interrupted[1]

    @invariant()
    def tells_the_same(self) -> None:
        self.both(lambda queue: queue.waiting())
        self.both(lambda queue: queue.status(self.account.account_id, self.known))

    def teardown(self) -> None:
        self.stores.close()
        self.runner.close()
        self.folder.cleanup()


QueueAgainstModel.TestCase.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None
)
TestQueueAgainstModel = QueueAgainstModel.TestCase
