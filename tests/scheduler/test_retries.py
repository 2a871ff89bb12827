"""Attempts counted: each line of the table of section 8, and its worked example."""

from dataclasses import replace

import pytest

from callwright.domain.callback import (
    AttemptOutcome,
    CallbackQueueId,
    ExtensionId,
    FinishResult,
    RetryRule,
    Task,
    TaskId,
    TaskState,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.retries import FAILURES, Failure, after_attempt, shown_to

NOW = UnixTime(1_000_000.0)


def task_with(rule: RetryRule) -> Task:
    wish = TaskWish("205", "37120000001", ExtensionId(1), NOW, retry=rule)
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
