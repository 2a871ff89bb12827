"""A callback: call A, then B, and join them, at a time of its own and as often as it takes.

A client is an account; its callback queues hold tasks, and a task's attempts are service starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final, NewType

from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, ServiceRef

CallbackQueueId = NewType("CallbackQueueId", int)
TaskId = NewType("TaskId", int)
"""Unique in the installation, never used again."""
IntervalId = NewType("IntervalId", int)
ExtensionId = NewType("ExtensionId", int)
CallUuid = NewType("CallUuid", str)
"""32 upper-case hexadecimal digits."""


class TaskState(StrEnum):
    """What is stored of a task's progress; the values are the API's words."""

    SCHEDULED = "scheduled"
    EXECUTED = "executed"
    DELAYED = "delayed"
    FINISHED = "finished"


class Gate(StrEnum):
    """What a due task waits at; the values are the API's words for its state then."""

    INTERVAL = "delayed_interval"
    ASR = "delayed_asr"
    CONCURRENT_TASK = "delayed_concurrent_task"


class FinishResult(StrEnum):
    """How a finished task ended."""

    SUCCESS = "success"
    FAILED = "failed"


class AttemptOutcome(StrEnum):
    """How an attempt ended; all but the first are the API's codes in `finish_comment`."""

    JOINED = "joined"
    A_NO_ANSWER = "a_no_answer"
    A_BUSY = "a_busy"
    A_REJECTED = "a_rejected"
    A_FAILED = "a_failed"
    A_HANGUP = "a_hangup"
    B_NO_ANSWER = "b_no_answer"
    B_BUSY = "b_busy"
    B_REJECTED = "b_rejected"
    B_FAILED = "b_failed"
    EXTENSION_NOT_FOUND = "extension_not_found"
    EXTENSION_BLOCKED = "extension_blocked"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    INTERNAL_ERROR = "internal_error"
    EXPIRED = "expired"
    """Its deadline passed before it began. The last one: exit statuses count from the first."""


FIRST_EXIT_STATUS: Final = 100
"""Of the start that carries an attempt out: this and more say how it ended; what is below says that
it did not run to its end."""


def exit_status_of(outcome: AttemptOutcome) -> int:
    """Return the exit status of a start whose attempt ended so."""
    return FIRST_EXIT_STATUS + list(AttemptOutcome).index(outcome)


def outcome_of(exit_status: int) -> AttemptOutcome:
    """Return how an attempt ended whose start has this exit status."""
    index = exit_status - FIRST_EXIT_STATUS
    outcomes = list(AttemptOutcome)
    return outcomes[index] if 0 <= index < len(outcomes) else AttemptOutcome.INTERRUPTED


class CallbackEvent(StrEnum):
    """What a client's URLs are told of a task."""

    BEFORE = "before"
    BEFORE_AGAIN = "before_again"
    SUCCESS = "success"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class CallbackQueue:
    """A queue of tasks of one client."""

    queue_id: CallbackQueueId
    account_id: AccountId
    name: str
    comment: str
    is_on: bool
    concurrent_task_limit: int
    """How many of its tasks may be `executed` at a time, 1 to 1000."""
    interval_id: IntervalId | None
    """Its calling window; None is always open."""
    created_at: UnixTime


@dataclass(frozen=True, slots=True)
class EventUrls:
    """Where a task's events go; empty for nowhere."""

    before: str = ""
    before_again: str = ""
    success: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class RetryRule:
    """How often a task is tried; pauses in seconds, from the end of an attempt."""

    try_count: int = 1
    """Attempts of the callback, 1 to 50."""
    try_again_pause: int = 60
    try_count_caller: int = 0
    """Attempts to get the A side, 0 to 50; 0 switches this counter off."""
    try_again_pause_caller: int = 60


@dataclass(frozen=True, slots=True)
class CalleeHours:
    """When the called person may be called: a part of every day, on his own wall clock."""

    timezone: str
    """An IANA name, checked when it was written; empty: none was given."""
    call_from: time
    """Included."""
    call_to: time
    """Not included; earlier than `call_from` if the hours go on past midnight."""
    zones: tuple[str, ...] = ()
    """Where the number called may be, if no zone was given: the hours are those of all of them."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A task's place in a series of tasks, which follow each other by a rule."""

    rule: str
    """An RRULE (RFC 5545 3.3.10) as the client wrote it, checked."""
    falls_on: datetime
    """When the rule has this task start, on its wall clock; naive."""
    position: int = 0
    """Which of the rule's occurrences that is, from 1, with those that are excepted or missed."""
    exceptions: tuple[date, ...] = ()
    """Days without a task."""
    timezone: str | None = None
    """An IANA name, checked; None was not given, and is UTC."""
    first_id: TaskId | None = None
    """The first task of the series; None: this one is."""
    occurrence: int = 1
    """Which task of the series this is, from 1."""
    missed: int = 0
    """How many occurrences passed while the tasks before it waited or were tried."""


@dataclass(frozen=True, slots=True)
class TaskExtras:
    """What a task may be given beyond the original API; None was not given."""

    deadline_at: UnixTime | None = None
    """A task that waits at this moment ends `expired`."""
    priority: int | None = None
    """-100 to 100; the higher is begun first, none is 0."""
    dedup_key: str | None = None
    """Of one unfinished task of a queue at most."""
    hours: CalleeHours | None = None
    retry_causes: tuple[AttemptOutcome, ...] | None = None
    """Outcomes that are tried again; None for all that can be."""
    backoff: float | None = None
    """1 to 10: each pause is so many times the one before."""
    recurrence: Recurrence | None = None
    """When it is finished, the next task of its series takes its place."""
    record: bool | None = None
    """Whether its conversations are recorded; None: as its extension has it."""


@dataclass(frozen=True, slots=True)
class TaskWish:
    """One task as a client asked for it, checked, defaults filled in."""

    a_number: str
    b_number: str
    extension_id: ExtensionId
    starts_at: UnixTime
    name: str = ""
    retry: RetryRule = RetryRule()
    urls: EventUrls = EventUrls()
    callback_params: Mapping[str, object] = field(default_factory=dict)
    """As the client sent them, unknown keys and all; JSON values."""
    variables: Mapping[str, str] = field(default_factory=dict)
    src_ani_numbers: tuple[str, ...] = ()
    """Caller IDs shown to the A side, one an attempt; the last serves for the rest."""
    dst_ani_numbers: tuple[str, ...] = ()
    extras: TaskExtras = TaskExtras()
    call_uuid: CallUuid | None = None
    """Of a callback at once: the call of its first and only attempt, told before that begins."""
    call_api_id: CallUuid | None = None
    """The same: names the request that asked for it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a task."""

    number: int
    """From 1."""
    call_uuid: CallUuid
    started_at: UnixTime
    src_ani: str | None = None
    dst_ani: str | None = None
    ref: ServiceRef | None = None
    """The start that carries it out; None until it is queued."""
    ended_at: UnixTime | None = None
    a_answered: str | None = None
    """The A number that picked up."""
    joined_at: UnixTime | None = None
    outcome: AttemptOutcome | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it is stored."""

    task_id: TaskId
    account_id: AccountId
    queue_id: CallbackQueueId
    wish: TaskWish
    created_at: UnixTime
    state: TaskState = TaskState.SCHEDULED
    next_try_at: UnixTime | None = None
    """None while it is executed or finished."""
    tries_made: int = 0
    caller_tries_made: int = 0
    finish_result: FinishResult | None = None
    finish_comment: str = ""
    finished_at: UnixTime | None = None
    attempts: tuple[Attempt, ...] = ()
    ready_at: UnixTime | None = None
    """From when it was ready to be tried, where the called person's hours make it wait longer."""
