"""Series of tasks: where they begin, what follows what, by a wall clock that is put back and on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from callwright.domain.callback import CallbackQueueId, ExtensionId, Task, TaskId, TaskWish
from callwright.domain.clock import UnixTime
from callwright.domain.ids import AccountId
from callwright.scheduler.printing import print_moment, print_task
from callwright.scheduler.requests.fields import BadRequest
from callwright.scheduler.requests.task_change import read_change
from callwright.scheduler.requests.task_shape import read_tasks
from callwright.scheduler.series import next_wish, upcoming


def at(text: str) -> UnixTime:
    return UnixTime(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


NOW = at("2027-01-15 08:00:00.25")


def wish_of(rule: str, start: object = None, **fields: object) -> TaskWish:
    sent = {"a_number": "205", "b_number": "206", "extension_id": 1, "recurrence": rule} | fields
    if start is not None:
        sent["start_time_utc"] = start
    (wish,) = read_tasks({"tasks": [sent]}, find=lambda _: ExtensionId(1), now=NOW)
    return wish


def task_of(wish: TaskWish, task_id: int = 7) -> Task:
    return Task(TaskId(task_id), AccountId(1), CallbackQueueId(2), wish, NOW, next_try_at=NOW)


def shown(wish: TaskWish) -> dict[str, object]:
    printed = print_task(task_of(wish), gate=None, at=NOW)
    names = ("recurrence", "recurrence_except", "recurrence_id", "occurrence", "recurrence_missed")
    return {name: printed[name] for name in (*names, "start_time_utc")}


def starts(wish: TaskWish, most: int = 4) -> list[str]:
    return [str(print_moment(one)) for one in upcoming(wish, most)]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (
            {"rule": "FREQ=DAILY;COUNT=3", "start": "2027-03-01 07:00:00"},
            ["2027-03-01 07:00:00", "2027-03-02 07:00:00", "2027-03-03 07:00:00"],
        ),
        ({"rule": "FREQ=DAILY;COUNT=1", "start": "2027-03-01 07:00:00"}, ["2027-03-01 07:00:00"]),
        # Nine o'clock in Riga, also after 28 March and 31 October.
        (
            {
                "rule": "FREQ=WEEKLY;BYDAY=SA,SU,MO;BYHOUR=9;BYMINUTE=0",
                "start": "2027-03-27 00:00:00",
                "timezone": "Europe/Riga",
            },
            [
                "2027-03-27 07:00:00",
                "2027-03-28 06:00:00",
                "2027-03-29 06:00:00",
                "2027-04-03 06:00:00",
            ],
        ),
        (
            {
                "rule": "FREQ=DAILY",
                "start": "2027-10-30 06:00:00",
                "timezone": "Europe/Riga",
            },
            [
                "2027-10-30 06:00:00",
                "2027-10-31 07:00:00",
                "2027-11-01 07:00:00",
                "2027-11-02 07:00:00",
            ],
        ),
        # 03:30 is left out on 28 March: half an hour after three becomes half past four.
        (
            {"rule": "FREQ=DAILY", "start": "2027-03-27 01:30:00", "timezone": "Europe/Riga"},
            [
                "2027-03-27 01:30:00",
                "2027-03-28 01:30:00",
                "2027-03-29 00:30:00",
                "2027-03-30 00:30:00",
            ],
        ),
        # Of 03:30, which comes twice on 31 October, the first; unless the second was asked for.
        (
            {
                "rule": "FREQ=DAILY",
                "start": "2027-10-30 00:30:00",
                "timezone": "Europe/Riga",
            },
            [
                "2027-10-30 00:30:00",
                "2027-10-31 00:30:00",
                "2027-11-01 01:30:00",
                "2027-11-02 01:30:00",
            ],
        ),
        (
            {
                "rule": "FREQ=DAILY;COUNT=2",
                "start": "2027-10-31 01:30:00",
                "timezone": "Europe/Riga",
            },
            ["2027-10-31 01:30:00", "2027-11-01 01:30:00"],
        ),
        # The hour that is left out is no second call at the same moment.
        (
            {
                "rule": "FREQ=HOURLY;COUNT=4",
                "start": "2027-03-28 00:30:00",
                "timezone": "Europe/Riga",
            },
            ["2027-03-28 00:30:00", "2027-03-28 01:30:00", "2027-03-28 02:30:00"],
        ),
        # Days are left out by the wall clock, and count.
        (
            {
                "rule": "FREQ=DAILY;COUNT=5",
                "start": "2027-03-01 22:30:00",
                "timezone": "Europe/Riga",
                "recurrence_except": ["2027-03-02", "2027-03-04", "2027-03-05", "2026-01-01"],
            },
            ["2027-03-02 22:30:00", "2027-03-05 22:30:00"],
        ),
        (
            {"rule": "FREQ=DAILY;UNTIL=20270303", "start": "2027-03-02 23:30:00"},
            ["2027-03-02 23:30:00", "2027-03-03 23:30:00"],
        ),
        (
            {
                "rule": "FREQ=DAILY;UNTIL=20270303T223000Z",
                "start": "2027-03-02 22:30:00",
                "timezone": "Europe/Riga",
            },
            ["2027-03-02 22:30:00", "2027-03-03 22:30:00"],
        ),
        (
            {
                "rule": "FREQ=DAILY;UNTIL=20270304T002959",
                "start": "2027-03-02 22:30:00",
                "timezone": "Europe/Riga",
            },
            ["2027-03-02 22:30:00"],
        ),
        # Without a start it begins at once, or as soon as its hour comes.
        ({"rule": "FREQ=DAILY;COUNT=2"}, ["2027-01-15 08:00:00", "2027-01-16 08:00:00"]),
        (
            {"rule": "FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9;BYMINUTE=0;BYSECOND=0;COUNT=2"},
            ["2027-01-29 09:00:00", "2027-02-26 09:00:00"],
        ),
    ],
)
def test_when_the_tasks_of_a_series_start(sent: dict[str, Any], expected: list[str]) -> None:
    assert starts(wish_of(**sent)) == expected


def test_a_task_is_followed_by_the_next_that_is_not_past() -> None:
    first = wish_of("FREQ=DAILY;COUNT=7", "2027-03-01 07:00:00", deadline_utc="2027-03-01 09:30:00")
    assert shown(first) == {
        "recurrence": "FREQ=DAILY;COUNT=7",
        "recurrence_except": [],
        "recurrence_id": 7,
        "occurrence": 1,
        "recurrence_missed": 0,
        "start_time_utc": "2027-03-01 07:00:00",
    }
    second = next_wish(task_of(first), at=at("2027-03-01 07:05:00"))
    assert second is not None
    assert shown(second) == shown(first) | {
        "start_time_utc": "2027-03-02 07:00:00",
        "occurrence": 2,
    }
    assert second.extras.deadline_at == at("2027-03-02 09:30:00")
    # It was off for three days; what it missed is counted.
    third = next_wish(task_of(second, 8), at=at("2027-03-05 07:00:00"))
    assert third is not None
    assert shown(third) == shown(first) | {
        "start_time_utc": "2027-03-06 07:00:00",
        "occurrence": 3,
        "recurrence_missed": 3,
    }
    fourth = next_wish(task_of(third, 9), at=at("2027-03-06 08:00:00"))
    assert fourth is not None
    assert next_wish(task_of(fourth, 10), at=at("2027-03-07 07:00:01")) is None
    # The last is missed.
    assert next_wish(task_of(third, 9), at=at("2027-03-07 07:00:00")) is None


def test_what_comes_once_is_followed_by_nothing() -> None:
    plain = replace(wish_of("FREQ=DAILY"), extras=replace(wish_of("").extras))
    assert next_wish(task_of(plain), at=NOW) is None


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ({"recurrence": "FREQ=SECONDLY"}, "recurrence"),
        ({"recurrence": "every day"}, "recurrence"),
        ({"recurrence": 7}, "recurrence"),
        ({"recurrence": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "recurrence"),
        ({"recurrence": "FREQ=DAILY;UNTIL=20200101"}, "recurrence"),
        (
            {"recurrence": "FREQ=DAILY;COUNT=1", "recurrence_except": ["2027-01-15"]},
            "recurrence",
        ),
        ({"recurrence": "", "recurrence_except": ["2027-01-15"]}, "recurrence_except"),
        ({"recurrence_except": "2027-01-15"}, "recurrence_except"),
        ({"recurrence_except": ["15.1.2027"]}, "recurrence_except[0]"),
        ({"recurrence_except": ["2027-01-15", 7]}, "recurrence_except[1]"),
        ({"timezone": "Europe/Rigga"}, "timezone"),
        ({"recurrence": "", "timezone": "Europe/Riga"}, "timezone"),
        ({"start_time_utc": "2025-12-01 00:00:00"}, "start_time_utc"),
        ({"deadline_utc": "2027-01-15 08:00:00"}, "deadline_utc"),
    ],
)
def test_what_is_refused(sent: dict[str, object], path: str) -> None:
    task: dict[str, object] = {"a_number": "205", "b_number": "206", "extension_id": 1}
    sent = task | {"recurrence": "FREQ=DAILY"} | sent
    with pytest.raises(BadRequest) as refused:
        read_tasks({"tasks": [sent]}, find=lambda _: ExtensionId(1), now=NOW)
    assert [fault.path for fault in refused.value.faults] == [f"tasks[0].{path}"]


def changed(wish: TaskWish, **body: object) -> TaskWish:
    task = task_of(wish)
    return read_change(task, body, find=lambda _: ExtensionId(1), now=NOW).wish


def test_another_start_is_that_of_one_task_alone() -> None:
    first = wish_of("FREQ=WEEKLY;BYDAY=MO", "2027-03-01 07:00:00", timezone="Europe/Riga")
    for moved_to in ("2027-02-27 10:00:00", "2027-03-03 10:00:00"):
        moved = changed(first, start_time_utc=moved_to, name="b")
        assert moved.starts_at == at(moved_to)
        assert starts(replace(moved, starts_at=first.starts_at)) == starts(first)
        following = next_wish(task_of(moved), at=at(moved_to))
        assert following is not None
        assert (following.name, following.starts_at) == ("b", at("2027-03-08 07:00:00"))


def test_another_rule_begins_a_series_anew_that_keeps_its_number() -> None:
    first = wish_of("FREQ=WEEKLY;BYDAY=MO", "2027-03-01 07:00:00", timezone="Europe/Riga")
    second = next_wish(task_of(first), at=at("2027-03-15 07:30:00"))
    assert second is not None
    daily = changed(second, recurrence="FREQ=DAILY;COUNT=2")
    assert starts(daily) == ["2027-03-22 07:00:00", "2027-03-23 07:00:00"]
    assert shown(daily) == shown(second) | {"recurrence": "FREQ=DAILY;COUNT=2"}
    tuesday = changed(second, recurrence="FREQ=WEEKLY;BYDAY=TU")
    assert starts(tuesday, 2) == ["2027-03-23 07:00:00", "2027-03-30 06:00:00"]
    later = changed(second, recurrence="FREQ=DAILY", start_time_utc="2027-05-01 06:00:00")
    assert starts(later, 1) == ["2027-05-01 06:00:00"]
    ended = changed(second, recurrence=None, timezone=None)
    assert ended.extras.recurrence is None
    assert ended.starts_at == second.starts_at
    with pytest.raises(BadRequest):
        changed(second, recurrence=None)
    utc = changed(second, timezone=None)
    assert starts(utc, 2) == ["2027-03-22 07:00:00", "2027-03-29 07:00:00"]
    left_out = changed(second, recurrence_except=["2027-03-22"])
    assert left_out.extras.recurrence is not None
    assert left_out.extras.recurrence.exceptions == (date(2027, 3, 22),)
    assert starts(left_out, 1) == ["2027-03-29 06:00:00"]


def test_a_series_that_is_left_alone_stays_as_it_is() -> None:
    first = wish_of(
        "FREQ=WEEKLY;BYDAY=MO",
        "2027-03-01 07:00:00",
        timezone="Europe/Riga",
        call_from="09:00",
        call_to="20:00",
    )
    assert changed(first) == first
    second = next_wish(task_of(first), at=at("2027-03-15 07:30:00"))
    assert second is not None
    assert changed(second, priority=None) == second
    local = datetime.fromtimestamp(second.starts_at, tz=ZoneInfo("Europe/Riga"))
    assert f"{local:%a %H:%M}" == "Mon 09:00"
