"""Nodes of one scheduler: they share its stores, exchange shards, and may die at any question."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, cast  # what goes through a line that may be cut has any type

from callwright.adapters.entropy import SystemEntropy
from callwright.domain.callback import TaskId
from callwright.domain.clock import Clock
from callwright.domain.ids import IdMint
from callwright.queue.ports import QueueStore
from callwright.scheduler.gates import AnswerRatio, AsrRule
from callwright.scheduler.loop import CallbackLoop
from callwright.scheduler.ports import CallbackQueueStore, CallbackTaskStore
from tests.contracts.callback_stores import (
    CallbackStores,
    postgres_callback_stores_at,
    sqlite_callback_stores,
)
from tests.sim.callback_attempts import attempts_on
from tests.sim.postgres import Postgres


class Died(Exception):
    """What a node meets that is killed."""


@dataclass(slots=True)
class Fate:
    """When a node dies: at one of the questions it asks of what outlives it."""

    questions_left: int | None = None
    """Until it dies; None: it lives."""
    is_heard: bool = False
    """Whether the last question still has its effect, though no answer."""
    is_dead: bool = False

    def strikes(self) -> bool:
        """Count a question; says whether this is the one."""
        if self.is_dead:
            raise Died
        if self.questions_left is None:
            return False
        self.questions_left -= 1
        self.is_dead = self.questions_left < 0
        return self.is_dead


class Line:
    """What a node has to something that outlives it: every question may be the last."""

    def __init__(self, to: object, fate: Fate) -> None:
        self._to = to
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        ask = getattr(self._to, name)

        async def asked(*values: Any, **named: Any) -> Any:
            if not self._fate.strikes():
                return await ask(*values, **named)
            if self._fate.is_heard:
                await ask(*values, **named)
            raise Died(name)

        return asked


@dataclass(slots=True)
class Node:
    """A server's part in the scheduler; `revive` puts a new one in the place of one that died."""

    stores: CallbackStores
    starts: QueueStore
    mint: IdMint
    clock: Clock
    folder: Path
    rule: AsrRule | None = None
    shards: frozenset[int] = frozenset()
    fate: Fate = field(init=False)
    ratio: AnswerRatio = field(init=False)
    loop: CallbackLoop = field(init=False)
    hung_up: list[TaskId] = field(default_factory=list)
    """Whose calls this node was to end."""

    def __post_init__(self) -> None:
        self.revive()

    def revive(self) -> None:
        """Begin anew, knowing nothing."""
        self.fate, self.ratio = Fate(), AnswerRatio(self.rule)
        queues = cast("CallbackQueueStore", Line(self.stores.queues, self.fate))
        tasks = cast("CallbackTaskStore", Line(self.stores.tasks, self.fate))
        starts = cast("QueueStore", Line(self.starts, self.fate))
        self.loop = CallbackLoop(
            queues=queues,
            tasks=tasks,
            attempts=attempts_on(
                replace(self.stores, queues=queues, tasks=tasks),
                starts,
                self.clock,
                self.folder,
                mint=self.mint,
                random_bytes=SystemEntropy().token,
            ),
            starts=starts,
            shards=lambda: self.shards,
            ratio=self.ratio,
            clock=self.clock,
            hang_up=self.hung_up.append,
        )


OpenNodeStores = Callable[[Path], AbstractAsyncContextManager[list[CallbackStores]]]
"""Opens the stores of the nodes of one installation."""


@asynccontextmanager
async def sqlite_node_stores(folder: Path) -> AsyncIterator[list[CallbackStores]]:
    """Open the file of a node by itself, and what it gives to whoever comes after it."""
    async with sqlite_callback_stores(folder) as stores:
        yield [stores, stores]


@asynccontextmanager
async def postgres_node_stores(_: Path) -> AsyncIterator[list[CallbackStores]]:
    """Open one database for two nodes; it is the same one each time, and not empty."""
    url = _database()
    async with postgres_callback_stores_at(url) as one, postgres_callback_stores_at(url) as other:
        yield [one, other]


@cache
def _database() -> str:
    return Postgres.shared().create_database()
