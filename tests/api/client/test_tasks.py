"""Tasks over HTTP: every field, default, limit, filter and error of sections 4 and 6."""

from pathlib import Path
from typing import Any

import pytest

from callwright.domain.callback import Attempt, CallUuid, ExtensionId, TaskId
from callwright.domain.clock import UnixTime
from callwright.domain.ids import ServiceRef
from callwright.scheduler.printing import print_moment
from callwright.scheduler.values import AttemptBegin
from tests.sim.client import Program, with_program
from tests.sim.front_door import FrontDoor

QUEUES = "/client/@me/task_scheduler"
NUMBERS = {"a_number": "205", "b_number": "+37120000001"}
DEFAULTS: dict[str, Any] = {
    "name": "",
    "try_count": 1,
    "try_again_pause": 60,
    "try_count_caller": 0,
    "try_again_pause_caller": 60,
    "url_before": "",
    "url_before_again": "",
    "url_success": "",
    "url_after": "",
    "callback_params": {},
    "variables": {},
    "attempts_src_ani_numbers": [],
    "attempts_dst_ani_numbers": [],
    "status": "scheduled",
    "try_made": 0,
    "try_made_caller": 0,
    "finish_result": None,
    "finish_comment": "",
    "cdr": None,
    "finish_date_utc": None,
    "attempts": [],
}


async def add(bob: Program, path: str, *wishes: dict[str, Any]) -> list[dict[str, Any]]:
    """Add tasks of extension 200, which is made if it is not there."""
    reply = await bob.ask("GET", "/client/@me/extension/@200")
    extension = reply.json["id"] if reply.status == 200 else await bob.extension()
    tasks = [NUMBERS | {"extension_id": extension} | wish for wish in wishes or [{}]]
    made: list[dict[str, Any]] = await bob.made(path, {"tasks": tasks})
    return made


async def begin(door: FrontDoor, *task_ids: int) -> None:
    """Have attempts of tasks begin, as the loop does."""
    at = door.clock.unix_time()
    begins = [
        AttemptBegin(TaskId(one), Attempt(1, CallUuid(f"{one:032X}"), at)) for one in task_ids
    ]
    assert list(await door.doors.callbacks.tasks.begin_attempts(begins)) == list(task_ids)


def test_a_new_task_has_every_default(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        queue_id = await bob.queue()
        [task] = await add(bob, f"{QUEUES}/{queue_id}/tasks/")
        now = print_moment(door.clock.unix_time())
        times = ("create_date_utc", "start_time_utc", "next_try_utc")
        assert task == DEFAULTS | NUMBERS | dict.fromkeys(times, now) | {
            "id": task["id"],
            "scheduler_id": queue_id,
            "extension_id": task["extension_id"],
        }
        assert door.callback_wakes == 1

    with_program(tmp_path, story)


def test_the_example_of_the_documents(tmp_path: Path) -> None:
    wish: dict[str, Any] = {
        "name": "invoice 7781",
        "try_count": 3,
        "try_again_pause": 900,
        "try_count_caller": 5,
        "try_again_pause_caller": 120,
        "start_time_utc": "2036-03-02 07:00:00",
        "url_after": "https://crm.example.org/hooks/call-done",
        "callback_params": {"caller_id_name": "Billing", "extended_a_numbers": ["206", "207"]},
        "variables": {"invoice": "7781"},
    }

    async def story(_: FrontDoor, bob: Program) -> None:
        [task] = await add(bob, f"{QUEUES}/{await bob.queue()}/tasks/", wish)
        assert {name: task[name] for name in wish} == wish
        assert task["next_try_utc"] == wish["start_time_utc"]

    with_program(tmp_path, story)


def test_the_example_of_the_seed(tmp_path: Path) -> None:
    """Pauses as text, blanks in the time, and the three keys of the parameters."""
    params = {
        "caller_id_name": "string",
        "caller_id_number": "200",
        "extended_a_numbers": ["206"],
    }
    wish = {
        "try_again_pause": "30",
        "start_time_utc": "2036-03-02 07: 00: 00",
        "callback_params": params,
    }

    async def story(_: FrontDoor, bob: Program) -> None:
        [task] = await add(bob, f"{QUEUES}/{await bob.queue()}/tasks/", wish)
        assert task["try_again_pause"] == 30
        assert task["start_time_utc"] == "2036-03-02 07:00:00"
        assert task["callback_params"] == params

    with_program(tmp_path, story)


@pytest.mark.parametrize("seconds", [30, "30"])
def test_a_start_in_seconds_counts_from_now(tmp_path: Path, seconds: object) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        [task] = await add(bob, f"{QUEUES}/{await bob.queue()}/tasks", {"start_time_utc": seconds})
        at = UnixTime(door.clock.unix_time() + 30)
        assert task["start_time_utc"] == task["next_try_utc"] == print_moment(at)

    with_program(tmp_path, story)


def test_both_spellings_are_the_same(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        queue = f"{QUEUES}/{await bob.queue()}"
        for word in ("task", "tasks", "task/", "tasks/"):
            [task] = await add(bob, f"{queue}/{word}", {})
            named = f"{queue}/{word.rstrip('/')}/{task['id']}{word[4:].lstrip('s')}"
            assert (await bob.ask("GET", f"{queue}/{word}")).json == [task]
            assert (await bob.ask("GET", named)).json == task
            assert (await bob.ask("DELETE", named)).status == 204
            assert (await bob.ask("GET", named)).json["status"] == "task_not_found"
            assert (await bob.ask("DELETE", named)).json["status"] == "task_not_found"

    with_program(tmp_path, story)


def test_one_wrong_task_stores_none_and_is_named(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        tasks, extension = f"{QUEUES}/{await bob.queue()}/tasks", await bob.extension()
        good = NUMBERS | {"extension_id": extension}
        reply = await bob.ask("POST", tasks, {"tasks": [good, good | {"try_count": 51}, good]})
        assert (reply.status, reply.json["message"], reply.json["status"]) == (
            400,
            "1 of 3 tasks is not valid",
            "validation_failed",
        )
        [fault] = reply.json["errors"]
        assert (fault["path"], "between 1 and 50" in fault["message"]) == (
            "tasks[1].try_count",
            True,
        )
        assert (await bob.ask("GET", tasks)).json == []
        assert door.callback_wakes == 0

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("body", "path", "word"),
    [
        ({}, "tasks", "validation_failed"),
        ({"tasks": []}, "tasks", "validation_failed"),
        ({"tasks": [{}] * 1001}, "tasks", "validation_failed"),
        ({"tasks": [7]}, "tasks[0]", "validation_failed"),
        ({"tasks": [{"b_number": None}]}, "tasks[0].b_number", "validation_failed"),
        ({"tasks": [{"extension_id": 9999}]}, "tasks[0].extension_id", "extension_not_found"),
        ({"tasks": [{"extension_id": "@9"}]}, "tasks[0].extension_id", "extension_not_found"),
        ({"tasks": [{"extension_id": [1]}]}, "tasks[0].extension_id", "extension_not_found"),
        (
            {"tasks": [{"url_after": "http://127.0.0.1/"}]},
            "tasks[0].url_after",
            "validation_failed",
        ),
        (
            {"tasks": [{"url_before": "https://localhost:8/"}]},
            "tasks[0].url_before",
            "validation_failed",
        ),
        (
            {"tasks": [{"url_success": "http://[::1]/"}]},
            "tasks[0].url_success",
            "validation_failed",
        ),
        (
            {"tasks": [{"url_before_again": "http://10.0.0.8/"}]},
            "tasks[0].url_before_again",
            "validation_failed",
        ),
    ],
)
def test_what_is_refused(tmp_path: Path, body: dict[str, Any], path: str, word: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        good = NUMBERS | {"extension_id": await bob.extension()}
        tasks = [good | one if isinstance(one, dict) else one for one in body.get("tasks", [])]
        sent = {"tasks": tasks} if "tasks" in body else body
        reply = await bob.ask("POST", f"{QUEUES}/{await bob.queue()}/tasks", sent)
        assert (reply.status, reply.json["status"]) == (400, word)
        assert [fault["path"] for fault in reply.json["errors"]] == [path]

    with_program(tmp_path, story)


def test_a_thousand_tasks_keep_their_order_and_extensions_have_short_names(
    tmp_path: Path,
) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.extension()
        wishes = [{"name": f"{n}", "extension_id": "@200"} for n in range(1000)]
        tasks = await add(bob, f"{QUEUES}/{await bob.queue()}/tasks", *wishes)
        assert [task["name"] for task in tasks] == [f"{n}" for n in range(1000)]
        ids = [task["id"] for task in tasks]
        assert ids == sorted(set(ids))

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "abcd"),
        ("?name=a", "a"),
        ("?a_number=206", "b"),
        ("?b_number=300", "c"),
        ("?b_number=%2B37120000001", "abd"),
        ("?b_number=+37120000001", "abd"),
        ("?extension_id=999", ""),
        ("?status=executed", "d"),
        ("?status=scheduled", "abc"),
        ("?status=scheduled&status=executed", "abcd"),
        ("?status=finished&status=delayed", ""),
        ("?finish_result=success", ""),
        ("?start_from=2036-01-01 00:00:00", "bc"),
        ("?start_from=2036-01-01T02:00:00%2B02:00", "bc"),
        ("?start_from=2036-01-01 00:00:01", "c"),
        ("?start_to=2036-01-01 00:00:00", "ad"),
        ("?order=desc", "dcba"),
        ("?sort=start_time_utc&order=desc", "cbda"),
        ("?sort=status", "dabc"),
        ("?per_page=2&page=2", "cd"),
    ],
)
def test_lists_are_filtered_and_sorted(tmp_path: Path, query: str, names: str) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        path = f"{QUEUES}/{await bob.queue()}/tasks"
        tasks = await add(
            bob,
            path,
            {"name": "a"},
            {"name": "b", "a_number": "206", "start_time_utc": "2036-01-01 00:00:00"},
            {"name": "c", "b_number": "300", "start_time_utc": "2037-01-01 00:00:00"},
            {"name": "d"},
        )
        await begin(door, tasks[-1]["id"])
        reply = await bob.ask("GET", path + query.replace(" ", "%20"))
        assert "".join(one["name"] for one in reply.json) == names

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("?status=running", "status"),
        ("?finish_result=maybe", "finish_result"),
        ("?extension_id=x", "extension_id"),
        ("?start_from=soon", "start_from"),
        ("?start_to=2036-13-01", "start_to"),
        ("?sort=name", "sort"),
    ],
)
def test_wrong_filters(tmp_path: Path, query: str, path: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask("GET", f"{QUEUES}/{await bob.queue()}/task{query}")
        assert (reply.status, [one["path"] for one in reply.json["errors"]]) == (400, [path])

    with_program(tmp_path, story)


CLOSED = {"name": "never", "timezone": "UTC", "conditions": []}

EVENINGS = {"timezone": "Europe/Riga", "call_from": "20:00", "call_to": "21:00"}
"""It is a quarter past ten there."""


@pytest.mark.parametrize(
    ("is_on", "is_open", "running", "held", "expected"),
    [
        ("off", True, 1, False, "scheduled"),
        ("off", False, 1, True, "scheduled"),
        ("on", True, 0, False, "scheduled"),
        ("on", False, 1, True, "delayed_interval"),
        ("on", True, 1, True, "delayed_asr"),
        ("on", True, 0, True, "delayed_asr"),
        ("on", True, 1, False, "delayed_concurrent_task"),
    ],
)
def test_a_due_task_shows_the_gate_that_it_waits_at(
    tmp_path: Path,
    is_on: str,
    is_open: bool,  # noqa: FBT001 - a column of the table
    running: int,
    held: bool,  # noqa: FBT001 - a column of the table
    expected: str,
) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        interval = None if is_open else (await bob.made("/client/@me/interval", CLOSED))["id"]
        path = f"{QUEUES}/{await bob.queue(status=is_on, interval_id=interval)}/tasks"
        later = {"name": "later", "start_time_utc": 600}
        evening = {"name": "evening", **EVENINGS}
        tasks = await add(bob, path, {"name": "due"}, later, {"name": "running"}, evening)
        if running:
            await begin(door, tasks[2]["id"])
        else:
            await bob.ask("DELETE", f"{path}/{tasks[2]['id']}")
        if held:
            for _ in range(2):
                door.doors.callbacks.ratio.note(
                    ExtensionId(tasks[0]["extension_id"]),
                    answered=False,
                    at=door.clock.unix_time(),
                )
        shown = {one["name"]: one["status"] for one in (await bob.ask("GET", path)).json}
        put_off = "delayed_interval" if is_on == "on" else "scheduled"
        assert (shown["due"], shown["later"], shown["evening"]) == (expected, "scheduled", put_off)
        for task, state in ((tasks[0], expected), (tasks[3], put_off)):
            read = await bob.ask("GET", f"{path}/{task['id']}")
            assert read.json["status"] == state
        for state in ("scheduled", "delayed_interval", "delayed_asr", "delayed_concurrent_task"):
            listed = await bob.ask("GET", f"{path}?status={state}")
            assert [one["name"] for one in listed.json] == [
                name for name in ("due", "later", "evening") if shown[name] == state
            ]
        both = await bob.ask("GET", f"{path}?status=scheduled&status={expected}&order=desc")
        names = [*["evening"] * (put_off in {"scheduled", expected}), "later", "due"]
        assert [one["name"] for one in both.json] == names
        assert both.headers["x-total-count"] == str(len(names))

    with_program(tmp_path, story)


def test_two_of_five_run_and_three_wait(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        path = f"{QUEUES}/{await bob.queue(status='on', concurrent_task_limit=2)}/tasks"
        tasks = await add(bob, path, *[{"name": f"{n}"} for n in range(5)])
        await begin(door, tasks[0]["id"], tasks[1]["id"])
        assert [one["status"] for one in (await bob.ask("GET", path)).json] == [
            *["executed"] * 2,
            *["delayed_concurrent_task"] * 3,
        ]

    with_program(tmp_path, story)


def test_a_task_that_runs_is_deleted_by_force_alone(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        path = f"{QUEUES}/{await bob.queue()}/task"
        [task] = await add(bob, path)
        named = f"{path}/{task['id']}"
        await begin(door, task["id"])
        await door.doors.callbacks.tasks.attempt_queued(TaskId(task["id"]), 1, ServiceRef("r"))
        for query in ("", "?force=false"):
            reply = await bob.ask("DELETE", named + query)
            assert (reply.status, reply.json["status"]) == (409, "task_in_progress")
        assert (await bob.ask("DELETE", f"{named}?force=yes")).status == 400
        assert door.hung_up == []
        assert (await bob.ask("DELETE", f"{named}?force=true")).status == 204
        assert door.hung_up == [task["id"]]

    with_program(tmp_path, story)


def test_force_does_no_harm_to_a_task_that_waits(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        path = f"{QUEUES}/{await bob.queue()}/task"
        [task] = await add(bob, path)
        assert (await bob.ask("DELETE", f"{path}/{task['id']}?force=true")).status == 204
        assert (await bob.ask("GET", path)).json == []
        assert door.hung_up == []

    with_program(tmp_path, story)
