"""Attempts of this node, ended when their tasks are deleted by force."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from callwright.domain.callback import TaskId
from callwright.runner.concurrency import Work
from callwright.scheduler.application import RunningAttempts

ONE, OTHER = TaskId(1), TaskId(2)


@dataclass(slots=True)
class Run:
    """Counts how often its calls were to be ended."""

    ended: int = 0

    def cancel(self, hang_up: Callable[[Work[None]], None]) -> None:
        del hang_up
        self.ended += 1


def add(running: RunningAttempts, task_id: TaskId) -> Run:
    run = Run()
    running.add(task_id, run)
    return run


def test_what_runs_is_ended_at_once_and_nothing_else() -> None:
    async def story() -> None:
        running = RunningAttempts()
        one, other = add(running, ONE), add(running, OTHER)
        running.end(ONE)
        assert (one.ended, other.ended) == (1, 0)

    asyncio.run(story())


def test_what_does_not_run_yet_is_ended_as_soon_as_it_does() -> None:
    async def story() -> None:
        running = RunningAttempts()
        running.end(ONE)
        assert add(running, OTHER).ended == 0
        assert add(running, ONE).ended == 1
        running.remove(ONE)
        assert add(running, ONE).ended == 0

    asyncio.run(story())
