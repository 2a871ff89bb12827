"""What tasks are given beyond the original API: read, printed, and what is wrong with it."""

from datetime import UTC, datetime, time

import pytest

from callwright.domain.callback import (
    AttemptOutcome,
    CallbackQueueId,
    CalleeHours,
    ExtensionId,
    Task,
    TaskExtras,
    TaskId,
    TaskWish,
)
from callwright.domain.callee_hours import is_within, next_opening
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.printing import print_moment, print_task
from callwright.scheduler.requests.extras_shape import RETRIED
from callwright.scheduler.requests.fields import BadRequest
from callwright.scheduler.requests.task_shape import read_tasks

NOW = UnixTime(datetime(2026, 3, 1, 8, 2, 11, tzinfo=UTC).timestamp())
HOURS = {"timezone": "Europe/Riga", "call_from": "09:00", "call_to": "17:30:05"}
EXTRAS = {*HOURS, "deadline_utc", "priority", "dedup_key", "retry_causes", "backoff"}


def read(**extras: object) -> TaskWish:
    task = {"a_number": "205", "b_number": "206", "extension_id": 1} | extras
    (wish,) = read_tasks({"tasks": [task]}, find=lambda _: ExtensionId(1), now=NOW)
    return wish


def shown(wish: TaskWish) -> dict[str, object]:
    task = Task(TaskId(7), AccountId(1), CallbackQueueId(3), wish, NOW)
    printed = print_task(task, gate=None, at=NOW)
    return {name: value for name, value in printed.items() if name in EXTRAS}


@pytest.mark.parametrize(
    ("sent", "expected", "printed"),
    [
        ({}, TaskExtras(), {}),
        (dict.fromkeys(EXTRAS), TaskExtras(), {}),
        ({"dedup_key": ""}, TaskExtras(), {}),
        (
            {"deadline_utc": 3600},
            TaskExtras(deadline_at=UnixTime(NOW + 3600)),
            {"deadline_utc": "2026-03-01 09:02:11"},
        ),
        ({"priority": "-100"}, TaskExtras(priority=-100), {"priority": -100}),
        ({"priority": 0}, TaskExtras(priority=0), {"priority": 0}),
        ({"dedup_key": "x"}, TaskExtras(dedup_key="x"), {"dedup_key": "x"}),
        (
            HOURS,
            TaskExtras(hours=CalleeHours("Europe/Riga", time(9), time(17, 30, 5))),
            HOURS | {"call_from": "09:00:00"},
        ),
        (
            {"retry_causes": ["b_busy", "a_busy"]},
            TaskExtras(retry_causes=(AttemptOutcome.A_BUSY, AttemptOutcome.B_BUSY)),
            {"retry_causes": ["a_busy", "b_busy"]},
        ),
        ({"retry_causes": []}, TaskExtras(retry_causes=()), {"retry_causes": []}),
        ({"backoff": "1.5"}, TaskExtras(backoff=1.5), {"backoff": 1.5}),
        ({"backoff": 10}, TaskExtras(backoff=10.0), {"backoff": 10}),
    ],
)
def test_extras_are_read_and_shown_when_given(
    sent: dict[str, object], expected: TaskExtras, printed: dict[str, object]
) -> None:
    wish = read(**sent)
    assert wish.extras == expected
    assert shown(wish) == printed


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"deadline_utc": "soon"}, "tasks[0].deadline_utc: 'soon': YYYY-MM-DD HH:MM:SS (UTC) or"),
        ({"deadline_utc": 0}, "tasks[0].deadline_utc: 0: must be after start_time_utc"),
        (
            {"deadline_utc": 9, "start_time_utc": 9},
            "tasks[0].deadline_utc: 9: must be after start_time_utc",
        ),
        ({"priority": 101}, "tasks[0].priority: 101: must be between -100 and 100"),
        ({"priority": "high"}, "tasks[0].priority: 'high': an integer was expected"),
        ({"dedup_key": 7}, "tasks[0].dedup_key: 7: a string was expected"),
        ({"dedup_key": "x" * 256}, "tasks[0].dedup_key: 256 characters: must have at most 255"),
        ({"call_from": "09:00"}, "tasks[0].call_from: stands with call_from, call_to or"),
        ({"timezone": "Europe/Riga"}, "tasks[0].timezone: stands with call_from, call_to or rec"),
        (HOURS | {"timezone": None}, "tasks[0].timezone: is missing: no number says where"),
        (
            HOURS | {"timezone": None, "b_number": "+999123456"},
            "tasks[0].timezone: is missing: no number says where",
        ),
        (
            HOURS | {"timezone": None, "b_number": "+18005550100"},
            "tasks[0].timezone: is missing: '+18005550100' may be in 42 time zones, which have",
        ),
        (
            # From Kaliningrad to Kamchatka it is nine hours.
            HOURS | {"timezone": None, "b_number": "+79161234567", "call_to": "18:00"},
            "tasks[0].timezone: is missing: '+79161234567' may be in 16 time zones, which have",
        ),
        (HOURS | {"timezone": "Mars"}, "tasks[0].timezone: 'Mars': the IANA name of a time zone"),
        (HOURS | {"call_to": "24:00"}, "tasks[0].call_to: '24:00': hh:mm or hh:mm:ss was expected"),
        (HOURS | {"call_to": 17}, "tasks[0].call_to: 17: hh:mm or hh:mm:ss was expected"),
        (HOURS | {"call_to": "17:00Z"}, "tasks[0].call_to: '17:00Z': hh:mm or hh:mm:ss was"),
        (HOURS | {"call_to": "09:00:00"}, "tasks[0].call_to: 09:00:00: must differ from call_from"),
        ({"retry_causes": "a_busy"}, "tasks[0].retry_causes: 'a_busy': a list of a_no_answer, "),
        ({"retry_causes": ["a_busy", []]}, "tasks[0].retry_causes[1]: []: one of"),
        ({"retry_causes": ["joined"]}, "tasks[0].retry_causes[0]: 'joined': one of"),
        ({"retry_causes": ["cancelled"]}, "tasks[0].retry_causes[0]: 'cancelled': one of"),
        ({"backoff": 0.9}, "tasks[0].backoff: 0.9: a number from 1 to 10 was expected"),
        ({"backoff": float("nan")}, "tasks[0].backoff: nan: a number from 1 to 10 was expected"),
        ({"backoff": 10**400}, "tasks[0].backoff: 1000000000"),
        ({"backoff": True}, "tasks[0].backoff: true: a number from 1 to 10 was expected"),
        ({"backoff": []}, "tasks[0].backoff: []: a number from 1 to 10 was expected"),
    ],
)
def test_what_is_wrong_is_named(sent: dict[str, object], fault: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read(**sent)
    (found,) = caught.value.faults
    assert f"{found.path}: {found.message}".startswith(fault)


def test_only_what_may_get_better_is_tried_again() -> None:
    never = {"joined", "extension_not_found", "extension_blocked", "cancelled", "expired"}
    assert {str(outcome) for outcome in RETRIED} == set(map(str, AttemptOutcome)) - never


@pytest.mark.parametrize(
    ("numbers", "zones"),
    [
        ({"b_number": "+12125550100"}, ["America/New_York"]),
        ({"a_number": "+441632960000"}, ["Europe/London"]),
        ({"a_number": "+441632960000", "b_number": "+33612345678"}, ["Europe/Paris"]),
    ],
)
def test_hours_without_a_zone_are_those_of_the_number(
    numbers: dict[str, object], zones: list[str]
) -> None:
    hours = {"call_from": "09:00:00", "call_to": "20:00:00"}
    wish = read(**hours, **numbers)
    assert shown(wish) == hours
    assert wish.extras.hours == CalleeHours("", time(9), time(20), tuple(zones))
    task = Task(TaskId(7), AccountId(1), CallbackQueueId(3), wish, NOW)
    assert print_task(task, gate=None, at=NOW)["timezones"] == zones


def test_of_many_zones_all_have_to_be_open() -> None:
    hours = {"call_from": "09:00", "call_to": "20:00", "b_number": "+79161234567"}
    of = read(**hours).extras.hours
    assert of is not None
    assert len(of.zones) == 16
    # Nine in Kaliningrad or its like, and not yet eight in the evening in Kamchatka.
    opens_at = next_opening(of, NOW)
    assert print_moment(opens_at) == "2026-03-02 07:00:00"
    assert is_within(of, UnixTime(opens_at + 3599))
    assert not is_within(of, UnixTime(opens_at + 3600))
