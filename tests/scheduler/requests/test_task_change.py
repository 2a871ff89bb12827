"""Changes of tasks that wait: what stays, what moves, what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest

from callwright.domain.callback import (
    AttemptOutcome,
    CallbackQueueId,
    CalleeHours,
    EventUrls,
    ExtensionId,
    RetryRule,
    Task,
    TaskExtras,
    TaskId,
    TaskState,
    TaskWish,
)
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.requests.fields import BadRequest
from callwright.scheduler.requests.task_change import read_change


def at(text: str) -> UnixTime:
    return UnixTime(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


NOW = at("2027-01-15 08:00:00.25")
START = at("2027-01-16 12:00:00.3")
WISH = TaskWish(
    "205",
    "+37120000001",
    ExtensionId(1),
    START,
    name="invoice",
    retry=RetryRule(4, 900, 5, 120),
    urls=EventUrls(after="https://crm.example.org/after"),
    callback_params={"caller_id_name": "Billing", "new_key": [1]},
    variables={"invoice": "7781"},
    src_ani_numbers=("371", "372"),
    dst_ani_numbers=("373",),
    extras=TaskExtras(
        deadline_at=UnixTime(START + 0.4),
        priority=-3,
        dedup_key="k",
        retry_causes=(AttemptOutcome.A_BUSY,),
        backoff=1.5,
    ),
)
TASK = Task(TaskId(7), AccountId(1), CallbackQueueId(2), WISH, NOW, next_try_at=START)
DELAYED = replace(
    TASK,
    state=TaskState.DELAYED,
    next_try_at=UnixTime(START + 900),
    tries_made=2,
    caller_tries_made=3,
)


def changed(task: Task, **body: object) -> Task:
    return read_change(task, body, find=lambda value: ExtensionId(int(str(value))), now=NOW)


@pytest.mark.parametrize("task", [TASK, DELAYED])
def test_nothing_named_changes_nothing(task: Task) -> None:
    assert changed(task) == task
    assert changed(task, unknown=1, status="finished", id=9, try_made=0) == task


@pytest.mark.parametrize(
    ("body", "wish"),
    [
        ({"name": "b"}, {"name": "b"}),
        ({"name": None}, {"name": ""}),
        ({"a_number": "206"}, {"a_number": "206"}),
        ({"extension_id": 9}, {"extension_id": ExtensionId(9)}),
        ({"try_count": "3"}, {"retry": RetryRule(3, 900, 5, 120)}),
        ({"try_again_pause": 5}, {"retry": RetryRule(4, 5, 5, 120)}),
        ({"url_after": ""}, {"urls": EventUrls()}),
        ({"callback_params": {}}, {"callback_params": {}}),
        ({"variables": {"a": "b"}}, {"variables": {"a": "b"}}),
        ({"attempts_src_ani_numbers": []}, {"src_ani_numbers": ()}),
        ({"priority": 5}, {"extras": replace(WISH.extras, priority=5)}),
        ({"priority": None}, {"extras": replace(WISH.extras, priority=None)}),
        ({"deadline_utc": None}, {"extras": replace(WISH.extras, deadline_at=None)}),
        ({"dedup_key": ""}, {"extras": replace(WISH.extras, dedup_key=None)}),
    ],
)
@pytest.mark.parametrize("task", [TASK, DELAYED])
def test_what_is_named_changes_and_nothing_else(
    task: Task, body: dict[str, Any], wish: dict[str, Any]
) -> None:
    assert changed(task, **body) == replace(task, wish=replace(WISH, **wish))


@pytest.mark.parametrize("task", [TASK, DELAYED])
def test_a_new_start_is_the_next_try(task: Task) -> None:
    later = "2027-02-01 07:00:00"
    after = changed(task, start_time_utc=later, deadline_utc=None)
    assert (after.wish.starts_at, after.next_try_at) == (at(later), at(later))
    assert after.state is task.state
    soon = changed(task, start_time_utc=30)
    assert soon.next_try_at == NOW + 30


def test_new_hours_move_the_next_try() -> None:
    # 12:00 and 12:15 in UTC are 14:00 and 14:15 in Riga.
    evening = {"timezone": "Europe/Riga", "call_from": "18:00", "call_to": "20:00"}
    task = replace(TASK, wish=replace(WISH, extras=TaskExtras()))
    assert changed(task, **evening).next_try_at == at("2027-01-16 16:00:00")
    delayed = replace(DELAYED, wish=task.wish)
    assert changed(delayed, **evening).next_try_at == at("2027-01-16 16:00:00")
    wide = {"timezone": "Europe/Riga", "call_from": "09:00", "call_to": "20:00"}
    assert changed(delayed, **wide).next_try_at == delayed.next_try_at
    hours = CalleeHours("Europe/Riga", time(18), time(20))
    waits = replace(
        task,
        wish=replace(WISH, extras=TaskExtras(hours=hours)),
        next_try_at=at("2027-01-16 16:00:00"),
    )
    freed = changed(waits, timezone=None, call_from=None, call_to=None)
    assert (freed.wish.extras, freed.next_try_at) == (TaskExtras(), START)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"try_count": 0}, "try_count"),
        ({"try_count": 1}, "try_count"),
        ({"try_count": 2}, "try_count"),
        ({"try_count": None}, "try_count"),
        ({"try_count_caller": 3}, "try_count_caller"),
        ({"a_number": None}, "a_number"),
        ({"b_number": "x"}, "b_number"),
        ({"start_time_utc": "soon"}, "start_time_utc"),
        ({"start_time_utc": "2027-01-17 12:00:00"}, "deadline_utc"),
        ({"deadline_utc": "2027-01-16 11:00:00"}, "deadline_utc"),
        ({"call_from": "09:00"}, "call_from"),
        ({"priority": 101}, "priority"),
    ],
)
def test_what_is_refused(body: dict[str, Any], path: str) -> None:
    with pytest.raises(BadRequest) as refused:
        changed(DELAYED, **body)
    assert {fault.path for fault in refused.value.faults} == {path}


def test_counters_may_be_raised_and_switched_off() -> None:
    assert changed(DELAYED, try_count=3).wish.retry.try_count == 3
    assert changed(DELAYED, try_count_caller=4).wish.retry.try_count_caller == 4
    assert changed(DELAYED, try_count_caller=0).wish.retry.try_count_caller == 0
