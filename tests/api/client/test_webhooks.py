"""Events that were not taken, over HTTP: listed, and sent again."""

from pathlib import Path
from typing import Final

import pytest

from callwright.scheduler.webhooks.printing import shown_url
from callwright.scheduler.webhooks.values import TryResult
from tests.sim.client import Program, program_of, with_program
from tests.sim.front_door import FrontDoor
from tests.sim.written_events import write_events

WEBHOOK: Final = "/client/@me/webhook"
HOOK: Final = "https://ann:pass@crm.example.net/hook/7?key=s3cret"
SHOWN: Final = "https://crm.example.net/hook/7?..."


async def write(door: FrontDoor, bob: Program) -> list[str]:
    """Write the events of a task whose receiver has a secret in its URL."""
    task = {"a_number": "1", "b_number": "2", "extension_id": await bob.extension()}
    queue = await bob.queue()
    body = {"tasks": [task | {"url_before": HOOK, "url_after": HOOK}]}
    (made,) = await bob.made(f"/client/@me/task_scheduler/{queue}/tasks", body)
    return await write_events(door, bob.account.account_id, queue, made["id"])


async def ids(bob: Program, **query: str) -> list[str]:
    """List the events of a state."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    reply = await bob.ask("GET", f"{WEBHOOK}/?{asked}")
    assert reply.status == 200, reply.body
    assert int(reply.headers["x-total-count"]) >= len(reply.json)
    return [one["event_id"] for one in reply.json]


def test_what_was_not_taken_is_listed_without_secrets(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        assert (await bob.ask("GET", WEBHOOK)).json == []
        before, after = await write(door, bob)
        now = door.clock.unix_time()
        await door.outbox.event_given_up(before, at=now, failure=TryResult(None, "too slow"))

        reply = await bob.ask("GET", WEBHOOK)
        first, second = reply.json
        assert reply.headers["x-total-count"] == "2"
        assert (first["event_id"], first["event"], first["url"]) == (before, "before", SHOWN)
        assert (first["state"], first["tries"], first["next_try_utc"]) == ("given_up", 1, None)
        assert (first["last_status"], first["last_reason"]) == (None, "too slow")
        assert (second["event_id"], second["state"], second["given_up_utc"]) == (
            after,
            "waiting",
            None,
        )
        assert second["next_try_utc"] == second["event_time_utc"]
        assert b"s3cret" not in reply.body
        assert b"pass" not in reply.body

        assert await ids(bob, state="waiting") == [after]
        assert await ids(bob, state="given_up") == [before]
        assert await ids(bob, per_page="1", page="2", order="desc") == [before]
        wrong = await bob.ask("GET", f"{WEBHOOK}?state=lost")
        assert (wrong.status, wrong.json["errors"][0]["path"]) == (400, "state")

    with_program(tmp_path, story)


def test_one_event_or_all_are_sent_again(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        before, after = await write(door, bob)
        now = door.clock.unix_time()
        for event_id in (before, after):
            await door.outbox.event_given_up(event_id, at=now, failure=TryResult(410, ""))

        again = await bob.ask("POST", f"{WEBHOOK}/{after}/redeliver/")
        assert (again.status, again.json["event_id"], again.json["state"]) == (
            202,
            after,
            "waiting",
        )
        assert (again.json["tries"], again.json["last_status"]) == (0, 410)
        assert door.webhook_wakes == 1
        rest = await bob.ask("POST", f"{WEBHOOK}/redeliver")
        assert (rest.status, rest.json) == (202, {"redelivered": 1})
        assert door.webhook_wakes == 2
        assert door.doors.callbacks.event_counters.redelivered == 2
        assert await ids(bob, state="waiting") == [before, after]
        none = await bob.ask("POST", f"{WEBHOOK}/redeliver")
        assert (none.status, none.json) == (202, {"redelivered": 0})
        assert door.webhook_wakes == 2

    with_program(tmp_path, story)


def test_the_age_of_the_oldest_event_that_waits_is_measured(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        async def age() -> bytes:
            (line,) = (
                line
                for line in (await door.ask("/metrics")).body.splitlines()
                if line.startswith(b"callwright_webhook_oldest_event_age_seconds ")
            )
            return line.partition(b" ")[2]

        assert await age() == b"0.0"
        events = await write(door, bob)
        door.clock.advance(90)
        assert await age() == b"90.0"
        for event_id in events:
            await door.outbox.event_told(event_id)
        assert await age() == b"0.0"

    with_program(tmp_path, story)


def test_an_event_of_another_client_is_not_there(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        before, _ = await write(door, bob)
        eve = await program_of(door, "eve@example.com")
        for event_id in (before, "evt_0_1_after"):
            reply = await eve.ask("POST", f"{WEBHOOK}/{event_id}/redeliver")
            assert (reply.status, reply.json["status"]) == (404, "event_not_found")
        assert await ids(eve) == []
        assert (await eve.ask("POST", f"{WEBHOOK}/redeliver")).json == {"redelivered": 0}

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.net/hook", "https://example.net/hook"),
        ("https://example.net:8443", "https://example.net:8443"),
        (HOOK, SHOWN),
        ("http://[::1]:80/a?b", "http://[::1]:80/a?..."),
        ("http://[::1/", "..."),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert shown_url(url) == shown
