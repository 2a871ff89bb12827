"""A campaign watched as it runs: in a client's stream, on the command line, in the metrics."""

import http.client
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.installation import Installation
from tests.sim.queue_events import QueueEvents

pytestmark = pytest.mark.journey

ANSWERS, BUSY = "443069990102", "443069990186"
AT_ONCE: Final = 5
NUMBERS: Final = [ANSWERS] * 14 + [BUSY] * 6
"""Whom the tasks call second."""


def campaign_of(extension: int) -> list[dict[str, object]]:
    """Return twenty tasks; those whose second number answers talk for a second."""
    return [
        {
            "name": f"{number}",
            "a_number": "200",
            "b_number": b_number,
            "extension_id": extension,
            "callback_params": {"call_duration": 1},
        }
        for number, b_number in enumerate(NUMBERS)
    ]


def metrics_of(cloud: Installation) -> dict[str, float]:
    """Read what the server has counted."""
    connection = http.client.HTTPConnection(*cloud.http, timeout=10)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_a_campaign_of_twenty_is_watched_to_its_end(tmp_path: Path) -> None:
    with Installation(tmp_path / "data") as cloud:
        client = CallbackClient(cloud.create_account("bob@example.com"))
        extension = client.extension("Desk", "200", "sip:hello@example.com")
        queue_id = client.queue(name="campaign", status="off", concurrent_task_limit=AT_ONCE)
        other = client.queue(name="other")
        ids = client.add(queue_id, *campaign_of(extension))
        with QueueEvents(client, queue_id) as campaign, QueueEvents(client) as everything:
            first = campaign.wait_for("progress")
            client.change_queue(queue_id, status="on")
            campaign.wait_for("progress", success=14, failed=6)
            everything.wait_for("progress", scheduler_id=queue_id, success=14, failed=6)
            progress, steps = campaign.all("progress"), campaign.all("task")
            assert everything.all("task") == steps
            assert everything.wait_for("progress", scheduler_id=other)["waiting"] == 0
            watched = cloud.run(
                *("schedule", "watch", str(queue_id), "--until-done"),
                CALLWRIGHT_CLIENT_ID=client.key,
                CALLWRIGHT_CLIENT_SECRET=client.secret,
            )

        assert (first["waiting"], first["due"], first["executed"]) == (20, 20, 0)
        for one in progress:
            states = ("waiting", "executed", "success", "failed")
            assert sum(one[state] for state in states) == 20
            assert one["executed"] <= AT_ONCE
        finished = [one["success"] + one["failed"] for one in progress]
        assert finished == sorted(finished)
        assert len(progress) > 3

        changes = Counter(one["change"] for one in steps)
        assert changes == {"begun": 20, "joined": 14, "finished": 20}
        begun = [one["id"] for one in steps if one["change"] == "begun"]
        assert begun == ids
        for task_id, b_number in zip(ids, NUMBERS, strict=True):
            of_task = [one for one in steps if one["id"] == task_id]
            is_joined = b_number == ANSWERS
            expected = ["begun", "joined", "finished"] if is_joined else ["begun", "finished"]
            assert [one["change"] for one in of_task] == expected
            assert {one["call_uuid"] for one in of_task} == {client.task(queue_id, task_id)["cdr"]}
            last = of_task[-1]
            result = ("success", "") if is_joined else ("failed", "b_busy")
            assert (last["finish_result"], last["comment"]) == result

        assert watched.endswith("] 20/20  0 calling, 0 waiting (0 due), 14 success, 6 failed\n")
        counted = metrics_of(cloud)
        assert counted["callwright_callback_attempts_begun_total"] == 20
        assert counted['callwright_callback_attempts_ended_total{outcome="joined"}'] == 14
        assert counted['callwright_callback_tasks_finished_total{result="failed"}'] == 6
        assert counted["callwright_callback_due_lag_seconds_count"] == 20
        assert counted["callwright_callback_tasks_executed"] == 0
