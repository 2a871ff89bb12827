"""What must hold for series of tasks, said once more without the scheduler's code."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from callwright.domain.callback import Recurrence, Task, TaskId, TaskState
from callwright.domain.clock import UnixTime

COUNTED: Final = "FREQ=DAILY;COUNT=3"
RULES: Final = (COUNTED, "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=HOURLY;INTERVAL=7", "FREQ=MONTHLY")
"""What the clients of the model ask for."""


@dataclass(slots=True)
class Series:
    """The series of one queue: each task follows one that is finished, once, and in its time."""

    seen: dict[TaskId, dict[int, Task]] = field(default_factory=dict)
    """By the first one's id and the number, as they were last seen, deleted or not."""

    def see(self, tasks: Iterable[Task], now: UnixTime) -> set[TaskId]:
        """Look at the tasks that are there now; returns those that came by themselves."""
        followed = set()
        there: dict[TaskId, list[Task]] = {}
        for task in tasks:
            series = task.wish.extras.recurrence
            if series is None:
                continue
            first_id = series.first_id or task.task_id
            known = self.seen.setdefault(first_id, {})
            there.setdefault(first_id, []).append(task)
            if series.occurrence not in known and series.occurrence > 1:
                followed.add(task.task_id)
                check_followed(known[series.occurrence - 1], task, now)
            known.setdefault(series.occurrence, task)
            assert known[series.occurrence].task_id == task.task_id, "an occurrence came twice"
            known[series.occurrence] = task
        for first_id, present in there.items():
            check_whole(self.seen[first_id], present, now)
        return followed


def check_followed(before: Task, task: Task, now: UnixTime) -> None:
    """Check a task that has just come after another of its series."""
    old, new = before.wish.extras.recurrence, task.wish.extras.recurrence
    assert old is not None
    assert new is not None
    assert before.wish.starts_at < task.wish.starts_at
    assert task.created_at < task.wish.starts_at, "what was missed is not made up for"
    assert task.created_at <= now
    assert new.missed - old.missed == new.position - old.position - 1
    assert (task.wish.a_number, task.wish.urls) == (before.wish.a_number, before.wish.urls)
    deadlines = before.wish.extras.deadline_at, task.wish.extras.deadline_at
    if deadlines[0] is not None and deadlines[1] is not None:
        old_life = deadlines[0] - before.wish.starts_at
        assert abs(deadlines[1] - task.wish.starts_at - old_life) < 0.01
    check_wall_clock(new, task.wish.starts_at)


def check_wall_clock(series: Recurrence, at: UnixTime) -> None:
    """Check that a task starts when its rule's words say so, as a calendar on the wall shows it."""
    local = datetime.fromtimestamp(at, tz=UTC).astimezone(ZoneInfo(series.timezone or "UTC"))
    is_shown = local.replace(tzinfo=None) == series.falls_on
    # A time that the clock leaves out is shown as the one after it.
    assert is_shown or local.utcoffset() != (local.replace(hour=0, minute=0)).utcoffset()
    if "BYDAY" in series.rule:
        assert series.falls_on.strftime("%a") in {"Mon", "Wed"}


def check_whole(known: dict[int, Task], there: list[Task], now: UnixTime) -> None:
    """Check a series as a whole: one task of it goes on, unless it came to its end."""
    numbers = sorted(known)
    assert numbers == list(range(1, len(numbers) + 1))
    going_on = [task for task in there if task.state is not TaskState.FINISHED]
    assert len(going_on) <= 1
    last = known[numbers[-1]]
    if last.state is TaskState.FINISHED and last in there:
        series = last.wish.extras.recurrence
        assert series is not None
        assert last.finished_at is not None
        assert series.rule == COUNTED, "what has no end goes on"
        days = (last.finished_at - last.wish.starts_at) // 86_400
        assert series.position + days + 1 >= 3, "all three came, or passed while this went on"
    assert all(task.created_at <= now for task in there)
