"""Attempts counted: each line of the table of section 8, and its worked example."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from callwright.domain.callback import (
    AttemptOutcome,
    CallbackQueueId,
    CalleeHours,
    ExtensionId,
    FinishResult,
    RetryRule,
    Task,
    TaskExtras,
    TaskId,
    TaskState,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.retries import FAILURES, Failure, after_attempt, has_expired, shown_to

NOW = UnixTime(1_000_000.0)


def task_with(rule: RetryRule, extras: TaskExtras = TaskExtras()) -> Task:  # noqa: B008 - frozen
    wish = TaskWish("205", "37120000001", ExtensionId(1), NOW, retry=rule, extras=extras)
    return Task(TaskId(7), AccountId(1), CallbackQueueId(3), wish, NOW, TaskState.EXECUTED)


def test_every_outcome_is_a_failure_of_some_kind_or_none() -> None:
    assert set(FAILURES) == set(AttemptOutcome)


@pytest.mark.parametrize("outcome", AttemptOutcome)
@pytest.mark.parametrize("caller", [0, 3])
def test_an_outcome_costs_what_the_table_says(outcome: AttemptOutcome, caller: int) -> None:
    rule = RetryRule(
        try_count=3, try_again_pause=600, try_count_caller=caller, try_again_pause_caller=60
    )
    after = after_attempt(task_with(rule), outcome, at=NOW)
    failure = FAILURES[outcome]
    spares_tries = failure is Failure.A_SIDE and caller > 0
    assert after.tries_made == (0 if spares_tries else 1)
    assert after.caller_tries_made == (1 if caller else 0)
    match failure:
        case Failure.NONE:
            assert (after.state, after.finish_result) == (TaskState.FINISHED, FinishResult.SUCCESS)
            assert after.finish_comment == ""
        case Failure.FOR_GOOD:
            assert (after.state, after.finish_result) == (TaskState.FINISHED, FinishResult.FAILED)
            assert after.finish_comment == str(outcome)
        case Failure.A_SIDE | Failure.B_SIDE:
            assert after.state is TaskState.DELAYED
            assert after.next_try_at == NOW + (60 if spares_tries else 600)


def test_the_worked_example_of_the_specification() -> None:
    rule = RetryRule(
        try_count=2, try_again_pause=600, try_count_caller=4, try_again_pause_caller=60
    )
    task, seen = task_with(rule), []
    for outcome in (
        AttemptOutcome.A_NO_ANSWER,
        AttemptOutcome.B_BUSY,
        AttemptOutcome.A_NO_ANSWER,
        AttemptOutcome.B_NO_ANSWER,
    ):
        task = after_attempt(replace(task, state=TaskState.EXECUTED), outcome, at=NOW)
        wait = None if task.next_try_at is None else task.next_try_at - NOW
        seen.append((2 - task.tries_made, 4 - task.caller_tries_made, wait))
    assert seen == [(2, 3, 60), (1, 2, 600), (1, 1, 60), (0, 0, None)]
    assert (task.finish_result, task.finish_comment) == (FinishResult.FAILED, "b_no_answer")


@pytest.mark.parametrize(
    ("numbers", "attempt", "expected"),
    [((), 1, None), (("1", "2"), 1, "1"), (("1", "2"), 2, "2"), (("1", "2"), 9, "2")],
)
def test_the_last_caller_id_serves_for_the_rest(
    numbers: tuple[str, ...], attempt: int, expected: str | None
) -> None:
    assert shown_to(numbers, attempt) == expected


@pytest.mark.parametrize(
    ("causes", "outcome", "state"),
    [
        (None, AttemptOutcome.A_BUSY, TaskState.DELAYED),
        ((AttemptOutcome.A_BUSY,), AttemptOutcome.A_BUSY, TaskState.DELAYED),
        ((AttemptOutcome.A_BUSY,), AttemptOutcome.B_BUSY, TaskState.FINISHED),
        ((), AttemptOutcome.A_BUSY, TaskState.FINISHED),
        ((), AttemptOutcome.JOINED, TaskState.FINISHED),
    ],
)
def test_named_causes_alone_are_tried_again(
    causes: tuple[AttemptOutcome, ...] | None, outcome: AttemptOutcome, state: TaskState
) -> None:
    task = task_with(RetryRule(try_count=9), TaskExtras(retry_causes=causes))
    after = after_attempt(task, outcome, at=NOW)
    assert after.state is state
    if outcome is AttemptOutcome.JOINED:
        assert after.finish_result is FinishResult.SUCCESS
    elif state is TaskState.FINISHED:
        assert (after.finish_result, after.finish_comment) == (FinishResult.FAILED, str(outcome))


@pytest.mark.parametrize("caller", [0, 9])
@pytest.mark.parametrize(
    ("backoff", "pauses"),
    [
        (None, [600, 600, 600]),
        (1.0, [600, 600, 600]),
        (2.0, [600, 1200, 2400]),
        (10.0, [600, 6000, 60_000, 600_000, 864_000, 864_000]),
    ],
)
def test_pauses_grow_to_ten_days_at_most(
    caller: int, backoff: float | None, pauses: list[int]
) -> None:
    task = task_with(RetryRule(9, 600, caller, 600), TaskExtras(backoff=backoff))
    waited = []
    for _ in pauses:
        task = after_attempt(task, AttemptOutcome.A_BUSY, at=NOW)
        assert task.next_try_at is not None
        waited.append(round(task.next_try_at - NOW))
    assert waited == pauses


def test_the_next_try_is_within_the_hours_of_the_callee() -> None:
    hours = CalleeHours("Europe/Riga", time(9), time(17))
    late = UnixTime(datetime(2027, 1, 16, 14, 59, 30, tzinfo=UTC).timestamp())
    after = after_attempt(
        task_with(RetryRule(2, 60), TaskExtras(hours=hours)), AttemptOutcome.A_BUSY, at=late
    )
    assert after.next_try_at == datetime(2027, 1, 17, 7, tzinfo=UTC).timestamp()
    assert after.ready_at == late + 60
    early = UnixTime(late - 3600)
    within = after_attempt(
        task_with(RetryRule(2, 60), TaskExtras(hours=hours)), AttemptOutcome.A_BUSY, at=early
    )
    assert (within.next_try_at, within.ready_at) == (early + 60, None)


@pytest.mark.parametrize(
    ("deadline", "expected"), [(None, False), (1, False), (0, True), (-1, True)]
)
def test_a_task_expires_at_its_deadline(deadline: float | None, expected: bool) -> None:  # noqa: FBT001 - a row's
    at = None if deadline is None else UnixTime(NOW + deadline)
    assert has_expired(task_with(RetryRule(), TaskExtras(deadline_at=at)), NOW) is expected


@pytest.mark.parametrize(
    ("deadline", "outcome", "tries", "state", "comment"),
    [
        (61, AttemptOutcome.A_BUSY, 2, TaskState.DELAYED, ""),
        # The next try would come at the deadline: there is none.
        (60, AttemptOutcome.A_BUSY, 2, TaskState.FINISHED, "expired: a_busy"),
        (1, AttemptOutcome.B_NO_ANSWER, 2, TaskState.FINISHED, "expired: b_no_answer"),
        # It passed during the attempt.
        (-9, AttemptOutcome.B_BUSY, 2, TaskState.FINISHED, "expired: b_busy"),
        # What ends the task anyway says so.
        (1, AttemptOutcome.B_BUSY, 1, TaskState.FINISHED, "b_busy"),
        (1, AttemptOutcome.CANCELLED, 2, TaskState.FINISHED, "cancelled"),
        (-9, AttemptOutcome.JOINED, 2, TaskState.FINISHED, ""),
    ],
)
def test_a_task_whose_next_try_comes_too_late_ends_with_its_attempt(
    deadline: float, outcome: AttemptOutcome, tries: int, state: TaskState, comment: str
) -> None:
    extras = TaskExtras(deadline_at=UnixTime(NOW + deadline))
    after = after_attempt(task_with(RetryRule(tries, 60), extras), outcome, at=NOW)
    assert (after.state, after.finish_comment) == (state, comment)


def test_the_hours_of_the_callee_may_be_what_comes_too_late() -> None:
    hours = CalleeHours("Europe/Riga", time(9), time(17))
    late = UnixTime(datetime(2027, 1, 16, 14, 59, 30, tzinfo=UTC).timestamp())
    extras = TaskExtras(deadline_at=UnixTime(late + 3600), hours=hours)
    after = after_attempt(task_with(RetryRule(2, 60), extras), AttemptOutcome.A_BUSY, at=late)
    assert (after.state, after.finish_comment) == (TaskState.FINISHED, "expired: a_busy")
