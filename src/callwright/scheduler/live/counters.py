"""What became of tasks and attempts since the node began, for who watches the server."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from callwright.domain.callback import AttemptOutcome, FinishResult
from callwright.scheduler.live.values import Step, TaskStep

LAG_BOUNDS: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0, 3600.0)
"""Seconds; a due task with open gates begins within one (section 6.3), and one that waits at a
gate may take hours."""


@dataclass(slots=True)
class TaskCounters:
    """Counts steps of tasks."""

    attempts_begun: int = 0
    attempts_ended: Counter[AttemptOutcome] = field(default_factory=Counter)
    tasks_finished: Counter[FinishResult] = field(default_factory=Counter)
    lags: list[int] = field(default_factory=lambda: [0] * (len(LAG_BOUNDS) + 1))
    """Begun attempts by the time from due to begun: up to each bound, and beyond the last."""
    lag_total: float = 0.0
    """Seconds."""

    def count(self, step: TaskStep) -> None:
        """Count a step."""
        match step.step:
            case Step.BEGUN:
                self._begun(step)
            case Step.DELAYED | Step.FINISHED:
                self._ended(step)
            case Step.JOINED:
                pass

    def _begun(self, step: TaskStep) -> None:
        self.attempts_begun += 1
        lag = 0.0 if step.was_due_at is None else max(0.0, step.at - step.was_due_at)
        self.lags[bisect_left(LAG_BOUNDS, lag)] += 1
        self.lag_total += lag

    def _ended(self, step: TaskStep) -> None:
        task = step.task
        if step.outcome is not None and task.attempts and task.attempts[-1].ended_at == step.at:
            self.attempts_ended[step.outcome] += 1
        if task.finish_result is not None:
            self.tasks_finished[task.finish_result] += 1
