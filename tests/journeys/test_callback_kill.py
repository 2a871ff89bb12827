"""Killed at any moment: no callback is lost, no attempt is dialled twice, every event is told.

Each task calls an A number of its own, so that whatever was dialled twice for one attempt shows at
the far end. `make test` runs some rounds on each store, `make soak` a hundred
(`CALLBACK_KILL_ROUNDS`).
"""

import os
import re
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.installation import Installation
from tests.sim.page_server import Answer, PageServer
from tests.sim.postgres import Postgres
from tests.sim.sipp import Sipp

pytestmark = pytest.mark.journey

ROUNDS: Final = int(os.environ.get("CALLBACK_KILL_ROUNDS", "6"))
TASKS_A_ROUND: Final = 4

LIVES: Final = (0.3, 3.0)
"""Seconds that a server lives after tasks were added, at least and at most. One that has just
started calls nobody for a second or two."""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The settings that choose a store."""
    if request.param == "sqlite":
        yield {}
        return
    with Postgres.shared().database() as url:
        yield {"database": url}


def dialled(phone: Sipp) -> Counter[str]:
    """How many calls each number got, by their Call-IDs."""
    calls: set[tuple[str, str]] = set()
    for message in phone.messages():
        found = re.match(r"INVITE sip:(\d+)@", message.start_line)
        if message.is_received and found:
            calls.add((found[1], message.header("Call-ID")))
    return Counter(number for number, _ in calls)


def test_kills_lose_no_callback_and_dial_no_attempt_twice(
    tmp_path: Path, database: dict[str, str]
) -> None:
    random, pause = Random(3261), threading.Event()
    numbers = [str(441908000000 + number) for number in range(ROUNDS * TASKS_A_ROUND)]
    with PageServer() as pages, Sipp("answer", folder=tmp_path) as phone:
        cloud = Installation(
            tmp_path / "data", trunk=f"sip:127.0.0.1:{phone.port}", settings=database
        )
        account = cloud.create_account("bob@example.com", channels=40, cps=400)
        cloud.command("caller-id", "add", "bob@example.com", "441908273801")
        client = CallbackClient.__new__(CallbackClient)
        queue_id = extension = 0
        for round_number in range(ROUNDS):
            cloud.start()
            if round_number == 0:
                client = CallbackClient(account)
                extension = client.extension("Desk", "200", "sip:desk@example.com")
                queue_id = client.queue(concurrent_task_limit=10)
            first = round_number * TASKS_A_ROUND
            for number in numbers[first : first + TASKS_A_ROUND]:
                pages.page(f"/{number}/before", Answer())
                pages.page(f"/{number}/after", Answer())
            client.add(
                queue_id,
                *(
                    {
                        "name": number,
                        "a_number": number,
                        "b_number": "200",
                        "extension_id": extension,
                        "url_before": pages.url(f"/{number}/before"),
                        "url_after": pages.url(f"/{number}/after"),
                        "callback_params": {"call_duration": 1},
                    }
                    for number in numbers[first : first + TASKS_A_ROUND]
                ),
            )
            # The moment of the kill: nothing that a test could wait for tells when it should be.
            pause.wait(random.uniform(*LIVES))
            cloud.kill()
        cloud.start()
        told = [pages.wait_for(f"/{number}/after").info for number in numbers]
        tasks = client.tasks(queue_id, per_page="500")
        assert cloud.stop() == 0
        calls = dialled(phone)

    assert [task["name"] for task in tasks] == numbers
    assert {task["status"] for task in tasks} == {"finished"}
    results = Counter((task["finish_result"], task["finish_comment"]) for task in tasks)
    assert set(results) <= {("success", ""), ("failed", "interrupted"), ("failed", "a_hangup")}
    assert results["success", ""] > 0, results
    for task, event in zip(tasks, told, strict=True):
        assert len(task["attempts"]) == 1
        assert calls[task["name"]] <= 1, f"{task['name']} was dialled twice"
        assert event["task"]["finish_result"] == task["finish_result"]
        of_task = [one.info["event"] for one in pages.asked if f"/{task['name']}/" in one.path]
        assert list(dict.fromkeys(of_task)) == ["before", "after"], "events in order"
