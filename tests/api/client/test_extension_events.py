"""Who wants to be told of an extension's calls, over HTTP (section 12.3)."""

from pathlib import Path
from typing import Any

import pytest

from callwright.domain.extension_event import ExtensionEvent
from tests.sim.client import Program, program_of, with_program
from tests.sim.front_door import FrontDoor

EVENTS = "/extension/@200/event"
WISH = {"url": "https://crm.example.org/calls", "event_type": "dial-in", "method": "POST"}


def test_an_event_is_registered_read_changed_and_deleted(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        extension_id = await bob.extension("200")
        made = await bob.made(f"{EVENTS}/", WISH)
        assert made == WISH | {"id": made["id"]}
        for path in (f"{EVENTS}/{made['id']}", f"/extension/{extension_id}/event/{made['id']}/"):
            assert (await bob.ask("GET", path)).json == made
        one = f"{EVENTS}/{made['id']}"
        change = {"url": "http://example.org/?a=b", "method": "GET"}
        reply = await bob.ask("PUT", one, change)
        assert (reply.status, reply.json) == (200, made | change)
        reply = await bob.ask("PUT", one, {"event_type": "hangup"})
        assert reply.json == made | change | {"event_type": "hangup"}
        assert (await bob.ask("DELETE", one)).status == 204
        for method in ("GET", "PUT", "DELETE"):
            reply = await bob.ask(method, one, {} if method == "PUT" else None)
            assert (reply.status, reply.json["status"]) == (404, "event_not_found")

    with_program(tmp_path, story)


def test_every_type_may_be_registered_and_lists_have_pages(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.extension("200")
        for event in ExtensionEvent:
            await bob.made(EVENTS, WISH | {"event_type": str(event)})
        for query, types in (
            ("", list(ExtensionEvent)),
            ("?page=2&per_page=3", list(ExtensionEvent)[3:6]),
            ("?order=desc&per_page=2", list(ExtensionEvent)[:-3:-1]),
        ):
            reply = await bob.ask("GET", EVENTS + query)
            assert [one["event_type"] for one in reply.json] == types
            assert reply.headers["x-total-count"] == str(len(ExtensionEvent))

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"url": None}, "url"),
        ({"url": ""}, "url"),
        ({"url": 7}, "url"),
        ({"url": "ftp://example.org/"}, "url"),
        ({"url": "https://example.org/" + "x" * 2048}, "url"),
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"event_type": None}, "event_type"),
        ({"event_type": "ring"}, "event_type"),
        ({"event_type": 1}, "event_type"),
        ({"event_type": ["dial-in"]}, "event_type"),
        ({"method": None}, "method"),
        ({"method": "PUT"}, "method"),
    ],
)
def test_what_is_refused(tmp_path: Path, change: dict[str, Any], path: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.extension("200")
        reply = await bob.ask("POST", EVENTS, WISH | change)
        assert (reply.status, reply.json["status"]) == (400, "validation_failed")
        assert [fault["path"] for fault in reply.json["errors"]] == [path]

    with_program(tmp_path, story)


def test_everything_that_is_wrong_is_named(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.extension("200")
        reply = await bob.ask("POST", EVENTS, {})
        faults = [fault["path"] for fault in reply.json["errors"]]
        assert faults == ["url", "event_type", "method"]

    with_program(tmp_path, story)


def test_an_extension_has_so_many_and_no_more(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.extension("200")
        await bob.extension("201")
        made = await bob.made(EVENTS, WISH)
        for _n in range(19):
            await bob.made(EVENTS, WISH)
        refused = await bob.ask("POST", EVENTS, WISH)
        assert (refused.status, refused.json["status"]) == (409, "event_limit_reached")
        await bob.made("/extension/@201/event", WISH)
        assert (await bob.ask("DELETE", f"{EVENTS}/{made['id']}")).status == 204
        await bob.made(EVENTS, WISH)

    with_program(tmp_path, story)


def test_others_do_not_see_it_and_it_goes_with_its_extension(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        extension_id, other = await bob.extension("200"), await bob.extension("201")
        made = await bob.made(EVENTS, WISH)
        ann = await program_of(door, "ann@example.com")
        reply = await ann.ask("GET", f"/extension/{extension_id}/event/{made['id']}")
        assert (reply.status, reply.json["status"]) == (404, "extension_not_found")
        reply = await bob.ask("GET", f"/extension/{other}/event/{made['id']}")
        assert (reply.status, reply.json["status"]) == (404, "event_not_found")
        assert (await bob.ask("DELETE", "/client/@me/extension/@200")).status == 204
        reply = await bob.ask("GET", f"{EVENTS}/{made['id']}")
        assert (reply.status, reply.json["status"]) == (404, "extension_not_found")
        await bob.extension("200")
        assert (await bob.ask("GET", EVENTS)).json == []

    with_program(tmp_path, story)
