"""Clients of the callback scheduler as its own tests see them, and the calls made for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from callwright.domain.callback import CallbackQueueId, ExtensionId, Task, TaskId, TaskState
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceId, ServiceRef
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import Once
from callwright.scheduler.values import Extension
from tests.contracts.callback_stores import CallbackStores
from tests.contracts.stores import intent_of, record_of
from tests.sim.callback_model import Hours
from tests.sim.callback_series import Series
from tests.sim.memory_queue import MemoryQueueStore

_numbers: Final = count()


class NotedStarts(MemoryQueueStore):
    """A queue that notes which start carries out which attempt: one, whatever happens."""

    def __init__(self) -> None:
        super().__init__()
        self.by_attempt: dict[str, ServiceRef] = {}

    async def enqueue(
        self,
        *,
        account_id: AccountId,
        service_id: ServiceId,
        starts: Sequence[tuple[ServiceRef, ServiceStart]],
        at: UnixTime,
        once: Once | None = None,
    ) -> Sequence[ServiceRef]:
        refs = await super().enqueue(
            account_id=account_id, service_id=service_id, starts=starts, at=at, once=once
        )
        for ref, (_, start) in zip(refs, starts, strict=True):
            assert self.by_attempt.setdefault(start.outbound_parameters or "", ref) == ref
        return refs

    async def dial(self, task: Task, *, at: UnixTime) -> bool:
        """Have a task's newest start claimed and its intent written, as the dispatcher does it.

        False: its call is over, though nobody has settled that yet.
        """
        ref = ref_of(task)
        for waiting in await self.waiting():
            await self.claim(waiting.service_id, limit=99, at=at)
        status = (await self.status(task.account_id, [ref]))[ref]
        if status.instance_id is None:
            await self.intend(intent_of(ref))
        return status.ended_at is None

    async def hang_up(self, task: Task, exit_status: int, *, at: UnixTime) -> ServiceRef:
        """Have a task's call end, unless it has; returns its start."""
        ref = ref_of(task)
        if await self.dial(task, at=at):
            await self.finish(ref, exit_status=exit_status, record=record_of(ref), at=at)
        return ref


@dataclass(slots=True)
class Client:
    """One client of the scheduler, and what it has asked for."""

    account_id: AccountId
    queue_id: CallbackQueueId
    extensions: tuple[ExtensionId, ExtensionId]
    is_on: bool = True
    is_paused: bool = False
    limit: int = 2
    hours: Hours | None = None
    is_blocked: bool = False
    """Its second extension."""
    tasks: dict[TaskId, Task] = field(default_factory=dict)
    """Of its queue, as they were last seen."""
    going: set[TaskId] = field(default_factory=set)
    """Deleted by force while they were executed: removed when that is over."""
    leaving: dict[TaskId, Task] = field(default_factory=dict)
    """The same of queues that were deleted."""

    series: Series = field(default_factory=Series)
    """Of its queue."""

    @property
    def acts(self) -> bool:
        """Whether its queue may begin anything."""
        return self.is_on and not self.is_paused

    @property
    def executed(self) -> list[Task]:
        """Those that count towards the limit, or are leaving."""
        all_of_them = [*self.tasks.values(), *self.leaving.values()]
        return [task for task in all_of_them if task.state is TaskState.EXECUTED]


async def new_client(stores: CallbackStores) -> Client:
    """Make a client with a queue that is on, and two extensions with a telephone."""
    account_id = await stores.account(f"client{next(_numbers)}@example.com")
    extensions = []
    for number in ("205", "206"):
        wanted = Extension(
            *(ExtensionId(0), account_id, number, "", "", "", False, UnixTime(0.0)),
            destination="tel:4419082",
        )
        made = await stores.queues.add_extension(wanted)
        assert made is not None
        extensions.append(made.extension_id)
    return Client(account_id, await stores.queue(account_id), (extensions[0], extensions[1]))


def ref_of(task: Task) -> ServiceRef:
    """Return the start that carries out a task's newest attempt."""
    ref = task.attempts[-1].ref
    assert ref is not None
    return ref
