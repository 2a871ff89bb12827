"""Tasks of a queue as its client sees them: with the gate that due ones wait at (section 6).

That gate is not stored. So a list by state is put together from the tasks that are due and those
that are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from callwright.domain.callback import CallbackQueue, Gate, Task, TaskState
from callwright.domain.calling_window import CallingWindow
from callwright.domain.clock import UnixTime
from callwright.scheduler.gates import AnswerRatio, shut_gate
from callwright.scheduler.pause_ports import ClientPauseStore
from callwright.scheduler.ports import CallbackQueueStore, CallbackTaskStore
from callwright.scheduler.printing import WAITING, is_put_off, is_ready
from callwright.scheduler.values import Page, TaskFilter

SCANNED_AT_ONCE: Final = 500
"""Tasks read in one go where each has a gate of its own."""

SHOWN_STATES: Final = (*map(str, TaskState), *map(str, Gate))
"""The words for a task's state, stored or not."""


@dataclass(frozen=True, slots=True)
class Gates:
    """What stands before a queue's due tasks at one moment."""

    queue: CallbackQueue
    is_paused: bool
    """Its client is, which is as if it were off."""
    window: CallingWindow | None
    executed: int
    ratio: AnswerRatio
    at: UnixTime

    @property
    def begins_tasks(self) -> bool:
        """Whether the queue is on, and its client not paused."""
        return self.queue.is_on and not self.is_paused

    def of(self, task: Task) -> Gate | None:
        """Return what holds a task back that is ready; None for nothing, or if nothing is begun."""
        if is_put_off(task, self.at):
            return Gate.INTERVAL if self.begins_tasks else None
        return self._shut(is_held=self.ratio.holds(task.wish.extension_id, at=self.at))

    def of_all(self) -> Gate | None:
        """Return what holds every due task back whose extension may call."""
        return self._shut(is_held=False)

    def shown(self, task: Task) -> TaskState | Gate:
        """Return a task's state as it is shown."""
        return (self.of(task) if is_ready(task, self.at) else None) or task.state

    def _shut(self, *, is_held: bool) -> Gate | None:
        if not self.begins_tasks:
            return None
        return shut_gate(
            self.queue, self.window, executed=self.executed, is_held=is_held, at=self.at
        )


@dataclass(frozen=True, slots=True)
class TaskLists:
    """Lists the tasks of queues."""

    queues: CallbackQueueStore
    tasks: CallbackTaskStore
    ratio: AnswerRatio
    pauses: ClientPauseStore

    async def gates(self, queue: CallbackQueue, *, at: UnixTime) -> Gates:
        """Look at a queue's gates."""
        window = None
        if queue.interval_id is not None:
            window = await self.queues.window(queue.account_id, queue.interval_id)
        running = TaskFilter(states=frozenset({TaskState.EXECUTED}))
        _, executed = await self.tasks.tasks(queue.account_id, queue.queue_id, running, Page(1))
        is_paused = await self.pauses.pause_of(queue.account_id) is not None
        return Gates(queue, is_paused, window, executed, self.ratio, at)

    async def page(
        self, gates: Gates, states: frozenset[str], wanted: TaskFilter, page: Page
    ) -> tuple[Sequence[Task], int]:
        """Return a page of the tasks shown in one of these states, and how many there are.

        No states: in any. `wanted` restricts them further.
        """
        parts = self._parts(gates, states, wanted)
        if not parts:
            return [], 0
        if len(parts) == 1 and parts[0][1]:
            queue = gates.queue
            return await self.tasks.tasks(queue.account_id, queue.queue_id, parts[0][0], page)
        found: list[Task] = []
        for part, is_whole in parts:
            tasks = await self._every(gates.queue, part)
            found += tasks if is_whole else [one for one in tasks if gates.shown(one) in states]
        found.sort(key=_ORDER.get(wanted.sort, _by_id), reverse=page.descending)
        return found[page.offset : page.offset + page.limit], len(found)

    def _parts(
        self, gates: Gates, states: frozenset[str], wanted: TaskFilter
    ) -> list[tuple[TaskFilter, bool]]:
        """Return what is to be read, and whether all of it is shown in one of these states."""
        stored = frozenset(TaskState(one) for one in states if one in set(TaskState))
        if not states:
            return [(wanted, True)]
        parts = []
        if gates.begins_tasks:
            if Gate.INTERVAL in states:
                parts.append((replace(wanted, states=WAITING, put_off_at=gates.at), True))
            wanted = replace(wanted, not_put_off_at=gates.at)
        if gates.of_all() is None and not self.ratio.holds_any(at=gates.at):
            return [*parts, (replace(wanted, states=stored), True)] if stored else parts
        if stored:
            parts.append((replace(wanted, states=stored, not_due_by=gates.at), True))
        is_one_gate = gates.of_all() is Gate.INTERVAL or not self.ratio.holds_any(at=gates.at)
        if not is_one_gate:
            parts.append((replace(wanted, states=WAITING, due_by=gates.at), False))
        elif gates.of_all() in states:
            parts.append((replace(wanted, states=WAITING, due_by=gates.at), True))
        return parts

    async def _every(self, queue: CallbackQueue, part: TaskFilter) -> list[Task]:
        found: list[Task] = []
        while True:
            page = Page(SCANNED_AT_ONCE, len(found))
            tasks, count = await self.tasks.tasks(queue.account_id, queue.queue_id, part, page)
            found += tasks
            if not tasks or len(found) >= count:
                return found


def _by_id(task: Task) -> tuple[object, ...]:
    return (task.task_id,)


def _by_start(task: Task) -> tuple[object, ...]:
    return task.wish.starts_at, task.task_id


def _by_state(task: Task) -> tuple[object, ...]:
    return str(task.state), task.task_id


_ORDER: Final = {"start_time_utc": _by_start, "status": _by_state}
"""As the store orders them."""
