"""Callbacks at once over HTTP (section 12.1): what is taken, refused, and named."""

import re
from pathlib import Path
from typing import Any, Final

import pytest

from callwright.domain.callback import AttemptOutcome, CallUuid, FinishResult, Task, TaskExtras
from callwright.domain.clock import UnixTime
from callwright.scheduler.requests.call_shape import KEY_LIFETIME
from callwright.scheduler.retries import finished
from tests.sim.client import Program, program_of, with_program
from tests.sim.front_door import FrontDoor

GOOD: Final[dict[str, Any]] = {"src_num": ["200"], "dst_num": "+37120000001"}
SOURCES: Final = [str(200 + number) for number in range(21)]
EXTENSION: Final = "/extension/@200"


async def task_of(door: FrontDoor, bob: Program, named: dict[str, str]) -> Task:
    """Return the task behind an answer."""
    call_uuid = CallUuid(named["call_id"])
    task = await door.doors.callbacks.tasks.task_of_call(bob.account.account_id, call_uuid)
    assert task is not None
    return task


@pytest.mark.parametrize("client", ["", "/client/@me"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_it_is_named_and_due_at_once(tmp_path: Path, client: str, slash: str) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        extension = await bob.extension()
        for path in (f"{client}{EXTENSION}", f"{client}/extension/{extension}"):
            named = await bob.made(f"{path}/callback{slash}", GOOD)
            assert set(named) == {"call_id", "call_api_id"}
            assert all(re.fullmatch(r"[0-9A-F]{32}", one) for one in named.values())
            assert named["call_id"] != named["call_api_id"]
            wish = (await task_of(door, bob, named)).wish
            assert (wish.a_number, wish.b_number) == ("200", "+37120000001")
            assert (wish.extension_id, wish.starts_at) == (extension, door.clock.unix_time())
            assert (wish.retry.try_count, wish.retry.try_count_caller) == (1, 0)
            assert wish.call_api_id == named["call_api_id"]
        assert door.callback_wakes == 2

    with_program(tmp_path, story)


def test_everything_that_may_be_asked(tmp_path: Path) -> None:
    options: dict[str, Any] = {
        "caller_id_name": "Billing",
        "caller_id_number": "441908273801",
        "src_ani": "441908273801",
        "wait_for_pickup": "45",
        "call_duration": 600,
        "allow_public_transfer": False,
        "announce_sound_id": 7,
        "dst_dtmf": "W12#",
        "src_ring_strategy": "sequential",
        "an_option_of_tomorrow": [1],
    }
    own = {"variables": {"invoice": "7781"}, "dedup_key": "k", "deadline_utc": 60}

    async def story(door: FrontDoor, bob: Program) -> None:
        await bob.extension()
        body = {"src_num": SOURCES, "dst_num": "300"} | options | own
        wish = (await task_of(door, bob, await bob.made(f"{EXTENSION}/callback/", body))).wish
        assert wish.a_number == "200"
        assert wish.callback_params == options | {"extended_a_numbers": SOURCES[1:]}
        assert wish.variables == {"invoice": "7781"}
        deadline = UnixTime(door.clock.unix_time() + 60)
        assert wish.extras == TaskExtras(dedup_key="k", deadline_at=deadline)

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"src_num": None}, ["src_num"]),
        ({"dst_num": None}, ["dst_num"]),
        ({"src_num": None, "dst_num": None}, ["src_num", "dst_num"]),
        ({"src_num": []}, ["src_num"]),
        ({"src_num": "200"}, ["src_num"]),
        ({"src_num": {"0": "200"}}, ["src_num"]),
        ({"src_num": [*SOURCES, "300"]}, ["src_num"]),
        ({"src_num": ["200", "ann", 7]}, ["src_num[1]", "src_num[2]"]),
        ({"src_num": [""]}, ["src_num[0]"]),
        ({"dst_num": ["200"]}, ["dst_num"]),
        ({"dst_num": 200}, ["dst_num"]),
        ({"dst_num": ""}, ["dst_num"]),
        ({"dst_num": "1" * 33}, ["dst_num"]),
        ({"extended_a_numbers": ["201"]}, ["extended_a_numbers"]),
        ({"caller_id_name": 7}, ["caller_id_name"]),
        ({"caller_id_name": "x" * 256}, ["caller_id_name"]),
        ({"src_ani": "ann"}, ["src_ani"]),
        ({"wait_for_pickup": 4}, ["wait_for_pickup"]),
        ({"wait_for_pickup": 121}, ["wait_for_pickup"]),
        ({"call_duration": 0}, ["call_duration"]),
        ({"allow_public_transfer": "yes"}, ["allow_public_transfer"]),
        ({"announce_sound_id": -1}, ["announce_sound_id"]),
        ({"dst_dtmf": "A"}, ["dst_dtmf"]),
        ({"src_ring_strategy": "random"}, ["src_ring_strategy"]),
        ({"transfer_after_src_hangup": "ann"}, ["transfer_after_src_hangup"]),
        ({"variables": []}, ["variables"]),
        ({"variables": {"a b": "x"}}, ["variables.a b"]),
        ({"variables": {"a": "x" * 201}}, ["variables.a"]),
        ({"dedup_key": "x" * 256}, ["dedup_key"]),
        ({"deadline_utc": "2020-01-01 00:00:00"}, ["deadline_utc"]),
        ({"deadline_utc": "soon"}, ["deadline_utc"]),
    ],
)
def test_what_is_refused(tmp_path: Path, changes: dict[str, Any], paths: list[str]) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await bob.extension()
        reply = await bob.ask("POST", f"{EXTENSION}/callback", GOOD | changes)
        assert (reply.status, reply.json["status"]) == (400, "validation_failed")
        assert [fault["path"] for fault in reply.json["errors"]] == paths
        assert door.callback_wakes == 0

    with_program(tmp_path, story)


@pytest.mark.parametrize("named", ["@201", "9999", "x", "@ann", "0"])
def test_an_extension_that_is_not_there(tmp_path: Path, named: str) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        eve = await program_of(door, "eve@example.com")
        of_eve = await eve.extension("202")
        for one in (named, str(of_eve), "@202"):
            reply = await bob.ask("POST", f"/extension/{one}/callback/", GOOD)
            assert (reply.status, reply.json["status"]) == (404, "extension_not_found")

    with_program(tmp_path, story)


def test_a_blocked_extension_calls_nobody(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await bob.extension(status="blocked")
        reply = await bob.ask("POST", f"{EXTENSION}/callback/", GOOD)
        assert (reply.status, reply.json["status"]) == (403, "extension_blocked")
        assert door.callback_wakes == 0

    with_program(tmp_path, story)


def test_the_client_in_the_path_is_the_tokens(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        await bob.extension()
        path = f"/client/{bob.account.account_id + 1}{EXTENSION}/callback"
        reply = await bob.ask("POST", path, GOOD)
        assert (reply.status, reply.json["status"]) == (404, "client_not_found")
        assert (await bob.ask("GET", f"{EXTENSION}/callback")).status == 405

    with_program(tmp_path, story)


def test_a_repeat_with_its_key_is_answered_with_the_first(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await bob.extension()
        path, keyed = f"{EXTENSION}/callback", GOOD | {"dedup_key": "k", "deadline_utc": 600}
        first = await bob.made(path, keyed)
        door.clock.advance(60)
        assert await bob.made(path, keyed) == first
        assert await bob.made(path, GOOD) != first
        task = await task_of(door, bob, first)
        done = finished(task, FinishResult.FAILED, "expired", at=door.clock.unix_time())
        assert await door.doors.callbacks.tasks.finish_waiting(done, ())
        door.clock.advance(KEY_LIFETIME - 120)
        bob.token = await door.token(await door.customer_of(bob.account))
        assert await bob.made(path, keyed) == first
        door.clock.advance(61)
        assert await bob.made(path, keyed) != first

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    "change",
    [
        {"dst_num": "+37120000002"},
        {"src_num": ["200", "201"]},
        {"call_duration": 5},
        {"variables": {"a": "b"}},
    ],
)
def test_a_key_is_of_one_callback(tmp_path: Path, change: dict[str, Any]) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await bob.extension()
        keyed = GOOD | {"dedup_key": "k"}
        await bob.made(f"{EXTENSION}/callback", keyed)
        reply = await bob.ask("POST", f"{EXTENSION}/callback", keyed | change)
        assert (reply.status, reply.json["status"]) == (409, "dedup_key_in_use")
        assert door.callback_wakes == 1

    with_program(tmp_path, story)


def test_its_queue_and_task_are_nobodys_to_see(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await bob.extension()
        task = await task_of(door, bob, await bob.made(f"{EXTENSION}/callback", GOOD))
        queues = "/client/@me/task_scheduler"
        assert (await bob.ask("GET", queues)).json == []
        hidden = f"{queues}/{task.queue_id}"
        for method, path, body in (
            ("GET", hidden, None),
            ("PUT", hidden, {"status": "off"}),
            ("DELETE", hidden, None),
            ("GET", f"{hidden}/task", None),
            ("POST", f"{hidden}/task", {"tasks": [{}]}),
            ("GET", f"{hidden}/task/{task.task_id}", None),
            ("DELETE", f"{hidden}/task/{task.task_id}?force=true", None),
        ):
            reply = await bob.ask(method, path, body)
            assert (reply.status, reply.json["status"]) == (404, "scheduler_not_found"), path

    with_program(tmp_path, story)


def test_its_call_is_in_the_history_before_it_begins(tmp_path: Path) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        extension = await bob.extension()
        named = await bob.made(f"{EXTENSION}/callback", GOOD)
        call = (await bob.ask("GET", f"/client/@me/call_history/{named['call_id']}")).json
        assert (call["call_uuid"], call["extension_id"]) == (named["call_id"], extension)
        assert (call["result"], call["hangup_time_gmt"], call["cdr"]) == (None, None, [])

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    "outcome", [AttemptOutcome.EXTENSION_BLOCKED, AttemptOutcome.EXPIRED], ids=str
)
def test_one_that_was_never_begun_has_failed_in_the_history(
    tmp_path: Path, outcome: AttemptOutcome
) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await bob.extension()
        named = await bob.made(f"{EXTENSION}/callback", GOOD)
        task = await task_of(door, bob, named)
        at = UnixTime(door.clock.unix_time() + 60)
        done = finished(task, FinishResult.FAILED, str(outcome), at=at)
        assert await door.doors.callbacks.tasks.finish_waiting(done, ())
        call = (await bob.ask("GET", f"/client/@me/call_history/{named['call_id']}")).json
        assert (call["result"], call["duration"], call["cdr"]) == ("failed", 60, [])

    with_program(tmp_path, story)
