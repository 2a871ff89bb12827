"""What the callback scheduler needs kept.

Every method that changes something returns only after the change would survive the death of the
process and of the machine. What is another account's is not found.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from callwright.domain.callback import (
    CallbackQueue,
    CallbackQueueId,
    CallUuid,
    ExtensionId,
    IntervalId,
    Task,
    TaskId,
    TaskWish,
)
from callwright.domain.calling_window import CallingWindow
from callwright.domain.clock import UnixTime
from callwright.domain.extension_event import EventRegistration, RegistrationId
from callwright.domain.ids import AccountId, ServiceRef
from callwright.scheduler.values import (
    NOBODY,
    Addition,
    AttemptBegin,
    AttemptEnd,
    Busy,
    ClientVariable,
    DueQueue,
    EventToTell,
    Extension,
    OpenAttempt,
    Page,
    QueueChange,
    Removal,
    Revision,
    TaskFilter,
    WaitingEvent,
)
from callwright.scheduler.webhooks.values import TryResult


class CallbackQueueStore(Protocol):
    """Queues, their calling windows, and the extensions that calls are made for."""

    # --- queues ---

    async def add_queue(self, queue: CallbackQueue, *, most: int) -> CallbackQueue | None:
        """Add a queue and the hidden service behind it; its id is chosen here, the given one is
        ignored. None: the account has `most` already.
        """
        ...

    async def queues(
        self, account_id: AccountId, page: Page, *, is_on: bool | None, name: str | None
    ) -> tuple[Sequence[CallbackQueue], int]:
        """Return a page of an account's queues by id, and how many there are in all."""
        ...

    async def queue(self, account_id: AccountId, queue_id: CallbackQueueId) -> CallbackQueue | None:
        """Return a queue, or None."""
        ...

    async def change_queue(
        self, account_id: AccountId, queue_id: CallbackQueueId, change: QueueChange
    ) -> CallbackQueue | None:
        """Change a queue and return it, or None."""
        ...

    async def delete_queue(self, account_id: AccountId, queue_id: CallbackQueueId) -> bool:
        """Delete a queue and the tasks that wait or are finished.

        None of them begins or is told of again; those of a long queue are removed in portions, the
        last by `forget_tasks`. Those that are executed go on to the end of their attempt, and are
        removed then.
        """
        ...

    # --- calling windows ---

    async def add_window(self, window: CallingWindow) -> CallingWindow:
        """Add an interval; its id is chosen here."""
        ...

    async def windows(self, account_id: AccountId) -> Sequence[CallingWindow]:
        """Return an account's intervals by id."""
        ...

    async def window(self, account_id: AccountId, interval_id: IntervalId) -> CallingWindow | None:
        """Return an interval, or None."""
        ...

    async def change_window(self, window: CallingWindow) -> bool:
        """Replace an interval; False: there is none."""
        ...

    async def delete_window(self, account_id: AccountId, interval_id: IntervalId) -> Removal:
        """Delete an interval that no queue uses."""
        ...

    # --- extensions ---

    async def add_extension(self, extension: Extension) -> Extension | None:
        """Add an extension; its id is chosen here. None: the account has one of that number."""
        ...

    async def extensions(
        self, account_id: AccountId, page: Page
    ) -> tuple[Sequence[Extension], int]:
        """Return a page of an account's extensions by id, and how many there are in all."""
        ...

    async def extension(self, account_id: AccountId, extension_id: ExtensionId) -> Extension | None:
        """Return an extension, or None."""
        ...

    async def extension_by_number(self, account_id: AccountId, number: str) -> Extension | None:
        """Return the extension of this number, or None."""
        ...

    async def change_extension(self, extension: Extension) -> bool:
        """Replace an extension; False: there is none."""
        ...

    async def delete_extension(self, account_id: AccountId, extension_id: ExtensionId) -> bool:
        """Delete an extension; its tasks fail when their time comes."""
        ...


class CallbackTaskStore(Protocol):
    """Tasks and their attempts."""

    async def add_tasks(
        self,
        account_id: AccountId,
        queue_id: CallbackQueueId,
        wishes: Sequence[TaskWish],
        *,
        at: UnixTime,
    ) -> Sequence[Task] | None:
        """Add tasks in this order, all or none; None: there is no such queue.

        A task with the key of an unfinished one of the queue is not added: that one is returned.
        """
        ...

    async def add_call(
        self, account_id: AccountId, wish: TaskWish, *, at: UnixTime, known_since: UnixTime
    ) -> Task:
        """Add a callback at once: a task of a queue of the account that nobody sees.

        That queue is made when it is first needed, is on, and is none of the account's others. With
        the key of such a task that is unfinished or was added since `known_since`, none is added:
        that one is returned.
        """
        ...

    async def tasks(
        self,
        account_id: AccountId,
        queue_id: CallbackQueueId,
        wanted: TaskFilter,
        page: Page,
    ) -> tuple[Sequence[Task], int]:
        """Return a page of a queue's tasks, and how many match in all."""
        ...

    async def task(
        self, account_id: AccountId, queue_id: CallbackQueueId, task_id: TaskId
    ) -> Task | None:
        """Return a task, or None."""
        ...

    async def task_of_call(self, account_id: AccountId, call_uuid: CallUuid) -> Task | None:
        """Return the task that a call belongs to, or None: the call of an attempt, or the one that
        the wish names.
        """
        ...

    async def delete_task(
        self, account_id: AccountId, queue_id: CallbackQueueId, task_id: TaskId
    ) -> Removal:
        """Delete a task that is not executed."""
        ...

    async def remove_after_attempt(
        self, account_id: AccountId, queue_id: CallbackQueueId, task_id: TaskId
    ) -> bool:
        """Have an executed task removed as soon as its attempt has ended; no further attempt.

        Its calls are to be hung up: until they are over it is one of `tasks_to_end`.
        """
        ...

    async def tasks_to_end(self) -> Sequence[TaskId]:
        """Return tasks whose calls are to be hung up, whichever node has them."""
        ...

    async def change_task(self, was: Task, changed: Task) -> Revision:
        """Write the wish and the next try of a task that waits, if it still is as it `was`."""
        ...

    async def forget_tasks(self, *, finished_before: UnixTime, limit: int) -> int:
        """Remove up to `limit` finished tasks, and such as a deleted queue has left.

        Returns how many went.
        """
        ...

    # --- attempts ---

    async def due_queues(self, shards: frozenset[int], *, at: UnixTime) -> Sequence[DueQueue]:
        """Return the queues that are on and have a due task, of accounts in these shards."""
        ...

    async def next_due(self, shards: frozenset[int], *, after: UnixTime) -> UnixTime | None:
        """Return when the next task of a queue that is on becomes due, or None."""
        ...

    async def due_tasks(
        self,
        queue_id: CallbackQueueId,
        *,
        at: UnixTime,
        limit: int,
        without: frozenset[ExtensionId] = frozenset(),
    ) -> Sequence[Task]:
        """Return a queue's due tasks: the highest priority, the earliest, the lowest id first.

        Those of extensions that are held are left `without`.
        """
        ...

    async def put_off(self, until: Mapping[TaskId, UnixTime]) -> None:
        """Have tasks that wait become due at another time; what waits no more is left alone."""
        ...

    async def expired_tasks(
        self, shards: frozenset[int], *, at: UnixTime, limit: int
    ) -> Sequence[Task]:
        """Return tasks that wait though their deadline has passed, the longest ago first.

        Of accounts in these shards; their queues may be off.
        """
        ...

    async def begin_attempts(self, begins: Sequence[AttemptBegin]) -> Sequence[TaskId]:
        """Make tasks `executed`, with their attempts and events; returns those that were still
        waiting. What was deleted, begun or changed meanwhile is left out.
        """
        ...

    async def attempt_queued(self, task_id: TaskId, number: int, ref: ServiceRef) -> None:
        """Note the start that carries out an attempt."""
        ...

    async def attempt_joined(
        self,
        task_id: TaskId,
        number: int,
        *,
        at: UnixTime,
        a_answered: str,
        events: Sequence[EventToTell],
    ) -> bool:
        """Note that A and B talk; False, and nothing is told, when that was noted before."""
        ...

    async def end_attempt(self, end: AttemptEnd) -> bool:
        """Write an attempt's outcome and its call, tell its last words, add what follows its task.

        Nothing follows a task that goes. False, and nothing happens, when it has ended before.
        """
        ...

    async def finish_waiting(
        self, task: Task, events: Sequence[EventToTell], *, follows: TaskWish | None = None
    ) -> bool:
        """End a task that waits, without an attempt, and add what `follows` it in its series.

        False, and nothing happens, when it waits no more or its client has changed it since.
        """
        ...

    async def open_attempts(self, shards: frozenset[int]) -> Sequence[OpenAttempt]:
        """Return what has begun and not ended, of accounts in these shards."""
        ...


class EventRegistrationStore(Protocol):
    """Who wants to be told of extensions' calls; goes with the extension."""

    async def add(self, registration: EventRegistration, *, most: int) -> EventRegistration | None:
        """Add a registration; its id is chosen here.

        None: its extension has `most` already, or is gone.
        """
        ...

    async def of_extensions(
        self, account_id: AccountId, extension_ids: Collection[ExtensionId]
    ) -> Sequence[EventRegistration]:
        """Return the registrations of some of an account's extensions, by id."""
        ...

    async def registration(
        self, account_id: AccountId, extension_id: ExtensionId, registration_id: RegistrationId
    ) -> EventRegistration | None:
        """Return a registration, or None."""
        ...

    async def change(self, registration: EventRegistration) -> bool:
        """Replace a registration; False: there is none."""
        ...

    async def delete(
        self, account_id: AccountId, extension_id: ExtensionId, registration_id: RegistrationId
    ) -> bool:
        """Delete a registration; False: there is none."""
        ...


class ClientVariableStore(Protocol):
    """Values that a client's requests refer to by name."""

    async def add_variable(self, variable: ClientVariable, *, most: int) -> Addition:
        """Add a variable, unless the account has one of that name or `most` already."""
        ...

    async def variables(
        self, account_id: AccountId, page: Page
    ) -> tuple[Sequence[ClientVariable], int]:
        """Return a page of an account's variables by name, and how many there are in all."""
        ...

    async def variable(self, account_id: AccountId, name: str) -> ClientVariable | None:
        """Return a variable, or None."""
        ...

    async def change_variable(self, variable: ClientVariable) -> bool:
        """Give a variable another value; False: there is none of that name."""
        ...

    async def delete_variable(self, account_id: AccountId, name: str) -> bool:
        """Delete a variable; False: there is none of that name."""
        ...


class EventOutbox(Protocol):
    """Events that wait to be told; those of one stream in order."""

    async def waiting_events(
        self, shards: frozenset[int], *, at: UnixTime, limit: int, busy: Busy = NOBODY
    ) -> Sequence[WaitingEvent]:
        """Return the first event of each stream whose time has come, the oldest first.

        Those for `busy` receivers and of `busy` accounts are left out.
        """
        ...

    async def tell_of_call(
        self, events: Sequence[EventToTell], *, last_words: Sequence[EventToTell]
    ) -> None:
        """Write events of a call; and what is told at the end of its attempt if nothing else is.

        A last word is forgotten as its event is written, and replaced by a later one of its id.
        """
        ...

    async def event_told(self, event_id: str) -> None:
        """Forget an event that was taken."""
        ...

    async def event_put_off(self, event_id: str, *, until: UnixTime, failure: TryResult) -> None:
        """Try an event again later; it and what follows it of its stream wait."""
        ...

    async def event_given_up(self, event_id: str, *, at: UnixTime, failure: TryResult) -> None:
        """Try an event no more; it is kept, and what follows it of its stream is told."""
        ...
