"""The calls of callbacks over HTTP: what an attempt knows, and the records of its instance."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from callwright.domain.callback import Attempt, AttemptOutcome, CallUuid, Task, TaskId
from callwright.domain.causes import (
    CANCELLED_BY_US,
    HUNG_UP_BY_THEM,
    HUNG_UP_BY_US,
    EndCause,
    cause_of_sip_failure,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId, CallId, InstanceId, ServiceRef
from callwright.domain.records import Adr, CallDirection, Cdr, InstanceRecord
from callwright.domain.service_start import ServiceStart
from callwright.queue.ports import Intent
from callwright.scheduler.printing import print_moment
from callwright.scheduler.retries import after_attempt
from callwright.scheduler.values import AttemptBegin, AttemptEnd
from tests.sim.call_history import DOMAIN
from tests.sim.client import Program, with_program
from tests.sim.front_door import FrontDoor

HISTORY = "/client/@me/call_history"
UUID = "5D0C1B7E9A2F4C6DB3E8F1A2075C9E44"
INSTANCE = InstanceId("049136ca36e44662.9")
HOME = "sip:ann@example.com"
WISH = {
    "a_number": "200",
    "b_number": "+37120000001",
    "callback_params": {"extended_a_numbers": ["+443069990123"]},
}

Leg = tuple[str, float | None, EndCause]
"""Whom it called, when it was answered after the attempt's begin, and how it ended."""


async def attempted(
    door: FrontDoor,
    bob: Program,
    *legs: Leg,
    outcome: AttemptOutcome,
    a_answered: str = "200",
) -> Task:
    """Have an attempt of a task begin and end as the loop and the dispatcher do it."""
    callbacks, account_id = door.doors.callbacks, bob.account.account_id
    extension = await bob.extension(destination=HOME, caller_id_name="Ann of Accounts")
    queue = await bob.queue()
    path = f"/client/@me/task_scheduler/{queue}/task"
    [made] = await bob.made(path, {"tasks": [WISH | {"extension_id": extension}]})
    task_id, at = TaskId(made["id"]), door.clock.unix_time()
    attempt = Attempt(1, CallUuid(UUID), at)
    await callbacks.tasks.begin_attempts([AttemptBegin(task_id, attempt)])
    ref = await run_legs(door, account_id, legs, at)
    await callbacks.tasks.attempt_queued(task_id, 1, ref)
    if outcome is AttemptOutcome.JOINED:
        joined_at = UnixTime(at + 5)
        await callbacks.tasks.attempt_joined(
            task_id, 1, at=joined_at, a_answered=a_answered, events=()
        )
    task = await callbacks.tasks.task_of_call(account_id, CallUuid(UUID))
    assert task is not None
    ended_at = UnixTime(at + 30)
    answered = a_answered if outcome is AttemptOutcome.JOINED else None
    after = after_attempt(task, outcome, at=ended_at)
    ended = replace(task.attempts[0], ended_at=ended_at, outcome=outcome)
    call = await callbacks.history.made_of.call(task, ended, INSTANCE)
    end = AttemptEnd(task_id, 1, outcome, ended_at, answered, after, call)
    await callbacks.tasks.end_attempt(end)
    return task


async def run_legs(
    door: FrontDoor, account_id: AccountId, legs: tuple[Leg, ...], at: UnixTime
) -> ServiceRef:
    """Complete a start whose instance had these calls."""
    ref, instance = ServiceRef("2e891aea_0.1366641192.9"), INSTANCE
    [due] = await door.doors.callbacks.tasks.open_attempts(frozenset(range(256)))
    start = (ref, ServiceStart(to=HOME))
    await door.queue.enqueue(
        account_id=account_id, service_id=due.service_id, starts=[start], at=at
    )
    await door.queue.claim(due.service_id, limit=1, at=at)
    await door.queue.intend(Intent(ref, instance, CallId("049136ca36e44662.10.1"), at))
    cdrs = tuple(
        Cdr(
            call_id=CallId(f"049136ca36e44662.{10 + n}.1"),
            destination_address=called,
            originating_address="443069999876@sip.example.net",
            direction=CallDirection.OUT,
            channel_type="p" if n == 0 else "x",
            initiated_at=UnixTime(at + n),
            connected_at=None if answered is None else UnixTime(at + answered),
            hung_up_at=UnixTime(at + 29),
            joined=0.0 if answered is None else 24.4,
            cause=cause,
        )
        for n, (called, answered, cause) in enumerate(legs)
    )
    adr = Adr(instance, ref, "", at, UnixTime(at + 29), 100)
    await door.queue.finish(
        ref, exit_status=100, record=InstanceRecord(adr, cdrs), at=UnixTime(at + 29)
    )
    return ref


BRIDGED: tuple[Leg, ...] = (
    (HOME, 2.0, HUNG_UP_BY_US),
    ("tel:443069990123", None, CANCELLED_BY_US),
    ("tel:37120000001", 5.0, HUNG_UP_BY_THEM),
)


def who(bob: Program, task: Task) -> dict[str, object]:
    """Return what a call and its part say alike of a call to B."""
    return {
        "from_username": "200",
        "from_domain": DOMAIN,
        "from_screen_name": "Ann of Accounts",
        "to_username": "+37120000001",
        "to_domain": None,
        "client_owner_id": bob.account.account_id,
        "extension_id": task.wish.extension_id,
        "extension_name": f"{bob.account.account_id:04d}*200",
        "extension_type": "phone",
        "hangup_cause": "NORMAL_CLEARING",
        "hangup_disposition": "callee_bye",
    }


def test_a_call_that_was_bridged(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        task = await attempted(door, bob, *BRIDGED, outcome=AttemptOutcome.JOINED)
        at = task.attempts[0].started_at
        call = (await bob.ask("GET", f"{HISTORY}/{UUID}")).json
        for named in (UUID.lower(), f"{UUID}/"):
            assert (await bob.ask("GET", f"{HISTORY}/{named}")).json == call
        call.pop("cdr")
        assert call == who(bob, task) | {
            "call_uuid": UUID,
            "flow": "out",
            "result": "bridged",
            "init_time_gmt": print_moment(at),
            "start_time_gmt": print_moment(at),
            "hangup_time_gmt": print_moment(UnixTime(at + 30)),
            "duration": 30,
            "bridged_time_gmt": print_moment(UnixTime(at + 5)),
            "bridged_duration": 24,
            "bridged_username": "+37120000001",
            "bridged_domain": None,
            "did_number": None,
            "did_domain": None,
            "extension_group_owner_id": None,
            "ext_number_reg": None,
        }

    with_program(tmp_path, story)


def test_the_parts_of_a_call_that_was_bridged(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        task = await attempted(door, bob, *BRIDGED, outcome=AttemptOutcome.JOINED)
        at = task.attempts[0].started_at
        loser, other = (await bob.ask("GET", f"{HISTORY}/{UUID}")).json["cdr"]
        assert (loser["dest_number"], loser["result"]) == ("+443069990123", "answered elsewhere")
        assert loser["hangup_disposition"] == "internal_cancel"
        assert other == who(bob, task) | {
            "application": "callback",
            "flow": "out",
            "result": "answered",
            "init_time_gmt": print_moment(UnixTime(at + 2)),
            "start_time_gmt": print_moment(UnixTime(at + 5)),
            "hangup_time_gmt": print_moment(UnixTime(at + 29)),
            "duration": 27,
            "bridged_duration": 24,
            "source_number": "200",
            "source_domain": DOMAIN,
            "dest_number": "+37120000001",
            "dest_domain": None,
            "ani_number": "443069999876",
            "record_uuid": None,
            "record_file_size": None,
        }

    with_program(tmp_path, story)


@pytest.mark.parametrize(
    ("outcome", "cause", "result", "part"),
    [
        (AttemptOutcome.A_NO_ANSWER, CANCELLED_BY_US, "not answered", "not answered"),
        (AttemptOutcome.A_BUSY, cause_of_sip_failure(486), "busy", "busy"),
        (AttemptOutcome.A_REJECTED, cause_of_sip_failure(603), "rejected", "rejected"),
        (AttemptOutcome.A_FAILED, cause_of_sip_failure(500), "failed", "failed"),
        (AttemptOutcome.B_NO_ANSWER, cause_of_sip_failure(480), "not answered", "not answered"),
        (AttemptOutcome.B_BUSY, cause_of_sip_failure(600), "busy", "busy"),
        (AttemptOutcome.A_HANGUP, CANCELLED_BY_US, "answered", "not answered"),
        (AttemptOutcome.CANCELLED, CANCELLED_BY_US, "not answered", "not answered"),
        (AttemptOutcome.INTERRUPTED, cause_of_sip_failure(503), "failed", "failed"),
    ],
)
def test_calls_that_were_not(
    tmp_path: Path, outcome: AttemptOutcome, cause: EndCause, result: str, part: str
) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await attempted(
            door, bob, (HOME, None, cause), ("tel:443069990123", None, cause), outcome=outcome
        )
        call = (await bob.ask("GET", f"{HISTORY}/{UUID}")).json
        assert (call["result"], call["bridged_time_gmt"]) == (result, None)
        assert [one["result"] for one in call["cdr"]] == [part]

    with_program(tmp_path, story)


@pytest.mark.parametrize("first", ["task", "queue", "extension"])
def test_a_call_is_found_when_its_task_its_queue_and_its_extension_are_gone(
    tmp_path: Path, first: str
) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        legs = ((HOME, 2.0, HUNG_UP_BY_US), ("tel:37120000001", 5.0, HUNG_UP_BY_THEM))
        task = await attempted(door, bob, *legs, outcome=AttemptOutcome.JOINED)
        before = (await bob.ask("GET", f"{HISTORY}/{UUID}")).json
        queue = f"/client/@me/task_scheduler/{task.queue_id}"
        paths = {
            "task": f"{queue}/task/{task.task_id}",
            "queue": queue,
            "extension": "/client/@me/extension/@200",
        }
        is_gone_too = {"task"} if first == "queue" else set()
        for name in (first, *(one for one in paths if one != first)):
            reply = await bob.ask("DELETE", paths[name])
            assert reply.status == (404 if name in is_gone_too else 204)
            assert (await bob.ask("GET", f"{HISTORY}/{UUID}")).json == before
            is_gone_too = {"task"} if name == "queue" else is_gone_too
        listed = (await bob.ask("GET", f"{HISTORY}/?{urlencode(PERIOD)}")).json
        assert listed["call_history"] == [before]

    with_program(tmp_path, story)


def test_a_call_whose_record_is_forgotten_is_found_by_its_task(
    tmp_path: Path,
) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        legs = ((HOME, 2.0, HUNG_UP_BY_US), ("tel:37120000001", 5.0, HUNG_UP_BY_THEM))
        await attempted(door, bob, *legs, outcome=AttemptOutcome.JOINED)
        kept = (await bob.ask("GET", f"{HISTORY}/{UUID}")).json
        at = door.clock.unix_time()
        gone = await door.doors.callbacks.history.calls_kept.forget_calls(
            ended_before=UnixTime(at + 31), limit=9
        )
        assert gone == 1
        assert (await bob.ask("GET", f"{HISTORY}/{UUID}")).json == kept

    with_program(tmp_path, story)


def test_a_call_that_goes_on_has_no_result_yet(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        extension, queue = await bob.extension(), await bob.queue()
        path = f"/client/@me/task_scheduler/{queue}/task"
        [task] = await bob.made(path, {"tasks": [WISH | {"extension_id": extension}]})
        attempt = Attempt(1, CallUuid(UUID), door.clock.unix_time())
        await door.doors.callbacks.tasks.begin_attempts([AttemptBegin(TaskId(task["id"]), attempt)])
        call = (await bob.ask("GET", f"{HISTORY}/{UUID}")).json
        assert (call["result"], call["hangup_time_gmt"], call["cdr"]) == (None, None, [])

    with_program(tmp_path, story)


@pytest.mark.parametrize("named", ["0" * 32, "x", "0" * 31, f"{UUID}0"])
def test_what_names_no_call(tmp_path: Path, named: str) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        reply = await bob.ask("GET", f"{HISTORY}/{named}")
        assert (reply.status, reply.json["status"]) == (404, "call_not_found")

    with_program(tmp_path, story)


PERIOD = {"start_datetime": "2000-01-01 00:00:00", "end_datetime": "2100-01-01 00:00:00"}


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ({}, True),
        ({"flow": "out", "to_username": "+37120000001", "extension_id": "1"}, True),
        ({"flow": "in"}, False),
        ({"extension_id": "2"}, False),
        ({"to_username": "205"}, False),
        ({"page": "2"}, False),
        ({"end_datetime": "2000-01-01 00:00:01"}, False),
        ({"start_datetime": "2099-01-01T00:00:00Z"}, False),
    ],
)
def test_calls_of_a_period(
    tmp_path: Path,
    query: dict[str, str],
    is_found: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        await attempted(
            door, bob, (HOME, None, CANCELLED_BY_US), outcome=AttemptOutcome.A_NO_ANSWER
        )
        reply = await bob.ask("GET", f"{HISTORY}/?{urlencode(PERIOD | query)}")
        calls: list[Any] = reply.json["call_history"]
        assert reply.json == {
            "page": int(query.get("page", 1)),
            "per_page": 50,
            "order": "asc",
            "call_history": calls,
        }
        assert [one["call_uuid"] for one in calls] == ([UUID] if is_found else [])

    with_program(tmp_path, story)


@pytest.mark.parametrize("name", ["start_datetime", "end_datetime"])
@pytest.mark.parametrize("value", [None, "soon"])
def test_a_period_has_to_be_given(tmp_path: Path, name: str, value: str | None) -> None:
    async def story(_: FrontDoor, bob: Program) -> None:
        query = {key: one for key, one in (PERIOD | {name: value}).items() if one is not None}
        reply = await bob.ask("GET", f"{HISTORY}?{urlencode(query)}")
        assert (reply.status, [one["path"] for one in reply.json["errors"]]) == (400, [name])

    with_program(tmp_path, story)


def test_a_second_list_at_the_same_time_is_refused(tmp_path: Path) -> None:
    async def story(door: FrontDoor, bob: Program) -> None:
        path = f"{HISTORY}?{urlencode(PERIOD)}"
        door.doors.callbacks.counting.add(bob.account.account_id)
        reply = await bob.ask("GET", path)
        assert (reply.status, reply.json["status"]) == (429, "rate_limit_exceeded")
        door.doors.callbacks.counting.clear()
        for _ in range(2):
            assert (await bob.ask("GET", path)).status == 200

    with_program(tmp_path, story)
