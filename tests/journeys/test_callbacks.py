"""Callbacks from the request to the last event: A is called, then B, and they hear each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.installation import Installation
from tests.sim.page_server import Answer, PageServer
from tests.sim.site import open_site
from tests.sim.sound import seconds_of

pytestmark = pytest.mark.journey

ANN_HZ, BEN_HZ = 700, 1100


@dataclass(frozen=True, slots=True)
class Town:
    """The carrier in a box, a client of the scheduler, and somebody who is told of events."""

    client: CallbackClient
    extension: int
    pages: PageServer

    def finished(self, name: str) -> dict[str, Any]:
        """Return a task as its last event tells it, as soon as that comes."""
        told: dict[str, Any] = self.pages.wait_for(f"/{name}/after").info["task"]
        return told

    def events(self, name: str) -> list[str]:
        """The events of a task so far, in order."""
        return [
            asked.info["event"] for asked in self.pages.asked if asked.path.startswith(f"/{name}/")
        ]

    def task(self, name: str, numbers: tuple[str, str], **fields: object) -> dict[str, object]:
        """Return a task that tells everything."""
        for event in ("before", "before_again", "success", "after"):
            self.pages.page(f"/{name}/{event}", Answer())
        urls = {
            f"url_{event}": self.pages.url(f"/{name}/{event}")
            for event in ("before", "before_again", "success", "after")
        }
        a_number, b_number = numbers
        of_task = {"name": name, "a_number": a_number, "b_number": b_number}
        return of_task | {"extension_id": self.extension} | urls | fields


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with PageServer() as pages, Installation(tmp_path_factory.mktemp("town") / "data") as cloud:
        account = cloud.create_account("bob@example.com")
        cloud.command("caller-id", "add", "bob@example.com", "441908273801")
        client = CallbackClient(account)
        yield Town(client, client.extension("Desk", "200", "sip:hello@example.com"), pages)


def test_a_and_b_hear_each_other(tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_site(tmp_path_factory.mktemp("site")) as site:
        client = CallbackClient(site.account)
        ann = client.extension("Ann", "200", "sip:ann@example.com")
        client.extension("Ben", "201", "sip:ben@example.com")
        queue_id = client.queue()
        with site.phone("ann", hertz=ANN_HZ) as of_ann, site.phone("ben", hertz=BEN_HZ) as of_ben:
            site.pages.page("/success", Answer())
            site.pages.page("/after", Answer())
            urls = {
                "url_success": site.pages.url("/success"),
                "url_after": site.pages.url("/after"),
            }
            task = {"a_number": "200", "b_number": "201", "extension_id": ann} | urls
            [task_id] = client.add(queue_id, task)
            site.pages.wait_for("/success")
            for key in "427":
                of_ann.press(key)
                assert of_ben.wait_for("CALL_DTMF_START")["param"] == key
            of_ben.hang_up()
            of_ann.wait_for("CALL_CLOSED")
            after = site.pages.wait_for("/after").info["task"]
            at_ann, at_ben = of_ann.heard(), of_ben.heard()

        assert (after["status"], after["finish_result"]) == ("finished", "success")
        assert seconds_of(at_ann, BEN_HZ) >= 0.3
        assert seconds_of(at_ben, ANN_HZ) >= 0.3
        assert seconds_of(at_ann, ANN_HZ) == seconds_of(at_ben, BEN_HZ) == 0
        shown = client.task(queue_id, task_id)
        assert shown["attempts"][0]["a_answered"] == "200"
        history = client.request("GET", f"/call_history/{shown['cdr']}")
        assert history.status == 200
        assert history.json["result"] == "bridged"


@pytest.mark.parametrize(
    ("name", "numbers", "fields", "expected"),
    [
        ("busy", ("443069990186", "200"), {}, ["a_busy"]),
        ("refuses", ("443069990103", "200"), {}, ["a_rejected"]),
        ("nobody", ("443069990104", "200"), {}, ["a_failed"]),
        (
            "rings",
            ("443069990180", "200"),
            {"callback_params": {"wait_for_pickup": 5}},
            ["a_no_answer"],
        ),
        ("b-busy", ("200", "443069990186"), {}, ["b_busy"]),
        ("b-refuses", ("200", "443069990103"), {}, ["b_rejected"]),
        (
            "b-rings",
            ("200", "443069990180"),
            {"callback_params": {"wait_for_pickup": 5}},
            ["b_no_answer"],
        ),
        ("a-leaves", ("443069990101", "443069990180"), {}, ["a_hangup"]),
        (
            "again",
            ("200", "443069990186"),
            {"try_count": 3, "try_again_pause": 1},
            ["b_busy"] * 3,
        ),
        (
            "caller-again",
            ("443069990186", "200"),
            {"try_count_caller": 2, "try_again_pause_caller": 1},
            ["a_busy"] * 2,
        ),
        ("no-telephone", ("999", "200"), {}, ["a_failed"]),
    ],
)
def test_an_attempt_that_fails_says_how(
    town: Town, name: str, numbers: tuple[str, str], fields: dict[str, object], expected: list[str]
) -> None:
    queue_id = town.client.queue(name=name)
    town.client.add(queue_id, town.task(name, numbers, **fields))
    task = town.finished(name)
    assert (task["finish_result"], task["finish_comment"]) == ("failed", expected[-1])
    assert [attempt["comment"] for attempt in task["attempts"]] == expected
    again = ["before_again"] * (len(expected) - 1)
    assert town.events(name) == ["before", *again, "after"]


@pytest.mark.parametrize("strategy", ["simultaneous", "sequential"])
def test_further_numbers_of_the_a_side_are_called(town: Town, strategy: str) -> None:
    name = f"extended-{strategy}"
    params = {
        "extended_a_numbers": ["443069990103", "200"],
        "src_ring_strategy": strategy,
        "call_duration": 1,
    }
    queue_id = town.client.queue(name=name)
    task = town.task(name, ("443069990186", "443069990102"), callback_params=params)
    town.client.add(queue_id, task)
    told = town.finished(name)
    assert (told["finish_result"], told["attempts"][0]["a_answered"]) == ("success", "200")
    assert town.events(name) == ["before", "success", "after"]


def test_two_at_a_time_and_the_rest_wait_at_the_gate(town: Town) -> None:
    queue_id = town.client.queue(name="two", concurrent_task_limit=2)
    params = {"call_duration": 2}
    names = [f"two-{number}" for number in range(5)]
    ids = town.client.add(
        queue_id,
        *(town.task(name, ("200", "443069990102"), callback_params=params) for name in names),
    )
    town.pages.wait_for("/two-1/success")
    states = [task["status"] for task in town.client.tasks(queue_id)]
    assert states == ["executed"] * 2 + ["delayed_concurrent_task"] * 3
    waiting = town.client.tasks(queue_id, status="delayed_concurrent_task")
    assert [task["id"] for task in waiting] == ids[2:]
    for name in names:
        assert town.finished(name)["finish_result"] == "success"
    starts = [asked.info["task_id"] for asked in town.pages.asked if asked.path.endswith("/before")]
    assert [task_id for task_id in starts if task_id in ids] == ids


def test_a_queue_switched_off_ends_its_call_and_begins_no_other(town: Town) -> None:
    queue_id = town.client.queue(name="off")
    params = {"call_duration": 1}
    first = town.task("off-1", ("200", "443069990102"), callback_params=params)
    second = town.task("off-2", ("200", "443069990102"), callback_params=params)
    town.client.add(queue_id, first, second)
    town.pages.wait_for("/off-1/before")
    town.client.change_queue(queue_id, status="off")
    assert town.finished("off-1")["finish_result"] == "success"
    assert [task["status"] for task in town.client.tasks(queue_id)] == ["finished", "scheduled"]
    assert town.events("off-2") == []
    town.client.change_queue(queue_id, status="on")
    assert town.finished("off-2")["finish_result"] == "success"


def test_a_window_that_closes_holds_what_is_due(town: Town) -> None:
    def window(*, is_open: bool) -> dict[str, object]:
        now = datetime.now(tz=UTC)
        first = now - timedelta(hours=1) if is_open else now + timedelta(days=2)
        last = first + timedelta(days=1)
        form = "%Y-%m-%d %H:%M:%S"
        bounds = {"start_datetime": first.strftime(form), "end_datetime": last.strftime(form)}
        return {"name": "hours", "timezone": "UTC", "conditions": [bounds]}

    interval = town.client.make("/interval/", **window(is_open=True))["id"]
    queue_id = town.client.queue(name="window", interval_id=interval)
    params = {"call_duration": 1}
    tasks = [
        town.task(f"window-{n}", ("200", "443069990102"), callback_params=params) for n in (1, 2)
    ]
    town.client.add(queue_id, *tasks)
    town.pages.wait_for("/window-1/before")
    path = f"/interval/{interval}"
    assert town.client.request("PUT", path, window(is_open=False)).status == 200
    assert town.finished("window-1")["finish_result"] == "success"
    states = [task["status"] for task in town.client.tasks(queue_id)]
    assert states == ["finished", "delayed_interval"]
    assert town.client.request("PUT", path, window(is_open=True)).status == 200
    assert town.finished("window-2")["finish_result"] == "success"


def test_a_running_task_is_deleted_by_force_alone(town: Town) -> None:
    queue_id = town.client.queue(name="force")
    [task_id] = town.client.add(queue_id, town.task("force", ("200", "443069990180")))
    town.pages.wait_for("/force/before")
    path = f"/task_scheduler/{queue_id}/task/{task_id}"
    refused = town.client.request("DELETE", path)
    assert (refused.status, refused.json["status"]) == (409, "task_in_progress")
    assert town.client.request("DELETE", path, force="true").status == 204
    told = town.finished("force")
    assert (told["finish_result"], told["finish_comment"]) == ("failed", "cancelled")
    assert town.client.request("GET", path).status == 404
