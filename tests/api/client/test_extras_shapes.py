"""The shapes of a task's extras promise what is read and printed, no more and no less."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from callwright.api.client.extras_shapes import EXTRAS, EXTRAS_BODY
from callwright.domain.callback import ExtensionId
from callwright.domain.clock import UnixTime
from callwright.scheduler.requests.fields import BadRequest
from callwright.scheduler.requests.task_shape import read_tasks
from tests.sim.client import Program, with_program
from tests.sim.front_door import DOCUMENT, FrontDoor

NOW = UnixTime(1772352131)
HOURS = {"timezone": "Europe/Riga", "call_from": "09:00", "call_to": "17:30:05"}
EVERYTHING: dict[str, object] = HOURS | {
    "deadline_utc": 3600,
    "priority": -100,
    "dedup_key": "x" * 255,
    "retry_causes": ["b_busy"],
    "backoff": 1.5,
    "recurrence": "FREQ=DAILY",
    "recurrence_except": ["2036-03-02"],
    "record": True,
}
SERVERS = {"recurrence_id", "occurrence", "recurrence_missed"}
"""What is printed of a series beside."""
GOOD: dict[str, tuple[object, ...]] = {
    "deadline_utc": (None, 1, "60", "2036-03-02 07:00:00"),
    "priority": (None, -100, 0, 100, "-7"),
    "dedup_key": (None, "", "x", "x" * 255),
    "timezone": ("UTC", "Europe/Riga"),
    "call_from": ("00:00", "23:59:59"),
    "call_to": ("00:00", "23:59:59"),
    "retry_causes": (None, [], ["a_busy", "a_busy", "b_no_answer"]),
    "backoff": (None, 1, 10, 2.5, "3"),
    "recurrence": (None, "", "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10", "rrule:freq=daily"),
    "recurrence_except": (None, [], ["2036-03-02", "2036-03-02"]),
    "record": (None, True, False),
}
BAD: dict[str, tuple[object, ...]] = {
    "deadline_utc": (1.5, True, []),
    "priority": (-101, 101, "high", True),
    "dedup_key": (7, "x" * 256),
    "timezone": (7, []),
    "call_from": ("9:00", "09:60", 9),
    "call_to": ("30:00", "17:00Z", 9),
    "retry_causes": ("a_busy", ["joined"], [1]),
    "backoff": (0.9, 10.1, True, []),
    "recurrence": (7, [], "FREQ=DAILY;" + "X" * 500),
    "recurrence_except": ("2036-03-02", [7], ["2036-03-02"] * 1001),
    "record": ("true", 1, []),
}


def is_read(name: str, value: object) -> bool:
    task = {"a_number": "205", "b_number": "206", "extension_id": 1, name: value}
    if name == "recurrence_except":
        task["recurrence"] = "FREQ=DAILY"
    if name in HOURS:
        task = HOURS | task
    try:
        read_tasks({"tasks": [task]}, find=lambda _: ExtensionId(1), now=NOW)
    except BadRequest:
        return False
    return True


@pytest.mark.parametrize("name", EXTRAS_BODY)
def test_what_the_shape_of_a_request_allows_is_read(name: str) -> None:
    shape = Draft202012Validator(EXTRAS_BODY[name])
    for value in GOOD[name]:
        assert (shape.is_valid(value), is_read(name, value)) == (True, True), value
    for value in BAD[name]:
        assert (shape.is_valid(value), is_read(name, value)) == (False, False), value


def test_a_task_with_everything_is_answered_in_the_promised_shape(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        queue_id, extension_id = await bob.queue(), await bob.extension()
        wish = {"a_number": "205", "b_number": "206", "extension_id": extension_id} | EVERYTHING
        path = f"/client/@me/task_scheduler/{queue_id}/task"
        [made] = await bob.made(path, {"tasks": [wish]})
        assert made.keys() >= EVERYTHING.keys() | SERVERS
        assert EXTRAS.keys() == EVERYTHING.keys() | SERVERS | {"timezones"}

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("priority", 101),
        ("call_from", "09:00"),
        ("retry_causes", ["joined"]),
        ("backoff", 0),
        ("deadline_utc", "soon"),
        ("dedup_key", ""),
    ],
)
def test_the_shape_of_an_answer_has_the_limits(name: str, value: object) -> None:
    task: dict[str, Any] = DOCUMENT["components"]["schemas"]["CallbackTask"]
    assert not Draft202012Validator(task["properties"][name]).is_valid(value)
