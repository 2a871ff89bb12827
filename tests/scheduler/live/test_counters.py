"""What is counted of the steps of tasks."""

from dataclasses import replace
from typing import Final

import pytest

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackQueueId,
    CallUuid,
    ExtensionId,
    FinishResult,
    Task,
    TaskId,
    TaskState,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.live.counters import LAG_BOUNDS, TaskCounters
from callwright.scheduler.live.values import Step, TaskStep

NOW: Final = UnixTime(1_800_000_000.0)
ATTEMPT: Final = Attempt(1, CallUuid("A" * 32), NOW, ended_at=NOW)
TASK: Final = Task(
    TaskId(1),
    AccountId(1),
    CallbackQueueId(1),
    TaskWish("205", "206", ExtensionId(1), NOW),
    NOW,
    attempts=(ATTEMPT,),
)
FAILED: Final = replace(TASK, state=TaskState.FINISHED, finish_result=FinishResult.FAILED)


@pytest.mark.parametrize(
    ("lag", "bucket"), [(-5.0, 0), (0.0, 0), (0.1, 0), (0.11, 1), (3600.0, 9), (9999.0, 10)]
)
def test_how_late_a_task_begins_falls_into_a_bucket(lag: float, bucket: int) -> None:
    counters = TaskCounters()
    counters.count(TaskStep(Step.BEGUN, TASK, NOW, was_due_at=UnixTime(NOW - lag)))
    expected = [0] * (len(LAG_BOUNDS) + 1)
    expected[bucket] = 1
    assert (counters.attempts_begun, counters.lags) == (1, expected)
    assert counters.lag_total == pytest.approx(max(0.0, lag), abs=1e-3)


def test_attempts_and_tasks_are_counted_by_how_they_ended() -> None:
    counters = TaskCounters()
    counters.count(TaskStep(Step.JOINED, TASK, NOW))
    counters.count(TaskStep(Step.DELAYED, TASK, NOW, AttemptOutcome.A_BUSY))
    counters.count(TaskStep(Step.FINISHED, FAILED, NOW, AttemptOutcome.B_BUSY))
    assert counters.attempts_ended == {AttemptOutcome.A_BUSY: 1, AttemptOutcome.B_BUSY: 1}
    assert counters.tasks_finished == {FinishResult.FAILED: 1}


def test_a_task_that_ends_without_an_attempt_counts_as_a_task_alone() -> None:
    counters = TaskCounters()
    later = UnixTime(NOW + 5)
    for task in (FAILED, replace(FAILED, attempts=())):
        counters.count(TaskStep(Step.FINISHED, task, later, AttemptOutcome.EXPIRED))
    assert counters.attempts_ended == {}
    assert counters.tasks_finished == {FinishResult.FAILED: 2}
