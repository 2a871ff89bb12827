"""The live view's memory: the last facts of each reference, and who wants to hear the next.

Pure: a listener is called at once, in the order of the facts, by whoever tells them. What is kept
is bounded twice. A reference keeps its last facts and counts those it forgot; all references
together keep so many, and the one that was silent longest is forgotten whole.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from callwright.domain.facts import Fact
from callwright.domain.ids import AccountId, ServiceRef

FACTS_PER_REF: Final = 256
"""Kept of one reference: a call with ten pages and fifty keys has about a hundred."""

FACTS_OVERALL: Final = 50_000
"""Kept of all references: about 300 bytes each, so 15 MB at most.

A reference with one fact costs one object that the garbage collector walks; five made it stop
everything for 90 ms once so many starts had been told of.
"""


@dataclass(frozen=True, slots=True)
class LiveFact:
    """A fact with its owner and its reference."""

    account_id: AccountId
    ref: ServiceRef
    fact: Fact


Listener = Callable[[LiveFact], None]
"""Takes a fact at once; never waits and never fails."""


@dataclass(frozen=True, slots=True)
class Following:
    """What a new follower gets: the facts until now, and a way to stop hearing more."""

    remembered: tuple[LiveFact, ...]
    forgotten: int
    """Facts of this reference that were told before the first remembered one."""
    stop: Callable[[], None]
    """Ends the following; doing it twice does no harm."""


@dataclass(slots=True)
class _Memory:
    """Of a reference with several facts; one fact stands for itself."""

    facts: deque[Fact]
    forgotten: int = 0


_Topic = tuple[AccountId, ServiceRef | None]


class LiveFacts:
    """A `FactBoard` that remembers and tells on."""

    def __init__(
        self, *, facts_per_ref: int = FACTS_PER_REF, facts_overall: int = FACTS_OVERALL
    ) -> None:
        """Start with an empty memory."""
        self._facts_per_ref = facts_per_ref
        self._facts_overall = facts_overall
        self._kept = 0
        self._memories: OrderedDict[tuple[AccountId, ServiceRef], Fact | _Memory] = OrderedDict()
        self._listeners: dict[_Topic, dict[object, Listener]] = {}

    def tell_of(self, account_id: AccountId, ref: ServiceRef, fact: Fact) -> None:
        """Keep a fact and tell it to those who follow its reference or its account."""
        self._remember(account_id, ref, fact)
        if not self._listeners:
            return
        live_fact = LiveFact(account_id, ref, fact)
        for topic in ((account_id, ref), (account_id, None)):
            for listener in tuple(self._listeners.get(topic, {}).values()):
                listener(live_fact)

    def follow(
        self, account_id: AccountId, listener: Listener, *, ref: ServiceRef | None = None
    ) -> Following:
        """Hear what happens from now on: to one reference, or to all of an account.

        The follower of one reference also gets what is remembered of it.
        """
        topic: _Topic = (account_id, ref)
        token = object()
        self._listeners.setdefault(topic, {})[token] = listener

        def stop() -> None:
            listeners = self._listeners.get(topic, {})
            listeners.pop(token, None)
            if not listeners:
                self._listeners.pop(topic, None)

        memory = None if ref is None else self._memories.get((account_id, ref))
        if ref is None or memory is None:
            return Following(remembered=(), forgotten=0, stop=stop)
        facts, forgotten = (
            (memory.facts, memory.forgotten) if isinstance(memory, _Memory) else ((memory,), 0)
        )
        remembered = tuple(LiveFact(account_id, ref, fact) for fact in facts)
        return Following(remembered, forgotten, stop)

    def _remember(self, account_id: AccountId, ref: ServiceRef, fact: Fact) -> None:
        key = (account_id, ref)
        memory = self._memories.get(key)
        self._kept += 1
        if memory is None:
            self._memories[key] = fact
        else:
            if not isinstance(memory, _Memory):
                memory = self._memories[key] = _Memory(deque((memory,)))
            self._memories.move_to_end(key)
            memory.facts.append(fact)
            if len(memory.facts) > self._facts_per_ref:
                memory.facts.popleft()
                memory.forgotten += 1
                self._kept -= 1
        while self._kept > self._facts_overall:
            _, silent = self._memories.popitem(last=False)
            self._kept -= len(silent.facts) if isinstance(silent, _Memory) else 1
