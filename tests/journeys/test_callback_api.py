"""A callback over HTTP as a client's program asks for it, with the carrier in a box."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from tests.sim.installation import AccountClient, Installation

pytestmark = pytest.mark.journey

ENDS_WITHIN: Final = 60.0
"""Seconds; a bound, never waited out."""

LOOK_INTERVAL: Final = 0.1
"""Seconds between looks at a task."""

HUMAN = "443069900000"
"""Its last two digits name what the carrier does."""


@dataclass(slots=True)
class Program:
    """A client's program with its token."""

    cloud: Installation
    account: AccountClient
    token: str = ""

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Send a request; returns the JSON of a good answer."""
        sent = None if body is None else json.dumps(body).encode()
        reply = self.cloud.request(
            method, f"/api/ver1.0{path}", body=sent, authorization=f"Bearer {self.token}"
        )
        assert 200 <= reply.status < 300, reply.body
        return reply.json if reply.body else None

    def authorise(self) -> None:
        """Get a token as the operator's command and the token address give it."""
        application = self.cloud.command("client", "add-application", self.account.username, "crm")
        form = {"grant_type": "client_credentials"} | {
            name: application[name] for name in ("client_id", "client_secret")
        }
        reply = self.cloud.request(
            "POST",
            "/oauth/token",
            body=urlencode(form).encode(),
            content_type="application/x-www-form-urlencoded",
        )
        assert reply.status == 200, reply.body
        self.token = reply.json["access_token"]

    def finished(self, path: str) -> dict[str, Any]:
        """Wait until a task is finished."""
        give_up_at = time.monotonic() + ENDS_WITHIN
        while True:
            task: dict[str, Any] = self.ask("GET", path)
            if task["status"] == "finished":
                return task
            assert time.monotonic() < give_up_at, f"not finished: {task}"
            time.sleep(LOOK_INTERVAL)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with Installation(tmp_path_factory.mktemp("cloud") / "one") as cloud:
        opened = Program(cloud, cloud.create_account("bob@example.com"))
        opened.authorise()
        yield opened


def test_a_human_and_another_are_joined_and_found_in_the_history(program: Program) -> None:
    extension = program.ask(
        "POST", "/client/@me/extension/", {"name": "200", "destination": f"tel:{HUMAN}"}
    )
    queue = program.ask("POST", "/client/@me/task_scheduler/", {"name": "reminders"})
    tasks = f"/client/@me/task_scheduler/{queue['id']}/tasks/"
    wish = {
        "a_number": "200",
        "b_number": f"+{HUMAN[:-4]}0100",
        "extension_id": extension["id"],
        "callback_params": {"call_duration": 2},
        "variables": {"invoice": "7781"},
    }
    [task] = program.ask("POST", tasks, {"tasks": [wish]})
    assert (queue["status"], task["status"], task["cdr"]) == ("off", "scheduled", None)
    assert program.ask("GET", f"{tasks}?status=scheduled")[0]["id"] == task["id"]

    program.ask("PUT", f"/client/@me/task_scheduler/{queue['id']}", {"status": "on"})
    done = program.finished(f"{tasks}{task['id']}")

    assert (done["finish_result"], done["finish_comment"]) == ("success", "")
    [attempt] = done["attempts"]
    assert (attempt["result"], attempt["a_answered"]) == ("success", "200")
    assert done["cdr"] == attempt["call_uuid"]
    call = program.ask("GET", f"/client/@me/call_history/{done['cdr']}")
    assert (call["result"], call["extension_id"]) == ("bridged", extension["id"])
    assert call["bridged_duration"] >= 1
    # The call to the extension itself has no part.
    [part] = call["cdr"]
    assert (part["dest_number"], part["result"]) == (wish["b_number"], "answered")
    period = urlencode(
        {"start_datetime": done["create_date_utc"], "end_datetime": "2100-01-01 00:00:00"}
    )
    listed = program.ask("GET", f"/client/@me/call_history/?{period}")
    assert [one["call_uuid"] for one in listed["call_history"]] == [done["cdr"]]


def test_a_forced_delete_ends_the_call_and_the_task(program: Program) -> None:
    extension = program.ask("POST", "/client/@me/extension/", {"name": "300"})
    queue = program.ask("POST", "/client/@me/task_scheduler/", {"status": "on"})
    tasks = f"/client/@me/task_scheduler/{queue['id']}/task"
    wish = {"a_number": f"+{HUMAN}", "b_number": f"+{HUMAN}", "extension_id": extension["id"]}
    [task] = program.ask("POST", tasks, {"tasks": [wish]})
    give_up_at = time.monotonic() + ENDS_WITHIN
    while program.ask("GET", f"{tasks}/{task['id']}")["status"] != "executed":
        assert time.monotonic() < give_up_at
        time.sleep(LOOK_INTERVAL)
    refused = program.cloud.request(
        "DELETE", f"/api/ver1.0{tasks}/{task['id']}", authorization=f"Bearer {program.token}"
    )
    assert (refused.status, refused.json["status"]) == (409, "task_in_progress")

    program.ask("DELETE", f"{tasks}/{task['id']}?force=true")
    while program.ask("GET", tasks):
        assert time.monotonic() < give_up_at
        time.sleep(LOOK_INTERVAL)
