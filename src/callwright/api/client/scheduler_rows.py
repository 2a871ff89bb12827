"""Rows of the table of routes: queues, their tasks, calling windows (sections 3 to 5)."""

from collections.abc import Iterable
from typing import Final

from callwright.api.client import intervals, queues, shapes, tasks
from callwright.api.client.rows import PAGING, row
from callwright.api.operations import Operation, Parameter

_QUEUE: Final = Parameter("scheduler_id", "The queue's id.", required=True, example="31")
_QUEUES: Final = "/client/{client_id}/task_scheduler"
_ONE_QUEUE: Final = f"{_QUEUES}/{{scheduler_id}}"

_QUEUE_ROWS: Final = (
    row(
        "create_callback_queue",
        ("POST", _QUEUES),
        queues.create_queue,
        ("Create a queue of callbacks", "Every field may be left out; a new queue is off."),
        (201, "CallbackQueue"),
        body=shapes.QUEUE_BODY,
    ),
    row(
        "list_callback_queues",
        ("GET", _QUEUES),
        queues.list_queues,
        ("List queues of callbacks", "X-Total-Count says how many there are in all."),
        (200, "CallbackQueues"),
        parameters=(
            *PAGING,
            Parameter("status", "on or off."),
            Parameter("name", "Exactly this name."),
        ),
    ),
    row(
        "read_callback_queue",
        ("GET", _ONE_QUEUE),
        queues.read_one_queue,
        ("Read a queue of callbacks", "One queue."),
        (200, "CallbackQueue"),
        parameters=(_QUEUE,),
    ),
    row(
        "change_callback_queue",
        ("PUT", _ONE_QUEUE),
        queues.change_queue,
        (
            "Change a queue of callbacks",
            (
                "Fields left out keep their values. Switched off, it begins no attempt; those that "
                "run go on. Switched on, what became due meanwhile is due at once."
            ),
        ),
        (200, "CallbackQueue"),
        parameters=(_QUEUE,),
        body=shapes.QUEUE_BODY,
    ),
    row(
        "delete_callback_queue",
        ("DELETE", _ONE_QUEUE),
        queues.delete_queue,
        ("Delete a queue of callbacks", "And its tasks. An attempt that runs goes on to its end."),
        (204, ""),
        parameters=(_QUEUE,),
    ),
)

_TASK: Final = Parameter("task_id", "The task's id.", required=True, example="90412")

_FILTERS: Final = (
    Parameter("sort", "id, start_time_utc or status; id when left out."),
    Parameter("status", "One of the states; any of these.", is_repeatable=True),
    Parameter("name", "Exactly this name."),
    Parameter("a_number", "Exactly this number."),
    Parameter("b_number", "Exactly this number."),
    Parameter("extension_id", "Of this extension."),
    Parameter("recurrence_id", "Of this series: its first task's id."),
    Parameter("after_id", "Of greater ids: X-Total-Count says how many are left."),
    Parameter("finish_result", "success or failed."),
    Parameter("start_from", "start_time_utc at this time or later."),
    Parameter("start_to", "start_time_utc before this time."),
)


def _task_rows(word: str) -> Iterable[Operation]:
    """Describe the operations on tasks in one of their two spellings."""
    every, own = f"{_ONE_QUEUE}/{word}", f"by_{word}"
    yield row(
        f"add_callback_tasks_{own}",
        ("POST", every),
        tasks.add_tasks,
        (
            "Add callbacks to a queue",
            (
                "1 to 1000 tasks, all of them or none: an answer of 400 names every wrong field of "
                "every task. The extension_id may be @ and the number of the extension."
            ),
        ),
        (201, "CallbackTasks"),
        parameters=(_QUEUE,),
        body=shapes.TASKS_BODY,
    )
    yield row(
        f"list_callback_tasks_{own}",
        ("GET", every),
        tasks.list_tasks,
        ("List the callbacks of a queue", "X-Total-Count says how many match in all."),
        (200, "CallbackTasks"),
        parameters=(_QUEUE, *PAGING, *_FILTERS),
    )


def _one_task_rows(word: str) -> Iterable[Operation]:
    """Describe the operations on one task in one of the two spellings."""
    one, own = f"{_ONE_QUEUE}/{word}/{{task_id}}", f"by_{word}"
    yield row(
        f"read_callback_task_{own}",
        ("GET", one),
        tasks.read_task,
        ("Read a callback", "With its attempts; cdr names the call of the newest."),
        (200, "CallbackTask"),
        parameters=(_QUEUE, _TASK),
    )
    yield row(
        f"change_callback_task_{own}",
        ("PUT", one),
        tasks.change_task,
        (
            "Change a callback that waits",
            (
                "Fields left out keep their values, null gives the default back. A new "
                "start_time_utc is when it is tried next. 409 task_in_progress while an attempt "
                "runs, task_finished when it is finished."
            ),
        ),
        (200, "CallbackTask"),
        parameters=(_QUEUE, _TASK),
        body=shapes.TASK_BODY,
        conflict=True,
    )
    yield row(
        f"delete_callback_task_{own}",
        ("DELETE", one),
        tasks.delete_task,
        (
            "Delete a callback",
            (
                "409 task_in_progress while an attempt runs; force=true hangs its call up, and the "
                "task goes as soon as that has ended."
            ),
        ),
        (204, ""),
        parameters=(_QUEUE, _TASK, Parameter("force", "true or false.")),
        conflict=True,
    )


_INTERVAL: Final = Parameter("interval_id", "The interval's id.", required=True, example="7")
_INTERVALS: Final = "/client/{client_id}/interval"
_ONE_INTERVAL: Final = f"{_INTERVALS}/{{interval_id}}"

_INTERVAL_ROWS: Final = (
    row(
        "create_interval",
        ("POST", _INTERVALS),
        intervals.create_interval,
        (
            "Create a calling window",
            (
                "Open while any of its conditions matches. timezone is an IANA name. Days of the "
                "week count from 1, Sunday, to 7. A start is inside, the end of a time outside."
            ),
        ),
        (201, "Interval"),
        body=shapes.INTERVAL_BODY,
    ),
    row(
        "list_intervals",
        ("GET", _INTERVALS),
        intervals.list_intervals,
        ("List calling windows", "By id."),
        (200, "Intervals"),
        parameters=PAGING,
    ),
    row(
        "read_interval",
        ("GET", _ONE_INTERVAL),
        intervals.read_interval,
        ("Read a calling window", "One interval."),
        (200, "Interval"),
        parameters=(_INTERVAL,),
    ),
    row(
        "change_interval",
        ("PUT", _ONE_INTERVAL),
        intervals.change_interval,
        ("Change a calling window", "Fields left out keep their values."),
        (200, "Interval"),
        parameters=(_INTERVAL,),
        body=shapes.INTERVAL_BODY,
    ),
    row(
        "delete_interval",
        ("DELETE", _ONE_INTERVAL),
        intervals.delete_interval,
        ("Delete a calling window", "409 interval_in_use while a queue points at it."),
        (204, ""),
        parameters=(_INTERVAL,),
        conflict=True,
    ),
)

SCHEDULER_ROWS: Final = (
    *_QUEUE_ROWS,
    *(one for word in ("task", "tasks") for one in (*_task_rows(word), *_one_task_rows(word))),
    *_INTERVAL_ROWS,
)
"""In the order of the documents."""
