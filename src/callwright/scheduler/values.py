"""What the callback scheduler's store is asked, told and answers."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackEvent,
    CallbackQueue,
    ExtensionId,
    FinishResult,
    IntervalId,
    Task,
    TaskId,
    TaskState,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.extension_event import ExtensionEvent
from callwright.domain.ids import AccountId, ServiceId
from callwright.scheduler.history.calls import Call


@dataclass(frozen=True, slots=True)
class Extension:
    """On whose behalf callbacks are made."""

    extension_id: ExtensionId
    account_id: AccountId
    number: str
    """Digits, unique in the account: what `@200` addresses."""
    label: str
    caller_id_name: str
    caller_id_number: str
    is_blocked: bool
    created_at: UnixTime
    destination: str = ""
    """What calls to its number call, as `service_start` takes it; empty: it has no telephone."""
    records_calls: bool = False
    """Whether its callbacks are recorded whose tasks do not say."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted."""

    limit: int
    offset: int = 0
    descending: bool = False


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks of a queue are wanted; None and empty do not restrict."""

    states: frozenset[TaskState] = frozenset()
    due_by: UnixTime | None = None
    """Only those that wait and whose time has come."""
    not_due_by: UnixTime | None = None
    """Only those that are not: executed, finished, or of a later time."""
    put_off_at: UnixTime | None = None
    """Only those that the called persons' hours hold back at this moment."""
    not_put_off_at: UnixTime | None = None
    """Only those that they don't."""
    name: str | None = None
    a_number: str | None = None
    b_number: str | None = None
    extension_id: ExtensionId | None = None
    finish_result: FinishResult | None = None
    starts_from: UnixTime | None = None
    starts_to: UnixTime | None = None
    recurrence_id: TaskId | None = None
    """The first task of a series, and those that followed it."""
    after_id: TaskId | None = None
    """Only those with a greater id: what was read before may be deleted meanwhile."""
    sort: str = "id"
    """`id`, `start_time_utc` or `status`."""


class Removal(StrEnum):
    """What became of a wish to delete."""

    REMOVED = "removed"
    NOT_FOUND = "not found"
    IN_USE = "in use"
    """A task is executed; an interval has a queue."""


class Revision(StrEnum):
    """What became of a wish to change a task that waits."""

    CHANGED = "changed"
    OUTDATED = "outdated"
    """It was no longer as it was read; nothing happened."""
    KEY_IN_USE = "key in use"
    """Another unfinished task of the queue has the key; nothing happened."""


class Telling(StrEnum):
    """How an event is sent."""

    AS_SET = "as set"
    """A POST of the JSON in its body, or of the same as a form, as the operator has set."""
    FORM_POST = "form post"
    """A POST of its body, which is a form."""
    FORM_GET = "form get"
    """A GET with its body, which is a form, in the query."""


@dataclass(frozen=True, slots=True)
class EventToTell:
    """An event, written down with the change that it tells of."""

    event_id: str
    task_id: TaskId
    """Of the task that it tells of, or whose calls it tells of."""
    account_id: AccountId
    url: str
    event: CallbackEvent | ExtensionEvent
    body: bytes
    """JSON or a form: `telling` says which."""
    at: UnixTime
    telling: Telling = Telling.AS_SET
    of_call: str = ""
    """The call that it is about; empty: it is about its task."""

    @property
    def stream(self) -> str:
        """What it is told in order with: the events of its task, or of its call to its receiver."""
        if self.of_call:
            return f"call {self.of_call} {self.receiver}"
        return f"task {self.task_id}"

    @property
    def receiver(self) -> str:
        """Whom it goes to, as receivers are told apart: by account, scheme, host and port."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            # It cannot be asked; so it keeps nobody waiting.
            return f"{self.account_id}"
        host = parts.netloc.rpartition("@")[2].lower()
        return f"{self.account_id} {parts.scheme}://{host}"


@dataclass(frozen=True, slots=True)
class AttemptBegin:
    """An attempt that begins now."""

    task_id: TaskId
    attempt: Attempt
    events: tuple[EventToTell, ...] = ()
    was: Task | None = None
    """As it was read: if its client has changed it since, it is not begun. None: do not look."""


@dataclass(frozen=True, slots=True)
class AttemptEnd:
    """How an attempt ended, and what that makes of its task."""

    task_id: TaskId
    number: int
    outcome: AttemptOutcome
    ended_at: UnixTime
    a_answered: str | None
    task: Task
    """As it is from now on: state, counters, next try, result."""
    call: Call
    events: tuple[EventToTell, ...] = ()
    told_if_gone: tuple[EventToTell, ...] = ()
    """Told instead if the task goes with this attempt, since it or its queue was deleted."""
    follows: TaskWish | None = None
    """The next task of its series, added unless the task goes; None: there is none."""


@dataclass(frozen=True, slots=True)
class DueQueue:
    """A queue that is on, and how much of it is waiting."""

    queue: CallbackQueue
    service_id: ServiceId
    """The hidden service that its attempts are starts of."""
    executed: int


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that has begun and not ended."""

    task: Task
    service_id: ServiceId


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An event whose time has come."""

    event: EventToTell
    tries: int
    """How often it was tried before."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Who is told nothing more for the moment: as much as may be is on its way to them."""

    receivers: frozenset[str] = frozenset()
    """As `EventToTell.receiver` tells them apart."""
    accounts: frozenset[AccountId] = frozenset()


NOBODY: Final = Busy()


@dataclass(frozen=True, slots=True)
class QueueChange:
    """New values of a queue; None leaves the old one. `interval` set to (None,) takes it away."""

    name: str | None = None
    comment: str | None = None
    is_on: bool | None = None
    concurrent_task_limit: int | None = None
    interval: tuple[IntervalId | None] | None = None


@dataclass(frozen=True, slots=True)
class ClientVariable:
    """A value that a client's requests refer to by name."""

    account_id: AccountId
    name: str
    """1 to 64 letters, digits and `_`."""
    value: str = field(repr=False)
    """Up to 200 characters; whatever the client likes, so it is in no log."""


class Addition(StrEnum):
    """What became of a wish to add something that has a name."""

    ADDED = "added"
    NAME_TAKEN = "name taken"
    TOO_MANY = "too many"
