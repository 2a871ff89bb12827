"""Attempts of this node, ended when their tasks are deleted by force."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from callwright.domain.callback import AttemptOutcome, TaskId
from callwright.runner.concurrency import Work
from callwright.scheduler.attempt.application import RunningAttempts

ONE, OTHER = TaskId(1), TaskId(2)


@dataclass(slots=True)
class Run:
    """Remembers as what its calls were to be ended."""

    ended: list[AttemptOutcome] = field(default_factory=list)

    def end(self, outcome: AttemptOutcome, hang_up: Callable[[Work[None]], None]) -> None:
        del hang_up
        self.ended.append(outcome)


def add(running: RunningAttempts, task_id: TaskId) -> Run:
    run = Run()
    running.add(task_id, run)
    return run


def test_what_runs_is_ended_at_once_and_nothing_else() -> None:
    async def story() -> None:
        running = RunningAttempts()
        one, other = add(running, ONE), add(running, OTHER)
        running.end(ONE)
        assert (one.ended, other.ended) == ([AttemptOutcome.CANCELLED], [])

    asyncio.run(story())


def test_what_does_not_run_yet_is_ended_as_soon_as_it_does() -> None:
    async def story() -> None:
        running = RunningAttempts()
        running.end(ONE)
        assert add(running, OTHER).ended == []
        assert add(running, ONE).ended == [AttemptOutcome.CANCELLED]
        running.remove(ONE)
        assert add(running, ONE).ended == []

    asyncio.run(story())


def test_a_node_that_stops_interrupts_what_runs_and_what_will() -> None:
    async def story() -> None:
        running = RunningAttempts()
        one = add(running, ONE)
        running.interrupt()
        other = add(running, OTHER)
        assert one.ended == other.ended == [AttemptOutcome.INTERRUPTED]

    asyncio.run(story())
