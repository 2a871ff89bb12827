"""Killed between sending an event and noting that it was taken: it comes again, and in order."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.sim.callbacks import CallbackClient
from tests.sim.installation import Installation
from tests.sim.page_server import Answer, NeverAnswers, PageServer
from tests.sim.postgres import Postgres

pytestmark = pytest.mark.journey

COMES_WITHIN = 40.0
"""Seconds, a server's start among them: a bound, never waited out."""

EVENTS = ("before", "success", "after")


@pytest.fixture(params=["sqlite", "postgresql"])
def cloud(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    with ExitStack() as stack:
        settings = {}
        if request.param == "postgresql":
            settings["database"] = stack.enter_context(Postgres.shared().database())
        yield stack.enter_context(Installation(tmp_path / "data", settings=settings))


@pytest.mark.parametrize("held", EVENTS)
def test_an_event_whose_answer_was_lost_comes_again(cloud: Installation, held: str) -> None:
    with PageServer() as pages:
        for event in EVENTS:
            # He has got it, and his answer does not leave before the server dies.
            pages.page(f"/{event}", *([NeverAnswers()] if event == held else []), Answer())
        client = CallbackClient(cloud.create_account("bob@example.com"))
        extension = client.extension("Desk", "200", "sip:hello@example.com")
        task = {
            "a_number": "200",
            "b_number": "443069990102",
            "extension_id": extension,
            "callback_params": {"call_duration": 1},
        } | {f"url_{event}": pages.url(f"/{event}") for event in EVENTS}
        queue_id = client.queue()
        [task_id] = client.add(queue_id, task)
        first = pages.wait_for(f"/{held}").info
        cloud.kill()
        cloud.start()
        again = pages.wait_for(f"/{held}", times=2, within=COMES_WITHIN).info
        last = pages.wait_for("/after", within=COMES_WITHIN).info
        came = [asked.info for asked in pages.asked]
        shown = client.task(queue_id, task_id)

    assert again == first
    of_task = [event["event"] for event in came]
    # Cut off before they talked, there is nothing to tell of a success.
    expected = [event for event in EVENTS if event in of_task]
    assert expected[0] == "before"
    assert list(dict.fromkeys(of_task)) == expected
    assert len({event["event_id"] for event in came}) == len(expected)
    assert last["task"]["finish_result"] == shown["finish_result"]
    assert (shown["finish_result"] == "success") == ("success" in expected)
    assert len(shown["attempts"]) == 1
