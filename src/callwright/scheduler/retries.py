"""What an attempt's outcome makes of its task: tried again, and when, or finished.

Two counters (scheduler specification, section 8). `try_count` limits attempts of the callback,
`try_count_caller` attempts to get the A side; where the latter is used, an attempt that never got
the A side costs it alone, any other costs both.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto
from typing import Final

from callwright.domain.callback import AttemptOutcome, FinishResult, Task, TaskState
from callwright.domain.callee_hours import next_opening, ready_if_put_off
from callwright.domain.clock import UnixTime


class Failure(Enum):
    """Which side an attempt failed at."""

    NONE = auto()
    A_SIDE = auto()
    B_SIDE = auto()
    FOR_GOOD = auto()
    """Nothing that trying again could cure."""


FAILURES: Final[Mapping[AttemptOutcome, Failure]] = {
    AttemptOutcome.JOINED: Failure.NONE,
    AttemptOutcome.A_NO_ANSWER: Failure.A_SIDE,
    AttemptOutcome.A_BUSY: Failure.A_SIDE,
    AttemptOutcome.A_REJECTED: Failure.A_SIDE,
    AttemptOutcome.A_FAILED: Failure.A_SIDE,
    AttemptOutcome.A_HANGUP: Failure.B_SIDE,
    AttemptOutcome.B_NO_ANSWER: Failure.B_SIDE,
    AttemptOutcome.B_BUSY: Failure.B_SIDE,
    AttemptOutcome.B_REJECTED: Failure.B_SIDE,
    AttemptOutcome.B_FAILED: Failure.B_SIDE,
    # Nobody knows how far these got: they cost what the worst would have cost.
    AttemptOutcome.INTERRUPTED: Failure.B_SIDE,
    AttemptOutcome.INTERNAL_ERROR: Failure.B_SIDE,
    AttemptOutcome.EXTENSION_NOT_FOUND: Failure.FOR_GOOD,
    AttemptOutcome.EXTENSION_BLOCKED: Failure.FOR_GOOD,
    AttemptOutcome.CANCELLED: Failure.FOR_GOOD,
    AttemptOutcome.EXPIRED: Failure.FOR_GOOD,
}

MAX_PAUSE: Final = 864_000
"""Seconds, ten days: the longest pause that may be asked for, and that a pause grows to."""


def after_attempt(task: Task, outcome: AttemptOutcome, *, at: UnixTime) -> Task:
    """Return a task as it is once its attempt has ended with this outcome.

    Its attempts are left as they are; a pause runs from `at`, the end of the attempt.
    """
    failure, rule = FAILURES[outcome], task.wish.retry
    uses_caller = rule.try_count_caller > 0
    tried = replace(
        task,
        tries_made=task.tries_made + (not (failure is Failure.A_SIDE and uses_caller)),
        caller_tries_made=task.caller_tries_made + uses_caller,
    )
    if failure is Failure.NONE:
        return finished(tried, FinishResult.SUCCESS, "", at=at)
    is_used_up = tried.tries_made >= rule.try_count or (
        uses_caller and tried.caller_tries_made >= rule.try_count_caller
    )
    causes = task.wish.extras.retry_causes
    is_final = failure is Failure.FOR_GOOD or (causes is not None and outcome not in causes)
    if is_final or is_used_up:
        return finished(tried, FinishResult.FAILED, str(outcome), at=at)
    of_caller = failure is Failure.A_SIDE and uses_caller
    pause = rule.try_again_pause_caller if of_caller else rule.try_again_pause
    over_at = _pause_over_at(tried, pause, at)
    hours = task.wish.extras.hours
    next_try_at = over_at if hours is None else next_opening(hours, over_at)
    if has_expired(tried, next_try_at):
        # It would only wait for its end.
        comment = f"{AttemptOutcome.EXPIRED}: {outcome}"
        return finished(tried, FinishResult.FAILED, comment, at=at)
    return replace(
        tried,
        state=TaskState.DELAYED,
        next_try_at=next_try_at,
        ready_at=ready_if_put_off(over_at, next_try_at),
    )


def finished(task: Task, result: FinishResult, comment: str, *, at: UnixTime) -> Task:
    """Return a task as it is when nothing more happens to it."""
    return replace(
        task,
        state=TaskState.FINISHED,
        next_try_at=None,
        ready_at=None,
        finish_result=result,
        finish_comment=comment,
        finished_at=at,
    )


def has_expired(task: Task, at: UnixTime) -> bool:
    """Whether a task that waits at this moment is past its deadline."""
    deadline = task.wish.extras.deadline_at
    return deadline is not None and deadline <= at


def shown_to(numbers: tuple[str, ...], attempt: int) -> str | None:
    """Return the entry of a list of caller IDs for an attempt, from 1; the last serves for more."""
    return numbers[min(attempt, len(numbers)) - 1] if numbers else None


def _pause_over_at(tried: Task, pause: float, at: UnixTime) -> UnixTime:
    """Return when the pause is over, grown with each attempt."""
    extras = tried.wish.extras
    if extras.backoff is not None:
        # Either counter alone counts every attempt, whichever is in use.
        made = max(tried.tries_made, tried.caller_tries_made)
        pause = min(pause * extras.backoff ** (made - 1), MAX_PAUSE)
    return UnixTime(at + pause)
