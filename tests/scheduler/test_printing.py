"""A task as it is shown: the specification's example, and what it waits at."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callwright.domain.callback import (
    Attempt,
    AttemptOutcome,
    CallbackQueueId,
    CallUuid,
    ExtensionId,
    Gate,
    RetryRule,
    Task,
    TaskId,
    TaskState,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.printing import print_task

CREATED = UnixTime(datetime(2026, 3, 1, 8, 2, 11, tzinfo=UTC).timestamp())
STARTS = UnixTime(datetime(2026, 3, 2, 7, tzinfo=UTC).timestamp())

TASK = Task(
    TaskId(90412),
    AccountId(512),
    CallbackQueueId(31),
    TaskWish(
        "205",
        "+37120000001",
        ExtensionId(4410),
        STARTS,
        name="invoice 7781",
        retry=RetryRule(3, 900, 5, 120),
        callback_params={"caller_id_name": "Billing", "extended_a_numbers": ["206", "207"]},
        variables={"invoice": "7781"},
    ),
    CREATED,
    next_try_at=STARTS,
)


def test_the_example_of_the_specification() -> None:
    assert print_task(TASK, gate=None, at=CREATED) == {
        "id": 90412,
        "scheduler_id": 31,
        "name": "invoice 7781",
        "status": "scheduled",
        "a_number": "205",
        "b_number": "+37120000001",
        "extension_id": 4410,
        "try_count": 3,
        "try_again_pause": 900,
        "try_count_caller": 5,
        "try_again_pause_caller": 120,
        "start_time_utc": "2026-03-02 07:00:00",
        "next_try_utc": "2026-03-02 07:00:00",
        "url_before": "",
        "url_before_again": "",
        "url_success": "",
        "url_after": "",
        "callback_params": {"caller_id_name": "Billing", "extended_a_numbers": ["206", "207"]},
        "variables": {"invoice": "7781"},
        "attempts_src_ani_numbers": [],
        "attempts_dst_ani_numbers": [],
        "try_made": 0,
        "try_made_caller": 0,
        "finish_result": None,
        "finish_comment": "",
        "cdr": None,
        "create_date_utc": "2026-03-01 08:02:11",
        "finish_date_utc": None,
        "attempts": [],
    }


@pytest.mark.parametrize("gate", Gate)
def test_a_due_task_shows_the_gate_that_it_waits_at(gate: Gate) -> None:
    assert print_task(TASK, gate=gate, at=STARTS)["status"] == str(gate)
    assert print_task(TASK, gate=gate, at=UnixTime(STARTS - 1))["status"] == "scheduled"
    running = replace(TASK, state=TaskState.EXECUTED, next_try_at=None)
    assert print_task(running, gate=gate, at=STARTS)["status"] == "executed"


def test_attempts_and_the_newest_call() -> None:
    uuid = CallUuid("0F6A" * 8)
    first = Attempt(
        1, uuid, STARTS, ended_at=UnixTime(STARTS + 31), outcome=AttemptOutcome.A_NO_ANSWER
    )
    second = Attempt(2, CallUuid("5D0C" * 8), UnixTime(STARTS + 151), src_ani="37120000002")
    shown = print_task(replace(TASK, attempts=(first, second)), gate=None, at=STARTS)
    assert shown["cdr"] == "5D0C" * 8
    assert shown["attempts"] == [
        {
            "n": 1,
            "call_uuid": uuid,
            "start_time_utc": "2026-03-02 07:00:00",
            "end_time_utc": "2026-03-02 07:00:31",
            "src_ani": None,
            "dst_ani": None,
            "a_answered": None,
            "result": "failed",
            "comment": "a_no_answer",
        },
        {
            "n": 2,
            "call_uuid": "5D0C" * 8,
            "start_time_utc": "2026-03-02 07:02:31",
            "end_time_utc": None,
            "src_ani": "37120000002",
            "dst_ani": None,
            "a_answered": None,
            "result": None,
            "comment": "",
        },
    ]


def test_the_seeds_type_of_the_pause_can_be_had() -> None:
    assert print_task(TASK, gate=None, at=CREATED, legacy_types=True)["try_again_pause"] == "900"
