"""Callbacks that are odd, or meet with bad luck: each ends as it should and costs nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.installation import Installation
from tests.sim.live_events import LiveEvents
from tests.sim.page_server import Answer, PageServer

pytestmark = pytest.mark.journey

HELLO, BUSY, NEVER = "443069990102", "443069990186", "443069990180"
GRACE = 1.0
ENDS_WITHIN = 40.0
"""Seconds, a server's start among them: a bound, never waited out."""


@dataclass(frozen=True, slots=True)
class Town:
    """A client of the scheduler before the carrier in a box."""

    cloud: Installation
    client: CallbackClient
    pages: PageServer
    events: LiveEvents

    def add(self, name: str, numbers: tuple[str, str], **params: object) -> tuple[int, int]:
        """Add a task to a queue of its own; returns both ids."""
        urls = {}
        for event in ("before", "success", "after"):
            self.pages.page(f"/{name}/{event}", Answer())
            urls[f"url_{event}"] = self.pages.url(f"/{name}/{event}")
        of_task = {"a_number": numbers[0], "b_number": numbers[1], "extension_id": "@200"}
        queue_id = self.client.queue(name=name)
        [task_id] = self.client.add(queue_id, of_task | urls | {"callback_params": params})
        return queue_id, task_id

    def finished(self, name: str) -> dict[str, Any]:
        """Return a task as its last event tells it, as soon as that comes."""
        told: dict[str, Any] = self.pages.wait_for(f"/{name}/after", within=ENDS_WITHIN).info[
            "task"
        ]
        return told


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    settings = {"shutdown_grace": str(GRACE)}
    with PageServer() as pages, Installation(tmp_path / "data", settings=settings) as cloud:
        account = cloud.create_account("bob@example.com")
        client = CallbackClient(account)
        client.extension("Desk", "200", "sip:hello@example.com")
        with LiveEvents(account) as events:
            yield Town(cloud, client, pages, events)


def test_odd_wishes_are_carried_out_as_they_are(town: Town) -> None:
    second = {"call_duration": 1}
    busy = [f"4430699{n:03}86" for n in range(20)]
    town.add("same", ("200", "200"), **second)
    town.add("same-public", (HELLO, HELLO), **second)
    town.add("all-busy", (BUSY, "200"), extended_a_numbers=busy)
    town.add("twice", (BUSY, "200"), extended_a_numbers=[BUSY, BUSY])
    sounds = {"announce_sound_id": 7, "dst_announce_sound_id": 8}
    town.add("no-sounds", ("200", HELLO), **second, **sounds)
    town.add("nobody", ("200", "999"))
    results = {}
    for name in ("same", "same-public", "all-busy", "twice", "no-sounds", "nobody"):
        task = town.finished(name)
        results[name] = (task["finish_result"], task["finish_comment"])
    assert results == {
        "same": ("success", ""),
        "same-public": ("success", ""),
        "all-busy": ("failed", "a_busy"),
        "twice": ("failed", "a_busy"),
        "no-sounds": ("success", ""),
        "nobody": ("failed", "b_failed"),
    }
    history = town.client.request("GET", f"/call_history/{town.finished('all-busy')['cdr']}").json
    assert [part["result"] for part in history["cdr"]] == ["busy"] * 21
    once = town.client.request("GET", f"/call_history/{town.finished('twice')['cdr']}").json
    assert len(once["cdr"]) == 1


@pytest.mark.parametrize(
    ("event", "times", "numbers", "params", "comment"),
    [
        # A rings, and would be followed by another.
        (
            "ringing",
            1,
            (NEVER, HELLO),
            {"extended_a_numbers": [f"{NEVER[:-3]}980"], "src_ring_strategy": "sequential"},
            "interrupted",
        ),
        ("ringing", 2, ("200", NEVER), {}, "interrupted"),
        # They talk, and who stays would be connected with another.
        ("joined", 2, ("200", HELLO), {"transfer_after_src_hangup": NEVER}, ""),
    ],
)
def test_a_server_that_is_stopped_ends_what_it_has(
    town: Town,
    event: str,
    times: int,
    numbers: tuple[str, str],
    params: dict[str, object],
    comment: str,
) -> None:
    queue_id, task_id = town.add("stop", numbers, wait_for_pickup=120, **params)
    town.events.wait_for(event, times=times)
    # It waits for that half a minute: less than anybody would ring, or talk.
    assert town.cloud.stop() == 0
    town.cloud.start()
    task = town.finished("stop")
    assert task["finish_comment"] == comment
    assert task["finish_result"] == ("failed" if comment else "success")
    assert town.client.task(queue_id, task_id)["status"] == "finished"
