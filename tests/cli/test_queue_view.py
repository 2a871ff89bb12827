"""Queues as they are watched: lines and the bar."""

from typing import Final

import pytest

from callwright.cli.queue_view import Event, QueueView

TASK: Final = {
    "event": "task",
    "change": "begun",
    "time_utc": "2026-03-02 07:00:00",
    "scheduler_id": 31,
    "id": 90412,
    "name": "invoice",
    "status": "executed",
    "finish_result": None,
    "attempt": 2,
    "call_uuid": "A" * 32,
    "comment": "",
    "next_try_utc": None,
}


def progress(queue_id: int, *numbers: int) -> Event:
    names = ("waiting", "due", "executed", "success", "failed")
    return {"event": "progress", "scheduler_id": queue_id} | dict(zip(names, numbers, strict=True))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "begun         31/90412  #2  invoice"),
        ({"change": "joined", "name": ""}, "joined        31/90412  #2"),
        (
            {
                "change": "delayed",
                "comment": "a_busy",
                "next_try_utc": "2026-03-02 07:01:00",
            },
            "delayed       31/90412  #2  a_busy  again at 2026-03-02 07:01:00  invoice",
        ),
        (
            {"change": "finished", "finish_result": "failed", "comment": "b_no_answer"},
            "failed        31/90412  #2  b_no_answer  invoice",
        ),
        (
            {"change": "finished", "finish_result": "success", "name": "\x1b[2J"},
            "success       31/90412  #2  ·[2J",
        ),
    ],
)
def test_a_task_that_changes_is_a_line(changes: Event, line: str) -> None:
    assert QueueView().take({**TASK, **changes}) == f"2026-03-02 07:00:00  {line}"


def test_colour_is_for_terminals() -> None:
    assert "\x1b[36mbegun   \x1b[0m" in QueueView(has_colour=True).take(TASK)


def test_the_bar_is_of_all_queues_together() -> None:
    view = QueueView()
    assert view.take(progress(1, 4, 1, 2, 3, 3)) == ""
    expected = "[############------------] 6/12  2 calling, 4 waiting (1 due), 3 success, 3 failed"
    assert view.status() == expected
    view.take(progress(2, 0, 0, 0, 12, 0))
    assert view.status().startswith("[##################------] 18/24  2 calling")
    assert view.take({"event": "gone", "scheduler_id": 1}) == "queue 1 is deleted"
    assert view.status().startswith("[########################] 12/12  0 calling")


def test_nothing_is_done_while_something_waits_or_calls() -> None:
    view = QueueView()
    for numbers, is_done in (((1, 0, 0, 5, 5), False), ((0, 0, 1, 5, 5), False), ((0,) * 5, True)):
        view.take(progress(1, *numbers))
        assert view.is_done is is_done
    assert view.status().startswith("[########################] 0/0")


def test_what_was_missed_is_said() -> None:
    line = QueueView().take({"event": "missed", "count": 7})
    assert line == "7 changes are not shown: they came too fast"
