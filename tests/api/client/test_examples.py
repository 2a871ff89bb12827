"""Requests and answers as the documents print them, field by field.

First the original description, row by row of its tables; then the examples of the specification
(3.3, 4.5, 11.3 and 14). Those of events and attempts (10.2, 10.4) want a call: they are in
`tests/journeys/test_callback_checks.py`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from tests.sim.client import Program, with_program
from tests.sim.front_door import FrontDoor

QUEUES: Final = "/client/@me/task_scheduler"
MOMENT: Final = "YYYY-MM-DD HH:MM:SS"

QUEUE_SENT: Final[list[tuple[str, object]]] = [
    ("comment", "Update the comment"),
    ("status", "on"),
    ("status", "off"),
    ("name", "A task name"),
    ("concurrent_task_limit", 7),
]
QUEUE_ANSWERED: Final = {
    "comment": str,
    "status": str,
    "name": str,
    "concurrent_task_limit": int,
    "create_date_utc": MOMENT,
    "id": int,
}
TASK_SENT: Final[list[tuple[str, object, object]]] = [
    # what is sent, and what is printed of it
    ("name", "A task name", "A task name"),
    ("a_number", "205", "205"),
    ("b_number", "+37120000001", "+37120000001"),
    ("try_count", 50, 50),
    ("try_again_pause", "60", 60),
    ("url_before", "https://example.org/before", "https://example.org/before"),
    ("url_before_again", "https://example.org/again", "https://example.org/again"),
    ("url_success", "https://example.org/success", "https://example.org/success"),
    ("url_after", "https://example.org/after", "https://example.org/after"),
    ("start_time_utc", "2036-03-02 07:00:00", "2036-03-02 07:00:00"),
    ("start_time_utc", "2036-03-02 07: 00: 00", "2036-03-02 07:00:00"),
    (
        "callback_params",
        {"caller_id_name": "Bob", "caller_id_number": "205", "extended_a_numbers": ["206"]},
        {"caller_id_name": "Bob", "caller_id_number": "205", "extended_a_numbers": ["206"]},
    ),
]
TASK_ANSWERED: Final = {
    "status": str,
    "a_number": str,
    "b_number": str,
    "extension_id": int,
    "scheduler_id": int,
    "finish_result": None,
    "cdr": None,
    "try_count": int,
    "try_again_pause": int,
    "start_time_utc": MOMENT,
    "url_before": str,
    "url_before_again": str,
    "url_after": str,
    "url_success": str,
    "create_date_utc": MOMENT,
    "id": int,
    "name": str,
    "finish_comment": str,
    "callback_params": dict,
}


def has_form(value: object, form: object) -> bool:
    """Whether a value is as a row of a table says."""
    if form is MOMENT:
        return isinstance(value, str) and [len(part) for part in value.split()] == [10, 8]
    return value is None if form is None else type(value) is form


def misfits(answer: Mapping[str, object], table: Mapping[str, object]) -> list[str]:
    """Return the rows of a table that an answer does not keep."""
    return [
        name
        for name, form in table.items()
        if name not in answer or not has_form(answer[name], form)
    ]


async def good_task(bob: Program) -> dict[str, Any]:
    return {"a_number": "205", "b_number": "206", "extension_id": await bob.extension()}


@pytest.mark.parametrize(("name", "value"), QUEUE_SENT)
def test_each_field_of_a_new_queue(tmp_path: Path, name: str, value: object) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        queue = await bob.made(f"{QUEUES}/", {name: value})
        assert queue[name] == value
        assert (await bob.ask("GET", f"{QUEUES}/{queue['id']}")).json == queue

    with_program(tmp_path, story)


@pytest.mark.parametrize(("name", "value"), [row for row in QUEUE_SENT if row[0] != "name"])
def test_each_field_of_a_queue_that_changes(tmp_path: Path, name: str, value: object) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        old = await bob.made(f"{QUEUES}/", {"name": "q", "status": "off"})
        reply = await bob.ask("PUT", f"{QUEUES}/{old['id']}", {name: value})
        assert (reply.status, reply.json) == (200, old | {name: value})

    with_program(tmp_path, story)


def test_each_field_of_an_answer_about_a_queue(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        queue = await bob.made(f"{QUEUES}/", {})
        answers = [
            queue,
            (await bob.ask("GET", f"{QUEUES}/{queue['id']}")).json,
            (await bob.ask("PUT", f"{QUEUES}/{queue['id']}", {"comment": ""})).json,
            (await bob.ask("GET", f"{QUEUES}/")).json[0],
        ]
        for answer in answers:
            assert misfits(answer, QUEUE_ANSWERED) == []
        assert queue["status"] == "off", "by default"

    with_program(tmp_path, story)


@pytest.mark.parametrize(("name", "sent", "printed"), TASK_SENT)
def test_each_field_of_a_new_task(tmp_path: Path, name: str, sent: object, printed: object) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        path = f"{QUEUES}/{await bob.queue()}"
        [task] = await bob.made(f"{path}/tasks/", {"tasks": [await good_task(bob) | {name: sent}]})
        assert task[name] == printed
        assert (await bob.ask("GET", f"{path}/task/{task['id']}")).json[name] == printed

    with_program(tmp_path, story)


def test_each_field_of_an_answer_about_a_task(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        path = f"{QUEUES}/{await bob.queue()}"
        [task] = await bob.made(f"{path}/tasks/", {"tasks": [await good_task(bob)]})
        listed = (await bob.ask("GET", f"{path}/task/")).json
        read = (await bob.ask("GET", f"{path}/task/{task['id']}")).json
        for answer in (task, *listed, read):
            assert misfits(answer, TASK_ANSWERED) == []
        assert (task["status"], task["try_count"]) == ("scheduled", 1)

    with_program(tmp_path, story)


def test_what_is_deleted_is_gone(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        queue = f"{QUEUES}/{await bob.queue()}"
        [task] = await bob.made(f"{queue}/tasks/", {"tasks": [await good_task(bob)]})
        for path in (f"{queue}/task/{task['id']}", queue):
            assert (await bob.ask("DELETE", path)).status == 204
            assert (await bob.ask("GET", path)).status == 404

    with_program(tmp_path, story)


def test_example_3_3(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        body = {"name": "invoice reminders", "comment": "spring run", "concurrent_task_limit": 4}
        queue = await bob.made(f"{QUEUES}/", body)
        assert list(queue.items()) == [
            ("id", queue["id"]),
            ("name", "invoice reminders"),
            ("comment", "spring run"),
            ("status", "off"),
            ("concurrent_task_limit", 4),
            ("interval_id", None),
            ("create_date_utc", queue["create_date_utc"]),
        ]

    with_program(tmp_path, story)


def test_example_4_5(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        queue_id, extension = await bob.queue(), await bob.extension()
        sent = {
            "name": "invoice 7781",
            "a_number": "205",
            "b_number": "+37120000001",
            "extension_id": extension,
            "try_count": 3,
            "try_again_pause": 900,
            "try_count_caller": 5,
            "try_again_pause_caller": 120,
            "start_time_utc": "2026-03-02 07:00:00",
            "url_after": "https://crm.example.org/hooks/call-done",
            "callback_params": {
                "caller_id_name": "Billing",
                "extended_a_numbers": ["206", "207"],
            },
            "variables": {"invoice": "7781"},
        }
        [task] = await bob.made(f"{QUEUES}/{queue_id}/tasks/", {"tasks": [sent]})
        assert task == sent | {
            "id": task["id"],
            "scheduler_id": queue_id,
            "status": "scheduled",
            "next_try_utc": "2026-03-02 07:00:00",
            "url_before": "",
            "url_before_again": "",
            "url_success": "",
            "attempts_src_ani_numbers": [],
            "attempts_dst_ani_numbers": [],
            "try_made": 0,
            "try_made_caller": 0,
            "finish_result": None,
            "finish_comment": "",
            "cdr": None,
            "create_date_utc": task["create_date_utc"],
            "finish_date_utc": None,
            "attempts": [],
        }

    with_program(tmp_path, story)


def test_example_11_3(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        period = "start_datetime=2026-03-01%2000:00:00&end_datetime=2026-03-02%2000:00:00"
        for order in ("", "&order=desc"):
            reply = await bob.ask("GET", f"/client/@me/call_history/?{period}{order}")
            shown = {"page": 1, "per_page": 50, "order": "desc", "call_history": []}
            assert reply.json == shown | ({} if order else {"order": reply.json["order"]})
            assert list(reply.json) == list(shown)

    with_program(tmp_path, story)


def test_example_14(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        good = await good_task(bob)
        tasks = {"tasks": [good, good | {"try_count": 51}, good]}
        reply = await bob.ask("POST", f"{QUEUES}/{await bob.queue()}/tasks/", tasks)
        assert reply.status == 400
        assert list(reply.json) == ["message", "status", "errors"]
        assert reply.json["message"] == "1 of 3 tasks is not valid"
        assert reply.json["status"] == "validation_failed"
        [fault] = reply.json["errors"]
        assert list(fault) == ["path", "message"]
        assert fault["path"] == "tasks[1].try_count"
        # Ours quotes the value, too.
        assert fault["message"].endswith("must be between 1 and 50")

    with_program(tmp_path, story)
