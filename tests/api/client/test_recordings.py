"""Recordings of callbacks over HTTP: in the call's part, in a list, as a file, deleted."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from callwright.domain.callback import AttemptOutcome, Task
from callwright.domain.clock import UnixTime
from callwright.scheduler.printing import print_moment
from tests.api.client.test_call_history import (
    BRIDGED,
    HISTORY,
    PERIOD,
    UUID,
    attempted,
)
from tests.sim.client import Program, program_of, with_program
from tests.sim.file_stores import wav
from tests.sim.front_door import FrontDoor

RECORDS = "/client/@me/record"
SOUND = wav(8000)
RECORD_FIELDS = ("record_uuid", "record_file_size")
LISTED = f"{RECORDS}/?{urlencode(PERIOD)}"


def recorded(
    tmp_path: Path, story: Callable[[FrontDoor, Program, Task, str], Awaitable[None]]
) -> None:
    """Run a story after a call that was recorded; it is told the recording's name."""

    async def begin(door: FrontDoor, bob: Program) -> None:
        path = file_of(tmp_path, door, bob)
        path.parent.mkdir(parents=True)
        path.write_bytes(SOUND)
        task = await attempted(door, bob, *BRIDGED, outcome=AttemptOutcome.JOINED)
        parts = (await bob.ask("GET", f"{HISTORY}/{UUID}")).json["cdr"]
        await story(door, bob, task, parts[-1]["record_uuid"])

    with_program(tmp_path, begin)


def name_at(at: UnixTime) -> str:
    """What the recording is called of the call that began then."""
    day = (print_moment(at) or "")[:10].replace("-", "/")
    return f"callback_recordings/{day}/{UUID}.wav"


def file_of(data: Path, door: FrontDoor, bob: Program) -> Path:
    """Where the recording of the call is."""
    return data / "media" / str(bob.account.account_id) / name_at(door.clock.unix_time())


def test_the_part_that_was_recorded_says_so(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program, __: Task, record_uuid: str) -> None:
        loser, other = (await bob.ask("GET", f"{HISTORY}/{UUID}")).json["cdr"]
        assert (loser["record_uuid"], loser["record_file_size"]) == (None, None)
        assert (other["record_uuid"], other["record_file_size"]) == (record_uuid, len(SOUND))
        listed = (await bob.ask("GET", f"{HISTORY}/?{urlencode(PERIOD)}")).json["call_history"]
        assert listed[0]["cdr"] == [loser, other]

    recorded(tmp_path, story)


def test_what_is_known_of_a_recording(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program, task: Task, record_uuid: str) -> None:
        at = task.attempts[0].started_at
        for named in (record_uuid, record_uuid.lower(), f"{record_uuid}/"):
            reply = await bob.ask("GET", f"{RECORDS}/{named}")
            assert reply.json == {
                "record_uuid": record_uuid,
                "call_uuid": UUID,
                "extension_id": task.wish.extension_id,
                "init_time_gmt": print_moment(UnixTime(at + 5)),
                "duration": 1.0,
                "size": len(SOUND),
                "filename": name_at(at),
            }

    recorded(tmp_path, story)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({}, True),
        ({"extension_id": "1"}, True),
        ({"extension_id": "2"}, False),
        ({"page": "2"}, False),
        ({"end_datetime": "2000-01-01 00:00:01"}, False),
    ],
)
def test_recordings_of_a_period(
    tmp_path: Path,
    query: dict[str, str],
    is_found: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async def story(_: FrontDoor, bob: Program, __: Task, record_uuid: str) -> None:
        reply = await bob.ask("GET", f"{RECORDS}/?{urlencode(PERIOD | query)}")
        found = [one["record_uuid"] for one in reply.json]
        assert found == ([record_uuid] if is_found else [])
        matches = is_found or "page" in query
        assert reply.headers["x-total-count"] == str(int(matches))

    recorded(tmp_path, story)


@pytest.mark.parametrize("name", ["start_datetime", "end_datetime"])
def test_a_period_has_to_be_given(tmp_path: Path, name: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        query = {key: one for key, one in PERIOD.items() if key != name}
        reply = await bob.ask("GET", f"{RECORDS}?{urlencode(query)}")
        assert (reply.status, [one["path"] for one in reply.json["errors"]]) == (400, [name])

    with_program(tmp_path, story)


def test_its_sound_is_sent_whole_and_in_parts(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program, _: Task, record_uuid: str) -> None:
        async def sound(**headers: str) -> tuple[int, bytes, dict[str, str]]:
            target = f"/api/ver1.0{RECORDS}/{record_uuid}/file"
            reply = await door.client.request("GET", target, headers=bob.headers | headers)
            return reply.status, reply.body, dict(reply.headers)

        status, body, headers = await sound()
        assert (status, body) == (200, SOUND)
        assert (headers["content-type"], headers["accept-ranges"]) == ("audio/wav", "bytes")
        assert "x-ratelimit-remaining" in headers
        assert (await sound(range="bytes=8-11"))[:2] == (206, SOUND[8:12])
        assert (await sound(range="bytes=999999-"))[0] == 416
        tag = {"if-none-match": headers["etag"]}
        assert (await sound(**tag))[:2] == (304, b"")

    recorded(tmp_path, story)


def test_a_deleted_recording_is_gone_with_its_file_and_the_call_is_not(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program, _: Task, record_uuid: str) -> None:
        assert (await bob.ask("DELETE", f"{RECORDS}/{record_uuid}")).status == 204
        assert not file_of(tmp_path, door, bob).exists()
        for method, path in (("DELETE", ""), ("GET", ""), ("GET", "/file")):
            reply = await bob.ask(method, f"{RECORDS}/{record_uuid}{path}")
            assert (reply.status, reply.json["status"]) == (404, "record_not_found")
        assert (await bob.ask("GET", LISTED)).json == []
        parts = (await bob.ask("GET", f"{HISTORY}/{UUID}")).json["cdr"]
        assert [(one["record_uuid"], one["record_file_size"]) for one in parts] == [
            (None, None)
        ] * 2

    recorded(tmp_path, story)


def test_a_file_that_was_deleted_by_its_name_is_missed_alone(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program, _: Task, record_uuid: str) -> None:
        file_of(tmp_path, door, bob).unlink()
        reply = await bob.ask("GET", f"{RECORDS}/{record_uuid}/file")
        assert (reply.status, reply.json["status"]) == (404, "record_file_not_found")
        assert (await bob.ask("GET", f"{RECORDS}/{record_uuid}")).status == 200
        assert (await bob.ask("DELETE", f"{RECORDS}/{record_uuid}")).status == 204

    recorded(tmp_path, story)


def test_recordings_are_nobody_elses(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program, _: Task, record_uuid: str) -> None:
        eve = await program_of(door, "eve@example.com")
        for method, path in (("GET", ""), ("GET", "/file"), ("DELETE", "")):
            reply = await eve.ask(method, f"{RECORDS}/{record_uuid}{path}")
            assert (reply.status, reply.json["status"]) == (404, "record_not_found")
        assert (await eve.ask("GET", LISTED)).json == []
        assert (await bob.ask("GET", f"{RECORDS}/{record_uuid}")).status == 200

    recorded(tmp_path, story)


@pytest.mark.parametrize("named", ["0" * 32, "x", "0" * 31])
def test_what_names_no_recording(tmp_path: Path, named: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask("GET", f"{RECORDS}/{named}")
        assert (reply.status, reply.json["status"]) == (404, "record_not_found")

    with_program(tmp_path, story)


def test_an_extension_is_shown_to_record_only_when_it_does(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        extensions = "/client/@me/extension/"
        plain = await bob.made(extensions, {"name": "200", "record_calls": False})
        assert "record_calls" not in plain
        assert (await bob.made(extensions, {"name": "201", "record_calls": True}))["record_calls"]
        one = f"{extensions}@201"
        assert (await bob.ask("PUT", one, {"label": "x"})).json["record_calls"] is True
        assert "record_calls" not in (await bob.ask("PUT", one, {"record_calls": False})).json
        reply = await bob.ask("PUT", one, {"record_calls": "yes"})
        assert (reply.status, reply.json["errors"][0]["path"]) == (400, "record_calls")

    with_program(tmp_path, story)
