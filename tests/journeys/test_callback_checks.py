"""The checks that a callback scheduler must pass (its specification, section 17), by their numbers.

Here is a server with simulated calls. Two are elsewhere: check 10, of a day in whose night the
clock changes, is in `tests/scheduler/test_clock_change.py`, and check 11, of servers that are
killed, is `test_callback_kill.py`.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.installation import Installation, Reply
from tests.sim.page_server import Answer, PageServer

pytestmark = pytest.mark.journey

ANSWERS: Final = "443069990102"
BUSY: Final = "443069990186"
ENDS_WITHIN: Final = 60.0
"""Seconds; a bound, never waited out."""
LOOK_INTERVAL: Final = 0.05
"""Seconds between looks at a task."""
SHORT: Final = {"call_duration": 1}
EVENTS: Final = ("before", "before_again", "success", "after")

A_REACHED, A_MISSED = "sip:hello@example.com", "sip:busy@example.com"


@dataclass(slots=True)
class Bob:
    """A client with an extension 200 that answers."""

    client: CallbackClient
    extension: int
    pages: PageServer
    other: CallbackClient

    def add(self, queue_id: int, *, a: str = "200", b: str = ANSWERS, **fields: Any) -> int:
        """Add a task."""
        task = {"a_number": a, "b_number": b, "extension_id": self.extension} | fields
        [task_id] = self.client.add(queue_id, task)
        return task_id

    def until(self, queue_id: int, task_id: int, status: str, attempts: int = 0) -> dict[str, Any]:
        """Return a task as soon as it is so, after so many attempts."""
        give_up_at = time.monotonic() + ENDS_WITHIN
        while True:
            task = self.client.task(queue_id, task_id)
            if task["status"] == status and len(task["attempts"]) >= attempts:
                return task
            assert time.monotonic() < give_up_at, f"not {status}: {task}"
            time.sleep(LOOK_INTERVAL)

    def reach(self, number: str, destination: str) -> None:
        """Have another telephone behind an extension."""
        changed = self.client.request("PUT", f"/extension/@{number}", {"destination": destination})
        assert changed.status == 200, changed.body

    def urls(self, name: str) -> dict[str, str]:
        """Return the URLs of a task that tells everything."""
        for event in EVENTS:
            self.pages.page(f"/{name}/{event}", Answer())
        return {f"url_{event}": self.pages.url(f"/{name}/{event}") for event in EVENTS}


@pytest.fixture(scope="module")
def bob(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bob]:
    with PageServer() as pages, Installation(tmp_path_factory.mktemp("checks") / "data") as cloud:
        cloud_client = CallbackClient(cloud.create_account("bob@example.com"))
        other = CallbackClient(cloud.create_account("eve@example.com"))
        extension = cloud_client.extension("Bob", "200", A_REACHED)
        yield Bob(cloud_client, extension, pages, other)


def test_check_1_a_new_queue_is_off_and_starts_nothing(bob: Bob) -> None:
    made = bob.client.make("/task_scheduler/", name="new")
    assert made["status"] == "off"
    waiting = bob.add(made["id"])
    on = bob.client.queue()
    # A later one of another queue goes first.
    bob.until(on, bob.add(on, callback_params=SHORT), "finished")
    task = bob.client.task(made["id"], waiting)
    assert (task["status"], task["attempts"]) == ("scheduled", [])


def test_check_2_fifty_attempts_at_most_and_one_unless_said(bob: Bob) -> None:
    queue_id = bob.client.queue(status="off")
    task = {"a_number": "200", "b_number": ANSWERS, "extension_id": bob.extension}
    path = f"/task_scheduler/{queue_id}/tasks/"
    refused = bob.client.request("POST", path, {"tasks": [task | {"try_count": 51}]})
    assert (refused.status, refused.json["errors"][0]["path"]) == (400, "tasks[0].try_count")
    assert bob.client.task(queue_id, bob.add(queue_id))["try_count"] == 1
    assert bob.client.task(queue_id, bob.add(queue_id, try_count=50))["try_count"] == 50


def test_check_3_a_start_in_seconds_counts_from_the_creation(bob: Bob) -> None:
    queue_id = bob.client.queue()
    task = bob.client.task(queue_id, bob.add(queue_id, start_time_utc=30))
    waits = moment(task["start_time_utc"]) - moment(task["create_date_utc"])
    # Both are printed in whole seconds, cut off.
    assert waits in {30, 31}
    assert task["next_try_utc"] == task["start_time_utc"]


def test_check_4_both_spellings_with_and_without_a_slash(bob: Bob) -> None:
    queue = f"/task_scheduler/{bob.client.queue(status='off')}"
    task = {"a_number": "200", "b_number": ANSWERS, "extension_id": bob.extension}
    for word in ("task", "tasks"):
        for slash in ("", "/"):
            added = bob.client.request("POST", f"{queue}/{word}{slash}", {"tasks": [task]})
            assert added.status == 201, added.body
    lists = [bob.client.request("GET", f"{queue}/{word}") for word in spelt("")]
    assert len(lists[0].json) == 4
    assert same(lists)
    ids = [task["id"] for task in lists[0].json]
    for task_id in (ids[0], 999_999):
        assert same([bob.client.request("GET", f"{queue}/{word}") for word in spelt(task_id)])
    deleted = [
        bob.client.request("DELETE", f"{queue}/{spelt(one)[number]}")
        for number, one in enumerate(ids)
    ]
    assert same(deleted)
    assert deleted[0].status == 204


def test_check_5_a_batch_with_a_bad_task_stores_nothing_and_names_it(bob: Bob) -> None:
    queue_id = bob.client.queue(status="off")
    good = {"a_number": "200", "b_number": ANSWERS, "extension_id": bob.extension}
    body = {"tasks": [good, good | {"b_number": "nobody"}, good]}
    refused = bob.client.request("POST", f"/task_scheduler/{queue_id}/tasks/", body)
    assert (refused.status, refused.json["status"]) == (400, "validation_failed")
    assert [fault["path"] for fault in refused.json["errors"]] == ["tasks[1].b_number"]
    assert bob.client.tasks(queue_id) == []


def test_check_6_two_of_five_run_and_the_rest_follow_in_due_order(bob: Bob) -> None:
    queue_id = bob.client.queue(status="off", concurrent_task_limit=2)
    # The later they are added, the earlier they are due.
    ids = [
        bob.add(queue_id, start_time_utc=f"2026-01-01 00:00:0{9 - n}", callback_params=SHORT)
        for n in range(5)
    ]
    bob.client.change_queue(queue_id, status="on")
    give_up_at, seen = time.monotonic() + ENDS_WITHIN, list[list[str]]()
    while not seen or set(seen[-1]) != {"finished"}:
        seen.append(states(bob, queue_id))
        assert seen[-1].count("executed") <= 2
        assert time.monotonic() < give_up_at, seen[-1]
        time.sleep(LOOK_INTERVAL)
    assert [*["delayed_concurrent_task"] * 3, "executed", "executed"] in seen
    tasks = {task["id"]: task for task in bob.client.tasks(queue_id)}
    assert {task["finish_result"] for task in tasks.values()} == {"success"}
    begun = [tasks[one]["attempts"][0]["start_time_utc"] for one in reversed(ids)]
    assert begun == sorted(begun)


TABLE: Final = [
    # the counters, A, B; then what is left of either, and what comes then
    ((1, 0), BUSY, ANSWERS, (0, 0), "failed"),
    ((1, 0), ANSWERS, BUSY, (0, 0), "failed"),
    ((2, 0), BUSY, ANSWERS, (1, 0), "delayed 400"),
    ((2, 0), ANSWERS, BUSY, (1, 0), "delayed 400"),
    ((1, 1), BUSY, ANSWERS, (1, 0), "failed"),
    ((1, 2), BUSY, ANSWERS, (1, 1), "delayed 200"),
    ((1, 2), ANSWERS, BUSY, (0, 1), "failed"),
    ((2, 1), ANSWERS, BUSY, (1, 0), "failed"),
    ((2, 2), ANSWERS, BUSY, (1, 1), "delayed 400"),
    ((2, 0), ANSWERS, ANSWERS, (1, 0), "success"),
    ((2, 2), ANSWERS, ANSWERS, (1, 1), "success"),
]


@pytest.fixture(scope="module")
def tried(bob: Bob) -> tuple[int, list[int]]:
    """A task for each line of the table, all at once."""
    queue_id = bob.client.queue(concurrent_task_limit=len(TABLE))
    rows = [
        tried_task(rule, (400, 200)) | {"a_number": a, "b_number": b} for rule, a, b, *_ in TABLE
    ]
    of_all = {"extension_id": bob.extension}
    return queue_id, bob.client.add(queue_id, *(row | of_all for row in rows))


@pytest.mark.parametrize("line", range(len(TABLE)))
def test_check_7_an_attempt_costs_what_the_table_says(
    bob: Bob, tried: tuple[int, list[int]], line: int
) -> None:
    queue_id, ids = tried
    _, _, _, left, then = TABLE[line]
    state, _, pause = then.partition(" ")
    task = bob.until(queue_id, ids[line], "delayed" if pause else "finished", attempts=1)
    assert left_of(task) == left
    if pause:
        assert paused(task) in {int(pause), int(pause) + 1}
    else:
        assert task["finish_result"] == state


def test_check_7_the_worked_example(bob: Bob) -> None:
    """Minutes are seconds here; whoever is called answers or not as the example has it."""
    bob.client.extension("Ben", "201", A_MISSED)
    queue_id = bob.client.queue()
    bob.reach("200", A_MISSED)
    task_id = bob.add(queue_id, b="201", **tried_task((2, 4), (4, 2)))
    table = [
        # of attempt n: what is left, the pause; who answers in the next one
        ((2, 3), 2, A_REACHED),
        ((1, 2), 4, A_MISSED),
        ((1, 1), 2, A_REACHED),
    ]
    for number, (left, pause, next_a) in enumerate(table, 1):
        task = bob.until(queue_id, task_id, "delayed", attempts=number)
        bob.reach("200", next_a)
        assert left_of(task) == left
        assert paused(task) in {pause, pause + 1}
    task = bob.until(queue_id, task_id, "finished")
    bob.reach("200", A_REACHED)
    assert left_of(task) == (0, 0)
    assert (task["finish_result"], task["finish_comment"]) == ("failed", "b_busy")
    comments = [attempt["comment"] for attempt in task["attempts"]]
    assert comments == ["a_busy", "b_busy", "a_busy", "b_busy"]


@pytest.mark.parametrize("ends", ["success", "failed"])
def test_check_8_events_are_told_as_often_as_they_should(bob: Bob, ends: str) -> None:
    bob.client.request("POST", "/extension/", {"name": "202", "destination": A_MISSED})
    bob.reach("202", A_MISSED)
    queue_id, name = bob.client.queue(), f"check8-{ends}"
    retry: dict[str, Any] = {"try_count": 3, "try_again_pause": 1, "variables": {"invoice": "7781"}}
    fields = retry | bob.urls(name) | {"callback_params": SHORT}
    task_id = bob.add(queue_id, b="202", **fields)
    bob.pages.wait_for(f"/{name}/before_again")
    if ends == "success":
        bob.until(queue_id, task_id, "delayed", attempts=2)
        bob.reach("202", A_REACHED)
    last = bob.pages.wait_for(f"/{name}/after").info
    told = [asked.info for asked in bob.pages.asked if asked.path.startswith(f"/{name}/")]
    joined = ["success"] if ends == "success" else []
    words = ["before", "before_again", "before_again", *joined, "after"]
    assert [event["event"] for event in told] == words
    assert set(Counter(event["event_id"] for event in told).values()) == {1}
    assert [event["attempt"] for event in told] == [1, 2, 3, *[3] * len(joined), 3]
    # The names of 10.2 and of 10.4, and the task as it is read.
    task = bob.client.task(queue_id, task_id)
    for event in told:
        assert list(event) == EVENT_FIELDS
        assert (event["scheduler_id"], event["task_id"]) == (queue_id, task_id)
        assert event["call_uuid"] == task["attempts"][event["attempt"] - 1]["call_uuid"]
        assert event["task"].keys() == task.keys()
    assert last["task"] == task
    for attempt in task["attempts"]:
        assert list(attempt) == ATTEMPT_FIELDS


def test_check_9_off_lets_the_call_end_and_on_makes_up_for_it(bob: Bob) -> None:
    queue_id = bob.client.queue(concurrent_task_limit=1)
    first = bob.add(queue_id, callback_params={"call_duration": 2})
    second = bob.add(queue_id, callback_params=SHORT)
    bob.until(queue_id, first, "executed")
    bob.client.change_queue(queue_id, status="off")
    done = bob.until(queue_id, first, "finished")
    assert done["finish_result"] == "success"
    assert bob.client.task(queue_id, second)["status"] == "scheduled"
    bob.client.change_queue(queue_id, status="on")
    assert bob.until(queue_id, second, "finished")["finish_result"] == "success"


def test_check_12_the_history_has_the_call_of_every_finished_task(bob: Bob) -> None:
    queue_id = bob.client.queue(concurrent_task_limit=9)
    sides = [("200", ANSWERS), (BUSY, ANSWERS), ("200", BUSY), ("999", "200"), ("200", "999")]
    ids = [bob.add(queue_id, a=a, b=b, callback_params=SHORT) for a, b in sides]
    for task_id in ids:
        task = bob.until(queue_id, task_id, "finished")
        found = bob.client.request("GET", f"/call_history/{task['cdr']}")
        assert (found.status, found.json["call_uuid"]) == (200, task["cdr"])


def test_check_13_what_is_anothers_is_not_there(bob: Bob) -> None:
    interval = bob.client.make("/interval/", name="never", timezone="UTC", conditions=[])["id"]
    queue_id = bob.client.queue(interval_id=interval)
    on = bob.client.queue()
    done = bob.until(on, bob.add(on, a=BUSY), "finished")
    task_id = bob.add(queue_id)
    task = f"/task_scheduler/{queue_id}/task/{task_id}"
    of_bob = [
        *[(way, f"/task_scheduler/{queue_id}") for way in ("GET", "PUT", "DELETE")],
        *[(way, f"/task_scheduler/{queue_id}/tasks/") for way in ("GET", "POST")],
        *[(way, task) for way in ("GET", "DELETE")],
        *[(way, f"/interval/{interval}") for way in ("GET", "PUT", "DELETE")],
        *[(way, f"/extension/{bob.extension}") for way in ("GET", "PUT", "DELETE")],
        ("GET", f"/call_history/{done['cdr']}"),
    ]
    bodies: dict[str, dict[str, object]] = {
        "PUT": {"name": "mine", "timezone": "UTC", "conditions": []},
        "POST": {"tasks": [{"a_number": "1", "b_number": "2", "extension_id": bob.extension}]},
    }
    for method, path in of_bob:
        nowhere = path.replace(f"{queue_id}", "999999").replace(f"/{interval}", "/999999")
        answer = bob.other.request(method, path, bodies.get(method))
        missing = bob.other.request(method, nowhere, bodies.get(method))
        assert answer.status == 404, (method, path, answer.body)
        assert missing.status == 404
        assert missing.json.get("status") == answer.json.get("status")
    assert bob.client.request("GET", task).status == 200


EVENT_FIELDS: Final = [
    "event",
    "event_id",
    "event_time_utc",
    "client_id",
    "scheduler_id",
    "task_id",
    "attempt",
    "call_uuid",
    "task",
]
ATTEMPT_FIELDS: Final = [
    "n",
    "call_uuid",
    "start_time_utc",
    "end_time_utc",
    "src_ani",
    "dst_ani",
    "a_answered",
    "result",
    "comment",
]


def tried_task(rule: tuple[int, int], pauses: tuple[int, int]) -> dict[str, Any]:
    """Return the fields of a task with these counters and pauses: the whole's, and A's alone."""
    return {
        "try_count": rule[0],
        "try_count_caller": rule[1],
        "try_again_pause": pauses[0],
        "try_again_pause_caller": pauses[1],
        "callback_params": SHORT,
    }


def left_of(task: dict[str, Any]) -> tuple[int, int]:
    """How much of either counter is left."""
    return (
        task["try_count"] - task["try_made"],
        task["try_count_caller"] - task["try_made_caller"],
    )


def paused(task: dict[str, Any]) -> int:
    """Seconds from the end of the newest attempt to the next try, both printed cut off."""
    return moment(task["next_try_utc"]) - moment(task["attempts"][-1]["end_time_utc"])


def moment(text: str) -> int:
    """Read a time as it is printed."""
    return int(datetime.strptime(f"{text}+0000", "%Y-%m-%d %H:%M:%S%z").timestamp())


def states(bob: Bob, queue_id: int) -> list[str]:
    """The states of a queue's tasks, by id."""
    return [task["status"] for task in bob.client.tasks(queue_id)]


def spelt(task_id: int | str) -> list[str]:
    """Return both words, each with and without the slash."""
    below = f"/{task_id}" if task_id else ""
    return [f"{word}{below}{slash}" for word in ("task", "tasks") for slash in ("", "/")]


def same(replies: list[Reply]) -> bool:
    """Whether all answers are the same."""
    return len({(reply.status, reply.body) for reply in replies}) == 1
