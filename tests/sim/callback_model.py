"""What must hold for a callback task at any moment, said once more without the scheduler's code.

The specification's sections: 5 windows, 6 states and gates, 8 counters, 10 events.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from callwright.domain.callback import (
    AttemptOutcome,
    CalleeHours,
    FinishResult,
    IntervalId,
    Task,
    TaskState,
)
from callwright.domain.calling_window import CallingWindow, WindowCondition
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId

MAX_PAUSE: Final = 864_000

A_SIDE: Final = frozenset(
    {
        AttemptOutcome.A_NO_ANSWER,
        AttemptOutcome.A_BUSY,
        AttemptOutcome.A_REJECTED,
        AttemptOutcome.A_FAILED,
    }
)
FOR_GOOD: Final = frozenset({AttemptOutcome.CANCELLED, AttemptOutcome.EXTENSION_NOT_FOUND})
"""What no further attempt could cure."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A calling window of one condition."""

    timezone: str
    days: tuple[int, int] | None
    """1 is Sunday; may go round."""
    times: tuple[time, time]

    def window(self, account_id: AccountId) -> CallingWindow:
        """As it is stored."""
        condition = WindowCondition(days_of_week=self.days, times=self.times)
        return CallingWindow(IntervalId(0), account_id, "hours", self.timezone, (condition,))

    def is_open(self, at: UnixTime) -> bool:
        """Whether calls may go out."""
        local = datetime.fromtimestamp(at, tz=UTC).astimezone(ZoneInfo(self.timezone))
        first, last = self.times
        return self._is_a_day(local) and first <= local.time() < last

    def _is_a_day(self, local: datetime) -> bool:
        if self.days is None:
            return True
        first, last = self.days
        length = (last - first) % 7 + 1
        return {"Sun": 1, "Mon": 2, "Tue": 3, "Wed": 4, "Thu": 5, "Fri": 6, "Sat": 7}[
            local.strftime("%a")
        ] in [(first - 1 + day) % 7 + 1 for day in range(length)]


def is_called_at(of: CalleeHours | None, at: UnixTime) -> bool:
    """Whether the called person may be called."""
    if of is None:
        return True
    local = datetime.fromtimestamp(at, tz=UTC).astimezone(ZoneInfo(of.timezone)).time()
    if of.call_from < of.call_to:
        return of.call_from <= local < of.call_to
    return local >= of.call_from or local < of.call_to


def is_due(task: Task, now: UnixTime) -> bool:
    """Whether it waits and its time has come."""
    return task.next_try_at is not None and task.next_try_at <= now


def is_ready(task: Task, now: UnixTime) -> bool:
    """Whether it waits, and would be due but for the called person's hours, or is."""
    return task.next_try_at is not None and earliest_next(task) <= now


def rank(task: Task) -> tuple[float, float, int]:
    """Where a waiting task stands among the due ones of its queue: the lowest goes first."""
    assert task.next_try_at is not None
    return -(task.wish.extras.priority or 0), task.next_try_at, task.task_id


def check_task(task: Task, now: UnixTime) -> None:
    """Check all there is to say of a task from its wish and its attempts alone."""
    check_attempts(task)
    check_counters(task)
    check_end(task, now)


def check_attempts(task: Task) -> None:
    """Check that attempts came one after the other, each no sooner than it might."""
    _rule, extras = task.wish.retry, task.wish.extras
    assert [attempt.number for attempt in task.attempts] == list(range(1, len(task.attempts) + 1))
    assert all(attempt.ended_at is not None for attempt in task.attempts[:-1])
    is_running = bool(task.attempts) and task.attempts[-1].ended_at is None
    assert is_running == (task.state is TaskState.EXECUTED)
    for number, attempt in enumerate(task.attempts):
        assert attempt.started_at >= earliest_next(replace(task, attempts=task.attempts[:number]))
        assert extras.deadline_at is None or attempt.started_at < extras.deadline_at
        assert is_called_at(extras.hours, attempt.started_at)
        if attempt.joined_at is not None and attempt.ended_at is not None:
            assert attempt.outcome is AttemptOutcome.JOINED
    if task.next_try_at is not None:
        earliest = earliest_next(task)
        assert task.next_try_at >= earliest
        late = task.next_try_at > earliest and task.attempts
        assert not late or extras.hours is not None, "pauses run from the attempt's end"


def earliest_next(task: Task) -> UnixTime:
    """Return when the next attempt may begin at the earliest: at the start, or after the pause."""
    if not task.attempts:
        return task.wish.starts_at
    rule, last = task.wish.retry, task.attempts[-1]
    assert last.ended_at is not None
    is_a = last.outcome in A_SIDE and rule.try_count_caller > 0
    pause = rule.try_again_pause_caller if is_a else rule.try_again_pause
    grown = pause * (task.wish.extras.backoff or 1) ** (last.number - 1)
    return UnixTime(last.ended_at + min(grown, MAX_PAUSE))


def check_counters(task: Task) -> None:
    """Check the counters against the table of section 8."""
    rule = task.wish.retry
    ended = [attempt.outcome for attempt in task.attempts if attempt.ended_at is not None]
    of_a = sum(outcome in A_SIDE and rule.try_count_caller > 0 for outcome in ended)
    assert task.tries_made == len(ended) - of_a <= rule.try_count
    assert task.caller_tries_made == (len(ended) if rule.try_count_caller else 0)
    assert task.caller_tries_made <= rule.try_count_caller


def check_end(task: Task, now: UnixTime) -> None:
    """Check that a task is finished exactly when it should be, and says why."""
    rule, extras = task.wish.retry, task.wish.extras
    ended = [attempt.outcome for attempt in task.attempts if attempt.ended_at is not None]
    last = ended[-1] if ended else None
    is_used_up = task.tries_made == rule.try_count or (
        rule.try_count_caller > 0 and task.caller_tries_made == rule.try_count_caller
    )
    is_unwanted = extras.retry_causes is not None and last not in extras.retry_causes
    result = task.finish_result, task.finish_comment
    if last is AttemptOutcome.JOINED:
        assert result == (FinishResult.SUCCESS, "")
    elif last is not None and (is_used_up or is_unwanted or last in FOR_GOOD):
        assert result == (FinishResult.FAILED, last)
    elif task.state is TaskState.FINISHED:
        assert task.finish_result is FinishResult.FAILED
        if task.finish_comment == "extension_blocked":
            return
        assert extras.deadline_at is not None
        if task.finish_comment == "expired":
            assert extras.deadline_at <= now
        else:
            # Ended with an attempt whose next would have come too late.
            assert task.finish_comment == f"expired: {last}"
            assert extras.deadline_at <= earliest_next(task) or extras.hours is not None


def events_of(task: Task) -> list[str]:
    """Return the events that a task with all four URLs has told by now, in order."""
    told = []
    for attempt in task.attempts:
        told.append("before" if attempt.number == 1 else "before_again")
        if attempt.joined_at is not None or attempt.outcome is AttemptOutcome.JOINED:
            told.append("success")
    return [*told, "after"] if task.state is TaskState.FINISHED else told


def check_order(begun: Sequence[Task], left: Sequence[Task]) -> None:
    """Check that none of those that were begun, as they waited, should have let another go."""
    for one in begun:
        for other in left:
            assert rank(one) < rank(other), f"{one.task_id} went before {other.task_id}"
